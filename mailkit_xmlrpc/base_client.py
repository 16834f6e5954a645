"""What `Client` and `AsyncClient` share: the account, and how one of its calls is made.

The path of a call: a namespace of `api` -> `Call` -> `Client` -> `ServerProxy` -> `Transport` -> wire -> `codec` ->
`answers` -> `Result`. From the client to the wire its steps are coroutines: those of `Client` block the thread, those
of `AsyncClient` wait on its loop.

The md5 is a password: it is on the wire, in this object and in its pickle, and nowhere else.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, TypeVar, cast

from .attempts import Retry, Wait, attempts
from .call import Call, CallRecord, converted
from .codec import Limits, PreparedRequest
from .errors import ConfigError, EncodeError, MailkitError, Outcome
from .errors.redaction import Address, hidden
from .errors.secrets import Secrets, url_secrets
from .options import (
    MAILKIT_URL,
    Options,
    check_callable,
    check_http,
    checked_id,
    checked_md5,
    checked_seconds,
    environment,
    hidden_options,
    required_variable,
    split_url,
)
from .proxy import BaseProxy, ServerProxy, check_pickles, send_request
from .result import Result
from .transport import Attempt, Deadline, Payload

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .options import SharedOptions

    class ClientOptions(SharedOptions, total=False):
        """The keyword arguments of `Client` but for url and timeout."""

        retry: Retry | None
        on_call: Callable[[CallRecord], None] | None
        allow_http: bool
        convert: Callable[[Any], Any] | None


__all__ = ["BaseClient", "Progress"]

T = TypeVar("T")
C = TypeVar("C", bound="BaseClient")

# More methods than Mailkit has; `call` takes any name.
_PREPARED = 100

_logger = logging.getLogger("mailkit_xmlrpc")


class BaseClient:
    """An account of Mailkit, and how one of its calls is made. For the arguments, see `Client`."""

    # The class that carries an encoded call.
    _proxy_type: type[BaseProxy] = ServerProxy
    # What the representation says; a traceback can ask for it before the client is complete.
    _shown = "(incomplete)"
    # The attributes that __init__ sets; others are a subclass's, and are pickled as they are.
    _own: AbstractSet[str] = frozenset()

    def __init__(
        self,
        client_id: int | str,
        client_md5: str,
        *,
        url: str = MAILKIT_URL,
        timeout: float | None = 30.0,
        connect_timeout: float | None = 10.0,
        pool_size: int = 8,
        headers: Iterable[tuple[str, str]] = (),
        proxy: str | None = None,
        context: ssl.SSLContext | None = None,
        limits: Limits = Limits(),
        retry: Retry | None = Retry(),
        on_call: Callable[[CallRecord], None] | None = None,
        allow_http: bool = False,
        convert: Callable[[Any], Any] | None = None,
    ) -> None:
        others = vars(self).keys() - self._own
        client_id, client_md5, url = hidden(client_id), hidden(client_md5), hidden(url)
        headers, proxy = hidden_options({"headers": headers, "proxy": proxy}).values()
        self._credentials = _Credentials(checked_id(client_id), checked_md5(client_md5))
        self.options: Options = Options(timeout, connect_timeout, pool_size, headers, proxy, context, limits)
        self._retry = Retry(attempts=1) if retry is None else retry
        self._on_call, self._convert, self._allow_http = on_call, convert, allow_http
        check_callable("on_call", on_call)
        check_callable("convert", convert)
        if not isinstance(self._retry, Retry):
            raise ConfigError(f"retry must be a Retry or None, got {type(retry).__name__}")
        if not isinstance(allow_http, bool):
            raise ConfigError(f"allow_http must be a bool, got {type(allow_http).__name__}")
        parts = split_url(url)
        if not allow_http:
            check_http(parts, proxied=bool(proxy))
        address = Address(url)
        self.url: str = address
        self._server = self._proxy_type(url, use_builtin_types=True, **self.options.keywords)
        self._shown = f"{self.client_id} at {address.shown}"
        self._prepared: dict[str, PreparedRequest] = {}
        self._secrets = Secrets((self._credentials.client_md5, *url_secrets(parts.netloc), *self.options.secrets))
        self._own = {*vars(self), "_own"} - others

    @classmethod
    def from_env(
        cls: type[C],
        client_id: int | str | None = None,
        client_md5: str | None = None,
        *,
        url: str | None = None,
        timeout: float | None = None,
        **options: Unpack[ClientOptions],
    ) -> C:
        """A client from MAILKIT_CLIENT_ID, MAILKIT_CLIENT_MD5, MAILKIT_URL and MAILKIT_TIMEOUT (seconds).

        An argument beats the environment; url and timeout have the usual defaults where neither is given.

        Raises:
            ConfigError: a variable is missing or cannot be read.
        """
        client_id, client_md5, url = hidden(client_id), hidden(client_md5), hidden(url)
        options = cast("ClientOptions", hidden_options(options))
        given = environment()
        if url is not None:
            given["url"] = url  # an empty one too: it must not fall back to Mailkit's own
        if timeout is not None:
            given["timeout"] = timeout
        return cls(
            required_variable("MAILKIT_CLIENT_ID") if client_id is None else client_id,
            required_variable("MAILKIT_CLIENT_MD5") if client_md5 is None else client_md5,
            **given,
            **options,
        )

    @property
    def client_id(self) -> int:
        """The account's id."""
        return self._credentials.client_id

    def _begin(self, call: Call[Any], timeout: float | None) -> Progress:
        """Begin with a call. Raises ConfigError."""
        if not isinstance(call, Call):
            raise ConfigError(f"send takes a Call, got {type(call).__name__}; calls.<group>.<method>(...) makes one")
        return Progress(Deadline(self.options.timeout if timeout is None else checked_seconds("timeout", timeout)))

    async def _send(self, call: Call[T], progress: Progress) -> Result[T]:
        """Make a call, and tell how it ended."""
        try:
            result = await self._carry_out(call, progress)
        except MailkitError as error:
            error.method = call.method if isinstance(call.method, str) else None
            error.redact(self._secrets)
            self._report(error.method, error.outcome, error.attempts, progress)
            # Without the frames below: their variables hold what was to be sent and what the server sent back.
            raise error.with_traceback(None)  # noqa: B904 (the same error)
        self._report(call.method, result.outcome, result.attempts, progress)
        return result

    async def _carry_out(self, call: Call[T], progress: Progress) -> Result[T]:
        """Attempt the call until it has an answer, or until it must not be attempted again."""
        body = self._encoded(call)
        steps = attempts(call.spec, self._retry, progress.deadline)
        step = next(steps)
        while True:
            if isinstance(step, Wait):
                await self._pause(step.seconds)
                step = next(steps)
                continue
            progress.begin(step)
            ended = await self._attempt(call, body, progress)
            progress.end(ended.outcome)
            try:
                step = steps.send(ended)
            except StopIteration:
                return cast("Result[T]", ended)

    async def _attempt(self, call: Call[T], body: Payload, progress: Progress) -> Result[T] | MailkitError:
        """The end of one attempt. An error is returned, so that a further one does not have it as its context."""
        attempt = progress.attempt
        try:
            raw = await send_request(self._server, call.method, body, attempt)
        except MailkitError as error:
            error.redact(self._secrets)  # it can be logged and not raised
            return error
        return call.spec.judge(raw, secrets=self._secrets, attempts=attempt.number, elapsed=progress.elapsed)

    async def _pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def _encoded(self, call: Call[Any]) -> Payload:
        """The request, whose beginning is prepared at the first call of a method."""
        name = call.method
        prepared = self._prepared.get(name) if isinstance(name, str) else None
        if prepared is None:
            if self._credentials.client_md5.lower() in str(name).lower():  # it would be in the log of every call
                raise EncodeError("the client_md5 is not the name of a method", path="method")
            prepared = PreparedRequest(name, self._credentials, partial(converted, self._convert))
            if len(self._prepared) < _PREPARED:
                self._prepared[name] = prepared
        return Payload(prepared.encode(call.params))

    def _report(self, method: str | None, outcome: Outcome, number: int, progress: Progress) -> None:
        if self._on_call is None and not _logger.isEnabledFor(logging.INFO):
            return
        sent, received = progress.attempt.sent, progress.attempt.received
        record = CallRecord(method or "", outcome, progress.elapsed, number, sent, received)
        _logger.info("%s %s in %.0f ms, attempt %d", method, outcome, record.elapsed * 1000, number)
        _logger.debug("%s sent %d bytes, received %d bytes", method, sent, received)
        if self._on_call is not None:
            self._on_call(record)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._shown}>"

    def __reduce__(self) -> tuple[Callable[..., BaseClient], tuple[Any, ...], dict[str, Any]]:
        functions = {"on_call": self._on_call, "convert": self._convert}
        self.options.check_pickles(self)
        check_pickles(**functions)
        given = {**self.options.keywords, **functions, "retry": self._retry, "allow_http": self._allow_http}
        given.update(client_id=self.client_id, client_md5=hidden(self._credentials.client_md5), url=self.url)
        others = {name: value for name, value in vars(self).items() if name not in self._own}
        return _rebuild, (type(self), given), others


class _Credentials(NamedTuple):
    """The parameters in front of every call; the representation leaves the md5 out."""

    client_id: int
    client_md5: str

    def __repr__(self) -> str:
        return f"<credentials of {self.client_id}>"


# That of a call before its first one.
_NO_ATTEMPT = Attempt(Deadline(None), number=0)


class Progress:
    """A call that is being made: its deadline, when it began, and its latest attempt."""

    __slots__ = ("_ended", "_is_open", "_started", "attempt", "deadline")

    def __init__(self, deadline: Deadline) -> None:
        self._started = time.monotonic()
        self._ended, self._is_open = Outcome.NOT_SENT, False
        self.deadline: Deadline = deadline
        self.attempt: Attempt = _NO_ATTEMPT

    def begin(self, attempt: Attempt) -> None:
        """An attempt begins."""
        self.attempt, self._is_open = attempt, True

    def end(self, outcome: Outcome) -> None:
        """The attempt has ended. One that may have been carried out counts for the whole call, unless it succeeds."""
        self._is_open = False
        if outcome is not Outcome.NOT_SENT and self._ended is not Outcome.UNKNOWN:
            self._ended = outcome

    @property
    def outcome(self) -> Outcome:
        """The outcome of a call that is given up now."""
        return Outcome.UNKNOWN if self._is_open and self.attempt.sent else self._ended

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._started


def _rebuild(cls: type[C], given: dict[str, Any]) -> C:
    """A client of a class whose own __init__ can take other arguments."""
    client = cls.__new__(cls)
    BaseClient.__init__(client, **given)
    return client
