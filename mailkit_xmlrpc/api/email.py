"""Recipients, by id or address, whatever list they are in."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["Email"]

SPECS: tuple[Spec, ...] = ()


class Email(Namespace):
    """The methods ``mailkit.email.*``, as `Client.email`."""

    _path = "email"
