"""Where a sandbox listens, and the token that its URL has as soon as other machines can call it."""

from __future__ import annotations

import logging
import re
import socket
import sys
import traceback
import urllib.parse
import xmlrpc.client

import pytest

from mailkit_xmlrpc import Client, ConfigError, HTTPStatusError, Outcome, ServerProxy
from mailkit_xmlrpc.sandbox import Sandbox
from mailkit_xmlrpc.sandbox.service import PATH

from ..servers import own_address
from .wire import body_of, post, say, statuses, trigger_body

TOKEN = "a-token-for-the-tests"


@pytest.fixture
def guarded():
    with Sandbox(token=TOKEN) as sandbox:
        yield sandbox


# The token


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_a_sandbox_for_this_machine_has_no_token(host):
    assert Sandbox(host=host).token is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "mailkit", "localhost.example.com"])
def test_one_for_other_machines_has_a_random_token(host):
    first, second = Sandbox(host=host).token, Sandbox(host=host).token
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


def test_the_token_may_be_chosen(guarded):
    assert guarded.token == TOKEN
    assert guarded.url.endswith(f"/{TOKEN}/rpc.fcgi")
    assert guarded.env["MAILKIT_URL"] == guarded.url


def test_the_token_survives_a_restart():
    sandbox = Sandbox(host="0.0.0.0")
    with sandbox:
        url = sandbox.url
    with sandbox, sandbox.client() as mailkit:
        assert sandbox.url == url
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


@pytest.mark.parametrize(
    "token", ["", "too-short-token", "x" * 129, "with/a/slash/in/it", "with a space in it", "with-ž-in-the-token", 5]
)
def test_a_token_that_cannot_be_a_part_of_a_url_is_refused(token):
    with pytest.raises(ConfigError, match=r"^token must be 16 to 128 letters") as caught:
        Sandbox(token=token)
    if token:
        assert str(token) not in str(caught.value)


@pytest.mark.parametrize("host", ["", None, 5])
def test_a_host_that_is_not_a_name_is_refused(host):
    with pytest.raises(ConfigError, match=r"^host must be"):
        Sandbox(host=host)


# Requests


def test_every_client_can_use_the_url_as_it_is(guarded):
    with guarded.client() as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
    with xmlrpc.client.ServerProxy(guarded.url) as theirs, ServerProxy(guarded.url) as ours:
        assert theirs.system.listMethods() == ours.system.listMethods()


WRONG = ["", "/", "/rpc.fcgi", f"/{TOKEN}", f"/{TOKEN}x/rpc.fcgi", f"/{TOKEN[:-1]}/rpc.fcgi", f"//{TOKEN}x/rpc.fcgi"]
WRONG += [f"/rpc.fcgi?{TOKEN}", f"/rpc.fcgi/{TOKEN}/", f"/{TOKEN.upper()}/rpc.fcgi", "/ž/rpc.fcgi", "//rpc.fcgi", "*"]


@pytest.mark.parametrize("path", WRONG)
@pytest.mark.parametrize("verb", ["POST", "GET", "HEAD", "OPTIONS"])
def test_a_request_without_the_token_is_forbidden(verb, path, guarded, caplog):
    head = f"{verb} {path or '/'} HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
    refused = say(guarded, head.encode())
    assert statuses(refused) == [403]
    assert TOKEN.encode() not in refused
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("mailkit_xmlrpc.sandbox", "WARNING")
    assert record.getMessage() == (
        "refused a request from 127.0.0.1: the URL does not have the token of the sandbox; "
        "use the URL that the sandbox shows at its start"
    )
    assert guarded.calls == []


def test_the_body_of_a_stranger_is_not_read(guarded):
    refused = say(guarded, f"POST {PATH} HTTP/1.1\r\nContent-Length: {100 << 20}\r\n\r\n".encode())
    assert statuses(refused) == [403]


def test_the_token_belongs_to_every_path(guarded):
    for path, status in [("/", 200), ("/?x", 200), ("/nothing", 404), (PATH, 405)]:
        answer = say(guarded, f"GET /{TOKEN}{path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        assert statuses(answer) == [status]
        assert TOKEN.encode() not in answer


def test_a_client_is_told_what_is_missing(guarded):
    url = guarded.url.replace(f"/{TOKEN}", "")
    wanted = pytest.raises(HTTPStatusError, match="does not have the token of the sandbox")
    with Client(guarded.client_id, guarded.client_md5, url=url) as mailkit, wanted as caught:
        mailkit.journeys.trigger("jane@example.com", "order_paid")
    assert (caught.value.status, caught.value.outcome, caught.value.attempts) == (403, Outcome.REFUSED, 1)


def test_a_wrong_token_does_not_use_up_a_fault(guarded):
    guarded.fail_next("unauthorized")
    assert statuses(say(guarded, post(trigger_body(guarded)))) == [403]
    assert b"Unauthorized" in body_of(say(guarded, post(trigger_body(guarded), path=f"/{TOKEN}{PATH}")))


# Where the token is not shown


def test_the_token_is_neither_kept_nor_shown(guarded, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    place = {"email": TOKEN, "event_tag": guarded.url, "event_data": {TOKEN: [TOKEN.encode()]}}
    with guarded.client(retry=None) as mailkit:
        mailkit.call("mailkit.journeys.trigger", place)
    say(guarded, post(TOKEN.encode(), path=f"/{TOKEN}{PATH}"))
    say(guarded, post(b"", path=f"/{TOKEN}x{PATH}"))
    assert len(guarded.calls) == 2
    server = guarded._server
    shown = repr((guarded, guarded.calls, guarded.events, vars(guarded), vars(guarded._service), vars(server)))
    assert TOKEN not in shown
    assert "/***/rpc.fcgi" in shown
    assert TOKEN not in "".join((caplog.text, *capfd.readouterr()))


def test_a_traceback_with_local_variables_does_not_show_the_token():
    try:
        Sandbox(port=-1, token=TOKEN)
    except ConfigError:
        trace = traceback.TracebackException(*sys.exc_info(), capture_locals=True)
    ours = [frame for frame in trace.stack if frame.filename != __file__]
    assert ours
    assert TOKEN not in "".join(str(frame.locals) for frame in ours)


# Hosts


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8025/"),
        ("::", "http://[::1]:8025/"),
        ("0:0:0:0:0:0:0:0", "http://[::1]:8025/"),
        ("::1", "http://[::1]:8025/"),
        ("192.0.2.7", "http://192.0.2.7:8025/"),
        ("mailkit", "http://mailkit:8025/"),
    ],
)
def test_the_url_is_one_that_this_machine_can_call(host, url):
    sandbox = Sandbox(8025, host=host)
    assert sandbox.url == f"{url}{sandbox.token}/rpc.fcgi".replace("None/", "")


@pytest.mark.parametrize("host", ["0.0.0.0", None], ids=["all", "one"])
def test_another_machine_can_call_with_the_token(host):
    """This machine stands in for the other one: it calls an address that is not a loopback address."""
    address = own_address()
    with Sandbox(host=host or address) as sandbox:
        port = urllib.parse.urlsplit(sandbox.url).port
        url = f"http://{address}:{port}/{sandbox.token}{PATH}"
        with pytest.raises(ConfigError, match="allow_http"):
            Client(sandbox.client_id, sandbox.client_md5, url=url)
        with Client(sandbox.client_id, sandbox.client_md5, url=url, allow_http=True) as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        with sandbox.client() as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        sandbox.assert_triggered(times=2)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("nowhere.invalid", ""),
        ("[::1]", ""),
        ("192.0.2.1", "Cannot assign requested address"),
        ("a\0b", "host name must not contain null character"),
    ],
)
def test_a_host_that_is_not_ours_is_a_clear_error(host, why):
    with pytest.raises(ConfigError, match=rf"^cannot listen on {re.escape(str(host))} port 0 \({why}") as caught:
        Sandbox(host=host).start()
    assert "choose an address of this machine" in str(caught.value)


def test_a_port_in_use_is_about_the_port():
    with Sandbox(host="0.0.0.0") as first:
        port = urllib.parse.urlsplit(first.url).port
        with pytest.raises(
            ConfigError, match=f"^cannot listen on 0.0.0.0 port {port} .*in use.*another port"
        ) as caught:
            Sandbox(port, host="0.0.0.0").start()
    assert first.token not in str(caught.value)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_all_addresses_of_ipv6():
    try:
        sandbox = Sandbox(host="::").start()
    except ConfigError:
        pytest.skip("no IPv6 here")
    with sandbox, sandbox.client() as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
