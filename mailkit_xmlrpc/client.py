"""`Client`: Mailkit's credentials in front of every call, retries around it, one `Result` out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from .api.methods import Methods
from .base_client import BaseClient
from .call import Call
from .result import Result
from .transport import finished

__all__ = ["Client"]

T = TypeVar("T")


class Client(BaseClient, Methods):
    """Calls Mailkit. Safe to share between threads, usable after a fork, picklable; a context manager.

    Args:
        client_id: the account's id, a positive int or a string of digits (menu Profile / Integration).
        client_md5: its md5, 32 hex digits (the same menu).
        url: the endpoint. Plain http is only for this machine.
        timeout: seconds for a whole call, retries included, or None for no limit.
        retry: when to attempt a call again; None for one attempt.
        on_call: called with a `CallRecord` after every call, in the calling thread. An exception from it reaches the
            caller, although the call has been made by then.
        allow_http: allow plain http to other machines, on which the md5 is not encrypted.
        convert: called with a value whose type XML-RPC does not have, when a call is encoded; see
            `codec.encode_request`. Of a value in a field that Mailkit wants in Base64, it makes a str or bytes.
        connect_timeout, pool_size, headers, proxy, context, limits: see `options.Options`.

    Raises:
        ConfigError: for a value that cannot work.
    """

    def call(self, method: str, *params: Any, timeout: float | None = None, success: Iterable[str] = ()) -> Result[Any]:
        """Call any method, with the credentials in front of `params`.

        A method of Mailkit's documentation is judged, converted and retried exactly as its own function is. Of any
        other, a bare string is a refusal and every other answer a success.

        Args:
            method: the method's name, such as "mailkit.mailinglist.list".
            params: what follows client_id and client_md5.
            timeout: seconds for this call, retries included; None for the client's.
            success: further bare strings that are successes; such a string is the `Result.value`.

        Raises:
            ConfigError, EncodeError, FaultError, ResponseError, TransportError: see there.
        """
        from .api.catalogue import named_call  # imports all groups of methods

        call = named_call(method, params, success)
        del method, params  # either can hold the md5 by mistake, and a traceback can show local variables
        return self.send(call, timeout=timeout)

    def send(self, call: Call[T], *, timeout: float | None = None) -> Result[T]:
        """Make a call, such as ``calls.journeys.trigger(...)`` gives it.

        Args:
            call: the call.
            timeout: seconds for this call, retries included; None for the client's.

        Raises:
            ConfigError, EncodeError, FaultError, ResponseError, TransportError: see there.
        """
        return finished(self._send(call, self._begin(call, timeout)))

    def close(self) -> None:
        """Close the idle connections. Can be called twice; a later call opens new ones."""
        self._server("close")()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
