"""The command ``mailkit-xmlrpc``. It needs the [cli] extra (click and rich)."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line with the arguments of the process and exit."""
    try:
        from .app import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("click", "rich"):
            raise
        sys.stderr.write("mailkit-xmlrpc needs two more packages: pip install 'mailkit_xmlrpc[cli]'\n")
        sys.exit(2)
    sys.exit(run(sys.argv[1:]))
