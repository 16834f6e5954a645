"""A method's request and its results, with a server that uses the standard library.

Each group's tests have two tables: calls with the exact parameters after the credentials, and answers with their values
or refusals.
"""

from __future__ import annotations

import base64
from typing import Any, Callable

import pytest

from mailkit_xmlrpc import Client, RefusedError, Result

from ..servers import CLIENT_ID, MD5, answer, serving

__all__ = ["b64", "b64s", "idle", "refused", "sent", "told"]

Call = Callable[[Client], Result[Any]]


def sent(call: Call, reply: Any = "") -> tuple[str, list[Any]]:
    """The method of a call, which is sent once, and its parameters after the credentials."""
    with serving(answer(reply)) as (server, client):
        call(client)
    (request,) = server.requests
    method, params = request.call
    assert params[:2] == (CLIENT_ID, MD5)
    return method, list(params[2:])


def told(call: Call, reply: Any) -> Result[Any]:
    """The Result of a call whose answer is `reply`; `Result.raw` is the answer."""
    with serving(answer(reply)) as (_, client):
        result = call(client)
    assert result.raw == reply
    assert result.method.startswith("mailkit.")
    return result


def refused(call: Call, reply: Any) -> RefusedError:
    """The exception for a refusal."""
    result = told(call, reply)
    assert not result.ok
    assert result.value is None
    assert result.error_status != 0
    with pytest.raises(RefusedError) as caught:
        result.unwrap()
    assert caught.value.result is result
    return caught.value


def idle() -> Client:
    """A client without a server, for arguments that are refused before anything is sent."""
    return Client(CLIENT_ID, MD5, url="http://127.0.0.1:9/", retry=None)


def b64(text: str | bytes) -> str:
    """The Base64 of a text in UTF-8: a string to XML-RPC."""
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def b64s(**members: str) -> dict[str, str]:
    """A struct whose values are Base64."""
    return {name: b64(value) for name, value in members.items()}
