"""`Sandbox`: a Mailkit that runs on this machine, and mails nobody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ..errors import ConfigError
from ..options import checked_id, checked_md5
from . import happenings
from .bounds import Bounds
from .expect import ANYTHING, matching, report_missing, report_unwanted
from .plan import Fault, Plan
from .records import Call, Event
from .server import Server
from .service import PATH, Account, Service, networks
from .state import FileState, State

if TYPE_CHECKING:
    from ..client import Client

__all__ = ["Sandbox"]


class Sandbox:
    """Answers Mailkit's methods over HTTP, as Mailkit would, and keeps what came in.

    Args:
        port: where to listen, 0 for any free port.
        client_id: the account's id.
        client_md5: its md5, 32 hex digits.
        allowed_ips: from where it may be called: addresses, and networks such as "192.0.2.0/24". None for
            anywhere.
        state: a file that keeps everything across restarts; None to keep it in memory alone.
        host: the address to listen on. By default only this machine can call.
        bounds: how much it puts up with.
        on_call: called with each `Call` once it is kept, before it is answered, in a thread of the server.

    Use it in a ``with`` block, or `start` and `stop` it.

    Raises:
        ConfigError: for a value that cannot work; from `start`, for a port or file that cannot be used.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        client_id: int | str = 12345678,
        client_md5: str = "abc123def456abc123def456abc12345",
        allowed_ips: Iterable[str] | None = None,
        state: str | Path | None = None,
        host: str = "127.0.0.1",
        bounds: Bounds = Bounds(),
        on_call: Callable[[Call], None] | None = None,
    ) -> None:
        account = Account(checked_id(client_id), checked_md5(client_md5), networks(allowed_ips))
        self.client_id = account.client_id
        self.client_md5 = account.client_md5
        self._host = host
        self._port = _checked_port(port)
        self._bounds = bounds
        self._state = State() if state is None else FileState(state)
        self._plan = Plan()
        self._service = Service(account, self._state, self._plan, on_call)
        self._server: Server | None = None

    def start(self) -> Sandbox:
        """Open the port; afterwards calls are answered. Does nothing if that was done already.

        A sandbox that was stopped starts again on the port that it had.
        """
        if self._server is None:
            self._state.open()
            try:
                self._server = Server(self._host, self._port, self._bounds, self._service.answer)
            except ConfigError:
                self._state.close()
                raise
            self._port = self._server.port
        return self

    def stop(self) -> None:
        """Answer the calls that are under way, then close every connection. May be called twice."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._state.close()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        where = f"at {self.url}" if self._port else "not started"
        return f"<{type(self).__name__} {where}>"

    # How to call it.

    @property
    def url(self) -> str:
        """Where calls go."""
        if not self._port:
            raise ConfigError("the sandbox has no URL before it is started; use `with Sandbox() as sandbox:`")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}{PATH}"

    @property
    def env(self) -> dict[str, str]:
        """The environment variables with which `Client.from_env` calls this sandbox."""
        return {
            "MAILKIT_CLIENT_ID": str(self.client_id),
            "MAILKIT_CLIENT_MD5": self.client_md5,
            "MAILKIT_URL": self.url,
        }

    def client(self, **options: Any) -> Client:
        """A `Client` that calls this sandbox; `options` are those of `Client`."""
        from ..client import Client

        return Client(self.client_id, self.client_md5, **{"url": self.url, **options})

    # What came in.

    @property
    def events(self) -> list[Event]:
        """The events that were queued, the earliest first; a copy."""
        return self._state.events

    @property
    def calls(self) -> list[Call]:
        """The calls that came in, refused and spoilt ones included, the earliest first; a copy."""
        return self._state.calls

    def clear(self) -> None:
        """Forget everything, in the file too: events, calls, lists, recipients, campaigns, messages, files."""
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
        """Fail unless an event was queued that has all that is given.

        Args:
            email: the recipient.
            event_tag: the event's name.
            event_data: all of its values; None for an event without any.
            times: how many such events there must be; None for at least one.
            within: seconds to wait for it, where a thread or another process makes the call.

        Returns:
            the event, the latest if there are several.

        Raises:
            AssertionError: it says how the nearest event differs.
        """
        __tracebackhide__ = True
        wanted = _given(email=email, event_tag=event_tag, event_data=event_data)
        if times is not None and times < 1:
            raise ConfigError("times must be at least 1; assert_not_triggered is for none")

        def enough() -> bool:
            return len(matching(self.events, wanted)) >= (times or 1)

        self._state.wait_until(enough, within)
        events, calls = self.events, self.calls
        found = matching(events, wanted)
        if not found or (times is not None and len(found) != times):
            raise AssertionError(report_missing(events, calls, wanted, times))
        return found[-1]

    def assert_not_triggered(
        self, *, email: Any = ANYTHING, event_tag: Any = ANYTHING, event_data: Any = ANYTHING
    ) -> None:
        """Fail if an event was queued that has all that is given; without arguments, if any was.

        Raises:
            AssertionError: it shows the events.
        """
        __tracebackhide__ = True
        wanted = _given(email=email, event_tag=event_tag, event_data=event_data)
        if found := matching(self.events, wanted):
            raise AssertionError(report_unwanted(found, wanted))

    # What people do with messages; reports tell it.

    def open_message(self, ID_send_message: int) -> int:
        """Somebody opens a message. Returns the ID_log of the response. Raises ConfigError if there is no such one."""
        return happenings.open_message(self._state.store, ID_send_message)

    def click(self, ID_send_message: int, url: str) -> int:
        """Somebody clicks a link in a message. Returns the ID_log of the response. Raises ConfigError."""
        return happenings.click(self._state.store, ID_send_message, url)

    def bounce(self, ID_send_message: int, status: str = "5.1.1", text: str = "no such mailbox") -> int:
        """A message comes back, with an enhanced status code; the recipient's status is "permanent" then, or
        "temporary" if the code begins with 4. Returns the ID_undelivered_log. Raises ConfigError."""
        return happenings.bounce(self._state.store, ID_send_message, status, text)

    def confirm(self, email: str) -> list[int]:
        """Somebody consents to what a "Sent subscribe email" asked. Returns the ids that the address has now. Raises
        ConfigError if nobody of this address was asked."""
        return happenings.confirm(self._state.store, email)

    # What goes wrong on demand.

    def fail_next(self, fault: str | Fault, *values: Any, **options: Any) -> None:
        """Spoil the next call: ``fail_next("status", 503, retry_after=2)``. Several wait for their turn.

        Raises:
            ConfigError: no such fault, no such option, or a value that does not fit; see `FAULTS`.
        """
        self._plan.add_next(_fault(fault, values, options))

    def fail_every(self, n: int, fault: str | Fault, *values: Any, **options: Any) -> None:
        """Spoil every n-th call from now on, until `heal`. Raises ConfigError as `fail_next` does."""
        self._plan.add_every(n, _fault(fault, values, options))

    def heal(self) -> None:
        """No faults any more."""
        self._plan.clear()


def _fault(fault: str | Fault, values: tuple[Any, ...], options: dict[str, Any]) -> Fault:
    if not isinstance(fault, Fault):
        return Fault.of(fault, *values, **options)
    if values or options:
        raise ConfigError("a Fault has its options already")
    return fault


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not ANYTHING}


def _checked_port(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**16:
        raise ConfigError(f"port must be an int from 0 to 65535, got {value!r}")
    return value
