"""Where the body of a response ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import ResponseError
from mailkit_xmlrpc.transport.framing import Chunked, Length, UntilClose


def feed(framing, data, size=1000):
    """The body of `data`, fed in pieces up to the end of the body, and all that follows it."""
    body = b""
    for start in range(0, len(data), size):
        body += b"".join(framing.feed(data[start : start + size]))
        if framing.complete:
            return body, framing.excess + data[start + size :]
    return body, b""


def encoded(pieces, trailer=b""):
    """A body in chunks."""
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece]
    return b"".join(chunks) + b"0\r\n" + trailer + b"\r\n"


class TestLength:
    @pytest.mark.parametrize("size", [1, 3, 100])
    def test_ends_after_so_many_bytes(self, size):
        framing = Length(5)
        assert feed(framing, b"helloworld", size) == (b"hello", b"world")
        assert framing.complete

    def test_lacks_bytes_before(self):
        framing = Length(5)
        assert b"".join(framing.feed(b"hell")) == b"hell"
        assert not framing.complete

    def test_can_be_empty(self):
        assert Length(0).complete


def test_a_body_without_a_length_ends_with_the_connection():
    framing = UntilClose()
    assert b"".join(framing.feed(b"abc")) == b"abc"
    assert framing.ends_with_connection
    assert not framing.complete


class TestChunked:
    @given(
        st.lists(st.binary(max_size=40)), st.sampled_from([b"", b"A: b\r\n", b"A: b\r\nC: d\r\n"]), st.integers(1, 50)
    )
    def test_any_pieces_in_any_cuts(self, pieces, trailer, size):
        framing = Chunked()
        assert feed(framing, encoded(pieces, trailer) + b"HTTP/1.1", size) == (b"".join(pieces), b"HTTP/1.1")
        assert framing.complete

    @given(st.lists(st.binary(min_size=1, max_size=9)), st.integers(0, 60))
    def test_a_body_that_stops_early_is_not_complete(self, pieces, cut):
        data = encoded(pieces)
        framing = Chunked()
        list(framing.feed(data[: min(cut, len(data) - 1)]))
        assert not framing.complete

    @pytest.mark.parametrize("size", [b"5", b"005", b"5 ", b"5\t", b"5;x", b"5 ; x=y", b'5;x="a\xff"'], ids=ascii)
    def test_a_size_can_have_extensions(self, size):
        assert feed(Chunked(), size + b"\r\nhello\r\n0\r\n\r\n") == (b"hello", b"")

    @pytest.mark.parametrize("case", [b"a", b"A"])
    def test_a_size_is_hexadecimal_in_any_case(self, case):
        assert feed(Chunked(), case + b"\r\n0123456789\r\n0\r\n\r\n") == (b"0123456789", b"")

    @pytest.mark.parametrize(
        "data",
        [
            b"0x5\r\nhello\r\n0\r\n\r\n",
            b"+5\r\nhello\r\n0\r\n\r\n",
            b"-5\r\nhello\r\n0\r\n\r\n",
            b" 5\r\nhello\r\n0\r\n\r\n",
            b"5_\r\nhello\r\n0\r\n\r\n",
            b"\xd9\xa5\r\nhello\r\n0\r\n\r\n",
            b"5 5\r\nhello\r\n0\r\n\r\n",
            b"\r\n",
            b"5\nhello\n0\n\n",
            b"5\r\nhelloX\r\n0\r\n\r\n",
            b"5\r\nhello\n0\r\n\r\n",
            b"5\r\nhello0\r\n\r\n",
            b"5\r\nhello\r0\r\n\r\n",
            b"f" * 16 + b"\r\nhello",
            b"5;" + b"x" * 70_000,
            b"0\r\n" + b"A: b\r\n" * 20_000,
            b"0\r\nno colon\r\n\r\n",
            b"0\r\nA: \0\r\n\r\n",
            b"0\r\nA: b\n\n",
        ],
        ids=lambda data: ascii(data[:30])[2:-1],
    )
    @pytest.mark.parametrize("size", [1, 1000])
    def test_whatever_the_rfc_does_not_allow_is_an_error_at_once(self, data, size):
        with pytest.raises(ResponseError):
            feed(Chunked(), data, size)

    def test_what_came_before_the_damage_is_read_first(self):
        pieces = []
        with pytest.raises(ResponseError):
            pieces.extend(Chunked().feed(b"5\r\nhello\r\nx"))
        assert pieces == [] or pieces == [b"hello"]
        body = Chunked().feed(b"5\r\nhello\r\nx")
        assert next(iter(body)) == b"hello"

    def test_many_small_chunks_in_one_piece_are_read_in_one_pass(self):
        """What is left of a piece is not copied for each chunk in it: twice the chunks, twice the bytes copied."""
        copied = []

        class Bytes(bytes):
            def __getitem__(self, key):
                taken = super().__getitem__(key)
                copied.append(len(taken))
                return taken

            def __radd__(self, other):
                return Bytes(other + bytes(self))

        for count in (1000, 2000):
            copied.append(0)
            list(Chunked().feed(Bytes(encoded([b"x"] * count))))
        half, whole = sum(copied[: copied.index(0, 1)]), sum(copied[copied.index(0, 1) :])
        assert whole < 2.5 * half
