"""Campaigns: made, changed, scheduled."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["Campaigns"]

SPECS: tuple[Spec, ...] = ()


class Campaigns(Namespace):
    """The methods ``mailkit.campaigns.*``, as `Client.campaigns`."""

    _path = "campaigns"
