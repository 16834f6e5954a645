"""One request: is it a call, who calls, what does the method's rule answer, and what is kept of it.

The order: path and verb, XML, the method's name, credentials, the caller's address, the rule. Mailkit's own order
is not documented. The md5 is a password here too: it is compared, and never kept, printed or sent back.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Callable, Union

from ..codec import RequestDecoder, encode_fault, encode_response
from ..errors import ConfigError, FaultError, Outcome, ResponseError
from .plan import Plan
from .reader import BadRequestError, Reader, Request
from .records import Call
from .reply import Reply, plain
from .rule import Refusal, RefusalNumber
from .rules import RULES, unknown
from .state import State

__all__ = ["PARSE_ERROR", "UNKNOWN_METHOD", "Account", "Service", "networks"]

_logger = logging.getLogger("mailkit_xmlrpc.sandbox")

PATH = "/rpc.fcgi"

_VERBS = {"/": "GET", PATH: "POST"}
_GREETING = f"This is the Mailkit sandbox of mailkit_xmlrpc. XML-RPC calls go to {PATH} by POST."

# Dan Libby's "Specification for Fault Code Interoperability", which most XML-RPC servers follow. Which codes
# Mailkit has, if any, is not known.
PARSE_ERROR = -32700
UNKNOWN_METHOD = -32601

# A method's name may be of any length; this much of it is kept and shown.
_NAME_SHOWN = 100

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


@dataclass(frozen=True, repr=False)
class Account:
    """Whose calls are carried out."""

    client_id: int
    client_md5: str
    allowed: tuple[Network, ...] | None

    def knows(self, params: tuple[Any, ...]) -> bool:
        """Whether `params` begin with the account's credentials."""
        if len(params) < 2 or isinstance(params[0], bool):
            return False
        claimed, md5 = params[:2]
        if isinstance(claimed, str) and claimed.isascii() and claimed.isdigit() and len(claimed) <= 19:
            claimed = int(claimed)
        return isinstance(claimed, int) and claimed == self.client_id and md5 == self.client_md5

    def allows(self, ip: str) -> bool:
        """Whether calls from `ip` are allowed."""
        return self.allowed is None or any(ipaddress.ip_address(ip) in network for network in self.allowed)


def networks(addresses: Iterable[str] | None) -> tuple[Network, ...] | None:
    """An allow list as Mailkit has it: addresses, and networks such as 192.0.2.0/24. Raises ConfigError."""
    if addresses is None:
        return None
    if isinstance(addresses, str):
        raise ConfigError("allowed_ips must be a list of addresses, not one str")
    try:
        return tuple(ipaddress.ip_network(address, strict=False) for address in addresses)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"allowed_ips: {error}") from None


class Service:
    """Answers requests; safe to use from many threads.

    Attributes:
        on_call: called with each `Call` after it was kept and before it is answered, or None.
    """

    def __init__(self, account: Account, state: State, plan: Plan, on_call: Callable[[Call], None] | None) -> None:
        self._account = account
        self._state = state
        self._plan = plan
        self._on_call = on_call

    def answer(self, request: Request, reader: Reader, ip: str) -> Reply:
        """The answer to a request whose body `reader` has yet to read."""
        _check(request)
        if request.path != PATH:
            for _ in reader.body(request):
                pass
            return plain(200, _GREETING, closes=not request.keeps_connection)
        started, moment = time.monotonic(), datetime.now(timezone.utc)
        try:
            method, params = _decoded(request, reader)
        except ResponseError as error:
            failure = FaultError(PARSE_ERROR, self._readable(error))
            self._keep("", (), _struct(failure), moment, started, Outcome.REFUSED)
            reply = Reply(body=encode_fault(failure.faultCode, failure.faultString))
        else:
            reply = self._play(method, params, ip, moment, started)
        return reply if request.keeps_connection else replace(reply, closes=True)

    def _play(self, method: str, params: tuple[Any, ...], ip: str, moment: datetime, started: float) -> Reply:
        """Carry a call out, unless an injected fault has it otherwise, and keep it."""
        known = self._account.knows(params)
        method, given = self._without_md5(method), self._without_md5(params[2:]) if known else ()
        fault = self._plan.take()
        answer: Any = None
        reply, outcome = Reply(), str(Outcome.DONE)
        if fault is None or fault.processed:
            try:
                answer = self._carry_out(method, given, ip, known=known, bare=not params)
                outcome = Outcome.REFUSED if isinstance(answer, (Refusal, RefusalNumber)) else Outcome.DONE
                reply = Reply(body=encode_response(answer, allow_none=True))
            except FaultError as failure:
                answer, outcome = _struct(failure), Outcome.REFUSED
                reply = Reply(body=encode_fault(failure.faultCode, failure.faultString))
        if fault is not None:
            outcome, reply = fault.name, fault.play(reply)
        self._keep(method[:_NAME_SHOWN], given, answer, moment, started, outcome)
        return reply

    def _carry_out(self, method: str, given: tuple[Any, ...], ip: str, *, known: bool, bare: bool) -> Any:
        rule = RULES.get(method)
        if rule is None:
            raise FaultError(UNKNOWN_METHOD, unknown(method[:_NAME_SHOWN]))
        if not known and not (bare and rule.open):
            return Refusal("Unauthorized")
        if not self._account.allows(ip):
            return Refusal(f"Disallowed IP {ip}")
        with self._state.store.transaction():
            answer = rule.answer(self._state, given)
            if isinstance(answer, (Refusal, RefusalNumber)):
                self._state.store.undo()  # what is refused changes nothing
            return answer

    def _keep(
        self, method: str, params: tuple[Any, ...], answer: Any, moment: datetime, started: float, outcome: str
    ) -> None:
        answer = str(answer) if isinstance(answer, Refusal) else answer
        call = Call(method, params, answer, moment, time.monotonic() - started, outcome)
        self._state.add_call(call)
        try:
            if self._on_call is not None:
                self._on_call(call)
        except Exception:
            _logger.exception("on_call failed")

    def _readable(self, error: ResponseError) -> str:
        """What is wrong with a call, without the excerpt: that may hold the md5."""
        text = error.message.replace(self._account.client_md5, "***")
        where = " at line {}, column {}".format(*error.position) if error.position else ""
        return f"parse error: {text}{where}"

    def _without_md5(self, value: Any) -> Any:
        """A copy without the md5, should somebody send it where it does not belong."""
        if isinstance(value, str):
            return value.replace(self._account.client_md5, "***")
        if isinstance(value, bytes):
            return value.replace(self._account.client_md5.encode(), b"***")
        if isinstance(value, dict):
            return {self._without_md5(name): self._without_md5(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self._without_md5, value))
        return value


def _check(request: Request) -> None:
    """Refuse what can be no call. Raises BadRequestError."""
    verb = _VERBS.get(request.path)
    if verb is None:
        raise BadRequestError(404, f"there is nothing here; calls go to {PATH}")
    if request.verb != verb:
        raise BadRequestError(405, f"{request.path} takes {verb} alone", ("Allow", verb))
    if request.path == PATH and not request.framed:
        raise BadRequestError(411, "a call needs a Content-Length")
    if request.coding:
        raise BadRequestError(415, "a call must not be packed", ("Accept-Encoding", "identity"))


def _decoded(request: Request, reader: Reader) -> tuple[str, tuple[Any, ...]]:
    """Method and params. The body is read to its end also when it was found to be no call before that."""
    decoder = RequestDecoder(charset=request.charset)
    failure: ResponseError | None = None
    for piece in reader.body(request):
        if failure is None:
            try:
                decoder.feed(piece)
            except ResponseError as error:
                failure = error
    if failure is not None:
        raise failure
    return decoder.close()


def _struct(fault: FaultError) -> dict[str, Any]:
    return {"faultCode": fault.faultCode, "faultString": fault.faultString}
