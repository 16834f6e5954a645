"""The one place that names the version; `pyproject.toml` and the User-Agent read it."""

__version__ = "0.1.0"
