"""defusedxml's parser, for the plain decoder, the fast decoder and `php`.

Each of them uses expat with defusedxml's guards, which refuse a document type, entities and external references. The
plain decoder and `php` add handlers that build something. The fast decoder adds none, because parsing without
handlers in Python is several times faster.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.parsers import expat

__all__ = ["building_parser", "proof_parser", "release"]

_GUARDS = (
    "StartDoctypeDeclHandler",
    "EntityDeclHandler",
    "UnparsedEntityDeclHandler",
    "ExternalEntityRefHandler",
)
# The handlers tie the parser and defusedxml's object for it into a cycle, which would keep the decoded value alive
# until the next garbage collection.
_HANDLERS = ("StartElementHandler", "EndElementHandler", "CharacterDataHandler", *_GUARDS)


class _NoHandlers:
    """A target without handlers, for a parser whose guards alone are wanted."""

    start = end = data = None

    def xml(self, encoding: object, standalone: object) -> None:
        """The standard library's parser calls this once per document."""


@cache
def _parser_class() -> Any:
    # Imported at first use: the module imports http.server and pydoc.
    from defusedxml.xmlrpc import DefusedExpatParser

    return DefusedExpatParser


@cache
def _guards() -> tuple[tuple[str, Any], ...]:
    """The guards of one parser. All proof parsers share them, because a guard only raises."""
    model = building_parser(_NoHandlers())
    return tuple((name, getattr(model, name)) for name in _GUARDS)


def building_parser(target: Any) -> Any:
    """A guarded expat parser that calls the methods `start`, `end`, `data` and `xml` of `target`."""
    return _parser_class()(target, forbid_dtd=True)._parser


def proof_parser() -> expat.XMLParserType:
    """A guarded expat parser without other handlers: it only proves that a document is well-formed."""
    parser = expat.ParserCreate()
    for name, guard in _guards():
        setattr(parser, name, guard)
    return parser


def release(parser: Any) -> None:
    """Remove a parser's handlers and with them the references to everything they hold."""
    for name in _HANDLERS:
        setattr(parser, name, None)
