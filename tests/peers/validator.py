"""UserLand's validator1 suite: eight calls with which XML-RPC implementations of 1998 tested one another.

`ValidatorServer` answers them with our codec; `SUITE` has the calls and the expected answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from mailkit_xmlrpc import ResponseError, codec

from . import notation
from .peer import Refused
from .values import CZECH

__all__ = ["SUITE", "ValidatorServer", "passed"]

_LONGEST_CALL = 1 << 20

# The fault for an unknown method. Its text has every kind of character that such a text can have.
NO_SUCH_METHOD = -32601
UNKNOWN = "no such method: žádná <taková> & není"


# The methods, as the suite describes them.


def array_of_structs(structs: list[dict[str, int]]) -> int:
    """The sum of all the curlies."""
    return sum(struct["curly"] for struct in structs)


def count_the_entities(text: str) -> dict[str, int]:
    """The number of occurrences of each of the five characters that are entities in XML."""
    return {
        "ctLeftAngleBrackets": text.count("<"),
        "ctRightAngleBrackets": text.count(">"),
        "ctAmpersands": text.count("&"),
        "ctApostrophes": text.count("'"),
        "ctQuotes": text.count('"'),
    }


def easy_struct(struct: dict[str, int]) -> int:
    """The sum of moe, larry and curly."""
    return struct["moe"] + struct["larry"] + struct["curly"]


def echo_struct(struct: dict[str, Any]) -> dict[str, Any]:
    """The struct."""
    return struct


def many_types(*values: Any) -> list[Any]:
    """An array of the six parameters."""
    return list(values)


def moderate_size_array(texts: list[str]) -> str:
    """The first and the last text, joined."""
    return texts[0] + texts[-1]


def nested_struct(calendar: dict[str, Any]) -> int:
    """The sum of moe, larry and curly on 1 April 2000, in a calendar of years, months and days."""
    return easy_struct(calendar["2000"]["04"]["01"])


def simple_struct_return(number: int) -> dict[str, int]:
    """The number times 10, 100 and 1000."""
    return {"times10": number * 10, "times100": number * 100, "times1000": number * 1000}


METHODS: dict[str, Callable[..., Any]] = {
    "validator1.arrayOfStructsTest": array_of_structs,
    "validator1.countTheEntities": count_the_entities,
    "validator1.easyStructTest": easy_struct,
    "validator1.echoStructTest": echo_struct,
    "validator1.manyTypesTest": many_types,
    "validator1.moderateSizeArrayCheck": moderate_size_array,
    "validator1.nestedStructTest": nested_struct,
    "validator1.simpleStructReturnTest": simple_struct_return,
}


# The calls, and their answers, which were computed by hand.

_STOOGES = {"moe": 5, "larry": 7, "curly": 30}
_DAY = {"moe": 1, "larry": 1, "curly": 1}
_ECHOED = {f"substruct{n}": {"moe": n, "larry": n + 1, "curly": CZECH} for n in range(10)}
_MANY = [7, True, "<žluťoučký> & kůň", 3.25, notation.read("t 20260228T23:59:58"), bytes(range(200))]
_CALENDAR = {
    "1999": {"12": {"31": _DAY}},
    "2000": {"03": {"31": _DAY}, "04": {"01": _STOOGES, "02": _DAY}},
    "2001": {"01": {"01": _DAY}},
}

SUITE: dict[str, tuple[list[Any], Any]] = {
    "arrayOfStructsTest": ([[{"moe": 1, "larry": 2, "curly": n} for n in (10, -3, 500)]], 507),
    "countTheEntities": (
        ['<<>&&&\'""""a&lt;'],
        {
            "ctLeftAngleBrackets": 2,
            "ctRightAngleBrackets": 1,
            "ctAmpersands": 4,
            "ctApostrophes": 1,
            "ctQuotes": 4,
        },
    ),
    "easyStructTest": ([_STOOGES], 42),
    "echoStructTest": ([_ECHOED], _ECHOED),
    "manyTypesTest": (_MANY, _MANY),
    "moderateSizeArrayCheck": ([["první", *("x" * n for n in range(1, 150)), "poslední"]], "prvníposlední"),
    "nestedStructTest": ([_CALENDAR], 42),
    "simpleStructReturnTest": ([-12], {"times10": -120, "times100": -1200, "times1000": -12000}),
}


def passed(test: str, call: Callable[..., Any]) -> bool:
    """Whether `call` (a method's name and its params) gets the right answer to a test of the suite."""
    params, right = SUITE[test]
    try:
        answer = call(f"validator1.{test}", *params)
    except Refused:
        return False
    return notation.write(answer) == notation.write(right)


class ValidatorServer:
    """A server of the suite that only this machine can call; `start` and `stop` it."""

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/RPC2"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> ValidatorServer:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


def answer(document: bytes) -> bytes:
    """The answer to a call; both are documents."""
    try:
        method, params = codec.decode_request(document)
    except ResponseError as error:
        return codec.encode_fault(-32700, str(error))
    if method not in METHODS:
        return codec.encode_fault(NO_SUCH_METHOD, UNKNOWN)
    try:
        return codec.encode_response(METHODS[method](*params))
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        return codec.encode_fault(-32602, f"these are not the parameters of {method}: {type(error).__name__}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10.0

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= _LONGEST_CALL:
            self.send_error(411)
            return
        body = answer(self.rfile.read(length))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass
