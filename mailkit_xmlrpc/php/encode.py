"""`xmlrpc_encode_request` and `xmlrpc_encode`: PHP values to the bytes that PHP's extension prints.

The document is written in one pass, element by element, with PHP's white space. Two rules of PHP are easy to miss. A
parameter that is a struct with a member faultCode is written as a fault, even in a call. An element without text and
children is self-closed, except where its text is empty only because a NUL cut it.
"""

from __future__ import annotations

import binascii
import math
import warnings
from collections.abc import Mapping
from typing import Any

from ..errors import EncodeError
from .escaping import Escaper
from .options import ENCODE, Options, Profile, options_of, profile_of
from .values import Base64, Datetime, PHPValue, Vector, item_path, php_bytes, php_value

__all__ = ["MojibakeWarning", "xmlrpc_encode", "xmlrpc_encode_request"]

_FAULT_CODE = b"faultCode"

# PHP indents with a C string of this many blanks. A deeper indent includes the NUL at its end.
_MAX_INDENT = 285

# Elements whose text PHP handles as a C string, which a NUL ends, before it is escaped.
_C_STRINGS = frozenset({b"methodName", b"name", b"dateTime.iso8601"})


class MojibakeWarning(UserWarning):
    """Text was written as PHP writes it, and a reader will decode it to other characters."""


def xmlrpc_encode_request(
    method: str | bytes | None,
    params: Any,
    output_options: Mapping[Any, Any] | None = None,
    *,
    profile: str = "bundled",
    strict: bool = True,
) -> bytes:
    """PHP's xmlrpc_encode_request: a call, or an answer if `method` is None.

    Args:
        method: the method's name.
        params: a PHP array of parameters. Any other value is the only parameter, and None means no parameters.
        output_options: PHP's array of options: encoding, escaping, verbosity, version.
        profile: "bundled" for the bytes of PHP 7.4 and older, "debian" for those of Debian's php-xmlrpc.
        strict: refuse values that PHP would corrupt; otherwise write PHP's bytes for them.

    Raises:
        EncodeError: with strict, for a NUL, an int beyond 32 bits, and a character that XML forbids.
        ConfigError: the profile is unknown, or the version is "simple" or "soap 1.1".
        TypeError, ValueError: PHP has no type for a value, or a value contains itself (PHP throws then too).
    """
    writer = _Writer(options_of(output_options), profile_of(profile), strict)
    writer.open(b"methodResponse" if method is None else b"methodCall")
    if method is not None:
        writer.leaf(b"methodName", php_bytes(method), "method")
    if params is None:
        writer.leaf(b"params", b"", "params")
    else:
        writer.params(php_value(params, "params"), "params", spread=method is not None)
    writer.close()
    return _finished(writer, 'output_options={"encoding": "UTF-8", "escaping": "markup"}')


def xmlrpc_encode(value: Any, *, profile: str = "bundled", strict: bool = True) -> bytes:
    """PHP's xmlrpc_encode: a params element with one value. Raises as `xmlrpc_encode_request` does."""
    writer = _Writer(ENCODE, profile_of(profile), strict)
    writer.params(php_value(value, "value"), "value", spread=False)
    return _finished(writer, 'xmlrpc_encode_request(None, value, {"encoding": "UTF-8", "escaping": "markup"})')


def _finished(writer: _Writer, instead: str) -> bytes:
    misread = writer.escaper.misread
    if misread is not None:
        message = f"{misread}: PHP's escaping turns this text into other characters; use {instead}"
        warnings.warn(message, MojibakeWarning, stacklevel=3)
    return writer.document()


class _Writer:
    """Collects the bytes of one document."""

    def __init__(self, options: Options, profile: Profile, strict: bool) -> None:
        self.escaper = Escaper(options, profile)
        self._profile = profile
        self._strict = strict
        self._newline = b"" if options.verbosity == b"no_white_space" else b"\n"
        self._pretty = options.verbosity == b"pretty"
        self._open: list[bytes] = []
        if strict:
            self.escaper.check(options.encoding, "output_options.encoding")
        encoding = options.encoding.partition(b"\0")[0]
        declared = b' encoding="%s"' % encoding if encoding else b""
        self._out = [b'<?xml version="1.0"%s?>' % declared, self._newline]

    def document(self) -> bytes:
        # PHP returns the finished document as a C string, which a NUL ends.
        return b"".join(self._out).partition(b"\0")[0]

    def open(self, tag: bytes) -> None:
        self._out += (self._indent(), b"<", tag, b">", self._newline)
        self._open.append(tag)

    def close(self) -> None:
        tag = self._open.pop()
        self._out += (self._indent(), b"</", tag, b">", self._newline)

    def leaf(self, tag: bytes, text: bytes, path: str) -> None:
        if self._strict:
            self.escaper.check(text, path)
        if tag in _C_STRINGS:
            text = text.partition(b"\0")[0]
        content = b">%s</%s>" % (self.escaper.escape(text, path), tag) if text else b"/>"
        self._out += (self._indent(), b"<", tag, content, self._newline)

    def _indent(self) -> bytes:
        # The children of the root are not indented.
        width = len(self._open) - 1 if self._pretty else 0
        if width > _MAX_INDENT and not self._strict:
            return b" " * _MAX_INDENT + b"\0"
        return b" " * width

    def params(self, value: PHPValue, path: str, spread: bool) -> None:
        """Write the element params, or fault. With `spread`, each item of an array is a parameter."""
        vector = value if isinstance(value, Vector) else None
        if vector and spread and vector.kind == "array":
            tag = b"params"
            items = [(item, item_path(path, None, index)) for index, (_, item) in enumerate(vector.items)]
        else:
            is_fault = vector is not None and vector.kind == "struct" and vector.has(_FAULT_CODE)
            tag = b"fault" if is_fault else b"params"
            items = [(value, path)]
        if not items:
            self.leaf(tag, b"", path)
            return
        self.open(tag)
        for item, item_at in items:
            self._param(item, item_at)
        self.close()

    def _param(self, value: PHPValue, path: str) -> None:
        bare = isinstance(value, Vector) and value.has(_FAULT_CODE)
        if not bare:
            self.open(b"param")
        self._value(value, path)
        if not bare:
            self.close()

    def _value(self, value: PHPValue, path: str) -> None:
        self.open(b"value")
        if isinstance(value, Vector):
            (self._array if value.kind == "array" else self._struct)(value, path)
        else:
            tag, text = self._scalar(value, path)
            self.leaf(tag, text, path)
        self.close()

    def _array(self, vector: Vector, path: str) -> None:
        self.open(b"array")
        if vector.items:
            self.open(b"data")
            for index, (_, item) in enumerate(vector.items):
                self._value(item, item_path(path, None, index))
            self.close()
        else:
            self.leaf(b"data", b"", path)
        self.close()

    def _struct(self, vector: Vector, path: str) -> None:
        self.open(b"struct")
        for name, item in vector.items:
            member_path = item_path(path, name, 0)
            self.open(b"member")
            self.leaf(b"name", name or b"", member_path)
            self._value(item, member_path)
            self.close()
        self.close()

    def _scalar(self, value: PHPValue, path: str) -> tuple[bytes, bytes]:
        """The tag and text of a scalar."""
        if isinstance(value, bytes):
            return b"string", value
        if value is None:
            return b"string", b""
        if isinstance(value, bool):
            return b"boolean", b"%d" % value
        if isinstance(value, int):
            return self._integer(value, path)
        if isinstance(value, float):
            return b"double", _double(value, self._profile).encode()
        if isinstance(value, Base64):
            return b"base64", _lines(value.scalar)
        assert isinstance(value, Datetime)
        return b"dateTime.iso8601", value.scalar

    def _integer(self, value: int, path: str) -> tuple[bytes, bytes]:
        wrapped = (value + 2**31) % 2**32 - 2**31
        if wrapped == value:
            return b"int", b"%d" % value
        if self._strict:
            raise EncodeError("PHP keeps 32 bits of an int; send it as a str, or pass strict=False", path=path)
        if -(2**63) <= value < 2**63:
            return b"int", b"%d" % wrapped
        # PHP itself turns an integer beyond 64 bits into a float.
        return self._scalar(_as_float(value), path)


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _double(value: float, profile: Profile) -> str:
    text = profile.double % value
    if profile.double == "%f":
        return "-nan" if text == "nan" and math.copysign(1, value) < 0 else text
    if 1e14 <= abs(value) < 1e15 and abs(value) % 100 == 5:
        # PHP keeps trailing zeros in one case only: an integer of 15 digits that is a tie when rounded to 14.
        text = f"{value:#.14G}"
    mantissa, exponential, exponent = text.partition("E")
    if not exponential:
        return text
    # PHP writes 1.0E+20 and 1.0E-5 where C writes 1E+20 and 1E-05.
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent):+d}"


def _lines(data: bytes) -> bytes:
    """base64 with PHP's line breaks: after every 72 bytes, where the line breaks are counted too."""
    packed = binascii.b2a_base64(data, newline=False)
    pieces = [packed[:72], *(packed[at : at + 71] for at in range(72, len(packed), 71))]
    complete = len(packed) >= 72 and (len(packed) - 72) % 71 == 0
    return b"\n".join(pieces) + (b"\n\n" if complete else b"\n")
