"""`Client`: Mailkit's credentials in front of every call, retries around it, one `Result` out of it.

The path of a call: a namespace of `api` -> `Client` -> `ServerProxy` -> `Transport` -> wire -> `codec` ->
`Result`. The md5 is a password: it is on the wire, in this object and in its pickle, and nowhere else.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import pickle
import ssl
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Callable, TypedDict

from .api import Methods
from .codec import Limits, PreparedRequest
from .config import is_tls, required, seconds
from .credentials import checked_id, checked_md5
from .errors import ConfigError, EncodeError, MailkitError, Outcome
from .proxy import ServerProxy, split_url
from .result import Result, Spec, judge
from .retry import Retry
from .transport import Deadline, Exchange, SafeTransport, Transport, checked_seconds, url_secrets

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["CallRecord", "Client"]

URL = "https://api.mailkit.eu/rpc.fcgi"

# More methods than Mailkit has; `call` takes any name.
_PREPARED = 100

_logger = logging.getLogger("mailkit_xmlrpc")


@dataclasses.dataclass(frozen=True)
class CallRecord:
    """What `on_call` is told about a call that has ended.

    Attributes:
        method: the method's name.
        outcome: how it ended.
        elapsed: seconds, waits and retries included.
        attempts: how many times it was tried.
        sent: bytes of the last attempt's request body.
        received: bytes of the last attempt's answer, as they came.
    """

    method: str
    outcome: Outcome
    elapsed: float
    attempts: int
    sent: int
    received: int


class ClientOptions(TypedDict, total=False):
    """The keyword arguments of `Client` that `Client.from_env` hands on."""

    connect_timeout: float | None
    pool_size: int
    retry: Retry | None
    proxy: str | None
    context: ssl.SSLContext | None
    limits: Limits
    on_call: Callable[[CallRecord], None] | None
    allow_http: bool


class Client(Methods):
    """Calls Mailkit. Safe to share between threads, usable after a fork, picklable; a context manager.

    Args:
        client_id: the account's id, a positive int or a string of digits (menu Profile / Integration).
        client_md5: its md5, 32 hex digits (the same menu).
        url: the endpoint. Plain http is for this machine alone.
        timeout: seconds for a whole call, retries included, or None for no limit. Only name resolution
            cannot be bounded.
        connect_timeout: seconds for connecting to one address, or None.
        pool_size: how many connections may be in use at once; a further call waits.
        retry: when to try again; None for one attempt.
        proxy: the URL of an HTTP proxy to tunnel through; "" for none; None asks HTTPS_PROXY and NO_PROXY.
        context: an ssl.SSLContext of one's own.
        limits: bounds on an answer.
        on_call: called with a `CallRecord` after every call, in the calling thread. What it raises reaches
            the caller, and the call has been made by then.
        allow_http: allow plain http to other machines, which sends the md5 for anybody to read.

    Raises:
        ConfigError: for a value that cannot work.
    """

    def __init__(
        self,
        client_id: int | str,
        client_md5: str,
        *,
        url: str = URL,
        timeout: float | None = 30.0,
        connect_timeout: float | None = 10.0,
        pool_size: int = 8,
        retry: Retry | None = Retry(),
        proxy: str | None = None,
        context: ssl.SSLContext | None = None,
        limits: Limits = Limits(),
        on_call: Callable[[CallRecord], None] | None = None,
        allow_http: bool = False,
    ) -> None:
        # All arguments, for pickling: a copy made elsewhere is built from them anew.
        self._options = {name: value for name, value in locals().items() if name != "self"}
        self.client_id = checked_id(client_id)
        self.url = url
        self._md5 = checked_md5(client_md5)
        self._timeout = checked_seconds("timeout", timeout)
        self._retry = _checked_retry(retry)
        if on_call is not None and not callable(on_call):
            raise ConfigError(f"on_call must be callable, got {type(on_call).__name__}")
        self._on_call = on_call
        tls = is_tls(url, allow_http, proxy)
        options: dict[str, Any] = {"context": context} if tls else {}
        transport = (SafeTransport if tls else Transport)(
            use_builtin_types=True,
            timeout=timeout,
            connect_timeout=connect_timeout,
            limits=limits,
            proxy=proxy,
            pool_size=pool_size,
            **options,
        )
        self._proxy = ServerProxy(url, transport)
        self._prepared: dict[str, PreparedRequest] = {}
        self._secrets = (client_md5, *url_secrets(split_url(url).netloc))

    @classmethod
    def from_env(
        cls,
        client_id: int | str | None = None,
        client_md5: str | None = None,
        *,
        url: str | None = None,
        timeout: float | None = None,
        **options: Unpack[ClientOptions],
    ) -> Client:
        """A client from MAILKIT_CLIENT_ID, MAILKIT_CLIENT_MD5, MAILKIT_URL and MAILKIT_TIMEOUT (seconds).

        An argument beats the environment; url and timeout have the usual defaults where neither is given.

        Raises:
            ConfigError: a variable is missing or does not read.
        """
        given: dict[str, Any] = {}
        if url is not None:
            given["url"] = url  # an empty one too: it must not fall back to Mailkit's own
        elif text := os.environ.get("MAILKIT_URL"):
            given["url"] = text
        if timeout is not None:
            given["timeout"] = timeout
        elif text := os.environ.get("MAILKIT_TIMEOUT"):
            given["timeout"] = seconds(text)
        return cls(
            required("MAILKIT_CLIENT_ID") if client_id is None else client_id,
            required("MAILKIT_CLIENT_MD5") if client_md5 is None else client_md5,
            **given,
            **options,
        )

    def call(self, method: str, *params: Any, timeout: float | None = None, success: Iterable[str] = ()) -> Result[Any]:
        """Call any method, with the credentials in front of `params`.

        Args:
            method: the method's name, such as "mailkit.mailinglist.list".
            params: what follows client_id and client_md5.
            timeout: seconds for this call, retries included; None for the client's.
            success: the bare strings that are successes; every other bare string is a refusal.

        Returns:
            a `Result` whose value is the answer as it came.

        Raises:
            EncodeError, FaultError, ResponseError, TransportError: see there.
        """
        return self._invoke(Spec(method, successes=tuple(success)), params, timeout)

    def close(self) -> None:
        """Close the idle connections. May be called twice; a later call opens new ones."""
        self._proxy("close")()

    def _invoke(self, spec: Spec, params: Sequence[Any], timeout: float | None) -> Result[Any]:
        deadline = Deadline(self._timeout if timeout is None else checked_seconds("timeout", timeout))
        started = time.monotonic()
        exchange = Exchange(deadline, keep_bad_scalars=spec.keep_bad_scalars)
        doubt: MailkitError | None = None
        attempt = 0
        while True:
            attempt += 1
            try:
                raw = self._attempt(spec.method, params, exchange)
            except MailkitError as error:
                error.attempts = 0 if isinstance(error, (ConfigError, EncodeError)) else attempt
                pause = self._pause(spec, error, attempt, deadline)
                if error.outcome is Outcome.UNKNOWN:
                    doubt = error
                if pause is None:
                    failure = error
                    break
                time.sleep(pause)
                continue
            elapsed = time.monotonic() - started
            result = judge(spec, raw, secrets=self._secrets, attempts=attempt, elapsed=elapsed)
            self._report(spec.method, result.outcome, started, attempt, exchange)
            return result
        # An earlier attempt that may have been carried out is not undone by a later one that surely was not.
        failure = doubt or failure
        failure.attempts = attempt if failure.attempts else 0
        self._report(spec.method, failure.outcome, started, failure.attempts, exchange)
        raise failure

    def _attempt(self, method: str, params: Sequence[Any], exchange: Exchange) -> Any:
        try:
            return self._proxy._send(method, self._request(method).encode(params), exchange)
        except MailkitError as error:
            error.method = method if isinstance(method, str) else None
            error.redact(self._secrets)
            raise

    def _request(self, method: str) -> PreparedRequest:
        """The part that all requests of a method share, prepared at the first one."""
        prepared = self._prepared.get(method) if isinstance(method, str) else None
        if prepared is None:
            prepared = PreparedRequest(method, (self.client_id, self._md5))
            if len(self._prepared) < _PREPARED:
                self._prepared[method] = prepared
        return prepared

    def _pause(self, spec: Spec, error: MailkitError, attempt: int, deadline: Deadline) -> float | None:
        """Seconds to wait before the next attempt, or None if there is to be none."""
        if attempt >= self._retry.attempts or not self._retry.applies(error, reads=spec.reads):
            return None
        pause = self._retry.wait(attempt, error)
        return pause if deadline.allows(pause) else None

    def _report(self, method: str, outcome: Outcome, started: float, attempts: int, exchange: Exchange) -> None:
        if self._on_call is None and not _logger.isEnabledFor(logging.INFO):
            return
        record = CallRecord(method, outcome, time.monotonic() - started, attempts, exchange.sent, exchange.received)
        _logger.info("%s %s in %.0f ms, attempt %d", method, outcome, record.elapsed * 1000, attempts)
        _logger.debug("%s sent %d bytes, received %d bytes", method, record.sent, record.received)
        if self._on_call is not None:
            self._on_call(record)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        parts = split_url(self.url)
        where = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return f"<{type(self).__name__} {self.client_id} at {where}>"

    def __reduce__(self) -> tuple[Callable[..., Client], tuple[Any, ...]]:
        if self._options["context"] is not None:
            raise ConfigError("a Client with a context of its own cannot be pickled; build it where it is used")
        try:
            pickle.dumps(self._on_call)
        except (pickle.PicklingError, AttributeError, TypeError):
            raise ConfigError("on_call cannot be pickled; give a function that a module defines") from None
        return _rebuild, (type(self), self._options)


def _rebuild(cls: type[Client], options: dict[str, Any]) -> Client:
    return cls(**options)


def _checked_retry(value: Retry | None) -> Retry:
    if value is None:
        return Retry(attempts=1)
    if not isinstance(value, Retry):
        raise ConfigError(f"retry must be a Retry or None, got {type(value).__name__}")
    return value
