"""`call`: sends a parameter array, as Mailkit's PHP code built it, through a `Client`.

There are two kinds of such arrays. Code around xmlrpc_encode_request put client_id and client_md5 in front itself.
Code around the SDK passed the parameters that follow them, often with names that were only for the reader. Both kinds
work. The client adds its own credentials, so credentials in the array are checked and left out.
"""

from __future__ import annotations

import re
import xmlrpc.client
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from ..errors import ConfigError, EncodeError
from ..errors.redaction import HiddenTuple
from .values import Base64, Datetime, PHPValue, Vector, item_path, php_bytes, php_value, text_key

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

    PHP's rules for arrays apply, and null is sent as an empty string. Unlike in PHP, nothing is lost on the way: text
    is sent as UTF-8, ints beyond 32 bits as i8, doubles with all their digits.

    Args:
        client: the `Client`.
        method: the method's name.
        params: the parameters by position, with or without client_id and client_md5 in front. Of a mapping only the
            values are sent.
        timeout: seconds for this call; None for the client's timeout.
        success: the bare strings that are successes, as for `Client.call`.

    Returns:
        The `Result` of `Client.call`.

    Raises:
        ConfigError: the array begins with the credentials of another account.
        EncodeError: a string is not UTF-8, or `Client.call` cannot send a value.
        TypeError, ValueError: PHP has no type for a value, or a value contains itself.
    """
    if isinstance(params, Mapping):
        params = list(params.values())
    elif not isinstance(params, (list, tuple)):
        raise TypeError(f"params must be a list, a tuple or a mapping, not {type(params).__name__}")
    account, params = _without_credentials(HiddenTuple(params))
    if account not in (None, client.client_id):
        raise ConfigError(f"params begin with the credentials of account {account}; the client's is {client.client_id}")
    # The paths in errors count the client's credentials, which are the first two parameters of the request.
    paths = [f"params[{index}]" for index in range(2, len(params) + 2)]
    values = HiddenTuple(_to_codec(php_value(value, path), path) for value, path in zip(params, paths))
    return client.call(method, *values, timeout=timeout, success=success)


def _without_credentials(params: Sequence[Any]) -> tuple[int | None, Sequence[Any]]:
    """The client_id that the array begins with, or None, and the parameters that follow the credentials. A traceback
    that shows local variables must not show the md5, so the array is not kept."""
    if len(params) < 2 or not isinstance(params[1], (str, bytes)) or not _MD5.fullmatch(php_bytes(params[1])):
        return None, params
    account = params[0]
    if isinstance(account, (str, bytes)) and _DIGITS.fullmatch(php_bytes(account)):
        account = int(account)
    if not isinstance(account, int) or isinstance(account, bool):
        return None, params
    return account, HiddenTuple(params[2:])


def _to_codec(value: PHPValue, path: str) -> Any:
    """The value in the types that our codec encodes."""
    if isinstance(value, Vector):
        paths = [item_path(path, name, index) for index, (name, _) in enumerate(value.items)]
        items = [_to_codec(item, at) for (_, item), at in zip(value.items, paths)]
        if value.kind == "array":
            return items
        return {text_key(name or b""): item for (name, _), item in zip(value.items, items)}
    if value is None:
        return ""
    if isinstance(value, bytes):
        return _decoded(value, path)
    if isinstance(value, Base64):
        return value.scalar
    if isinstance(value, Datetime):
        return xmlrpc.client.DateTime(_decoded(value.scalar, path))
    return value


def _decoded(text: bytes, path: str) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        # Ours is raised outside this block, or it would chain the original, which holds the text.
        start = error.start
    raise EncodeError(f"the bytes from {start} on are not UTF-8; decode them first", path=path)
