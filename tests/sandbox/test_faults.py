"""Each fault, seen from a client: the error and the outcome that it must give, and whether the call was carried out."""

from __future__ import annotations

import re
import time
import xmlrpc.client
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
from mailkit_xmlrpc.sandbox import FAULTS

DONE, REFUSED, UNKNOWN = Outcome.DONE, Outcome.REFUSED, Outcome.UNKNOWN

# Fault and options; what the client gets; its outcome; how many events there are then.
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
    ("status", {"status": 503, "retry_after": 2}, HTTPStatusError, REFUSED, 0),
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
        # The same client goes on.
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
def test_a_wrong_type_is_an_answer_all_the_same(sandbox, answer):
    sandbox.fail_next("wrong_type", answer)
    with sandbox.client() as mailkit:
        assert not trigger(mailkit).ok


def test_drip_sends_one_byte_at_a_time(sandbox):
    sandbox.fail_next("drip", 0.0005)
    with sandbox.client() as mailkit:
        began = time.monotonic()
        assert trigger(mailkit).ok
        assert time.monotonic() - began > 0.2


def test_a_length_that_is_too_short_does_not_spoil_the_next_call(sandbox):
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
    sandbox.fail_next("status", 503, retry_after=0)
    with sandbox.client(retry=Retry(attempts=3, base=0)) as mailkit:
        result = trigger(mailkit)
    assert (result.ok, result.attempts) == (True, 3)
    assert [call.outcome for call in sandbox.calls] == ["throttle", "status", DONE]


def test_faults_hit_any_method_and_wrong_credentials_too(sandbox):
    sandbox.fail_next("drop_before")
    with sandbox.client(retry=None, timeout=5) as mailkit, pytest.raises(InDoubtError):
        mailkit.call("mailkit.unknown")
    assert [(call.method, call.answer, call.outcome) for call in sandbox.calls] == [
        ("mailkit.unknown", None, "drop_before")
    ]


DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the documents are not installed with the package")
def test_the_documented_table_is_the_table():
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
