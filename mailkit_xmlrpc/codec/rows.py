"""Patterns of rows, which are learnt while a document is read.

A row is a struct or an array of scalars that is an item of an array. The pattern of a row is its own text with a group
in place of each value. It matches the rows of the same shape that follow: each of them takes one match, and their
values are converted by column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable

from .scalars import Scalar
from .tokens import ITEM, MEMBER, TOKEN, USUAL, Groups, UnusualError, unescape, usual_element

__all__ = ["MANY", "RowPattern", "RowPatterns"]

MANY = 8
"""How many rows an array must have before a pattern is worth while."""

# Compiling the pattern of a row takes about as long as reading this many rows token by token. A pattern is made after
# as much text of rows was read without one, so the patterns of a document cost at most about as much as its tokens.
_COMPILING_COSTS = 64
# The values of a longer row take more of its text than its tags, and a pattern would save little. Nor would one with
# longer names, whose compilation takes as long as their length.
_MAX_ROW_LENGTH = 16_384
_MAX_LENGTH_PER_VALUE = 300

# `re.compile` keeps what it compiles for the whole process, and drops patterns of the application for it. Python has no
# public function that compiles without keeping. The module that does so is `re.sre_compile` before Python 3.11.
_compile: Callable[[str], re.Pattern[str]] = getattr(re, "_compiler", getattr(re, "sre_compile", re)).compile


class RowPattern:
    """The pattern of the rows in an array.

    Args:
        pattern: the pattern, with a group for each value.
        names: the names of the members; None if the rows are arrays.
        readers: what reads the texts of each value; None for strings.
    """

    def __init__(self, pattern: str, names: list[str] | None, readers: list[Callable[[str], Any] | None]) -> None:
        self._pattern = _compile(pattern)
        self._names = names
        self._readers = readers

    def read(self, text: str, pos: int, rows: list[Any]) -> int:
        """Append all matching rows from `pos` on to `rows`. Returns where the last one ends; `pos` if none matches.

        Raises:
            UnusualError: a scalar has a text that does not fit its type.
        """
        match = self._pattern.scanner(text, pos).match  # type: ignore[attr-defined]
        first = match()
        if first is None:
            return pos
        matches = [first, *iter(match, None)]
        columns: list[Sequence[Any]] = list(zip(*[match.groups() for match in matches]))
        for number, read in enumerate(self._readers):
            columns[number] = _values(columns[number], read, pos)
        names = self._names
        rows += map(list, zip(*columns)) if names is None else [dict(zip(names, values)) for values in zip(*columns)]
        end: int = matches[-1].end()
        return end


def _values(texts: Sequence[str], read: Callable[[str], Any] | None, pos: int) -> Sequence[Any]:
    if "&" in "".join(texts):
        texts = [unescape(text) if "&" in text else text for text in texts]
    if read is None:
        return texts
    try:
        return list(map(read, texts))
    except ValueError as error:
        problem = str(error)
    raise UnusualError(f"a scalar {problem}", pos)


class RowPatterns:
    """The row patterns of one document, by the name of the member that the array is the value of.

    They are bounded by the text of rows that was read without them, so ever new shapes of rows cost in proportion to
    the document, in time and in memory.

    Args:
        scalars: the scalar types by the names of their elements.
        names: one object for all names of members that are equal.
    """

    def __init__(self, scalars: dict[str, Scalar], names: dict[str, str]) -> None:
        self._scalars = scalars
        self._names = names
        self._patterns: dict[str | None, RowPattern] = {}
        self._credit = 0  # how many characters of rows were read and not spent on patterns yet
        self._price = _COMPILING_COSTS

    def read_after(self, name: str | None, text: str, begin: int, end: int, rows: list[Any]) -> int:
        """Read the rows that follow the one between `begin` and `end`, which has scalars alone and was read without a
        pattern, and append them to `rows`, if there is a pattern or it is worth while to make one.

        Args:
            name: the name of the member that the array is the value of, or None.
            text: the text of the document.
            begin: where the row starts.
            end: where the row ends.
            rows: the rows of the array so far.

        Returns:
            Where the last of them ends; `end` if there was none.

        Raises:
            UnusualError: a scalar has a text that does not fit its type.
        """
        pattern = self._patterns.get(name)
        before = len(rows)
        pos = end if pattern is None else pattern.read(text, end, rows)
        if pos > end:
            if len(rows) - before >= _COMPILING_COSTS:
                self._price = _COMPILING_COSTS
            return pos
        length = end - begin
        self._credit += length
        if length > _MAX_ROW_LENGTH or length * self._price > self._credit:
            return end
        # Patterns that were of little use make further ones more expensive.
        self._credit -= length * self._price
        self._price *= 2
        pattern = self._pattern(text, begin)
        if pattern is None:
            return end
        self._patterns[name] = pattern
        return pattern.read(text, end, rows)

    def _pattern(self, text: str, begin: int) -> RowPattern | None:
        """The pattern of the row that begins there. None if it has no values, or an empty tag as a value."""
        tokens = TOKEN.finditer(text, begin)
        is_struct = next(tokens)[ITEM.opening] == "struct"
        names: list[str] = []
        readers: list[Callable[[str], Any] | None] = []
        pattern, done = "", begin
        for token in tokens:
            kind = token.lastindex or 0
            if kind == ITEM.end:
                pattern += re.escape(text[done : token.end()])
                is_worthwhile = len(pattern) < _MAX_LENGTH_PER_VALUE * len(readers)
                return RowPattern(pattern, names if is_struct else None, readers) if is_worthwhile else None
            column = self._column(token, kind, MEMBER if is_struct else ITEM)
            if column is None:
                return None
            around, read = column
            begin, end = token.span(kind)
            if around:  # an integer may be an int in one row and an i8 in the next
                begin, end = text.rindex("<", 0, begin), text.index(">", end) + 1
            pattern += re.escape(text[done:begin]) + (around or "([^<]*)")
            done = end
            readers.append(read)
            name = unescape(token[1] or "")
            names.append(self._names.setdefault(name, name))
        return None

    def _column(
        self, token: re.Match[str], kind: int, groups: Groups
    ) -> tuple[str, Callable[[str], Any] | None] | None:
        """The pattern of this element in other rows, which is empty if its text alone may vary, and what reads it."""
        for first in (groups.usual, groups.spaced):
            if first <= kind < first + len(USUAL):
                scalar = USUAL[kind - first]
                return usual_element(scalar), scalar.read_usual
        if kind == groups.bare:
            return "", None
        if kind == groups.content and token[groups.tag] in self._scalars:
            return "", self._scalars[token[groups.tag]].read
        return None
