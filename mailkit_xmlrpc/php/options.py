"""The array of output options, read as PHP reads it: what it does not know is ignored, without a word.

Two things differ. A version that is not XML-RPC is refused: "simple" and SOAP are other protocols. And there is a
profile, because two libraries stood behind the one extension.
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
    """What differs between the library inside PHP 7.4 and the one that Debian's PHP 8 uses.

    Attributes:
        double: the format of a double; %G stands for PHP's own, with 14 digits.
        tens: the format of a reference's last two digits. Debian's library leaves out a zero: 200 becomes 20.
        libxml: libxml2 reads the XML, otherwise expat.
        php8: PHP 8 around it: numbers may have white space behind them, arrays count on from negative keys.
    """

    double: str
    tens: bytes
    libxml: bool
    php8: bool

    def reference(self, byte: int) -> bytes:
        """The character reference that a byte is written as."""
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
        encoding: what the XML declaration says; the bytes are never changed to fit it.
        escaping: any of markup, non-ascii, non-print, cdata.
        verbosity: pretty, newlines_only or no_white_space.
    """

    encoding: bytes = b"iso-8859-1"
    escaping: frozenset[bytes] = frozenset({b"markup", b"non-ascii", b"non-print"})
    verbosity: bytes = b"pretty"


# xmlrpc_encode takes no options; these are its own.
ENCODE = Options(encoding=b"utf-8", escaping=frozenset({b"markup", b"non-print"}))


def profile_of(name: str) -> Profile:
    """The profile of that name."""
    if name not in _PROFILES:
        raise ConfigError(f"profile must be one of {', '.join(map(repr, _PROFILES))}, got {name!r}")
    return _PROFILES[name]


def options_of(given: Mapping[Any, Any] | None) -> Options:
    """Read an array of options.

    Raises:
        ConfigError: for the versions "simple" and "soap 1.1".
        TypeError: `given` is no Mapping.
    """
    if given is None:
        return Options()
    if not isinstance(given, Mapping):
        raise TypeError(f"output_options must be a mapping or None, not {type(given).__name__}")
    pairs = {key_of(key): value for key, value in given.items()}
    if _text(pairs.get(b"version")) in _OTHER_PROTOCOLS:
        raise ConfigError("version: only 'xmlrpc' is written here; 'simple' and 'soap 1.1' are other protocols")
    encoding, verbosity = _text(pairs.get(b"encoding")), _text(pairs.get(b"verbosity"))
    return Options(
        encoding=Options.encoding if encoding is None else encoding,
        escaping=_escaping(pairs.get(b"escaping")),
        verbosity=verbosity if verbosity in _VERBOSITIES else Options.verbosity,
    )


def _text(value: Any) -> bytes | None:
    """A string option; one of another type is as good as none."""
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
