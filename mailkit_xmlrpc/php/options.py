"""The array of output options, read as PHP reads it: unknown options and values are ignored.

There are two differences to PHP. A version other than XML-RPC is refused, because "simple" and SOAP are other
protocols. A `Profile` selects one of the two libraries that PHP has used for the extension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ConfigError
from .values import key_of, php_bytes

__all__ = ["ENCODE", "Options", "Profile", "options_of", "profile_of"]


@dataclass(frozen=True)
class Profile:
    """The differences between the library inside PHP 7.4 and the one that Debian's PHP 8 uses.

    Attributes:
        double: the format of a double; %G stands for PHP's own, with 14 digits.
        tens: the format of the last two digits of a reference. Debian's library drops a zero: 200 becomes 20.
        libxml: whether libxml2 reads the XML; otherwise expat does.
        php8: whether the rules of PHP 8 apply: names that are numbers may end with white space, and arrays count on
            from negative keys.
    """

    double: str
    tens: bytes
    libxml: bool
    php8: bool

    def reference(self, byte: int) -> bytes:
        """The character reference for a byte."""
        hundreds, rest = divmod(byte, 100)
        return b"&#%s%s;" % (b"%d" % hundreds if hundreds else b"", self.tens % rest)


_PROFILES = {
    "bundled": Profile(double="%.14G", tens=b"%02d", libxml=True, php8=False),
    "debian": Profile(double="%f", tens=b"%d", libxml=False, php8=True),
}

_VERBOSITIES = frozenset({b"pretty", b"newlines_only", b"no_white_space"})
_ESCAPINGS = frozenset({b"markup", b"non-ascii", b"non-print", b"cdata"})
_OTHER_PROTOCOLS = frozenset({b"simple", b"soap 1.1"})


@dataclass(frozen=True)
class Options:
    """How a document is written.

    Attributes:
        encoding: the encoding in the XML declaration. The bytes are never converted to it.
        escaping: any of markup, non-ascii, non-print, cdata.
        verbosity: pretty, newlines_only or no_white_space.
    """

    encoding: bytes = b"iso-8859-1"
    escaping: frozenset[bytes] = frozenset({b"markup", b"non-ascii", b"non-print"})
    verbosity: bytes = b"pretty"


# The fixed options of xmlrpc_encode, which takes none.
ENCODE = Options(encoding=b"utf-8", escaping=frozenset({b"markup", b"non-print"}))


def profile_of(name: str) -> Profile:
    """The profile of that name. Raises ConfigError if it is unknown."""
    if name not in _PROFILES:
        raise ConfigError(f"profile must be one of {', '.join(map(repr, _PROFILES))}, got {name!r}")
    return _PROFILES[name]


def options_of(given: Mapping[Any, Any] | None) -> Options:
    """Read an array of options.

    Raises:
        ConfigError: the version is "simple" or "soap 1.1".
        TypeError: `given` is not a mapping.
    """
    if given is None:
        return Options()
    if not isinstance(given, Mapping):
        raise TypeError(f"output_options must be a mapping or None, not {type(given).__name__}")
    pairs = {key_of(key): value for key, value in given.items()}
    if _text(pairs.get(b"version")) in _OTHER_PROTOCOLS:
        raise ConfigError("version must be 'xmlrpc'; 'simple' and 'soap 1.1' are other protocols")
    encoding, verbosity = _text(pairs.get(b"encoding")), _text(pairs.get(b"verbosity"))
    return Options(
        encoding=Options.encoding if encoding is None else encoding,
        escaping=_escaping(pairs.get(b"escaping")),
        verbosity=verbosity if verbosity in _VERBOSITIES else Options.verbosity,
    )


def _text(value: Any) -> bytes | None:
    """The bytes of a string option; None for any other type, which is ignored."""
    return php_bytes(value) if isinstance(value, (str, bytes)) else None


def _escaping(value: Any) -> frozenset[bytes]:
    text = _text(value)
    if text is not None:
        return frozenset({text}) if text in _ESCAPINGS else Options.escaping
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return frozenset(filter(None, map(_text, value))) & _ESCAPINGS
    return Options.escaping
