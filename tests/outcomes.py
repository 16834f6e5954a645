"""Comparing the results of decoding: values with their types, errors with all their attributes."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from mailkit_xmlrpc.codec import RequestDecoder, ResponseDecoder
from mailkit_xmlrpc.errors import FaultError, ResponseError


def exactly(value: Any) -> Any:
    """A form of `value` for which == also distinguishes 1, True and 1.0, and 0.0 and -0.0, and nan equals itself.

    The order of a struct's members counts, because it is the order on the wire.
    """
    kind = type(value)
    if kind is dict:
        return kind, [(exactly(name), exactly(item)) for name, item in value.items()]
    if kind in (list, tuple):
        return kind, [exactly(item) for item in value]
    if kind is datetime:
        return kind, value.isoformat()  # without `fold`, which == does not compare either
    if kind is xmlrpc.client.DateTime:
        return kind, value.value
    if kind is xmlrpc.client.Binary:
        return kind, value.data
    return kind, repr(value)


def pieces(document: bytes, size: int) -> Iterator[bytes]:
    """`document` in pieces of `size` bytes."""
    return (document[at : at + size] for at in range(0, len(document), size))


def cut(document: bytes, places: Iterable[int]) -> list[bytes]:
    """`document` cut at `places`; a place that occurs twice makes an empty piece."""
    edges = [0, *sorted(places), len(document)]
    return [document[start:end] for start, end in zip(edges, edges[1:])]


def outcome(document: bytes | Iterable[bytes], decoder: Any = ResponseDecoder, **options: Any) -> Any:
    """The result of decoding, in a form that == compares: the value or the error.

    Only the two exceptions that the decoder may raise are caught. Any other one fails the test.
    """
    reader = decoder(**options)
    try:
        for piece in [document] if isinstance(document, bytes) else document:
            reader.feed(piece)
        return exactly(reader.close())
    except FaultError as fault:
        return FaultError, exactly(fault.faultCode), fault.faultString
    except ResponseError as error:
        return error


def call_outcome(document: bytes | Iterable[bytes], **options: Any) -> Any:
    """`outcome` of a call."""
    return outcome(document, RequestDecoder, **options)
