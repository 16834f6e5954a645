"""The routes of the sandbox: a greeting, and the calls.

A call is checked in this order: XML, the name of the method, credentials, the address of the client, the rule of the
method. The order of Mailkit itself is not documented. The md5 is a password here too: it is compared, and never kept,
printed or sent back. The token of the URL is not kept either.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Union

from ..codec import RequestDecoder, encode_fault, encode_response
from ..errors import ConfigError, FaultError, Outcome, ResponseError
from .faults import Reply, plain
from .http import Request, Routes
from .injection import Plan
from .records import ReceivedCall
from .rules import RULES, unknown
from .rules.base import Refusal, RefusalNumber
from .state import State

__all__ = ["PARSE_ERROR", "PATH", "UNKNOWN_METHOD", "Account", "Service", "networks"]

_logger = logging.getLogger("mailkit_xmlrpc.sandbox")

PATH = "/rpc.fcgi"

_GREETING = f"This is the Mailkit sandbox of mailkit_xmlrpc. XML-RPC calls go to {PATH} by POST."

# From Dan Libby's "Specification for Fault Code Interoperability", which most XML-RPC servers follow. It is not known
# which codes Mailkit has.
PARSE_ERROR = -32700
UNKNOWN_METHOD = -32601

# The name of a method may have any length. So many characters of it are kept and shown.
_NAME_SHOWN = 100

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


@dataclass(frozen=True, repr=False)
class Account:
    """The account whose calls are carried out, and the token in the URL of the sandbox."""

    client_id: int
    client_md5: str
    allowed: tuple[Network, ...] | None
    token: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be kept, printed or sent back."""
        return (self.client_md5,) if self.token is None else (self.client_md5, self.token)

    def knows(self, params: tuple[Any, ...]) -> bool:
        """Whether `params` begin with the credentials of the account."""
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
    """An allow list as in Mailkit's settings: addresses, and networks such as 192.0.2.0/24. Raises ConfigError."""
    if addresses is None:
        return None
    if isinstance(addresses, str):
        raise ConfigError("allowed_ips must be a list of addresses, not one str")
    try:
        return tuple(ipaddress.ip_network(address, strict=False) for address in addresses)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"allowed_ips: {error}") from None


class Service:
    """Answers requests. Threads may share it.

    Attributes:
        routes: the function for each path and verb.
    """

    def __init__(
        self, account: Account, state: State, plan: Plan, on_call: Callable[[ReceivedCall], None] | None
    ) -> None:
        self._account = account
        self._state = state
        self._plan = plan
        self._on_call = on_call
        self.routes: Routes = {"/": {"GET": self.greet}, PATH: {"POST": self.call}}

    def greet(self, request: Request) -> Reply:
        """Say what this server is."""
        return plain(200, _GREETING)

    def call(self, request: Request) -> Reply:
        """Answer a call, and keep a record of it."""
        started, timestamp = time.monotonic(), datetime.now(timezone.utc)
        try:
            method, params = _decoded(request)
        except ResponseError as error:
            failure = FaultError(PARSE_ERROR, self._readable(error))
            self._keep("", (), _struct(failure), timestamp, started, Outcome.REFUSED)
            return Reply(body=encode_fault(failure.faultCode, failure.faultString))
        return self._play(method, params, request.ip, timestamp, started)

    def _play(self, method: str, params: tuple[Any, ...], ip: str, timestamp: datetime, started: float) -> Reply:
        """Carry a call out, unless an injected fault prevents that, and keep a record of it."""
        known = self._account.knows(params)
        method, given = self._masked(method), self._masked(params[2:]) if known else ()
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
        self._keep(method[:_NAME_SHOWN], given, answer, timestamp, started, outcome)
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
                self._state.store.undo()  # a call that is refused changes nothing
            return answer

    def _keep(
        self, method: str, params: tuple[Any, ...], answer: Any, timestamp: datetime, started: float, outcome: str
    ) -> None:
        answer = str(answer) if isinstance(answer, Refusal) else answer
        call = ReceivedCall(method, params, answer, timestamp, time.monotonic() - started, outcome)
        self._state.add_call(call)
        try:
            if self._on_call is not None:
                self._on_call(call)
        except Exception:
            # The function belongs to the caller of `Sandbox`, and a call must have its answer even if it fails.
            _logger.exception("on_call failed")

    def _readable(self, error: ResponseError) -> str:
        """The reason why a call does not parse, without the excerpt, which may contain a secret."""
        where = " at line {}, column {}".format(*error.position) if error.position else ""
        return f"parse error: {self._masked(error.message)}{where}"

    def _masked(self, value: Any) -> Any:
        """A copy of `value` with each occurrence of the md5 and of the token masked."""
        if isinstance(value, str):
            for secret in self._account.secrets:
                value = value.replace(secret, "***")
        elif isinstance(value, bytes):
            for secret in self._account.secrets:
                value = value.replace(secret.encode(), b"***")
        elif isinstance(value, dict):
            return {self._masked(name): self._masked(item) for name, item in value.items()}
        elif isinstance(value, (list, tuple)):
            return type(value)(map(self._masked, value))
        return value


def _decoded(request: Request) -> tuple[str, tuple[Any, ...]]:
    """The method and the parameters of a call. Raises ResponseError."""
    charset = _CHARSET.search(request.headers.get("Content-Type", ""))
    decoder = RequestDecoder(charset=charset[1] if charset else None)
    for piece in request.body:
        decoder.feed(piece)
    return decoder.close()


def _struct(fault: FaultError) -> dict[str, Any]:
    return {"faultCode": fault.faultCode, "faultString": fault.faultString}
