"""`Namespace`: what every group of methods is, and what it says about a name that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .invoke import Invoke
from .params import near

__all__ = ["Namespace", "unknown_name"]


class Namespace:
    """Methods of Mailkit that share the beginning of their names; some are methods themselves."""

    # How it is reached from a client, such as "report.message".
    _path = ""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    def __repr__(self) -> str:
        return f"<mailkit.{self._path}.*>"

    if not TYPE_CHECKING:  # a type checker would take any name for known

        def __getattr__(self, name: str) -> object:
            raise AttributeError(unknown_name(type(self), self._path, name))


def unknown_name(owner: type, path: str, name: str) -> str:
    """What to say about a name that `owner` does not have."""
    known = [each for each in dir(owner) if not each.startswith("_")]
    full = ".".join(filter(None, ("mailkit", path, name)))
    return f"Mailkit has no method {full}; {near(name, known)}"
