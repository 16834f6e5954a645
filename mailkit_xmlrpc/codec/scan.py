"""Reading the usual answers with compiled patterns, in text that a parser has proved to be well-formed.

Most answers consist of a handful of tokens: a member with a scalar, the beginning of an array or struct, its end.
Each has a pattern here that takes it whole, and a stack of the containers that are open. An array of structs
whose first one holds scalars alone teaches a pattern for the whole row; rows of that shape are then taken with
one match each and converted by column.

Whatever does not fit (attributes, comments, CDATA, a carriage return, a self-closed tag, a scalar that does not
read, a fault) raises `UnusualError`: that is for `grammar` to read, or to say what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable

__all__ = ["Frame", "Scan", "UnusualError"]

_S = r"[ \t\n]*"
_SCALAR = r"<(string|int|i4|i8|boolean|double|dateTime\.iso8601|base64)>([^<]*)</\{}>"
_OPENING = rf"{_S}<(struct)>|{_S}<array>{_S}<(data)>"

# No two runs of white space stand next to each other in any pattern: a long one would take quadratic time.
_PROLOG = re.compile(rf"{_S}(?:<\?xml[^>]*\?>{_S})?<methodResponse>{_S}<params>{_S}<param>")
_EPILOG = re.compile(rf"{_S}</param>{_S}</params>{_S}</methodResponse>{_S}")
# Groups of both, from the type on: type, text; text without a type; struct; data.
_MEMBER = re.compile(
    rf"{_S}<member>{_S}<name>([^<]*)</name>{_S}<value>"
    rf"(?:{_S}{_SCALAR.format(2)}{_S}</value>{_S}</member>|([^<]*)</value>{_S}</member>|{_OPENING})"
)
_ITEM = re.compile(rf"{_S}<value>(?:{_S}{_SCALAR.format(1)}{_S}</value>|([^<]*)</value>|{_OPENING})")
_ENDS = {
    (True, False): re.compile(rf"{_S}</struct>{_S}</value>"),
    (True, True): re.compile(rf"{_S}</struct>{_S}</value>{_S}</member>"),
    (False, False): re.compile(rf"{_S}</data>{_S}</array>{_S}</value>"),
    (False, True): re.compile(rf"{_S}</data>{_S}</array>{_S}</value>{_S}</member>"),
}

_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_INTEGERS = frozenset({"int", "i4", "i8"})
# A column of integers, joined: short enough that none exceeds 64 bits.
_PLAIN_INTEGERS = re.compile(r"(?:-?[0-9]{1,18},)*-?[0-9]{1,18}")

# An array whose rows have many shapes is read token by token in the end: learning costs more than it brings.
# Each lesson costs some patience, a failed try a little; a long run of rows of one shape restores it.
_PATIENCE = 64
_LESSON = 8


class UnusualError(Exception):
    """This is no document for patterns."""


class Frame:
    """A container that is open: a dict or a list, and the name of the member that it is the value of."""

    __slots__ = ("container", "end", "is_struct", "name", "patience", "row")

    def __init__(self, is_struct: bool, name: str | None) -> None:
        self.is_struct = is_struct
        self.name = name
        self.container: Any = {} if is_struct else []
        self.end = _ENDS[is_struct, name is not None]
        self.row: _Row | None = None
        self.patience = _PATIENCE


class Scan:
    """Reads one answer from pieces of its text.

    Args:
        scalars: how each type's text is read.
        depth: how many containers may be open at once.

    Attributes:
        begun: whether the value has begun.
        value: the answer's value, once it is complete.
        frames: the containers that are open, the innermost last.
        pos: where in the text fed last the first token begins that was not read.
    """

    def __init__(self, scalars: dict[str, Callable[[str], Any]], depth: int) -> None:
        self.begun = False
        self.value: Any = None
        self.frames: list[Frame] = []
        self.pos = 0
        self._scalars = scalars
        self._depth = depth
        self._names: dict[str, str] = {}

    def feed(self, text: str, final: bool) -> None:
        """Read as many tokens of `text` as are complete, up to `pos`; all of it if it is the final piece.

        Raises:
            UnusualError: the patterns do not fit. What was read up to `pos` stands.
        """
        self.pos = 0
        if "\r" in text:
            raise UnusualError
        if not self.begun:
            self._begin(text)
        if self.begun:
            self._tokens(text)
        if final:
            epilog = _EPILOG.match(text, self.pos)
            if not self.begun or self.frames or epilog is None or epilog.end() != len(text):
                raise UnusualError

    def _begin(self, text: str) -> None:
        prolog = _PROLOG.match(text)
        token = _ITEM.match(text, prolog.end()) if prolog else None
        if token is not None:
            self._put(None, *token.groups())
            self.begun = True
            self.pos = token.end()

    def _tokens(self, text: str) -> None:
        frames = self.frames
        while frames:
            frame = frames[-1]
            if frame.is_struct:
                token = self._members(frame, text)
            else:
                if self._rows(frame, text):
                    continue
                token = _ITEM.match(text, self.pos)
                if token is not None:
                    self._put(None, *token.groups())
            if token is None:
                token = frame.end.match(text, self.pos)
                if token is None:
                    return
                self._close(frame)
            self.pos = token.end()

    def _members(self, frame: Frame, text: str) -> re.Match[str] | None:
        """Read the scalar members from here on; returns the token that opens a container, if one follows."""
        struct, names, pos = frame.container, self._names, self.pos
        while token := _MEMBER.match(text, pos):
            name, tag, value, bare, _, _ = token.groups()
            if value is None and bare is None:
                self._put(*token.groups())
                return token
            name = _unescaped(name) if "&" in name else names.setdefault(name, name)
            if name in struct:
                raise UnusualError
            if tag is None or tag == "string":
                value = bare if value is None else value
                struct[name] = _unescaped(value) if "&" in value else value
            else:
                struct[name] = self._scalar(tag, value)
            self.pos = pos = token.end()
        return None

    def _put(
        self,
        name: str | None,
        tag: str | None,
        text: str | None,
        bare: str | None,
        struct: str | None,
        data: str | None,
    ) -> None:
        if name is not None:
            name = self._name(name)
        if tag is not None:
            self._add(name, self._scalar(tag, text or ""))
        elif bare is not None:
            self._add(name, _unescaped(bare))
        elif len(self.frames) < self._depth:
            self.frames.append(Frame(struct is not None, name))
        else:
            raise UnusualError

    def _name(self, text: str) -> str:
        """One object for all members of a name."""
        name = _unescaped(text)
        return self._names.setdefault(name, name)

    def _scalar(self, tag: str, text: str) -> Any:
        text = _unescaped(text)
        if tag == "string":
            return text
        try:
            return self._scalars[tag](text)
        except ValueError:
            raise UnusualError from None

    def _close(self, frame: Frame) -> None:
        self.frames.pop()
        try:
            self._add(frame.name, frame.container)
        except UnusualError:
            self.frames.append(frame)
            raise

    def _add(self, name: str | None, value: Any) -> None:
        if not self.frames:
            self.value = value
        elif name is None:
            self.frames[-1].container.append(value)
        else:
            struct = self.frames[-1].container
            if name in struct:
                raise UnusualError
            struct[name] = value

    def _rows(self, frame: Frame, text: str) -> bool:
        """Take structs of the shape that was learnt, or learn another; False if neither could be done."""
        if len(self.frames) >= self._depth:
            return False  # no struct may stand here
        if frame.row is not None:
            count = frame.row.take(text, self, frame.container)
            if count:
                frame.patience = max(frame.patience, min(count, _PATIENCE))
                return True
        if frame.patience <= 0:
            return False
        learnt = _Row.learn(text, self.pos, self._scalars, self._name)
        frame.row = learnt or frame.row
        frame.patience -= _LESSON if learnt else 1
        return learnt is not None


_Reader = Callable[[Sequence[str]], Sequence[Any]]


class _Row:
    """The pattern of a struct of scalars: its own text, with a group in place of each value."""

    def __init__(self, pattern: str, names: list[str], readers: list[_Reader | None]) -> None:
        self._pattern = re.compile(pattern)
        self._names = names
        self._readers = readers

    @classmethod
    def learn(
        cls, text: str, pos: int, scalars: dict[str, Callable[[str], Any]], known: Callable[[str], str]
    ) -> _Row | None:
        """The row that begins at `pos`, or None if there is no complete struct of scalars."""
        opening = _ITEM.match(text, pos)
        if opening is None or opening[4] is None:
            return None
        names: list[str] = []
        readers: list[_Reader | None] = []
        pattern, done, at = "", pos, opening.end()
        while member := _MEMBER.match(text, at):
            group = 3 if member[2] else 4
            if member[group] is None:
                return None
            begin, end = member.span(group)
            pattern += re.escape(text[done:begin]) + "([^<]*)"
            names.append(known(member[1]))
            readers.append(_reader(member[2] or "string", scalars))
            done, at = end, member.end()
        end_of_row = _ENDS[True, False].match(text, at)
        if end_of_row is None or not names or len(set(names)) < len(names):
            return None
        pattern += re.escape(text[done : end_of_row.end()])
        return cls(pattern, names, readers)

    def take(self, text: str, scan: Scan, rows: list[Any]) -> int:
        """Append the rows of this shape that follow one another from `scan.pos` on, and move it; returns how many."""
        matches = list(iter(self._pattern.scanner(text, scan.pos).match, None))  # type: ignore[attr-defined]
        if not matches:
            return 0
        end: int = matches[-1].end()
        columns: list[Any] = list(zip(*[match.groups() for match in matches]))
        if text.find("&", scan.pos, end) >= 0:
            columns = [[_unescaped(value) for value in column] for column in columns]
        columns = [column if reader is None else reader(column) for column, reader in zip(columns, self._readers)]
        names = self._names
        rows += [dict(zip(names, values)) for values in zip(*columns)]
        scan.pos = end
        return len(matches)


def _reader(tag: str, scalars: dict[str, Callable[[str], Any]]) -> _Reader | None:
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


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(match: re.Match[str]) -> str:
    hexadecimal, decimal, entity = match.groups()
    if entity:
        return _ENTITIES[entity]
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
