"""The text that is held for reading and for excerpts, and positions in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec.source import EXCERPT_BEFORE, Source


@given(st.lists(st.text("a\nž😀").map(str.encode), max_size=8), st.data())
def test_positions_are_those_in_the_whole_document(blocks: list[bytes], data: st.DataObject) -> None:
    source, document = Source(), b""
    for block in blocks:
        source.add(block)
        document += block
        source.let_go(data.draw(st.integers(0, len(document))))
        assert source.end == len(document)
        assert source.text == document[source.start :]
        byte = data.draw(st.integers(source.start, len(document)))
        lines = document[:byte].decode(errors="ignore").split("\n")
        if document[byte : byte + 1] == b"" or document[byte] & 0xC0 != 0x80:  # the start of a character
            assert source.position(byte) == (len(lines), len(lines[-1]))


def test_what_an_excerpt_shows_is_not_let_go() -> None:
    source = Source()
    source.add(b"x" * 1000)
    source.let_go(500)
    assert source.start == 500 - EXCERPT_BEFORE
    source.let_go(100)
    assert source.start == 500 - EXCERPT_BEFORE
