"""Any bytes as an HTTP answer give a value or a MailkitError and nothing else, and within the deadline."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import io
import re
import threading
import time
import xmlrpc.client

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mailkit_xmlrpc import FaultError, HTTPStatusError, Limits, MailkitError, Outcome, ResponseError, Result
from mailkit_xmlrpc.transport.deadline import Deadline
from mailkit_xmlrpc.transport.head import parse_head
from mailkit_xmlrpc.transport.response import Decoding, Reader

from ..servers import PATIENCE, SOON, answer, chunked, document, gzipped, serving, then
from ..servers import http as answered

FAULT = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "no")).encode()
SEEDS = [
    answer({"message": "Added", "status": "OK", "error_status": 0}),
    answer("Missing email", "Connection: close"),
    gzipped(["x" * 50] * 3),
    chunked(document([1, 2.5, None]), "Content-Type: text/xml; charset=utf-8"),
    chunked(gzip.compress(document("x")), "Content-Encoding: gzip", end=b"0\r\nA: b\r\n\r\n"),
    answered(document("x"), version="1.0", length=False),
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer("x"),
    answered(b"", "Location: https://joe:hunter22@h.example/", status="302 Found"),
    answered(b"busy", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", status="503 Busy"),
    answered(FAULT, "Content-Type: text/xml; charset*=utf-8''x; charset*0*=a'b'c", status="500 x"),
]
TOKENS = st.sampled_from(
    [
        *(b"\r\n \n \0 - : ; = ' \" * % chunked gzip close keep-alive charset 200 100 500 HTTP/1.1".split(b" ")),
        b"Content-Length: -1\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"9" * 30,
        b"\x1f\x8b",
        b"\xff\x80\x85",
        b"\r\n\r\n",
    ]
)


@st.composite
def mutated(draw):
    """A valid answer with a few changes, most of them in its head."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, min(len(data), 180)) | st.integers(0, len(data)))
        kind = draw(st.sampled_from(["insert", "overwrite", "delete", "flip", "repeat", "cut"]))
        if kind == "insert":
            data[at:at] = draw(TOKENS)
        elif kind == "overwrite":
            token = draw(TOKENS)
            data[at : at + len(token)] = token
        elif kind == "delete":
            del data[at : at + draw(st.integers(1, 30))]
        elif kind == "flip" and at < len(data):
            data[at] = draw(st.integers(0, 255))
        elif kind == "repeat":
            data[at:at] = data[at : at + draw(st.integers(1, 60))]
        elif kind == "cut" and draw(st.booleans()):
            del data[at:]
    return bytes(data)


ANYTHING = mutated() | st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail)


@given(ANYTHING)
@example(b"")
@example(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset*=a\0b''x\r\nContent-Length: 1\r\n\r\nx")
@example(SEEDS[-1])
@example(answered(gzip.compress(document("x")) + bytes(50), "Content-Encoding: gzip"))
@example(answered(b"", "Retry-After: Oct 21 , \0 1e9 - 1.2.3", status="503 x"))
@example(SEEDS[0].replace(b"\r\n", b"\n"))
def test_any_answer_gives_a_value_or_a_mailkit_error(data):
    with serving(then(data)) as (server, client):
        started = time.monotonic()
        try:
            result = client.call("m")
        except MailkitError as error:
            assert error.outcome in (Outcome.UNKNOWN, Outcome.REFUSED)  # noqa: PT017
            assert error.method == "m"  # noqa: PT017
            assert str(error)  # noqa: PT017
            assert repr(error)  # noqa: PT017
        else:
            assert isinstance(result, Result)
            assert repr(result)
        assert time.monotonic() - started < SOON
        assert len(server.requests) == 1


@given(st.lists(ANYTHING, min_size=1, max_size=3))
def test_no_answer_affects_the_next_call(answers):
    closed = threading.Semaphore(0)

    def close(peer):
        peer.close()
        closed.release()

    steps = [then(data, end=close) for data in answers]
    with serving(*steps, ever_after=answer("right"), timeout=3) as (_, client):
        for _ in answers:
            with contextlib.suppress(MailkitError):
                client.call("m")
            assert closed.acquire(timeout=PATIENCE)
        assert client.call("m", success=["right"]).value == "right"


@given(mutated())
@example(SEEDS[0])
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n Folded: x\r\n\r\nxy")
@example(b"HTTP/1.1 302 Found\r\nLocation: x\x85\r\nContent-Length: 0\r\n\r\n")
@example(b"HTTP/1.1 503 Busy\r\nRetry-After: a\r\n b\r\nContent-Length: 0\r\n\r\n")
def test_a_head_is_read_as_http_client_reads_it(data):
    """Where it can be read at all: http.client also takes contradictions."""
    end = data.find(b"\r\n\r\n") + 4
    assume(end > 4 and not data.startswith(b"HTTP/1.1 100"))  # http.client skips that one
    with contextlib.suppress(ResponseError):
        ours = parse_head(data[:end])
        theirs = http.client.HTTPResponse(File(data[:end]), method="POST")
        theirs.begin()
        assert ours.status == theirs.status
        assert ours.framing().length == (theirs.length or 0)
        for name in ("content-type", "content-encoding", "retry-after", "location"):
            # http.client keeps the line ends of a folded value (RFC 9112, section 5.2, replaces them by a space).
            values = [FOLD.sub(" ", value) for value in theirs.headers.get_all(name, [])]
            assert ours.value(name) == ", ".join(values).strip(" \t")


FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")


class File(io.BytesIO):
    def makefile(self, mode):
        return self


@given(mutated(), st.integers(1, 40))
@example(SEEDS[3], 1)
def test_a_response_reads_the_same_however_it_is_cut(data, size):
    assert outcome_of(data, size) == outcome_of(data, len(data) + 1)


def outcome_of(data, size):
    """What a `Reader` makes of `data` in pieces of that size."""
    reader = Reader("http://x.example/", Decoding(Limits(), True, False, False), Deadline(None))
    try:
        for start in range(0, len(data), size):
            if reader.complete:
                break
            reader.feed(data[start : start + size])
        if not reader.complete:
            reader.end()
        return reader.value()
    except MailkitError as error:
        return type(error), str(error)


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_every_prefix_of_a_valid_answer(seed):
    """A prefix gives a value only if it lacks nothing that matters."""
    with serving(*(then(seed[:cut]) for cut in range(len(seed) + 1)), timeout=3) as (server, client):
        for _ in range(len(seed) + 1):
            try:
                assert client.call("m").outcome in (Outcome.DONE, Outcome.REFUSED)
            except (FaultError, HTTPStatusError):
                assert b"HTTP/1.1 200" not in seed
            except MailkitError as error:
                assert error.outcome is Outcome.UNKNOWN  # noqa: PT017
        assert len(server.requests) == len(seed) + 1
