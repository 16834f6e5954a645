"""Hostile requests are answered or cut off, memory stays flat, and the next call is served.

The sandbox runs in a separate process, so that its memory can be measured without that of the attacker.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mailkit_xmlrpc import Client
from mailkit_xmlrpc.sandbox.faults import XML_BOMB

from .wire import answers_on, connection, post, statuses

MIB = 1 << 20
ID, MD5 = 12345678, "abc123def456abc123def456abc12345"

PROGRAM = """
import sys
from mailkit_xmlrpc.sandbox import Sandbox
with Sandbox() as sandbox:
    print(sandbox.url, flush=True)
    sys.stdin.read()
"""


class Remote:
    """A sandbox in another process."""

    client_id, client_md5 = ID, MD5

    def __init__(self, process):
        self.process = process
        self.url = process.stdout.readline().strip()

    def memory(self, kind="VmRSS"):
        """Resident bytes now, or at most so far (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{kind}:\s+(\d+) kB", status)[1]) * 1024

    def forget_peak(self):
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def serves_the_next_call(self):
        with Client(ID, MD5, url=self.url, timeout=5, retry=None) as mailkit:
            assert mailkit.journeys.trigger("next@example.com", "next").ok


@contextlib.contextmanager
def running(program):
    """A sandbox in another process, which must end without any output."""
    command = [sys.executable, "-W", "error", "-c", program]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as process:
        remote = Remote(process)
        for _ in range(50):
            remote.serves_the_next_call()
        yield remote
        out, err = process.communicate(timeout=10)
        assert (out, err, process.returncode) == ("", "", 0)


@pytest.fixture(scope="module")
def remote():
    with running(PROGRAM) as remote:
        yield remote


def repeated(piece, size):
    """`size` bytes or a little more, in large pieces."""
    block = piece * max(1, MIB // len(piece))
    for _ in range(size // len(block) + 1):
        yield block


def call(*parts, length=None):
    """The head of a call, and then the parts of its body."""
    length = sum(map(len, parts)) if length is None else length
    return [post(b"", f"Content-Length: {length}", length=False), *parts]


DEEP = b"<methodCall><methodName>x</methodName><params><param>" + b"<value><array><data>" * 100_000
WIDE = b"<methodCall><methodName>x</methodName><params>"
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "%s">]><methodCall><methodName>%s</methodName></methodCall>'

CHUNKED = post(b"", "Transfer-Encoding: chunked", length=False)

ATTACKS = {
    "entity bomb": (lambda: call(XML_BOMB), [200]),
    "quadratic bomb": (lambda: call(QUADRATIC % (b"a" * 50_000, b"&a;" * 50_000)), [200]),
    "external entity": (lambda: call(b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><methodCall/>'), [200]),
    "100,000 levels": (lambda: call(DEEP), [200]),
    "100,000 levels of nothing": (lambda: call(b"<a>" * 100_000), [200]),
    "700,000 levels of nothing after a good start": (lambda: call(WIDE, b"<param>" + b"<a>" * 700_000), [200]),
    "100,000 attributes": (lambda: call(b"<methodCall " + b"".join(b"a%d='' " % n for n in range(100_000))), [200]),
    "binary rubbish": (lambda: call(*repeated(bytes(range(256)), 20 * MIB)), [200]),
    "zeros, just within the limit": (lambda: call(*repeated(b"\0", 126 * MIB)), [200]),
    "over 128 MiB, by its length": (lambda: call(*repeated(b"x", 140 * MIB), length=140 * MIB), [413]),
    "over 128 MiB, in chunks": (lambda: [CHUNKED, *repeated(b"8\r\n--------\r\n", 140 * MIB)], [411]),
    "an endless name": (lambda: call(b"<", *repeated(b"x", 4 * MIB)), [200]),
    "an endless comment": (lambda: call(b"<!--", *repeated(b"x", 4 * MIB)), [200]),
    "chunks of one byte": (lambda: [CHUNKED, b"1\r\nx\r\n" * 300_000, b"0\r\n\r\n"], [411]),
    "endless headers": (lambda: [b"POST /rpc.fcgi HTTP/1.1\r\nHost: x\r\n", *repeated(b"A: b\r\n", 30 * MIB)], [431]),
    "99 headers of 65,000 bytes": (
        lambda: [b"POST /rpc.fcgi HTTP/1.1\r\n", *[b"A: %s\r\n" % (b"x" * 65_000)] * 99],
        [431],
    ),
    "one endless header": (lambda: [b"POST /rpc.fcgi HTTP/1.1\r\nHost: ", *repeated(b"x", 30 * MIB)], [431]),
    # http.server reads a line to its end before it looks at it, so that this is a head that is too large.
    "an endless line": (lambda: repeated(b"GET", 30 * MIB), [431]),
    "rubbish in a pipeline": (lambda: [*call(b"x"), *repeated(b"\xff\x00", 30 * MIB)], [200]),
    "unauthorized and large": (lambda: [*authorized(MD5[::-1], 8 * MIB)], [200]),
}


def authorized(md5, size):
    value = b"<param><value>%s</value></param>"
    text = WIDE + value % (b"<int>%d</int>" % ID) + value % md5.encode()
    return call(text, *[value % (b"x" * (64 * 1024))] * (size // 65536), b"</params></methodCall>")


def attack(remote, pieces):
    with connection(remote) as sock:
        try:
            for piece in pieces:
                sock.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return answers_on(sock)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc to measure memory with")
@pytest.mark.parametrize(("pieces", "expected"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_answered_and_memory_stays_flat(remote, pieces, expected):
    remote.forget_peak()
    before = remote.memory()
    assert statuses(attack(remote, pieces())) == expected
    peak = remote.memory("VmHWM")
    remote.serves_the_next_call()
    print(f"before {before / MIB:.1f} MiB, peak {peak / MIB:.1f}, after {remote.memory() / MIB:.1f}")
    assert peak - before < 24 * MIB
    assert remote.memory() - before < 16 * MIB


SILENT, BEGUN, LARGE = b"", b"P", b"POST /rpc.fcgi HTTP/1.1\r\n" + b"A: %s\r\n" % (b"x" * 60_000)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system has no /proc to measure memory with")
@pytest.mark.parametrize("said", [SILENT, BEGUN, LARGE], ids=["nothing", "one byte", "60,000 bytes"])
def test_more_connections_than_the_sandbox_holds(remote, said):
    remote.forget_peak()
    before = remote.memory()
    with contextlib.ExitStack() as stack:
        for _ in range(400):
            sock = stack.enter_context(connection(remote))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(said)
        remote.serves_the_next_call()
    remote.serves_the_next_call()
    peak = remote.memory("VmHWM")
    print(f"before {before / MIB:.1f} MiB, peak {peak / MIB:.1f}")
    assert peak - before < 64 * MIB


def test_if_file_descriptors_run_out_before_the_bound_idle_connections_make_room():
    pytest.importorskip("resource")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
    with running(limit + PROGRAM) as remote, contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connection(remote))
        remote.serves_the_next_call()
