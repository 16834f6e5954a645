"""The index of exceptions in docs/from-serverproxy.md: what the standard library raises, and what happens here.

Each case provokes the exception of a row with the standard library's `ServerProxy`, compares its text with the page,
and does the same with this package's.
"""

from __future__ import annotations

import contextlib
import enum
import gc
import gzip
import pickle
import re
import socket
import threading
import warnings
import xmlrpc.client
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from http.client import ResponseNotReady
from pathlib import Path
from xml.parsers.expat import ExpatError
from xmlrpc.server import SimpleXMLRPCServer

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc import MailkitError, Outcome, ServerProxy

from .servers import PATIENCE, ScriptedServer, answer, certificates, chunked, drop, hang, http, reset, then, unused_port

PAGE = Path(__file__).parents[1] / "docs" / "from-serverproxy.md"
STDLIB = xmlrpc.client.ServerProxy


def rows():
    """The exception, and what happens here, of each row of the index."""
    section = PAGE.read_text(encoding="utf-8").partition("## By the text of an exception\n")[2].partition("\n## ")[0]
    table = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip("`"): cells[2] for cells in table}


def traceback_line(error):
    """The last line of the error's traceback."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    line = f"{name}: {error}".replace("socket.timeout", "TimeoutError")  # its name in Python 3.9
    # Since OpenSSL 3.2.
    return re.sub(r"\[SSL.*\] record layer failure", "[SSL: WRONG_VERSION_NUMBER] wrong version number", line)


def wide(inside):
    return f"<methodResponse><params><param><value>{inside}</value></param></params></methodResponse>".encode()


def served(step, tls=None, **options):
    """Call a server that plays this step for every request."""

    def provoke(proxy_class):
        with ScriptedServer(ever_after=step, tls=tls) as server, proxy_class(server.url, **options) as proxy:
            return [proxy.m()]

    return provoke


def sent(value, **options):
    """Send a value, which the server must not see if it cannot be sent."""

    def provoke(proxy_class):
        with ScriptedServer(ever_after=answer("ok")) as server, proxy_class(server.url, **options) as proxy:
            return proxy.m(value)

    return provoke


def to(url):
    return lambda proxy_class: proxy_class(url).m()


def shared(proxy_class):
    """Call while the call of another thread waits for its answer."""
    released = threading.Event()

    def slow(peer):
        peer.read()
        released.wait(PATIENCE)
        peer.send(answer(1))

    def call():
        # The second call of the standard library's proxy can close the connection before the first one reads from it.
        with contextlib.suppress(ResponseNotReady):
            proxy.m()

    with ScriptedServer(slow, ever_after=answer(2)) as server, proxy_class(server.url) as proxy:
        first = threading.Thread(target=call)
        first.start()
        server.wait_for_request()
        threading.Timer(0.3, released.set).start()
        try:
            return proxy.m()
        finally:
            first.join()


def never_ends(proxy_class):
    """A server that does not answer; fails if the call does not end within a second."""
    options = {"timeout": 0.2} if proxy_class is ServerProxy else {}
    ended = []

    def call():
        try:
            proxy_class(server.url, **options).m()
        except OSError as error:
            ended.append(error)

    with ScriptedServer(hang) as server:
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        thread.join(1)
        if thread.is_alive():
            raise NeverEnded("nothing: the call does not end")
    raise ended[0]


def after_a_default_timeout(proxy_class):
    """Not answered, with the only timeout that the standard library has: one for all sockets of the process."""
    options = {"timeout": 0.2} if proxy_class is ServerProxy else {}
    socket.setdefaulttimeout(0.2)
    try:
        return served(hang, **options)(proxy_class)
    finally:
        socket.setdefaulttimeout(None)


def by_threads(text):
    """Many threads call at the same time, until one of them gets the exception with this text."""

    def provoke(proxy_class):
        for _ in range(200 if proxy_class is STDLIB else 3):
            for failure in failures_of_threads(proxy_class):
                if proxy_class is ServerProxy or traceback_line(failure) == text:
                    raise failure
        return "ok"

    return provoke


def failures_of_threads(proxy_class):
    failures: list[Exception] = []
    barrier = threading.Barrier(16)

    def call():
        barrier.wait()
        try:
            assert proxy.m() == "ok"
        except Exception as error:  # noqa: BLE001 - any exception of the standard library
            error.__context__ = None
            failures.append(error.with_traceback(None))  # which holds a connection

    # The standard library forgets connections without closing them.
    with warnings.catch_warnings(), ScriptedServer(ever_after=answer("ok")) as server:
        warnings.simplefilter("ignore", ResourceWarning)
        with proxy_class(server.url) as proxy:
            threads = [threading.Thread(target=call, daemon=True) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
        gc.collect()
    return failures


def without_tls(proxy_class):
    """An https URL for a server of http, which does not understand what it reads."""

    def refuse(peer):
        peer.sock.recv(65536)
        peer.send(http(b"", status="400 Bad Request"))
        peer.close()

    with ScriptedServer(ever_after=refuse) as server:
        return proxy_class(server.url.replace("http:", "https:")).m()


def of_python(method):
    """Call a method of the standard library's server, where `nothing` is a function that returns None."""

    def provoke(proxy_class):
        with SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False) as server:
            server.register_function(lambda: None, "nothing")
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                with proxy_class(f"http://127.0.0.1:{server.server_address[1]}/") as proxy:
                    return getattr(proxy, method)()
            finally:
                server.shutdown()
                thread.join(PATIENCE)

    return provoke


class NeverEnded(Exception):
    """The call did not end."""


def unpickled(proxy_class):
    """A fault that is pickled, as a task queue does it."""
    try:
        served(http(FAULT))(proxy_class)
    except xmlrpc.client.Fault as fault:
        copy = pickle.loads(pickle.dumps(fault))
        return copy.faultCode, copy.faultString


FAULT = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "no")).encode()
PAGE_OF_HTML = b"<html><body>Service unavailable</body></html>"
LOOP: list[object] = []
LOOP.append(LOOP)
DEEP: list[object] = []
for _ in range(100_000):
    DEEP = [DEEP]


class Colour(str, enum.Enum):
    RED = "red"


# By row: what provokes it, and what this package raises, with its outcome, or returns.
CASES = {
    "socket.gaierror: [Errno -2] Name or service not known": (to("http://nothing.invalid/"), "NotSentError"),
    "ConnectionRefusedError: [Errno 111] Connection refused": (
        to(f"http://127.0.0.1:{unused_port()}/"),
        "NotSentError",
    ),
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ...": (
        served(answer(1), tls=certificates().self_signed()),
        "NotSentError",
    ),
    "ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number ...": (without_tls, "NotSentError"),
    "nothing: the call does not end": (never_ends, "InDoubtError"),
    "TimeoutError: timed out": (after_a_default_timeout, "InDoubtError"),
    "http.client.RemoteDisconnected: Remote end closed connection without response": (served(drop), "InDoubtError"),
    "ConnectionResetError: [Errno 104] Connection reset by peer": (served(reset), "InDoubtError"),
    "http.client.IncompleteRead: IncompleteRead(... bytes read)": (
        served(then(chunked(wide("a" * 99), end=b"7\r\nabc"))),
        "InDoubtError",
    ),
    "http.client.CannotSendRequest: Request-sent": (shared, 2),
    "http.client.ResponseNotReady: Idle": (by_threads("http.client.ResponseNotReady: Idle"), "ok"),
    "OSError: [Errno 9] Bad file descriptor": (by_threads("OSError: [Errno 9] Bad file descriptor"), "ok"),
    "http.client.BadStatusLine: ...": (served(then(b"220 mail.example.com ESMTP\r\n\r\n")), "ResponseError"),
    "xmlrpc.client.ProtocolError: <ProtocolError for ...: 302 Found>": (
        served(http(b"", "Location: https://example.com/", status="302 Found")),
        "HTTPStatusError",
    ),
    "xmlrpc.client.ProtocolError: <ProtocolError for ...: 401 Unauthorized>": (
        served(http(b"", status="401 Unauthorized")),
        "HTTPStatusError",
    ),
    "xmlrpc.client.ProtocolError: <ProtocolError for ...: 404 Not Found>": (
        served(http(b"", status="404 Not Found")),
        "HTTPStatusError",
    ),
    "xmlrpc.client.ProtocolError: <ProtocolError for ...: 500 Internal Server Error>": (
        served(http(FAULT, "Content-Type: text/xml", status="500 Internal Server Error")),
        "FaultError",
    ),
    "xmlrpc.client.ProtocolError: <ProtocolError for ...: 503 Service Unavailable>": (
        served(http(b"", status="503 Service Unavailable")),
        "HTTPStatusError",
    ),
    "OSError: unsupported XML-RPC protocol": (to("127.0.0.1/RPC2"), "ConfigError"),
    "http.client.InvalidURL: URL can't contain control characters. ...": (to("http://127.0.0.1/a b"), "ConfigError"),
    "http.client.InvalidURL: nonnumeric port: ...": (to("http://user:pass/word@127.0.0.1/"), "ConfigError"),
    "UnicodeEncodeError: 'ascii' codec can't encode ...: ordinal not in range(128)": (
        to(f"http://127.0.0.1:{unused_port()}/ž"),
        "ConfigError",
    ),
    r"""xmlrpc.client.Fault: <Fault 1: '<class \'Exception\'>:method "..." is not supported'>""": (
        of_python("unknown"),
        "FaultError",
    ),
    "xmlrpc.client.Fault: <Fault 1: \"<class 'TypeError'>:cannot marshal None unless allow_none is enabled\">": (
        of_python("nothing"),
        "FaultError",
    ),
    "xmlrpc.client.ResponseError: ResponseError()": (served(http(PAGE_OF_HTML)), "ResponseError"),
    "xml.parsers.expat.ExpatError: no element found: ...": (served(http(b"")), "ResponseError"),
    "xml.parsers.expat.ExpatError: syntax error: ...": (served(http(b"Fatal error in line 3")), "ResponseError"),
    "xml.parsers.expat.ExpatError: not well-formed (invalid token): ...": (
        served(http(wide("\x01"))),
        "ResponseError",
    ),
    "xml.parsers.expat.ExpatError: mismatched tag: ...": (served(http(b"<html><br></html>")), "ResponseError"),
    "xml.parsers.expat.ExpatError: undefined entity: ...": (served(http(wide("a&nbsp;b"))), "ResponseError"),
    "xml.parsers.expat.ExpatError: junk after document element: ...": (
        served(http(wide("a") + b"<br />Warning: in line 3")),
        "ResponseError",
    ),
    "xml.parsers.expat.ExpatError: XML or text declaration not at start of entity: ...": (
        served(http(b"\n<?xml version='1.0'?>" + wide("a"))),
        ["a"],
    ),
    "TypeError: bad boolean value": (served(http(wide("<boolean>true</boolean>"))), [True]),
    "ValueError: invalid literal for int() with base 10: ''": (served(http(wide("<int></int>"))), "ResponseError"),
    "ValueError: could not convert string to float: '1,5'": (
        served(http(wide("<double>1,5</double>"))),
        "ResponseError",
    ),
    "ValueError: unconverted data remains: Z": (
        served(http(wide("<dateTime.iso8601>20261123T10:00:00Z</dateTime.iso8601>")), use_builtin_types=True),
        [datetime(2026, 11, 23, 10, tzinfo=timezone.utc)],
    ),
    "ValueError: time data '00000000T00:00:00' does not match format '%Y%m%dT%H:%M:%S'": (
        served(http(wide("<dateTime.iso8601>00000000T00:00:00</dateTime.iso8601>")), use_builtin_types=True),
        [xmlrpc.client.DateTime("00000000T00:00:00")],
    ),
    "binascii.Error: Incorrect padding": (served(http(wide("<base64>QQ</base64>"))), "ResponseError"),
    "UnicodeEncodeError: 'ascii' codec can't encode ...": (
        served(http(wide("<base64>ž</base64>"))),
        "ResponseError",
    ),
    "LookupError: unknown encoding: ...": (
        served(http(b"<?xml version='1.0' encoding='klingon'?>" + wide("a"))),
        "ResponseError",
    ),
    "IndexError: list index out of range": (
        served(http(wide("<struct><member><name>a</name></member></struct>"))),
        "ResponseError",
    ),
    "TypeError: xmlrpc.client.Fault() argument after ** must be a mapping, not str": (
        served(http(b"<methodResponse><fault><value>no</value></fault></methodResponse>")),
        "ResponseError",
    ),
    "EOFError: Compressed file ended before the end-of-stream marker was reached": (
        served(http(gzip.compress(wide("a"))[:-9], "Content-Encoding: gzip")),
        "ResponseError",
    ),
    "gzip.BadGzipFile: Not a gzipped file ...": (
        served(http(wide("a"), "Content-Encoding: gzip")),
        "ResponseError",
    ),
    "TypeError: ...__init__() missing 1 required positional argument: 'faultString'": (
        served(
            http(
                b"<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>4</int></value>"
                b"</member></struct></value></fault></methodResponse>"
            )
        ),
        "ResponseError",
    ),
    "TypeError: ...__init__() missing 2 required positional arguments: 'faultCode' and 'faultString'": (
        unpickled,
        (4, "no"),
    ),
    "TypeError: cannot marshal None unless allow_none is enabled": (sent(None), "EncodeError"),
    "TypeError: cannot marshal <class 'decimal.Decimal'> objects": (sent(Decimal("1.10")), "EncodeError"),
    "TypeError: cannot marshal <enum 'Colour'> objects": (sent(Colour.RED), "ok"),
    "TypeError: cannot marshal recursive sequences": (sent(LOOP), "EncodeError"),
    "RecursionError: maximum recursion depth exceeded...": (sent(DEEP), "EncodeError"),
    "TypeError: dictionary key must be string": (sent({1: "a"}), "EncodeError"),
    "OverflowError: int exceeds XML-RPC limits": (sent(2**40), "ok"),
}


# What a row can promise of an error: the names are those of the attributes.
DETAILS = ("location", "excerpt", "position", "path")


def test_every_row_is_tested():
    assert list(rows()) == list(CASES)


@pytest.mark.parametrize("row", CASES)
def test_the_standard_library_raises_it(row):
    provoke: Callable = CASES[row][0]
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the text is compared
        provoke(STDLIB)
    if isinstance(caught.value, socket.gaierror) and caught.value.errno == socket.EAI_AGAIN:
        pytest.skip("this machine has no name resolution, which has another text")
    pattern = ".*".join(map(re.escape, row.split("...")))
    shown = traceback_line(caught.value).replace(f"{NeverEnded.__module__}.NeverEnded: ", "")
    assert re.fullmatch(pattern, shown, re.DOTALL), shown


@pytest.mark.parametrize("row", CASES)
def test_this_package_does_what_the_row_says(row):
    provoke, expected = CASES[row]
    named = re.findall(r"`(\w+Error)`", rows()[row])
    outcomes = [each.name for each in Outcome if f"`{each.name}`" in rows()[row]]
    if not isinstance(expected, str) or expected == "ok":
        assert named == []
        assert provoke(ServerProxy) == expected
        return
    with pytest.raises(MailkitError) as caught:
        provoke(ServerProxy)
    assert type(caught.value).__name__ == expected
    assert (named[:1], outcomes) == ([expected], [caught.value.outcome.name])
    assert isinstance(caught.value, getattr(mailkit_xmlrpc, expected))
    for promised in DETAILS:
        if re.search(rf"\bwith .*\b{promised}\b", rows()[row]):
            assert getattr(caught.value, promised), promised


@pytest.mark.parametrize("step", [drop, reset])
def test_the_standard_library_sends_twice_what_this_package_sends_once(step):
    for proxy_class, times in [(STDLIB, 2), (ServerProxy, 1)]:
        with ScriptedServer(ever_after=step) as server, pytest.raises(OSError):  # noqa: PT011 - a row has the text
            proxy_class(server.url).m()
        assert len(server.requests) == times


@pytest.mark.parametrize(
    "answered",
    [
        http(b"<?xml version='1.0' encoding='utf8'?>" + wide("ž")),
        http(wide("ž").decode().encode("cp1250"), "Content-Type: text/xml; charset=windows-1250"),
    ],
    ids=["utf8", "only in the HTTP header"],
)
def test_an_encoding_is_read_that_is_an_invalid_token_for_the_standard_library(answered):
    with pytest.raises(ExpatError, match=r"not well-formed \(invalid token\)"):
        served(answered)(STDLIB)
    assert served(answered)(ServerProxy) == ["ž"]
