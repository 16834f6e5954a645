"""The ways in which a value can pass between this package and a peer, and the result."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable
from datetime import datetime
from typing import Any

from mailkit_xmlrpc import FaultError, HTTPStatusError, MailkitError, ResponseError, ServerProxy, codec
from mailkit_xmlrpc.sandbox import Sandbox

from . import notation
from .peer import Broken, Peer, Refused

__all__ = ["RELATIONS", "SAME", "outcome", "trigger"]

# The result of `outcome` for a value that arrived unchanged, including its type.
SAME = "same"


def reads(peer: Peer, sandbox: Sandbox, value: Any) -> Any:
    """The peer's codec reads a document that our codec wrote."""
    return peer.decode(codec.encode_response(value, allow_none=True))


def writes(peer: Peer, sandbox: Sandbox, value: Any) -> Any:
    """Our codec reads a document that the peer's codec wrote."""
    document = peer.encode(value)
    if b"<methodCall" in document:
        _, (read,) = codec.decode_request(document)
        return read
    return codec.decode_response(document)


def serves(peer: Peer, sandbox: Sandbox, value: Any) -> Any:
    """Our ServerProxy sends the value to the peer's server, which sends it back."""
    with ServerProxy(peer.url, allow_none=True, use_builtin_types=True, timeout=15.0, proxy="") as server:
        return server.echo(value)


def triggers(peer: Peer, sandbox: Sandbox, value: Any) -> Any:
    """The peer's client triggers a journey in the sandbox with the value."""
    return trigger(peer, sandbox, {"value": value})["value"]


RELATIONS: dict[str, Callable[[Peer, Sandbox, Any], Any]] = {
    "reads": reads,
    "writes": writes,
    "serves": serves,
    "triggers": triggers,
}


def trigger(peer: Peer, sandbox: Sandbox, event_data: dict[str, Any]) -> Any:
    """The `event_data` that arrives in the sandbox when the peer's client sends it."""
    sandbox.clear()
    event = {"email": "jana@example.com", "event_tag": "order_paid", "event_data": event_data}
    answer = peer.call(sandbox.url, "mailkit.journeys.trigger", sandbox.client_id, sandbox.client_md5, event)
    assert answer == {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}
    (arrived,) = sandbox.events
    assert (arrived.email, arrived.event_tag) == ("jana@example.com", "order_paid")
    return arrived.event_data


def outcome(relation: str, peer: Peer, sandbox: Sandbox, value: Any) -> str:
    """`SAME`, or the result in a few words."""
    try:
        result = RELATIONS[relation](peer, sandbox, value)
    except Refused:
        unreadable = relation == "triggers" and sandbox.calls and not sandbox.events
        return "we refuse what it writes" if unreadable else "it refuses"
    except FaultError:
        return "a fault"
    except ResponseError:
        return "we refuse what it writes"
    except HTTPStatusError as error:
        return f"HTTP {error.status}"
    except MailkitError as error:
        raise Broken(f"{type(error).__name__}: {error}") from error
    if notation.write(result) == notation.write(value):
        return SAME
    # The members of structs are sorted, because each peer has its own order.
    return "; ".join(_changes(value, notation.read(notation.write(result)), ""))


def _changes(value: Any, result: Any, path: str) -> list[str]:
    """The first few parts of a value that changed, and their results."""
    places: list[Any] = []
    if isinstance(value, list) and isinstance(result, list) and len(value) == len(result):
        places = [(item, result[at], f"{path}[{at}]") for at, item in enumerate(value)]
    elif isinstance(value, dict) and isinstance(result, dict) and value.keys() == result.keys():
        places = [(value[name], result[name], f"{path}[{name!r}]") for name in sorted(value)]
    if not places:
        return [f"`{path}` becomes {_shown(result)}" if path else f"becomes {_shown(result)}"]
    changes = [
        change
        for before, after, place in places
        if notation.write(before) != notation.write(after)
        for change in _changes(before, after, place)
    ]
    return changes if len(changes) <= 2 else [*changes[:2], f"and {len(changes) - 2} more"]


def _shown(value: Any) -> str:
    if value is None:
        return "nil"
    if isinstance(value, (datetime, xmlrpc.client.DateTime)):
        return f"the time `{notation.write(value)[2:]}`"
    text = ascii(value)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:36]} ...`"
