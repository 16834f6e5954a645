"""Compiled patterns for the answers that services usually send.

`MEMBER`, `ITEM` and the patterns beside them match one token each: a member with a scalar, an item of an array, the
start or the end of a container. A `RowPattern` is made from a struct in an array and matches the structs of the same
shape that follow it; `RowPatterns` makes them for one document. `AnswerPatterns` does the same for small answers that
are one struct: a client calls few methods, and the answers of one method look alike.

The text has been proved well-formed before it is matched here. Text that does not match and scalars with an invalid
text are left to the plain decoder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple

__all__ = [
    "ENDS",
    "EPILOG",
    "ITEM",
    "MEMBER",
    "NO_MATCH",
    "PROLOG",
    "AnswerPatterns",
    "NeedsPlainDecoderError",
    "RowPattern",
    "RowPatterns",
    "unescape",
]

_S = r"[ \t\n]*"
_SCALAR = r"<(string|int|i4|i8|boolean|double|dateTime\.iso8601|base64)>([^<]*)</\{}>"
_OPENING = rf"{_S}<(struct)>|{_S}<array>{_S}<(data)>"

# No pattern has two runs of white space next to each other: matching a long run would take quadratic time.
PROLOG = re.compile(rf"{_S}(?:<\?xml[^>]*\?>{_S})?<methodResponse>{_S}<params>{_S}<param>")
EPILOG = re.compile(rf"{_S}</param>{_S}</params>{_S}</methodResponse>{_S}")
# Groups of both, after the name of a member: type, text; text without a type; struct; data.
MEMBER = re.compile(
    rf"{_S}<member>{_S}<name>([^<]*)</name>{_S}<value>"
    rf"(?:{_S}{_SCALAR.format(2)}{_S}</value>{_S}</member>|([^<]*)</value>{_S}</member>|{_OPENING})"
)
ITEM = re.compile(rf"{_S}<value>(?:{_S}{_SCALAR.format(1)}{_S}</value>|([^<]*)</value>|{_OPENING})")
# The end of a container, by whether it is a struct and whether it is the value of a member.
ENDS = {
    (True, False): re.compile(rf"{_S}</struct>{_S}</value>"),
    (True, True): re.compile(rf"{_S}</struct>{_S}</value>{_S}</member>"),
    (False, False): re.compile(rf"{_S}</data>{_S}</array>{_S}</value>"),
    (False, True): re.compile(rf"{_S}</data>{_S}</array>{_S}</value>{_S}</member>"),
}

_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_INTEGERS = frozenset({"int", "i4", "i8"})
# A column of integers joined by commas, each short enough to fit 64 bits.
_SHORT_INTEGERS = re.compile(r"(?:-?[0-9]{1,18},)*-?[0-9]{1,18}")

# Compiling the pattern of a row takes about as long as reading this many rows token by token. A pattern is made after
# as much text of rows was read without one, so the patterns of a document cost at most about as much as its tokens.
_COMPILING_COSTS = 64
# The values of a longer row take more of its text than its tags, and a pattern would save little.
_MAX_ROW_LENGTH = 16_384

# Making a pattern of an answer takes as long as reading about twenty answers.
_MAX_ANSWER_PATTERNS = 4
_MAX_COMPILATIONS = 64
_MAX_ANSWER_LENGTH = 4096

NO_MATCH: Any = object()
"""Returned where no pattern matches; None is a value."""

# `re.compile` keeps what it compiles for the whole process, and drops patterns of the application for it. Python has no
# public function that compiles without keeping. The module that does so is `re.sre_compile` before Python 3.11.
_compile: Callable[[str], re.Pattern[str]] = getattr(re, "_compiler", getattr(re, "sre_compile", re)).compile

_Scalars = dict[str, Callable[[str], Any]]
_Reader = Callable[[Sequence[str]], Sequence[Any]]


class NeedsPlainDecoderError(Exception):
    """The patterns cannot read this document; the plain decoder must."""


def unescape(text: str) -> str:
    """`text` with its character and entity references replaced. XML's own five entities are the only ones that can
    occur, because the parser refuses a document type."""
    return _REFERENCE.sub(_replacement, text) if "&" in text else text


def _replacement(match: re.Match[str]) -> str:
    hexadecimal, decimal, entity = match.groups()
    if entity:
        return _ENTITIES[entity]
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


class _StructPattern(NamedTuple):
    """The pattern of a struct of scalars, its members' names and types, and where the struct's text ends."""

    pattern: str
    names: list[str]
    tags: list[str]
    end: int


def _struct_pattern(text: str, pos: int) -> _StructPattern | None:
    """The pattern of the struct at `pos`: its own text with a group in place of each value. None if there is no
    complete struct, or if it holds anything but scalars."""
    opening = ITEM.match(text, pos)
    if opening is None or opening[4] is None:
        return None
    names: list[str] = []
    tags: list[str] = []
    pattern, done, at = "", pos, opening.end()
    while member := MEMBER.match(text, at):
        group = 3 if member[2] else 4
        if member[group] is None:
            return None
        begin, end = member.span(group)
        pattern += re.escape(text[done:begin]) + "([^<]*)"
        names.append(unescape(member[1]))
        tags.append(member[2] or "string")
        done, at = end, member.end()
    end_of_struct = ENDS[True, False].match(text, at)
    if end_of_struct is None or not names or len(set(names)) < len(names):
        return None
    pattern += re.escape(text[done : end_of_struct.end()])
    return _StructPattern(pattern, names, tags, end_of_struct.end())


class RowPattern:
    """The pattern of the structs in an array."""

    def __init__(self, pattern: str, names: list[str], readers: list[_Reader | None]) -> None:
        self._pattern = _compile(pattern)
        self._names = names
        self._readers = readers

    @classmethod
    def of(cls, text: str, pos: int, scalars: _Scalars, known: dict[str, str]) -> RowPattern | None:
        """The pattern of the struct at `pos`, or None if there is no complete struct of scalars. `known` has one object
        for all names that are equal."""
        struct = _struct_pattern(text, pos)
        if struct is None:
            return None
        names = [known.setdefault(name, name) for name in struct.names]
        return cls(struct.pattern, names, [_column_reader(tag, scalars) for tag in struct.tags])

    def read(self, text: str, pos: int, rows: list[Any]) -> tuple[int, int]:
        """Append all matching structs from `pos` on to `rows`. Returns their number and where the last one ends.

        Raises:
            NeedsPlainDecoderError: the text of a value is invalid.
        """
        matches = list(iter(self._pattern.scanner(text, pos).match, None))  # type: ignore[attr-defined]
        if not matches:
            return 0, pos
        end: int = matches[-1].end()
        columns: list[Any] = list(zip(*[match.groups() for match in matches]))
        if text.find("&", pos, end) >= 0:
            columns = [[unescape(value) for value in column] for column in columns]
        columns = [column if reader is None else reader(column) for column, reader in zip(columns, self._readers)]
        names = self._names
        rows += [dict(zip(names, values)) for values in zip(*columns)]
        return len(matches), end


class RowPatterns:
    """The row patterns of one document, by the name of the member that the array is the value of.

    They are bounded by the text of rows that was read without them, so ever new shapes of rows cost in proportion to
    the document, in time and in memory.

    Args:
        scalars: the function that reads each type's text.
        known: one object for all names of members that are equal.
    """

    def __init__(self, scalars: _Scalars, known: dict[str, str]) -> None:
        self._scalars = scalars
        self._known = known
        self._patterns: dict[str | None, RowPattern] = {}
        self._credit = 0  # how many characters of rows were read and not spent on patterns yet

    def read(self, name: str | None, text: str, pos: int, rows: list[Any]) -> tuple[int, int]:
        """Append the structs that the pattern of this array matches, as `RowPattern.read` does."""
        pattern = self._patterns.get(name)
        return (0, pos) if pattern is None else pattern.read(text, pos, rows)

    def learn(self, name: str | None, text: str, begin: int, end: int) -> None:
        """Take note of a struct of scalars, from `begin` to `end`, that no pattern has read."""
        length = end - begin
        self._credit += length
        if length <= _MAX_ROW_LENGTH and length * _COMPILING_COSTS <= self._credit:
            self._credit -= length * _COMPILING_COSTS
            pattern = RowPattern.of(text, begin, self._scalars, self._known)
            if pattern is not None:  # a struct without members has none
                self._patterns[name] = pattern


def _column_reader(tag: str, scalars: _Scalars) -> _Reader | None:
    if tag == "string":
        return None
    read = scalars[tag]

    def column(texts: Sequence[str]) -> list[Any]:
        if tag in _INTEGERS and _SHORT_INTEGERS.fullmatch(",".join(texts)):
            return list(map(int, texts))
        try:
            return list(map(read, texts))
        except ValueError:
            raise NeedsPlainDecoderError from None

    return column


class AnswerPatterns:
    """The patterns of recent small answers. Threads can share it: a race only costs a pattern that is made twice."""

    def __init__(self) -> None:
        self._patterns: tuple[_AnswerPattern, ...] = ()
        self._latest_names: tuple[str, ...] = ()
        self._compilations_left = _MAX_COMPILATIONS

    def read(self, text: str, scalars: _Scalars) -> Any:
        """The value of an answer that one of the patterns matches, or NO_MATCH.

        Raises:
            NeedsPlainDecoderError: the text of a value is invalid.
        """
        if "\r" not in text:
            for pattern in self._patterns:
                if match := pattern.compiled.fullmatch(text):
                    return pattern.value(match.groups(), scalars)
        return NO_MATCH

    def learn(self, text: str, value: Any) -> None:
        """Make a pattern of an answer that none matched, if the answer before it had the same names."""
        if not isinstance(value, dict) or len(text) > _MAX_ANSWER_LENGTH or not self._compilations_left:
            return
        before, self._latest_names = self._latest_names, tuple(value)
        if before == self._latest_names:
            self._compilations_left -= 1
            pattern = _AnswerPattern.of(text)
            if pattern is not None:
                self._patterns = (pattern, *self._patterns[: _MAX_ANSWER_PATTERNS - 1])


class _AnswerPattern:
    """The pattern of a whole answer."""

    def __init__(self, pattern: str, members: list[tuple[str, str]]) -> None:
        self.compiled = _compile(pattern)
        self._members = members

    @classmethod
    def of(cls, text: str) -> _AnswerPattern | None:
        """The pattern of an answer, or None if the answer is not a struct of scalars."""
        prolog = PROLOG.match(text)
        struct = _struct_pattern(text, prolog.end()) if prolog else None
        if prolog is None or struct is None or EPILOG.fullmatch(text, struct.end) is None:
            return None
        pattern = re.escape(text[: prolog.end()]) + struct.pattern + re.escape(text[struct.end :])
        return cls(pattern, list(zip(struct.names, struct.tags)))

    def value(self, texts: Sequence[str], scalars: _Scalars) -> dict[str, Any]:
        """The struct with these texts as its values. Raises NeedsPlainDecoderError if one is invalid."""
        struct: dict[str, Any] = {}
        for (name, tag), text in zip(self._members, texts):
            if "&" in text:
                text = unescape(text)
            try:
                struct[name] = text if tag == "string" else scalars[tag](text)
            except ValueError:
                raise NeedsPlainDecoderError from None
        return struct
