"""The decoders without their fast reader: what both read must be equal."""

from __future__ import annotations

from typing import Any

from mailkit_xmlrpc import codec
from mailkit_xmlrpc.codec.plain import PlainReader

__all__ = ["RequestDecoder", "ResponseDecoder", "decode_request", "decode_response"]


class ResponseDecoder(codec.ResponseDecoder):
    """`codec.ResponseDecoder`, which reads every document event by event."""

    reader = PlainReader


class RequestDecoder(codec.RequestDecoder):
    """`codec.RequestDecoder`, which reads every document event by event."""

    reader = PlainReader


def decode_response(data: bytes, **options: Any) -> Any:
    """`codec.decode_response` with the plain reader."""
    decoder = ResponseDecoder(**options)
    decoder.feed(data)
    return decoder.close()


def decode_request(data: bytes, **options: Any) -> tuple[str, tuple[Any, ...]]:
    """`codec.decode_request` with the plain reader."""
    decoder = RequestDecoder(**options)
    decoder.feed(data)
    return decoder.close()
