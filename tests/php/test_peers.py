"""Real PHP programs: a client that triggers a journey in our sandbox, and a server that our client calls."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from datetime import datetime

import pytest

from mailkit_xmlrpc import Client, FaultError, Limits, ServerProxy, php
from mailkit_xmlrpc.sandbox import Sandbox

from .live import PEERS, missing

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy 😀 <&>\"'"
UTF8 = {"encoding": "UTF-8", "escaping": "markup"}
DATETIME = {"xmlrpc_type": "datetime", "scalar": "20200102T03:04:05"}
PACKED = {"xmlrpc_type": "base64", "scalar": "Žluť\r\n" * 20}


def php_triggers(sandbox, event, options=UTF8, **credentials):
    """Run the script and return what xmlrpc_decode returned for the answer."""
    job = {"url": sandbox.url, "client_id": sandbox.client_id, "client_md5": sandbox.client_md5, "options": options}
    ended = subprocess.run(
        ["php", str(PEERS / "trigger.php")],
        input=json.dumps({**job, "event": event, **credentials}),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout)


@pytest.fixture
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def test_php_triggers_a_journey_with_every_type_of_value(sandbox):
    data = {
        CZECH: CZECH,
        "numbers": [0, -1, 2147483647, 1.5, -0.25],
        "flags": {"yes": True, "no": False},
        "nothing": None,
        "empty": [],
        "forced": {"": None},
        "lines": "a\r\nb\tc",
        "when": DATETIME,
        "packed": PACKED,
        "nested": [[{"a": [{"b": CZECH}]}]],
    }
    answer = php_triggers(sandbox, {"email": "jana@example.com", "event_tag": "order_paid", "event_data": data})
    assert answer == {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}
    sandbox.assert_triggered(
        email="jana@example.com",
        event_tag="order_paid",
        times=1,
        event_data={
            **data,
            "nothing": "",  # PHP has no nil
            "forced": {"": ""},
            "lines": "a\nb\tc",  # this escaping writes a bare CR, and XML parsers turn CR LF into one LF
            "when": datetime(2020, 1, 2, 3, 4, 5),
            "packed": PACKED["scalar"].encode(),
        },
    )


def test_php_and_our_functions_send_the_same_bytes(sandbox):
    """The sandbox receives the same from both with all options, including mojibake."""
    event = {"email": "jana@example.com", "event_tag": "order_paid", "event_data": {"name": "Žofie é\r\n"}}
    for options in ({}, UTF8, {"escaping": "cdata", "encoding": "UTF-8"}, {"verbosity": "newlines_only"}):
        sandbox.clear()
        php_triggers(sandbox, event, options)
        call = [sandbox.client_id, sandbox.client_md5, event]
        if options.get("encoding") == "UTF-8":
            ours = php.xmlrpc_encode_request("mailkit.journeys.trigger", call, options, profile="debian")
        else:
            with pytest.warns(php.MojibakeWarning, match=r"params\[2\]\.event_data\.name"):
                ours = php.xmlrpc_encode_request("mailkit.journeys.trigger", call, options, profile="debian")
        post(sandbox.url, ours)
        from_php, from_us = sandbox.events
        assert from_php.event_data == from_us.event_data
        assert (from_php.event_data["name"][0] == "Ž") is (options.get("encoding") == "UTF-8")


def post(url, body):
    from urllib.request import Request, urlopen

    with urlopen(Request(url, body, {"Content-Type": "text/xml"}), timeout=20) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("event", "credentials", "refusal"),
    [
        ({"email": "", "event_tag": "x"}, {}, "Missing email"),
        ({"email": "jana@example.com"}, {}, "Missing event_tag"),
        ({"email": "jana@example.com", "event_tag": "x"}, {"client_md5": "0" * 32}, "Unauthorized"),
    ],
)
def test_php_reads_a_refusal_as_a_string(sandbox, event, credentials, refusal):
    assert php_triggers(sandbox, event, **credentials) == refusal
    assert sandbox.events == []


@pytest.fixture(scope="module")
def server():
    """The URL of a PHP xmlrpc_server."""
    for _ in range(5):  # another process may take the port first
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = ["php", "-S", f"127.0.0.1:{port}", str(PEERS / "server.php")]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                if answers(process, port):
                    yield f"http://127.0.0.1:{port}/"
                    return
            finally:
                process.kill()
    raise RuntimeError("php -S does not start")


def answers(process, port):
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


VALUES = {
    "boolean": [True, False],
    "int": [0, -1, 2147483647, -2147483648],
    "double": [1.5, -0.25, 1e10],
    "string": ["", CZECH, "a\tb\nc", "TRUE", "5"],
    "base64": [b"", b"\0\xff", "Žluť\r\n".encode() * 20],
    "array": [[], [1, [2, ["x"]]]],
    "struct": [{"a": 1, CZECH: {"b": CZECH}}],
}


@pytest.mark.parametrize("kind", VALUES)
def test_values_come_back_from_a_php_server(server, kind):
    with ServerProxy(server, use_builtin_types=True) as proxy:
        assert proxy.echo(*VALUES[kind]) == VALUES[kind]
        assert proxy.types(*VALUES[kind]) == [kind] * len(VALUES[kind])


def test_a_date_comes_back_from_a_php_server(server):
    with ServerProxy(server, use_builtin_types=True) as proxy:
        assert proxy.echo(datetime(2020, 1, 2, 3, 4, 5)) == [datetime(2020, 1, 2, 3, 4, 5)]
        assert proxy.types(datetime(2020, 1, 2, 3, 4, 5)) == ["datetime"]


@pytest.mark.parametrize(
    ("value", "back", "kind"),
    [
        ({}, [], "array"),
        (2**40, "", "base64"),
        ("a\rb", "a\nb", "string"),
        (0.123456789, 0.123457, "double"),
        ({"0": "x", "1": "y"}, ["x", "y"], "array"),
    ],
    ids=["empty-struct", "i8", "carriage-return", "seventh-decimal", "names-that-are-numbers"],
)
def test_values_that_a_php_server_changes(server, value, back, kind):
    with ServerProxy(server, use_builtin_types=True) as proxy:
        assert proxy.echo(value) == [back]
        assert proxy.types(value) == [kind]


def test_nil_is_null_to_a_php_server_and_null_an_empty_string(server):
    with ServerProxy(server, allow_none=True) as proxy:
        assert proxy.echo(None) == [""]


def test_a_fault_of_a_php_server(server):
    with ServerProxy(server) as proxy, pytest.raises(FaultError) as caught:
        proxy.fail()
    assert (caught.value.faultCode, caught.value.faultString) == (4, "Nepovedlo se to 😀")


def test_a_method_that_a_php_server_does_not_have(server):
    with ServerProxy(server) as proxy, pytest.raises(FaultError) as caught:
        proxy.nowhere()
    assert caught.value.faultCode == -32601


def test_client_and_php_call_talk_to_a_php_server(server):
    with Client(123, "a" * 32, url=server, limits=Limits(response_bytes=10_000)) as client:
        for result in (client.call("echo", CZECH), php.call(client, "echo", [123, "a" * 32, CZECH])):
            assert result.ok
            assert result.value == [123, "a" * 32, CZECH]
