"""One answer has one verdict, whichever door its call came through.

Every method of the catalogue is called through every door, against a real server that gives the same recorded answers,
and every door must give the same outcome, value, text and code. What is right is said by the tests of `answers` and
`api`; here the doors are compared. ``python -m tests.test_doors`` prints a table of some of the verdicts.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import xmlrpc.client
from typing import Any, Callable, NamedTuple
from unittest import mock

import pytest

from mailkit_xmlrpc import Client, MailkitError, Retry, calls, php
from mailkit_xmlrpc.api.catalogue import CATALOGUE, function
from mailkit_xmlrpc.cli.app import run
from mailkit_xmlrpc.cli.output import json_value

from .blocking import BlockingClient
from .servers import CLIENT_ID, MD5, PATIENCE, ScriptedServer, added, document, drop, http

SENT = {"data": 7, "data2": 3, "data3": 9}

# Answers of every form that Mailkit is known to give, and their neighbours.
ANSWERS: dict[str, Any] = {
    **{repr(text): text for text in ("", "OK", "TRUE", "FALSE", "ok", "1", "0", "7", "1,2", "Missing email")},
    **{repr(text): text for text in ("Unauthorized", "Email has been revalidated", "Sent subscribe email", "Deleted")},
    **{repr(number): number for number in (0, 1, 7, -1, True, False, 1.5)},
    **{repr(rows): rows for rows in ([], [1, 2], [{}], [{"ID": "7"}], {}, {"ID": 7})},
    **{f"status {status}": {**SENT, "status": status} for status in (0, 1, 2, 4, 6, 7)},
    "status '6', error_status 0": {**SENT, "status": "6", "error_status": 0},
    "error_status 0": {"error_status": 0, "message": "Added into scenario events queue", "status": "OK"},
    "error_status '0', error OK": {"error_status": "0", "error": "OK", "ID_email": "7", "email": "a@b.cz"},
    "error_status 5": {"error_status": 5, "error": "Invalid event_tag"},
    "error_status '5'": {"error_status": "5", "error": "Invalid event_tag"},
    "error_status as text": {"error_status": "no", "error": "no"},
    "error 0 with data": {"error": 0, "data": [{"ID_MESSAGE": "3", "USE_AB": "TRUE"}]},
    "error 3 with data": {"error": 3, "data": []},
    "data": {"data": "1"},
    "data2 OK": {"data": 1, "data2": "OK"},
    "fault": xmlrpc.client.Fault(4, "Server error"),
}

# What to call each method with, where it needs something.
ARGUMENTS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "mailkit.campaigns.create": ((), {"name": "x"}),
    "mailkit.campaigns.update": ((3,), {}),
    "mailkit.campaigns.single.schedule": ((3, "now"), {}),
    "mailkit.campaigns.schedule.cancel": ((3,), {}),
    "mailkit.mailinglist.create": (("vip",), {}),
    "mailkit.mailinglist.delete": ((5,), {}),
    "mailkit.mailinglist.adduser": ((5,), {"email": "jana@example.cz"}),
    "mailkit.mailinglist.edituser": ((5, 7), {"first_name": "Jana"}),
    "mailkit.mailinglist.import": ((5, [{"email": "jana@example.cz"}]), {}),
    "mailkit.mailinglist.getstatus": ((5,), {}),
    "mailkit.mailinglist.engagement": ((5,), {}),
    "mailkit.email.unsubscribe": ((7,), {}),
    "mailkit.email.unsubscribe.getstatus": ((7,), {}),
    "mailkit.email.revalidate": ((7,), {"agreement": True}),
    "mailkit.email.move": ((7, 5), {}),
    "mailkit.email.delete": ((7,), {}),
    "mailkit.email.wipe": ((7,), {}),
    "mailkit.email.topics": (("jana@example.cz",), {}),
    "mailkit.sendmail": ((5, 3), {"send_to": "jana@example.cz"}),
    "mailkit.sendmail_mass": (([{"send_to": "jana@example.cz"}],), {}),
    "mailkit.sendsms": ((3, 5), {"mobile": "+420777123456"}),
    "mailkit.report.campaign": ((3,), {}),
    "mailkit.report.message": ((7,), {}),
    "mailkit.report.message.recipients": ((7,), {}),
    "mailkit.report.message.feedback": ((7,), {}),
    "mailkit.report.message.links": ((7,), {}),
    "mailkit.report.message.links.visitors": ((7, 8), {}),
    "mailkit.report.message.bounces": ((7,), {}),
    "mailkit.filemanager.upload": (([{"name": "a.txt", "data": "x"}],), {}),
    "mailkit.filemanager.delete": ((7,), {}),
    "mailkit.journeys.trigger": (("jana@example.cz", "order_paid"), {}),
}


class Verdict(NamedTuple):
    """What a door says of an answer, in JSON's terms."""

    outcome: str
    value: Any
    message: Any
    status: Any
    error: Any
    error_status: Any


def call_of(method: str) -> Any:
    arguments, options = ARGUMENTS.get(method, ((), {}))
    return function(calls, method)(*arguments, **options)


def by_typed_method(client: Client, method: str) -> Any:
    arguments, options = ARGUMENTS.get(method, ((), {}))
    return function(client, method)(*arguments, **options)


def by_command_line(*arguments: str, stdin: bytes = b"") -> Verdict:
    """What a command prints as JSON."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        run([*arguments, "--json"])
    assert out.getvalue(), err.getvalue()
    printed = json.loads(out.getvalue())
    return Verdict(*(printed[name] for name in Verdict._fields))


def of_call_command(client: Client, method: str) -> Verdict:
    params = [json.dumps(param) for param in call_of(method).params]
    environment = {"MAILKIT_CLIENT_ID": str(CLIENT_ID), "MAILKIT_CLIENT_MD5": MD5, "MAILKIT_URL": client.url}
    with mock.patch.dict("os.environ", environment):
        return by_command_line("call", method, *params)


def by_call(client: Client, method: str) -> Any:
    return client.call(method, *call_of(method).params)


def by_send(client: Client, method: str) -> Any:
    return client.send(call_of(method))


ASYNC_DOORS: dict[str, Callable[[Client, str], Any]] = {
    "AsyncClient's typed method": by_typed_method,
    "AsyncClient.call": by_call,
    "AsyncClient.send": by_send,
}
DOORS: dict[str, Callable[[Client, str], Any]] = {
    "typed method": by_typed_method,
    "Client.call": by_call,
    "Client.send": by_send,
    **ASYNC_DOORS,
    "php.call": lambda client, method: php.call(client, method, list(call_of(method).params)),
    "command line: call": of_call_command,
}


class Clients:
    """A client for each door, which all call the same server."""

    def __init__(self, url: str, **options: Any) -> None:
        options = {"url": url, "timeout": PATIENCE, "retry": None, "proxy": "", **options}
        self.client = Client(CLIENT_ID, MD5, **options)
        self.waiting: Any = BlockingClient(CLIENT_ID, MD5, **options)

    def of(self, door: str) -> Client:
        return self.waiting if door in ASYNC_DOORS else self.client  # type: ignore[no-any-return]

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.client.close()
        self.waiting.__exit__(*exc_info)


def verdict(door: Callable[[Client, str], Any], client: Client, method: str) -> Verdict:
    try:
        result = door(client, method)
    except MailkitError as error:
        return Verdict(str(error.outcome), None, None, None, str(error), None)
    if isinstance(result, Verdict):
        return result
    return Verdict(
        str(result.outcome), json_value(result.value), *(getattr(result, name) for name in Verdict._fields[2:])
    )


def decoded(method: str, data: bytes) -> Verdict:
    """What ``decode --method`` says of the answer without a call."""
    return by_command_line("decode", "-", "--method", method, stdin=data)


class Repeater:
    """A server that gives one answer to all calls, until it is given another one."""

    def __init__(self) -> None:
        self.data = b""

    def __call__(self, peer: Any) -> None:
        if peer.read():
            peer.send(http(self.data))

    def give(self, answer: Any) -> None:
        is_fault = isinstance(answer, xmlrpc.client.Fault)
        self.data = xmlrpc.client.dumps(answer).encode() if is_fault else document(answer)


def verdicts(method: str) -> dict[str, dict[str, Verdict]]:
    """Of every answer the verdict of every door."""
    repeater, found = Repeater(), {}
    with ScriptedServer(ever_after=repeater) as server, Clients(server.url) as clients:
        for name, given in ANSWERS.items():
            repeater.give(given)
            found[name] = {door: verdict(through, clients.of(door), method) for door, through in DOORS.items()}
            found[name]["command line: decode"] = decoded(method, repeater.data)
    return found


every_method = pytest.mark.parametrize("method", CATALOGUE)


@every_method
def test_an_answer_has_one_verdict_at_every_door(method):
    for name, by_door in verdicts(method).items():
        first = by_door["typed method"]
        for door, said in by_door.items():
            assert said == first, f"{name} at {door}"


def test_a_method_that_nobody_knows_has_one_verdict_too():
    repeater = Repeater()
    with ScriptedServer(ever_after=repeater) as server, Clients(server.url) as clients:
        client = clients.client
        for name, given in ANSWERS.items():
            repeater.give(given)
            said = (
                {
                    verdict(lambda client, method: client.call(method), client, "mailkit.unknown"),
                    verdict(lambda client, method: client.call(method), clients.waiting, "mailkit.unknown"),
                    verdict(lambda client, method: php.call(client, method), client, "mailkit.unknown"),
                    decoded("mailkit.unknown", repeater.data),
                }
                if not isinstance(given, (dict, list))
                else {"not hashable"}
            )
            assert len(said) == 1, name


@every_method
def test_a_call_in_doubt_is_sent_again_at_every_door_or_at_none(method, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)  # of the command line
    for door, through in DOORS.items():
        with ScriptedServer(ever_after=drop) as server:
            with Clients(server.url, retry=Retry(base=0)) as clients:
                assert verdict(through, clients.of(door), method).outcome == "UNKNOWN", door
            assert len(server.requests) == (3 if CATALOGUE[method].reads else 1), door


@every_method
def test_every_door_sends_the_same_request(method):
    with ScriptedServer(ever_after=added()) as server, Clients(server.url) as clients:
        for door, through in DOORS.items():
            # PHP has one type for {} and [], and sends it as an array.
            if door != "php.call" or {} not in call_of(method).params:
                verdict(through, clients.of(door), method)
        assert len({request.body for request in server.requests}) == 1


# What the first version said differently at different doors, and its neighbours.
SHOWN = [
    ("mailkit.sendmail", "status 6"),
    ("mailkit.sendmail", "status 1"),
    ("mailkit.sendmail", "'OK'"),
    ("mailkit.email.move", "0"),
    ("mailkit.email.move", "1"),
    ("mailkit.mailinglist.edituser", "'OK'"),
    ("mailkit.mailinglist.edituser", "'ok'"),
    ("mailkit.email.unsubscribe.getstatus", "'TRUE'"),
    ("mailkit.email.unsubscribe.getstatus", "'FALSE'"),
    ("mailkit.email.wipe", "error_status '0', error OK"),
    ("mailkit.campaigns.schedule.list", "error 3 with data"),
    ("mailkit.mailinglist.getstatus", "''"),
    ("mailkit.email.getstatus", "''"),
    ("mailkit.journeys.trigger", "error_status 0"),
    ("mailkit.journeys.trigger", "'Missing email'"),
    ("mailkit.journeys.trigger", "fault"),
]


def table() -> str:
    """Some verdicts, as a table in Markdown."""
    doors = [*DOORS, "command line: decode"]
    lines = [f"| answer | {' | '.join(doors)} |", "|---" * (len(doors) + 1) + "|"]
    for method, name in SHOWN:
        by_door = verdicts(method)[name]
        lines.append(f"| {name} of `{method}` | {' | '.join(by_door[door].outcome for door in doors)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
