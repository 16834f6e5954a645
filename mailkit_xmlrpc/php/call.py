"""`call`: a parameter array as Mailkit's PHP code built it, sent by a `Client`.

Such arrays come in two shapes. Code around xmlrpc_encode_request put client_id and client_md5 in front itself;
code around the SDK handed over what follows them, often with names that were only for the reader. Both work: the
client puts its own credentials in front, so those in the array are checked and left out.
"""

from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from ..errors import ConfigError, EncodeError
from .values import Base64, Datetime, Node, Vector, node, php_bytes, shown, text_key

__all__ = ["call"]

R = TypeVar("R", covariant=True)

_MD5 = re.compile(rb"[0-9a-fA-F]{32}")
_DIGITS = re.compile(rb"[0-9]{1,19}")


class Caller(Protocol[R]):
    """The part of `Client` that this module needs."""

    @property
    def client_id(self) -> int: ...
    def call(self, method: str, *params: Any, timeout: float | None = None, success: Iterable[str] = ()) -> R: ...


def call(
    client: Caller[R],
    method: str,
    params: Sequence[Any] | Mapping[Any, Any] = (),
    *,
    timeout: float | None = None,
    success: Iterable[str] = (),
) -> R:
    """Call a method with the array that PHP code would have given to xmlrpc_encode_request.

    PHP's rules for arrays hold, and null goes as an empty string. But nothing is lost on the way: text goes as
    UTF-8, ints beyond 32 bits as i8, doubles with all their digits.

    Args:
        client: the `Client`.
        method: the method's name.
        params: the parameters by position; of a mapping the values count. With or without client_id and
            client_md5 in front.
        timeout: seconds for this call; None for the client's.
        success: the bare strings that are successes, as for `Client.call`.

    Returns:
        What `Client.call` returns: a `Result`.

    Raises:
        ConfigError: the array begins with the credentials of another account.
        EncodeError: a string that is no UTF-8, or what `Client.call` cannot send.
        TypeError, ValueError: a value that PHP has no type for, one that contains itself.
    """
    if isinstance(params, Mapping):
        params = list(params.values())
    elif not isinstance(params, (list, tuple)):
        raise TypeError(f"params must be a list, a tuple or a mapping, not {type(params).__name__}")
    own = params[2:] if _has_credentials(client.client_id, params) else params
    # The client's credentials are the first two parameters on the wire.
    places = [f"params[{index}]" for index in range(2, len(own) + 2)]
    values = [_plain(node(value, place), place) for value, place in zip(own, places)]
    return client.call(method, *values, timeout=timeout, success=success)


def _has_credentials(client_id: int, params: Sequence[Any]) -> bool:
    if len(params) < 2 or not isinstance(params[1], (str, bytes)) or not _MD5.fullmatch(php_bytes(params[1])):
        return False
    account = params[0]
    if isinstance(account, (str, bytes)) and _DIGITS.fullmatch(php_bytes(account)):
        account = int(account)
    if not isinstance(account, int) or isinstance(account, bool):
        return False
    if account != client_id:
        raise ConfigError(f"params begin with the credentials of account {account}; the client's is {client_id}")
    return True


def _plain(value: Node, path: str) -> Any:
    """A value as the codec takes it."""
    if isinstance(value, Vector):
        items = [(name, _plain(item, shown(path, name, index))) for index, (name, item) in enumerate(value.items)]
        if value.kind == "array":
            return [item for _, item in items]
        return {text_key(name or b""): item for name, item in items}
    if value is None:
        return ""
    if isinstance(value, bytes):
        return _text(value, path)
    if isinstance(value, Base64):
        return value.scalar
    if isinstance(value, Datetime):
        return xmlrpc.client.DateTime(_text(value.scalar, path))
    return value


def _text(value: bytes, path: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        # Raised outside this block: the original holds the text.
        start = error.start
    raise EncodeError(f"the bytes from {start} on are no UTF-8; decode them first", path=path)
