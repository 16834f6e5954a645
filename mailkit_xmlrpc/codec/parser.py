"""defusedxml's parser: where it comes from, and letting go of it."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["parser_class", "release"]

# What ties a parser and defusedxml's object for it into a cycle, which would keep the value until a collection.
_HANDLERS = (
    "StartElementHandler",
    "EndElementHandler",
    "CharacterDataHandler",
    "StartDoctypeDeclHandler",
    "EntityDeclHandler",
    "UnparsedEntityDeclHandler",
    "ExternalEntityRefHandler",
)


@cache
def parser_class() -> Any:
    """defusedxml's parser, imported at first use: its module brings http.server and pydoc with it."""
    from defusedxml.xmlrpc import DefusedExpatParser

    return DefusedExpatParser


def release(parser: Any) -> None:
    """Let go of a parser's handlers, and with them of everything they hold."""
    for name in _HANDLERS:
        setattr(parser, name, None)
