"""The client's error and outcome for each fault, and whether the call was carried out. Also replies and bombs."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
import xmlrpc.client
import zlib
from pathlib import Path

import pytest

from mailkit_xmlrpc import (
    FaultError,
    HostileXMLError,
    HTTPStatusError,
    InDoubtError,
    MailkitError,
    Outcome,
    ResponseError,
    Result,
    Retry,
    TooLargeError,
)
from mailkit_xmlrpc.codec import decode_response
from mailkit_xmlrpc.sandbox import FAULTS
from mailkit_xmlrpc.sandbox.faults import XML_BOMB, Reply, gzip_bomb, plain

from .wire import answers_on, body_of, connection, post, say, trigger_body

DONE, REFUSED, UNKNOWN = Outcome.DONE, Outcome.REFUSED, Outcome.UNKNOWN

# The fault and its options, the result of the client, its outcome, and the number of events afterwards.
SEEN = [
    ("delay", {"seconds": 0.05}, Result, DONE, 1),
    ("delay", {"seconds": 9}, InDoubtError, UNKNOWN, 1),
    ("drip", {"seconds": 0}, Result, DONE, 1),
    ("drip", {"seconds": 0.05}, InDoubtError, UNKNOWN, 1),
    ("drop_before", {}, InDoubtError, UNKNOWN, 0),
    ("drop_after", {}, InDoubtError, UNKNOWN, 1),
    ("status", {"status": 100}, InDoubtError, UNKNOWN, 0),
    ("status", {"status": 204}, HTTPStatusError, UNKNOWN, 0),
    ("status", {"status": 403, "reason": "Go away"}, HTTPStatusError, REFUSED, 0),
    ("status", {"status": 500}, HTTPStatusError, UNKNOWN, 0),
    ("status", {"status": 502, "processed": True}, HTTPStatusError, UNKNOWN, 1),
    ("status", {"status": 503, "retry_after": 2}, HTTPStatusError, UNKNOWN, 0),
    ("status", {"status": 503, "retry_after": 2, "processed": True}, HTTPStatusError, UNKNOWN, 1),
    ("throttle", {}, HTTPStatusError, REFUSED, 0),
    ("redirect", {}, HTTPStatusError, REFUSED, 0),
    ("html", {}, HostileXMLError, UNKNOWN, 0),
    ("html", {"processed": True}, HostileXMLError, UNKNOWN, 1),
    ("cut", {}, InDoubtError, UNKNOWN, 1),
    ("cut", {"sent": 0}, InDoubtError, UNKNOWN, 1),
    ("malformed", {}, ResponseError, UNKNOWN, 1),
    ("xml_bomb", {}, HostileXMLError, UNKNOWN, 1),
    ("gzip_bomb", {}, TooLargeError, UNKNOWN, 1),
    ("gzip_bomb", {"unpacked": 1000}, Result, REFUSED, 1),
    ("wrong_length", {}, InDoubtError, UNKNOWN, 1),
    ("wrong_length", {"by": -10}, ResponseError, UNKNOWN, 1),
    ("wrong_type", {}, Result, REFUSED, 1),
    ("wrong_type", {"answer": "empty_struct"}, Result, REFUSED, 1),
    ("wrong_type", {"answer": "nil"}, Result, REFUSED, 1),
    ("unauthorized", {}, Result, REFUSED, 0),
    ("disallowed_ip", {}, Result, REFUSED, 0),
    ("refuse", {"text": "Invalid email"}, Result, REFUSED, 0),
    ("fault", {"code": 7, "text": "down"}, FaultError, REFUSED, 0),
]


def trigger(mailkit):
    try:
        return mailkit.journeys.trigger("jane@example.com", "order_paid")
    except MailkitError as error:
        return error


@pytest.mark.parametrize(("name", "options", "kind", "outcome", "events"), SEEN)
def test_what_a_client_sees(sandbox, name, options, kind, outcome, events):
    sandbox.fail_next(name, **options)
    with sandbox.client(timeout=0.3 if kind is InDoubtError else 10, retry=None) as mailkit:
        seen = trigger(mailkit)
        assert type(seen) is kind
        assert seen.outcome is outcome
        assert len(sandbox.events) == events
        (call,) = sandbox.calls
        assert call.outcome == name
        assert (call.answer is not None) == events
        assert call.params == ({"email": "jane@example.com", "event_tag": "order_paid"},)
        # The same client makes another call.
        assert trigger(mailkit).ok


def test_every_fault_is_seen():
    assert {name for name, *_ in SEEN} == set(FAULTS)


def test_what_the_errors_carry(sandbox):
    with sandbox.client(timeout=5, retry=None) as mailkit:
        sandbox.fail_next("status", 503, "Gone fishing", retry_after=2)
        error = trigger(mailkit)
        assert (error.status, error.reason, error.retry_after) == (503, "Gone fishing", 2)
        sandbox.fail_next("throttle", 7)
        error = trigger(mailkit)
        assert (error.status, error.retry_after) == (429, 7)
        sandbox.fail_next("redirect", "https://new.example.com/rpc.fcgi", 301)
        error = trigger(mailkit)
        assert (error.status, error.location) == (301, "https://new.example.com/rpc.fcgi")
        sandbox.fail_next("fault", 7, "down")
        error = trigger(mailkit)
        assert (error.faultCode, error.faultString) == (7, "down")
        for fault, text in (
            (("unauthorized",), "Unauthorized"),
            (("disallowed_ip", "192.0.2.1"), "Disallowed IP 192.0.2.1"),
            (("refuse", "Missing event_tag"), "Missing event_tag"),
        ):
            sandbox.fail_next(*fault)
            assert trigger(mailkit).error == text


@pytest.mark.parametrize("answer", ["int", "string", "empty_array", "boolean", "double", "datetime", "base64", "nil"])
def test_a_wrong_type_is_still_an_answer(sandbox, answer):
    sandbox.fail_next("wrong_type", answer)
    with sandbox.client() as mailkit:
        assert not trigger(mailkit).ok


def test_drip_sends_one_byte_at_a_time(sandbox):
    sandbox.fail_next("drip", 0.0005)
    with sandbox.client() as mailkit:
        began = time.monotonic()
        assert trigger(mailkit).ok
        assert time.monotonic() - began > 0.2


def test_a_length_that_is_too_short_does_not_affect_the_next_call(sandbox):
    with sandbox.client(retry=None) as mailkit:
        for _ in range(3):
            sandbox.fail_next("wrong_length", -5)
            assert isinstance(trigger(mailkit), ResponseError)
            assert trigger(mailkit).ok


def test_the_standard_library_sends_twice_and_the_sandbox_shows_it(sandbox):
    sandbox.fail_next("drop_after")
    with xmlrpc.client.ServerProxy(sandbox.url) as proxy:
        event = {"email": "jane@example.com", "event_tag": "order_paid"}
        proxy.mailkit.journeys.trigger(sandbox.client_id, sandbox.client_md5, event)
    assert len(sandbox.events) == 2


def test_throttling_is_retried_when_the_server_says(sandbox):
    sandbox.fail_next("throttle", 0)
    sandbox.fail_next("status", 429, retry_after=0)
    with sandbox.client(retry=Retry(attempts=3, base=0)) as mailkit:
        result = mailkit.mailinglist.list()
    assert (result.ok, result.attempts) == (True, 3)
    assert [call.outcome for call in sandbox.calls] == ["throttle", "status", DONE]


@pytest.mark.parametrize(("status", "outcome"), [(503, UNKNOWN), (429, REFUSED)])
def test_a_503_or_429_after_the_call_was_carried_out_is_one_event(sandbox, status, outcome):
    """A cache in front answers 503 with Retry-After when the backend breaks off after it took the request."""
    sandbox.fail_next("status", status, retry_after=0, processed=True)
    with sandbox.client(retry=Retry(attempts=3, base=0)) as mailkit:
        assert trigger(mailkit).outcome is outcome
    assert len(sandbox.events) == 1


def test_a_503_is_retried_for_a_method_that_only_reads(sandbox):
    sandbox.fail_next("status", 503, retry_after=0, processed=True)
    with sandbox.client(retry=Retry(attempts=3, base=0)) as mailkit:
        assert mailkit.mailinglist.list().attempts == 2


def test_a_refusal_of_the_second_attempt_leaves_the_call_in_doubt(sandbox):
    """The list exists because the first attempt made it: "Mailing list exist" does not say that nothing was done."""
    sandbox.fail_next("drop_after")
    with sandbox.client(retry=Retry(base=0, resend_unknown=True)) as mailkit:
        with pytest.raises(InDoubtError) as raised:
            mailkit.mailinglist.create("vip")
        assert (raised.value.attempts, len(mailkit.mailinglist.list().unwrap())) == (2, 1)


def test_a_503_is_retried_with_resend_unknown(sandbox):
    sandbox.fail_next("status", 503, retry_after=0, processed=True)
    with sandbox.client(retry=Retry(attempts=3, base=0, resend_unknown=True)) as mailkit:
        assert trigger(mailkit).attempts == 2
    assert len(sandbox.events) == 2


def test_faults_hit_any_method_and_wrong_credentials_too(sandbox):
    sandbox.fail_next("drop_before")
    with sandbox.client(retry=None, timeout=5) as mailkit, pytest.raises(InDoubtError):
        mailkit.call("mailkit.unknown")
    assert [(call.method, call.answer, call.outcome) for call in sandbox.calls] == [
        ("mailkit.unknown", None, "drop_before")
    ]


DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the documents are not installed with the package")
def test_the_documented_table_is_up_to_date():
    row = re.compile(r"^\| `(\w+)` \| (.+?) \| (yes|no) \|(.*)\|$", re.MULTILINE)
    rows = row.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert [row[:3] for row in rows] == [
        (kind.name, kind.summary, "yes" if kind.processed else "no") for kind in FAULTS.values()
    ]
    for name, _, _, options in rows:
        for option in FAULTS[name].options:
            default = "" if option.required else f"={option.default}"
            quoted = "" if option.required else f'="{option.default}"'
            assert f"`{option.name}{default}`" in options or f"`{option.name}{quoted}`" in options
        assert options.count("=") == sum(not option.required for option in FAULTS[name].options)


# On the wire

XML = b"Content-Type: text/xml; charset=utf-8\r\n"
ANSWER = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}


def heads(sandbox, *fault):
    """The head and the body of the answer to a call with this fault."""
    sandbox.fail_next(*fault)
    head, _, body = say(sandbox, post(trigger_body(sandbox))).partition(b"\r\n\r\n")
    return head + b"\r\n", body


def test_a_cut_answer_claims_its_whole_length(sandbox):
    head, body = heads(sandbox, "cut", 10)
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    assert head == b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\nConnection: close\r\n" % (XML, length)
    assert len(body) == 10
    assert length > 100


@pytest.mark.parametrize("by", [10, -10, -10_000])
def test_a_wrong_length_is_wrong_by_so_many_bytes(sandbox, by):
    head, body = heads(sandbox, "wrong_length", by)
    assert decode_response(body) == ANSWER
    assert head.count(b"Content-Length") == 1
    assert b"Content-Length: %d\r\n" % max(0, len(body) + by) in head


@pytest.mark.parametrize(("by", "stays"), [(10, False), (-10, True)])
def test_after_a_length_that_is_too_small_the_connection_stays_open(sandbox, by, stays):
    sandbox.fail_next("wrong_length", by)
    with connection(sandbox) as sock:
        sock.sendall(post(trigger_body(sandbox), closing=False))
        assert (b"Connection: close" in sock.recv(65536)) is not stays
        if stays:
            sock.sendall(post(trigger_body(sandbox)))
            assert decode_response(body_of(answers_on(sock))) == ANSWER


@pytest.mark.parametrize("status", [100, 101, 204, 304])
def test_some_statuses_have_no_body(sandbox, status):
    head, body = heads(sandbox, "status", status)
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Length" not in head
    assert body == b""


def test_reasons(sandbox):
    assert heads(sandbox, "status", 599)[0].startswith(b"HTTP/1.1 599 Unknown\r\n")
    assert heads(sandbox, "status", 503, "Gone fishing")[0].startswith(b"HTTP/1.1 503 Gone fishing\r\n")


def test_a_dropped_answer_is_not_sent(sandbox):
    sandbox.fail_next("drop_after")
    assert say(sandbox, post(trigger_body(sandbox), closing=False)) == b""


# Replies


def sent(reply, verb="POST", *, stopping=False):
    """The writes of `reply`, and whether the connection stays open."""
    event = threading.Event()
    if stopping:
        event.set()
    # Datagrams, because each write is one.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        stays = reply.send(ours, verb, event)
        theirs.setblocking(False)
        pieces = []
        while True:
            try:
                pieces.append(theirs.recv(65536))
            except BlockingIOError:
                return pieces, stays


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no pairs of datagram sockets")
class TestReply:
    def test_leaves_in_one_write(self):
        pieces, stays = sent(Reply(body=b"<x/>"))
        assert pieces == [b"HTTP/1.1 200 OK\r\n" + XML + b"Content-Length: 4\r\n\r\n<x/>"]
        assert stays

    def test_announces_that_it_is_the_last(self):
        (data,), stays = sent(plain(404, "no", ("X-Y", "z"), closes=True))
        assert data.endswith(b"X-Y: z\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n")
        assert not stays

    def test_is_the_last_of_a_server_that_stops_and_waits_for_nothing(self):
        (data,), stays = sent(Reply(delay=60, pause=60), stopping=True)
        assert b"Connection: close" in data
        assert not stays

    def test_to_head_has_the_length_and_no_body(self):
        (data,), _ = sent(plain(405, "no"), "HEAD")
        assert b"Content-Length: 3\r\n" in data
        assert data.endswith(b"\r\n\r\n")

    def test_may_be_late_and_slow(self):
        began = time.monotonic()
        pieces, _ = sent(Reply(204, (), delay=0.1, pause=0.001))
        assert time.monotonic() - began > 0.1
        assert pieces[:3] == [b"H", b"T", b"T"]
        assert b"".join(pieces) == b"HTTP/1.1 204 No Content\r\n\r\n"

    def test_may_be_dropped(self):
        assert sent(Reply(dropped=True)) == ([], False)


# Bombs


@pytest.mark.parametrize("size", [1000, (1 << 20) - 1, 1 << 20, 3 * (1 << 20) + 12345])
def test_a_gzip_bomb_is_valid_gzip_of_a_valid_answer(size):
    answer = gzip.decompress(gzip_bomb(size))
    assert len(answer) == size
    assert set(decode_response(answer)) == {"a"}


def test_a_gzip_bomb_of_no_size_is_an_empty_answer():
    assert decode_response(gzip.decompress(gzip_bomb(0))) == ""


def test_a_gzip_bomb_is_small():
    assert len(gzip_bomb(256 << 20)) < 1 << 20
    # One stream, so that it also affects clients that read only one.
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert len(unpacker.decompress(gzip_bomb(5 << 20))) == 5 << 20
    assert unpacker.eof


def test_the_xml_bomb_is_small_and_refused():
    assert len(XML_BOMB) < 1000
    assert XML_BOMB.count(b"<!ENTITY") == 10
    with pytest.raises(HostileXMLError):
        decode_response(XML_BOMB)
