"""One request: paths, credentials, addresses, faults, and its record."""

from __future__ import annotations

import datetime
import http.client
import socket
import urllib.parse
import xmlrpc.client

import pytest

from mailkit_xmlrpc import ConfigError, DisallowedIPError, FaultError, Outcome, ServerProxy, UnauthorizedError
from mailkit_xmlrpc.codec import decode_response, encode_request
from mailkit_xmlrpc.sandbox import Sandbox
from mailkit_xmlrpc.sandbox.service import PARSE_ERROR, UNKNOWN_METHOD

from .wire import body_of, post, say, statuses, trigger_body

EVENT = {"email": "jane@example.com", "event_tag": "order_paid"}
TRIGGER = "mailkit.journeys.trigger"
OTHER_MD5 = "0123456789abcdef0123456789abcdef"


def request(sandbox, verb, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(sandbox.url).port, timeout=5)
    try:
        connection.request(verb, path, body)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def call(sandbox, method, *params):
    """The answer to a call, without our client."""
    answer = say(sandbox, post(encode_request(method, params, allow_none=True)))
    assert statuses(answer) == [200]
    return decode_response(body_of(answer))


@pytest.mark.parametrize("path", ["/", "/?x", "/?/rpc.fcgi"])
def test_the_front_page_is_a_greeting(sandbox, path):
    status, headers, text = request(sandbox, "GET", path)
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    assert "sandbox" in text
    assert "/rpc.fcgi" in text
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("verb", "path", "status", "allow"),
    [
        ("GET", "/rpc.fcgi", 405, "POST"),
        ("PUT", "/rpc.fcgi", 405, "POST"),
        ("POST", "/", 405, "GET"),
        ("HEAD", "/", 405, "GET"),
        ("DELETE", "/", 405, "GET"),
        ("POST", "/json.fcgi", 404, None),
        ("GET", "/rpc.fcgi/", 404, None),
        ("GET", "/../etc/passwd", 404, None),
    ],
)
def test_other_paths_and_verbs(sandbox, verb, path, status, allow):
    found, headers, text = request(sandbox, verb, path)
    assert (found, headers.get("Allow")) == (status, allow)
    assert bool(text) is (verb != "HEAD")


def test_a_get_with_a_body_is_answered_like_any_other(sandbox):
    one = b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    assert statuses(say(sandbox, one + post(trigger_body(sandbox)))) == [200, 200]


@pytest.mark.parametrize("client_id", [12345678, "12345678", "0012345678"])
def test_the_id_may_be_a_number_or_digits(sandbox, client_id):
    assert call(sandbox, TRIGGER, client_id, sandbox.client_md5, EVENT)["status"] == "OK"


BAD = {
    "no parameters": (),
    "no md5": (12345678,),
    "no credentials": (EVENT,),
    "other id": (1, "MD5"),
    "other md5": (12345678, OTHER_MD5),
    "swapped": ("MD5", 12345678),
    "empty": ("", ""),
    "nil": (None, None),
    "a float": (12345678.0, "MD5"),
    "other digits": ("１２３４５６７８", "MD5"),
    "signed": ("+12345678", "MD5"),
    "endless digits": ("9" * 5000, "MD5"),
    "a bool": (True, "MD5"),
    "an array": ([12345678], ["MD5"]),
}


@pytest.mark.parametrize("credentials", BAD.values(), ids=BAD)
def test_wrong_credentials(sandbox, credentials):
    credentials = tuple(sandbox.client_md5 if value == "MD5" else value for value in credentials)
    assert call(sandbox, TRIGGER, *credentials, EVENT) == "Unauthorized"
    assert sandbox.events == []
    (kept,) = sandbox.calls
    assert (kept.method, kept.params, kept.answer, kept.outcome) == (TRIGGER, (), "Unauthorized", Outcome.REFUSED)


def test_your_own_account():
    with Sandbox(client_id="42", client_md5=OTHER_MD5) as sandbox:
        assert sandbox.client_id == 42
        with sandbox.client() as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        result = call(sandbox, TRIGGER, 12345678, "abc123def456abc123def456abc12345", EVENT)
        assert result == "Unauthorized"


def test_unauthorized_seen_by_a_client(sandbox):
    with sandbox.client(retry=None) as mailkit:
        wrong = type(mailkit)(sandbox.client_id, OTHER_MD5, url=sandbox.url)
        with wrong, pytest.raises(UnauthorizedError):
            wrong.journeys.trigger("jane@example.com", "order_paid").unwrap()


@pytest.mark.parametrize(
    ("allowed", "ok"),
    [
        (None, True),
        ([], False),
        (["127.0.0.1"], True),
        (["127.0.0.2"], False),
        (["127.0.0.0/8"], True),
        (["10.0.0.0/8", "127.0.0.1/32"], True),
        (["127.1.2.3/8"], True),
        (["10.0.0.0/8", "::1"], False),
    ],
)
def test_the_allow_list(allowed, ok):
    with Sandbox(allowed_ips=allowed) as sandbox, sandbox.client() as mailkit:
        result = mailkit.journeys.trigger("jane@example.com", "order_paid")
        assert result.ok is ok
        if not ok:
            assert result.error == "Disallowed IP 127.0.0.1"
            with pytest.raises(DisallowedIPError) as caught:
                result.unwrap()
            assert caught.value.ip == "127.0.0.1"
        assert len(sandbox.events) == ok


def test_the_allow_list_applies_to_the_callers_address():
    with Sandbox(allowed_ips=["127.0.0.2"]) as sandbox:
        port = urllib.parse.urlsplit(sandbox.url).port
        try:
            sock = socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0))
        except OSError:
            pytest.skip("this system's loopback has one address")
        with sock:
            sock.sendall(post(trigger_body(sandbox)))
            assert b"Added into scenario" in sock.recv(65536)
        assert call(sandbox, TRIGGER, 1, OTHER_MD5, EVENT) == "Unauthorized"
        assert call(sandbox, "system.listMethods") == "Disallowed IP 127.0.0.1"


@pytest.mark.parametrize("allowed", ["127.0.0.1", ["nonsense"], ["10.0.0.0/33"], [None], 5])
def test_an_invalid_allow_list(allowed):
    with pytest.raises(ConfigError, match="allowed_ips"):
        Sandbox(allowed_ips=allowed)


def test_an_unknown_method_is_a_fault_with_a_hint(sandbox):
    with sandbox.client() as mailkit:
        with pytest.raises(FaultError, match=r"did you mean mailkit\.journeys\.trigger[ ?]") as caught:
            mailkit.call("mailkit.journey.triger", {})
        assert caught.value.faultCode == UNKNOWN_METHOD == -32601
        with pytest.raises(FaultError, match=r"system\.listMethods names those"):
            mailkit.call("x" * 100_000)
    kept = sandbox.calls[0]
    assert (kept.method, kept.params, kept.outcome) == ("mailkit.journey.triger", ({},), Outcome.REFUSED)
    assert kept.answer["faultCode"] == UNKNOWN_METHOD
    assert len(sandbox.calls[1].method) == 100


@pytest.mark.parametrize("method", ["mailkit.mailing-list.get", "no-such", "f()", "a[0]#{b}"])
def test_an_unknown_method_may_have_any_name_that_can_be_called(sandbox, method):
    answer = say(sandbox, post(b"<methodCall><methodName>%s</methodName></methodCall>" % method.encode()))
    assert statuses(answer) == [200]
    with pytest.raises(FaultError) as caught:
        decode_response(body_of(answer))
    assert caught.value.faultCode == UNKNOWN_METHOD == -32601
    assert method in caught.value.faultString
    with ServerProxy(sandbox.url) as proxy, pytest.raises(FaultError) as caught:
        getattr(proxy, method)()
    assert caught.value.faultCode == UNKNOWN_METHOD
    assert [call.method for call in sandbox.calls] == [method, method]


NO_CALLS = {
    "empty": b"",
    "no XML": b"hello",
    "binary": bytes(range(256)) * 10,
    "cut": b"<?xml version='1.0'?><methodCall><methodName>x",
    "an answer": b"<methodResponse><params></params></methodResponse>",
    "no method": b"<methodCall></methodCall>",
    "bad method": b"<methodCall><methodName>no way</methodName></methodCall>",
    "bad int": encode_request("x", (5,)).replace(b"5", b"five"),
    "entity": b"<!DOCTYPE x [<!ENTITY a 'b'>]><methodCall><methodName>&a;</methodName></methodCall>",
    "odd encoding": b"<?xml version='1.0' encoding='utf-7'?><methodCall/>",
}


@pytest.mark.parametrize("body", NO_CALLS.values(), ids=NO_CALLS)
def test_a_request_that_is_not_a_call_is_a_fault(sandbox, body):
    answer = say(sandbox, post(body))
    assert statuses(answer) == [200]
    with pytest.raises(FaultError, match="parse error") as caught:
        decode_response(body_of(answer))
    assert caught.value.faultCode == PARSE_ERROR == -32700
    # The codec's errors are written for answers, but this document is a request.
    assert "the answer" not in caught.value.faultString
    (kept,) = sandbox.calls
    assert (kept.method, kept.params, kept.outcome) == ("", (), Outcome.REFUSED)


def test_the_charset_of_the_header_counts(sandbox):
    body = trigger_body(sandbox, {"email": "jane@example.com", "event_tag": "ž"})
    body = body.replace(b' encoding="UTF-8"', b"").decode().encode("iso8859-2")
    assert statuses(say(sandbox, post(body, "Content-Type: text/xml; charset=ISO-8859-2"))) == [200]
    assert sandbox.events[0].event_tag == "ž"


def test_a_charset_of_the_header_that_nobody_knows_is_a_fault_unless_the_call_is_ascii(sandbox):
    body = trigger_body(sandbox, {"email": "jane@example.com", "event_tag": "a"}).replace(b' encoding="UTF-8"', b"")
    header = "Content-Type: text/xml; charset=utf8mb4"
    decode_response(body_of(say(sandbox, post(body, header))))
    assert sandbox.events[0].event_tag == "a"
    with pytest.raises(FaultError, match="the charset utf8mb4 in the Content-Type header is not supported at line 1"):
        decode_response(body_of(say(sandbox, post(body.replace(b"<string>a<", "<string>ž<".encode()), header))))


def test_the_standard_library_as_a_client(sandbox):
    with xmlrpc.client.ServerProxy(sandbox.url, allow_none=True) as proxy:
        answer = proxy.mailkit.journeys.trigger(sandbox.client_id, sandbox.client_md5, EVENT)
        assert answer == {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}
        assert proxy.mailkit.journeys.trigger(1, "x", EVENT) == "Unauthorized"
        with pytest.raises(xmlrpc.client.Fault) as caught:
            proxy.mailkit.nothing()
        assert caught.value.faultCode == UNKNOWN_METHOD
    assert sandbox.events[0].email == "jane@example.com"


def test_our_own_proxy_as_a_client(sandbox):
    with ServerProxy(sandbox.url) as proxy:
        assert TRIGGER in proxy.system.listMethods()


def test_the_record_of_a_call(sandbox):
    before = datetime.datetime.now(datetime.timezone.utc)
    with sandbox.client() as mailkit:
        mailkit.journeys.trigger("jane@example.com", "order_paid", {"n": 1})
        mailkit.journeys.trigger("", "order_paid")
    after = datetime.datetime.now(datetime.timezone.utc)
    done, refused = sandbox.calls
    assert done.params == ({"email": "jane@example.com", "event_tag": "order_paid", "event_data": {"n": 1}},)
    assert done.answer["status"] == "OK"
    assert done.outcome is Outcome.DONE
    assert (refused.answer, refused.outcome, type(refused.answer)) == ("Missing email", Outcome.REFUSED, str)
    for call in sandbox.calls:
        assert before <= call.time <= after
        assert 0 <= call.elapsed < 5


def test_the_md5_is_neither_kept_nor_sent_back(sandbox, tmp_path, caplog, capfd):
    md5 = sandbox.client_md5
    place = {"email": f"{md5}@example.com", "event_tag": md5, "event_data": {md5: [md5, md5.encode()]}, md5: md5}
    with sandbox.client(retry=None) as mailkit:
        mailkit.call(TRIGGER, place)
        mailkit.call(TRIGGER, md5, {"a": md5})
    with pytest.raises(FaultError):  # our client does not send this
        call(sandbox, f"mailkit.{md5}", sandbox.client_id, md5)
    answers = [say(sandbox, post(body)) for body in (md5.encode(), f"<a>{md5}".encode(), f"<{md5}/>".encode())]
    assert call(sandbox, TRIGGER, md5, sandbox.client_id, {"x": OTHER_MD5}) == "Unauthorized"
    assert call(sandbox, TRIGGER, sandbox.client_id, OTHER_MD5, {"x": OTHER_MD5}) == "Unauthorized"
    shown = repr((sandbox, sandbox.calls, sandbox.events, answers, vars(sandbox._service)))
    assert sandbox.events
    assert md5 not in shown
    assert OTHER_MD5 not in shown
    assert md5 not in "".join((caplog.text, *capfd.readouterr()))


def test_on_call_is_called_with_every_call(next_call_is_served, caplog):
    told = []
    with Sandbox(on_call=told.append) as sandbox, sandbox.client() as mailkit:
        mailkit.journeys.trigger("", "order_paid")
        sandbox.fail_next("unauthorized")
        mailkit.journeys.trigger("jane@example.com", "order_paid")
        assert told == sandbox.calls
    with Sandbox(on_call=lambda call: 1 / 0) as sandbox:
        next_call_is_served(sandbox)
    assert "ZeroDivisionError" in caplog.text
