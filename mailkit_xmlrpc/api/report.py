"""Reports: what became of what was sent."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["Report"]

SPECS: tuple[Spec, ...] = ()


class Report(Namespace):
    """The methods ``mailkit.report.*``, as `Client.report`."""

    _path = "report"
