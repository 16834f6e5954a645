"""Runs the standard library's test.test_xmlrpc with our client and codec instead of its own.

Run it as a program: it replaces names in `xmlrpc.client`, which other code must never do. Servers keep the standard
library's codec, so that each codec reads the documents of the other. It prints the result of each test as JSON.
"""

from __future__ import annotations

import json
import sys
import unittest
import xmlrpc.client
import xmlrpc.server  # before names are replaced: it imports `dumps` and `loads` by name
from datetime import datetime
from typing import Any

from mailkit_xmlrpc import ServerProxy, codec
from mailkit_xmlrpc.transport import SafeTransport, Transport

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def dumps(
    params: Any,
    methodname: str | None = None,
    methodresponse: bool | None = None,
    encoding: str | None = None,
    allow_none: bool = False,
) -> str:
    """`xmlrpc.client.dumps` with our codec: a call, an answer, a fault, or only the params."""
    if isinstance(params, xmlrpc.client.Fault):
        text = codec.encode_fault(params.faultCode, params.faultString).decode()
        return text if methodresponse else text.replace(HEAD, "")
    if methodresponse:
        (value,) = params
        text = codec.encode_response(value, allow_none=allow_none).decode()
    else:
        text = codec.encode_request(methodname or "m", params, allow_none=allow_none).decode()
        if not methodname:
            return text[text.index("<params>") : -len("</methodCall>")]
    return text.replace("UTF-8", encoding, 1) if encoding else text


def loads(data: Any, use_datetime: bool = False, use_builtin_types: bool = False) -> tuple[tuple[Any, ...], str | None]:
    """`xmlrpc.client.loads` with our codec: params and method, which is None for an answer."""
    if isinstance(data, str):
        data = b"\xef\xbb\xbf" + data.encode()  # the declared encoding does not count: the text is decoded already
    if b"<methodResponse>" in data or b"<fault>" in data:
        decoder = codec.ResponseDecoder(use_datetime=use_datetime, use_builtin_types=use_builtin_types)
        decoder.feed(data if b"<methodResponse>" in data else _wrapped(data, "methodResponse", "fault"))
        return (decoder.close(),), None
    bare = b"<methodCall>" not in data
    method, params = codec.decode_request(_wrapped(data, "methodCall", "params") if bare else data)
    if not use_builtin_types:
        params = tuple(_as_stdlib_types(param, use_datetime) for param in params)
    return params, None if bare else method


def _wrapped(data: bytes, root: str, element: str) -> bytes:
    """A document around params or a fault alone, which the standard library reads and our codec does not."""
    name = "<methodName>m</methodName>" if root == "methodCall" else ""
    opening = f"<{root}>{name}<{element}>".encode()
    return data.replace(f"<{element}>".encode(), opening, 1) + f"</{root}>".encode()


def _as_stdlib_types(value: Any, use_datetime: bool) -> Any:
    if isinstance(value, list):
        return [_as_stdlib_types(item, use_datetime) for item in value]
    if isinstance(value, dict):
        return {name: _as_stdlib_types(item, use_datetime) for name, item in value.items()}
    if isinstance(value, bytes):
        return xmlrpc.client.Binary(value)
    return xmlrpc.client.DateTime(value) if isinstance(value, datetime) and not use_datetime else value


class Results(unittest.TestResult):
    """Keeps the last line of each failure, by the test's id."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: dict[str, list[str]] = {}

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.ended[test.id()] = ["passed", ""]

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        self.ended[test.id()] = ["failed", f"{err[0].__name__}: {err[1]}"]

    addError = addFailure

    def addSubTest(self, test: unittest.TestCase, subtest: Any, err: Any) -> None:
        if err is not None:
            self.addFailure(test, err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.ended[test.id()] = ["skipped", reason]


def main() -> None:
    """Replace the names, run the tests, print their results."""
    xmlrpc.client.ServerProxy = xmlrpc.client.Server = ServerProxy  # type: ignore[misc]
    xmlrpc.client.Transport = Transport  # type: ignore[misc]
    xmlrpc.client.SafeTransport = SafeTransport  # type: ignore[misc]
    xmlrpc.client.dumps = dumps  # type: ignore[assignment]
    xmlrpc.client.loads = loads  # type: ignore[assignment]
    import test.test_xmlrpc as suite  # after names are replaced: it derives classes from these

    # Its servers wait for requests that many of its tests never make, in some cases without a limit.
    xmlrpc.server.SimpleXMLRPCServer.timeout = 0.5
    xmlrpc.server.SimpleXMLRPCRequestHandler.timeout = 0.5

    results = Results()
    tests = unittest.defaultTestLoader.loadTestsFromModule(suite)
    stdout, sys.stdout = sys.stdout, sys.stderr
    tests.run(results)
    json.dump(results.ended, stdout)


if __name__ == "__main__":
    main()
