"""The profile: sending addresses and stored queries."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["Profile"]

SPECS: tuple[Spec, ...] = ()


class Profile(Namespace):
    """The methods ``mailkit.profile.*``, as `Client.profile`."""

    _path = "profile"
