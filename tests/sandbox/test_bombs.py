"""Small answers that are large."""

from __future__ import annotations

import gzip
import zlib

import pytest

from mailkit_xmlrpc import HostileXMLError
from mailkit_xmlrpc.codec import decode_response
from mailkit_xmlrpc.sandbox.bombs import XML_BOMB, gzip_bomb


@pytest.mark.parametrize("size", [1000, (1 << 20) - 1, 1 << 20, 3 * (1 << 20) + 12345])
def test_a_gzip_bomb_is_honest_gzip_of_an_honest_answer(size):
    answer = gzip.decompress(gzip_bomb(size))
    assert len(answer) == size
    assert set(decode_response(answer)) == {"a"}


def test_a_gzip_bomb_of_no_size_is_an_empty_answer():
    assert decode_response(gzip.decompress(gzip_bomb(0))) == ""


def test_a_gzip_bomb_is_small():
    assert len(gzip_bomb(256 << 20)) < 1 << 20
    # One stream, so that clients which do not look for a second one meet it too.
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert len(unpacker.decompress(gzip_bomb(5 << 20))) == 5 << 20
    assert unpacker.eof


def test_the_xml_bomb_is_small_and_refused():
    assert len(XML_BOMB) < 1000
    assert XML_BOMB.count(b"<!ENTITY") == 10
    with pytest.raises(HostileXMLError):
        decode_response(XML_BOMB)
