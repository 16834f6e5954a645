"""`Sandbox`: a Mailkit that runs on this machine and sends no mail."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ..errors import ConfigError
from ..errors.redaction import hidden
from ..options import checked_id, checked_md5
from .address import Address
from .assertions import ANYTHING, EVENTS, MESSAGES, Containing, check_none, check_some, given
from .http import Bounds, Server
from .injection import InjectedFault, Plan
from .records import Event, Message, ReceivedCall
from .rules import messages, recipients
from .service import PATH, Account, Service, networks
from .state import FileState, State

if TYPE_CHECKING:
    from ..aio import AsyncClient
    from ..client import Client

__all__ = ["Sandbox"]


class Sandbox:
    """Answers Mailkit's methods over HTTP as Mailkit does, and keeps the calls that come in.

    Args:
        port: the port to listen on, 0 for any free one.
        client_id: the id of the account.
        client_md5: the md5 of the account, 32 hex digits.
        allowed_ips: the addresses that may call, and networks such as "192.0.2.0/24". None for all.
        state: a file that keeps everything across restarts; None to keep it in memory.
        host: the address to listen on. By default only this machine can call.
        token: the first segment of the URL's path, which every request must have: 16 to 128 letters, digits, - or _.
            None for a random one if other machines can call, and for none if only this machine can.
        bounds: bounds on requests and connections.
        on_call: called with each `ReceivedCall` after it is kept and before it is answered, in a thread of the server.

    Use it in a ``with`` block, or call `start` and `stop`.

    Raises:
        ConfigError: a value cannot work; from `start`: the port or the file cannot be used.
    """

    # For the representation; a traceback can ask for it before the sandbox is complete.
    _port = 0

    def __init__(
        self,
        port: int = 0,
        *,
        client_id: int | str = 12345678,
        client_md5: str = "abc123def456abc123def456abc12345",
        allowed_ips: Iterable[str] | None = None,
        state: str | Path | None = None,
        host: str = "127.0.0.1",
        token: str | None = None,
        bounds: Bounds = Bounds(),
        on_call: Callable[[ReceivedCall], None] | None = None,
    ) -> None:
        client_md5, token = hidden(client_md5), hidden(token)
        self._address = Address.of(host, token)
        account = Account(checked_id(client_id), checked_md5(client_md5), networks(allowed_ips), self.token)
        self.client_id: int = account.client_id
        self.client_md5: str = account.client_md5
        self._port = _checked_port(port)
        self._bounds = bounds
        self._state = State() if state is None else FileState(state)
        self._plan = Plan()
        self._service = Service(account, self._state, self._plan, on_call)
        self._server: Server | None = None

    def start(self) -> Sandbox:
        """Open the port and answer calls from now on. Does nothing if the sandbox is running.

        A sandbox that was stopped starts again on the same port.
        """
        if self._server is None:
            self._state.open()
            try:
                self._server = Server(self._address, self._port, self._bounds, self._service.routes)
            except ConfigError:
                self._state.close()
                raise
            self._port = self._server.server_port
        return self

    def stop(self) -> None:
        """Answer the calls that have come in, then close every connection. May be called twice."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            self._state.close()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        where = f"at {self._address.url(self._port, PATH, masked=True)}" if self._port else "not started"
        return f"<{type(self).__name__} {where}>"

    # Calling it.

    @property
    def url(self) -> str:
        """The URL of the calls. It contains the token."""
        if not self._port:
            raise ConfigError("the sandbox has no URL before it is started; use `with Sandbox() as sandbox:`")
        return self._address.url(self._port, PATH)

    @property
    def token(self) -> str | None:
        """The token in the URL; None if there is none."""
        return self._address.token

    @property
    def env(self) -> dict[str, str]:
        """The environment variables that make `Client.from_env` call this sandbox."""
        return {
            "MAILKIT_CLIENT_ID": str(self.client_id),
            "MAILKIT_CLIENT_MD5": self.client_md5,
            "MAILKIT_URL": self.url,
        }

    def client(self, **options: Any) -> Client:
        """A `Client` that calls this sandbox. `options` are the options of `Client`."""
        from ..client import Client

        return Client(self.client_id, self.client_md5, **{"url": self.url, "allow_http": True, **options})

    def async_client(self, **options: Any) -> AsyncClient:
        """An `AsyncClient` that calls this sandbox. `options` are those of `Client`."""
        from ..aio import AsyncClient

        return AsyncClient(self.client_id, self.client_md5, **{"url": self.url, "allow_http": True, **options})

    # What came in.

    @property
    def events(self) -> list[Event]:
        """A copy of the list of events that were queued, the earliest first."""
        return self._state.events

    @property
    def messages(self) -> list[Message]:
        """The list of e-mails and SMS that were sent, the earliest first."""
        return self._state.messages

    @property
    def calls(self) -> list[ReceivedCall]:
        """A copy of the list of calls, the earliest first; refused calls and those with an injected fault are in it."""
        return self._state.calls

    def clear(self) -> None:
        """Delete everything, also from the file: events, calls, lists, recipients, campaigns, messages, files."""
        self._state.clear()

    def assert_triggered(
        self,
        *,
        email: Any = ANYTHING,
        event_tag: Any = ANYTHING,
        event_data: Any = ANYTHING,
        times: int | None = None,
        within: float = 0.0,
    ) -> Event:
        """Fail unless an event with all the given values was queued.

        Args:
            email: the recipient.
            event_tag: the name of the event.
            event_data: all of its values; None for an event without any.
            times: how many such events there must be; None for at least one.
            within: seconds to wait for it, if another thread or process makes the call.

        Returns:
            the latest such event.

        Raises:
            AssertionError: its text says how the nearest event differs.
        """
        __tracebackhide__ = True
        wanted = given(email=email, event_tag=event_tag, event_data=event_data)
        event: Event = check_some(EVENTS, self._state, wanted, times, within)
        return event

    def assert_not_triggered(
        self, *, email: Any = ANYTHING, event_tag: Any = ANYTHING, event_data: Any = ANYTHING
    ) -> None:
        """Fail if an event with all the given values was queued; without arguments, if any event was queued.

        Raises:
            AssertionError: its text shows the events.
        """
        __tracebackhide__ = True
        check_none(EVENTS, self._state, given(email=email, event_tag=event_tag, event_data=event_data))

    def assert_sent(
        self,
        *,
        to: Any = ANYTHING,
        subject: Any = ANYTHING,
        contains: str = ANYTHING,
        content: Any = ANYTHING,
        ID_message: Any = ANYTHING,
        times: int | None = None,
        within: float = 0.0,
    ) -> Message:
        """Fail unless a message with all the given values was sent.

        Args:
            to: the address or the phone number.
            subject: the whole subject.
            contains: a text in the body.
            content: all values for the template.
            ID_message: the campaign.
            times, within: see `assert_triggered`.

        Returns:
            the latest such message.

        Raises:
            AssertionError: its text lists the messages, and says how the nearest one differs.
        """
        __tracebackhide__ = True
        wanted = _message_given(to, subject, contains, content, ID_message)
        message: Message = check_some(MESSAGES, self._state, wanted, times, within)
        return message

    def assert_not_sent(
        self,
        *,
        to: Any = ANYTHING,
        subject: Any = ANYTHING,
        contains: str = ANYTHING,
        content: Any = ANYTHING,
        ID_message: Any = ANYTHING,
    ) -> None:
        """Fail if a message with all the given values was sent; without arguments, if any message was sent.

        Raises:
            AssertionError: its text shows the messages.
        """
        __tracebackhide__ = True
        check_none(MESSAGES, self._state, _message_given(to, subject, contains, content, ID_message))

    # What people do with messages. Reports count it.

    def open_message(self, ID_send_message: int) -> int:
        """Open a message. Returns the ID_log of the response. Raises ConfigError if the message does not exist."""
        return messages.open_message(self._state.store, ID_send_message)

    def click(self, ID_send_message: int, url: str) -> int:
        """Click a link in a message. Returns the ID_log of the response. Raises ConfigError as `open_message` does."""
        return messages.click(self._state.store, ID_send_message, url)

    def bounce(self, ID_send_message: int, status: str = "5.1.1", text: str = "no such mailbox") -> int:
        """Return a message with an enhanced status code. Returns the ID_undelivered_log.

        The status of the recipient becomes "permanent", or "temporary" if the code does not begin with 5.

        Raises:
            ConfigError: the message does not exist.
        """
        return messages.bounce(self._state.store, ID_send_message, status, text)

    def confirm(self, email: str) -> list[int]:
        """Consent to the subscription that a "Sent subscribe email" asked for. Returns the ids of the address.

        Raises:
            ConfigError: no such e-mail was sent to the address.
        """
        return recipients.confirm(self._state.store, email)

    # Injected faults.

    def fail_next(self, fault: str | InjectedFault, *values: Any, **options: Any) -> None:
        """Inject a fault into the next call: ``fail_next("status", 503, retry_after=2)``.

        A second fault is for the call after it.

        Raises:
            ConfigError: the fault or an option does not exist, or a value does not fit; see `FAULTS`.
        """
        self._plan.add_next(_fault(fault, values, options))

    def fail_every(self, n: int, fault: str | InjectedFault, *values: Any, **options: Any) -> None:
        """Inject a fault into every n-th call from now on, until `heal`. Raises ConfigError as `fail_next` does."""
        self._plan.add_every(n, _fault(fault, values, options))

    def heal(self) -> None:
        """Remove all faults."""
        self._plan.clear()


def _fault(fault: str | InjectedFault, values: tuple[Any, ...], options: dict[str, Any]) -> InjectedFault:
    if not isinstance(fault, InjectedFault):
        return InjectedFault.of(fault, *values, **options)
    if values or options:
        raise ConfigError("an InjectedFault has its options already; give them to InjectedFault.of")
    return fault


def _message_given(to: Any, subject: Any, contains: Any, content: Any, ID_message: Any) -> dict[str, Any]:
    body = contains if contains is ANYTHING else Containing(contains)
    return given(to=to, subject=subject, body=body, content=content, ID_message=ID_message)


def _checked_port(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**16:
        raise ConfigError(f"port must be an int from 0 to 65535, got {value!r}")
    return value
