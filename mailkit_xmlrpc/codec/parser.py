"""defusedxml's parser, for the plain reader, the fast reader and `php`.

Each of them uses expat with defusedxml's guards, which refuse a document type, entities and external references. The
plain reader and `php` add handlers that build something. The fast reader adds none, because parsing without handlers in
Python is several times faster.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.parsers import expat

__all__ = ["guarded_parser"]


class _NoHandlers:
    """A target without handlers, for a parser whose guards alone are wanted."""

    start = end = data = None

    def xml(self, encoding: object, standalone: object) -> None:
        """The standard library's parser calls this once per document."""


@cache
def _guarded() -> Any:
    """The parser whose guards all parsers share. A guard only raises."""
    # Imported at first use: the module imports http.server and pydoc.
    from defusedxml.xmlrpc import DefusedExpatParser

    return DefusedExpatParser(_NoHandlers(), forbid_dtd=True)._parser


def guarded_parser(encoding: str | None = None) -> expat.XMLParserType:
    """A guarded expat parser without other handlers. With an encoding, it ignores the one that a document declares."""
    parser, guarded = expat.ParserCreate(encoding), _guarded()
    parser.StartDoctypeDeclHandler = guarded.StartDoctypeDeclHandler
    parser.EntityDeclHandler = guarded.EntityDeclHandler
    parser.UnparsedEntityDeclHandler = guarded.UnparsedEntityDeclHandler
    parser.ExternalEntityRefHandler = guarded.ExternalEntityRefHandler
    return parser
