"""defusedxml's parser: where it comes from, its guards alone, and letting go of it."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.parsers import expat

__all__ = ["parser_class", "proof_parser", "release"]

# defusedxml's own: no document type, no entity, nothing from outside.
_GUARDS = (
    "StartDoctypeDeclHandler",
    "EntityDeclHandler",
    "UnparsedEntityDeclHandler",
    "ExternalEntityRefHandler",
)
# What ties a parser and defusedxml's object for it into a cycle, which would keep the value until a collection.
_HANDLERS = ("StartElementHandler", "EndElementHandler", "CharacterDataHandler", *_GUARDS)


class _NoHandlers:
    """What the parser calls while it proves: nothing."""

    start = end = data = None

    def xml(self, encoding: object, standalone: object) -> None:
        """The standard library's parser announces a document with this."""


@cache
def parser_class() -> Any:
    """defusedxml's parser, imported at first use: its module brings http.server and pydoc with it."""
    from defusedxml.xmlrpc import DefusedExpatParser

    return DefusedExpatParser


@cache
def _guards() -> tuple[tuple[str, Any], ...]:
    """Taken from one parser and used by all: a guard does nothing but raise."""
    model = parser_class()(_NoHandlers(), forbid_dtd=True)._parser
    return tuple((name, getattr(model, name)) for name in _GUARDS)


def proof_parser() -> expat.XMLParserType:
    """A parser that proves a document well-formed: it calls defusedxml's guards and nothing else."""
    parser = expat.ParserCreate()
    for name, guard in _guards():
        setattr(parser, name, guard)
    return parser


def release(parser: Any) -> None:
    """Let go of a parser's handlers, and with them of everything they hold."""
    for name in _HANDLERS:
        setattr(parser, name, None)
