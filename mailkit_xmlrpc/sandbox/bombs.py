"""Answers that are small on the wire and large in memory."""

from __future__ import annotations

import zlib

from ..codec import encode_response

__all__ = ["XML_BOMB", "gzip_bomb"]

# "Billion laughs": each entity is ten of the one before, ten billion characters in all.
_LEVELS = "abcdefghij"
_ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(_LEVELS, _LEVELS[1:])
)  # fmt: skip
XML_BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE methodResponse [<!ENTITY a "ha! ha! ha">{_ENTITIES}]>'
    f"<methodResponse><params><param><value><string>&{_LEVELS[-1]};</string></value></param></params></methodResponse>"
).encode()

_BLOCK = bytes(1 << 20).replace(b"\0", b"a")
# RFC 1952: gzip, deflate, no name, no time, best compression, unknown system.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def gzip_bomb(unpacked: int) -> bytes:
    """gzip data that unpack to `unpacked` bytes or a little more: a valid answer that is one long string.

    A full block is packed once and repeated, so that this takes a thousandth of the memory and hardly any time.
    """
    head, _, tail = encode_response("").partition(b"</string>")
    tail = b"</string>" + tail
    blocks, rest = divmod(max(0, unpacked - len(head) - len(tail)), len(_BLOCK))
    packed = [_GZIP_HEAD, _deflated(head), *[_deflated(_BLOCK)] * blocks, _deflated(_BLOCK[:rest])]
    checksum = zlib.crc32(head)
    for _ in range(blocks):
        checksum = zlib.crc32(_BLOCK, checksum)
    checksum = zlib.crc32(tail, zlib.crc32(_BLOCK[:rest], checksum))
    size = len(head) + blocks * len(_BLOCK) + rest + len(tail)
    trailer = checksum.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")
    return b"".join((*packed, _deflated(tail, zlib.Z_FINISH), trailer))


def _deflated(data: bytes, flush: int = zlib.Z_FULL_FLUSH) -> bytes:
    """One piece of a deflate stream that refers to no other piece and ends at a whole byte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(flush)
