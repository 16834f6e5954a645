"""Deadlines under gevent, whose sockets take the place of those of the standard library.

Each test runs in a process of its own, because `monkey.patch_all` changes the whole process.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from ..servers import MD5, PATIENCE, ScriptedServer, added, answer, certificates, drip, hang, stall

pytest.importorskip("gevent", reason="gevent is not installed here")

PROGRAM = """
from gevent import monkey
monkey.patch_all()
import gevent, sys, time
from mailkit_xmlrpc import Client, InDoubtError, MailkitError, NotSentError, ServerProxy

url, port, md5 = sys.argv[1:]
client = Client(1, md5, url=url, retry=None, timeout=1)
"""


def run(server, script):
    """Run `script` under gevent; it must end by itself long before `PATIENCE`."""
    program = PROGRAM + textwrap.dedent(script)
    return subprocess.run(
        [sys.executable, "-c", program, server.url, str(server.port), MD5],
        check=False,
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
    )


def outcome(server, call):
    """What `call` gives: the name of its error, or its value."""
    script = f"""
    started = time.monotonic()
    try:
        print({call})
    except MailkitError as error:
        print(type(error).__name__, error.outcome)
    print(time.monotonic() - started)
    """
    done = run(server, script)
    assert done.returncode == 0, done.stderr
    said, elapsed = done.stdout.split("\n")[:2]
    return said, float(elapsed)


@pytest.mark.parametrize(
    ("step", "call"),
    [
        (hang, "client.call('m')"),
        (stall, "client.call('m', 'x' * 20_000_000)"),
        (drip(added()[:-1] + b" " * 1000), "client.call('m')"),
        (hang, "ServerProxy(url, timeout=1).m()"),
    ],
    ids=["a silent server", "one that never reads", "one that drips", "ServerProxy"],
)
def test_a_call_ends_at_its_timeout(step, call):
    with ScriptedServer(ever_after=step) as server:
        said, elapsed = outcome(server, call)
    assert said == "InDoubtError UNKNOWN"
    assert 0.9 < elapsed < PATIENCE


def test_a_call_waits_for_a_slot_until_its_timeout():
    script = """
    narrow = Client(1, md5, url=url, retry=None, timeout=30, pool_size=1)
    first = gevent.spawn(narrow.call, "slow")
    gevent.sleep(0.2)
    try:
        narrow.call("m", timeout=1)
    except NotSentError as error:
        print(error)
    first.kill()
    print(narrow.call("m").value)
    """
    with ScriptedServer(hang, ever_after=answer([1])) as server:
        done = run(server, script)
    assert done.stdout.splitlines() == [
        "m: all 1 connections stayed busy until the timeout; allow more with pool_size=",
        "[1]",
    ], done.stderr


def test_greenlets_share_a_client():
    script = """
    calls = [gevent.spawn(client.call, "m", timeout=20) for _ in range(40)]
    gevent.joinall(calls, raise_error=True)
    print(sum(call.value.value[0] for call in calls))
    """
    with ScriptedServer(ever_after=answer([1])) as server:
        done = run(server, script)
        assert done.stdout == "40\n", done.stderr
        assert server.connections <= 8


def test_tls_keeps_the_deadline_too(tmp_path):
    path = tmp_path / "authority.pem"
    certificates().authority.cert_pem.write_to_path(path)
    script = f"""
    import ssl
    context = ssl.create_default_context(cafile={str(path)!r})
    client = Client(1, md5, url=url, retry=None, timeout=1, context=context)
    print(client.call("m", timeout=20).value)
    started = time.monotonic()
    try:
        client.call("m")
    except InDoubtError:
        print(0.9 < time.monotonic() - started < {PATIENCE})
    """
    with ScriptedServer(answer([1]), hang, tls=certificates().good()) as server:
        done = run(server, script)
    assert done.stdout == "[1]\nTrue\n", done.stderr
