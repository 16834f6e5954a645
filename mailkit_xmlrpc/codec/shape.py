"""Structs that look alike: a shape that was seen once is a pattern for the next.

The pattern of a struct of scalars is its own text, with a group in place of each value. `Row` takes the structs of an
array that follow one another. `Shapes` remembers small answers that are one struct: a client calls few methods, and
each answers alike. The text has been proved to be well-formed before it comes here, and what does not fit, in shape
or in a value, is for others to read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple

from .tokens import ENDS, EPILOG, ITEM, MEMBER, PROLOG, UnusualError, unescaped

__all__ = ["NOTHING", "Row", "Shapes"]

NOTHING: Any = object()
"""No value: None is one."""

_INTEGERS = frozenset({"int", "i4", "i8"})
# A column of integers, joined: short enough that none exceeds 64 bits.
_PLAIN_INTEGERS = re.compile(r"(?:-?[0-9]{1,18},)*-?[0-9]{1,18}")

# To learn an answer's shape takes as long as to read some twenty answers.
_KEPT = 4
_LESSONS = 64
_LONGEST = 4096

_Scalars = dict[str, Callable[[str], Any]]
_Reader = Callable[[Sequence[str]], Sequence[Any]]


class _Struct(NamedTuple):
    """A struct of scalars as a pattern, and where its text ends."""

    pattern: str
    names: list[str]
    tags: list[str]
    end: int


def _struct(text: str, pos: int) -> _Struct | None:
    """The struct that begins at `pos`, or None if there is no complete one of scalars alone."""
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
        names.append(unescaped(member[1]))
        tags.append(member[2] or "string")
        done, at = end, member.end()
    end_of_struct = ENDS[True, False].match(text, at)
    if end_of_struct is None or not names or len(set(names)) < len(names):
        return None
    return _Struct(pattern + re.escape(text[done : end_of_struct.end()]), names, tags, end_of_struct.end())


class Row:
    """The pattern of the structs of an array."""

    def __init__(self, pattern: str, names: list[str], readers: list[_Reader | None]) -> None:
        self._pattern = re.compile(pattern)
        self._names = names
        self._readers = readers

    @classmethod
    def learn(cls, text: str, pos: int, scalars: _Scalars, known: Callable[[str], str]) -> Row | None:
        """The row that begins at `pos`, or None if there is no complete struct of scalars. `known` gives one object
        for all names that are equal."""
        struct = _struct(text, pos)
        if struct is None:
            return None
        return cls(struct.pattern, list(map(known, struct.names)), [_reader(tag, scalars) for tag in struct.tags])

    def take(self, text: str, pos: int, rows: list[Any]) -> tuple[int, int]:
        """Append the rows of this shape that follow one another from `pos` on; how many, and where they end."""
        matches = list(iter(self._pattern.scanner(text, pos).match, None))  # type: ignore[attr-defined]
        if not matches:
            return 0, pos
        end: int = matches[-1].end()
        columns: list[Any] = list(zip(*[match.groups() for match in matches]))
        if text.find("&", pos, end) >= 0:
            columns = [[unescaped(value) for value in column] for column in columns]
        columns = [column if reader is None else reader(column) for column, reader in zip(columns, self._readers)]
        names = self._names
        rows += [dict(zip(names, values)) for values in zip(*columns)]
        return len(matches), end


def _reader(tag: str, scalars: _Scalars) -> _Reader | None:
    if tag == "string":
        return None
    read = scalars[tag]

    def column(texts: Sequence[str]) -> list[Any]:
        if tag in _INTEGERS and _PLAIN_INTEGERS.fullmatch(",".join(texts)):
            return list(map(int, texts))
        try:
            return list(map(read, texts))
        except ValueError:
            raise UnusualError from None

    return column


class Shapes:
    """The shapes of the latest small answers. Safe to share between threads: a race costs a lesson, nothing else."""

    def __init__(self) -> None:
        self._shapes: tuple[_Answer, ...] = ()
        self._latest: tuple[str, ...] = ()
        self._lessons = _LESSONS

    def recall(self, text: str, scalars: _Scalars) -> Any:
        """The value of an answer whose shape is known, or NOTHING.

        Raises:
            UnusualError: a value does not read.
        """
        if "\r" not in text:
            for shape in self._shapes:
                if match := shape.pattern.fullmatch(text):
                    return shape.value(match.groups(), scalars)
        return NOTHING

    def learn(self, text: str, value: Any) -> None:
        """Take note of an answer that was read otherwise: a shape that comes twice in a row is remembered."""
        if not isinstance(value, dict) or len(text) > _LONGEST or not self._lessons:
            return
        before, self._latest = self._latest, tuple(value)
        if before == self._latest:
            self._lessons -= 1
            shape = _Answer.of(text)
            if shape is not None:
                self._shapes = (shape, *self._shapes[: _KEPT - 1])


class _Answer:
    """The pattern of a whole answer."""

    def __init__(self, pattern: str, members: list[tuple[str, str]]) -> None:
        self.pattern = re.compile(pattern)
        self._members = members

    @classmethod
    def of(cls, text: str) -> _Answer | None:
        """The shape of an answer, or None if it is no struct of scalars."""
        prolog = PROLOG.match(text)
        struct = _struct(text, prolog.end()) if prolog else None
        if prolog is None or struct is None or EPILOG.fullmatch(text, struct.end) is None:
            return None
        pattern = re.escape(text[: prolog.end()]) + struct.pattern + re.escape(text[struct.end :])
        return cls(pattern, list(zip(struct.names, struct.tags)))

    def value(self, texts: Sequence[str], scalars: _Scalars) -> dict[str, Any]:
        """The struct with these values. Raises UnusualError if one does not read."""
        struct: dict[str, Any] = {}
        for (name, tag), text in zip(self._members, texts):
            if "&" in text:
                text = unescaped(text)
            try:
                struct[name] = text if tag == "string" else scalars[tag](text)
            except ValueError:
                raise UnusualError from None
        return struct
