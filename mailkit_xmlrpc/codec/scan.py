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
from typing import Any, Callable

from .shape import Row
from .tokens import ENDS, EPILOG, ITEM, MEMBER, PROLOG, UnusualError, unescaped

__all__ = ["Frame", "Scan"]

# An array whose rows have many shapes is read token by token in the end: learning costs more than it brings.
# Each lesson costs some patience, a failed try a little; a long run of rows of one shape restores it.
_PATIENCE = 64
_LESSON = 8


class Frame:
    """A container that is open: a dict or a list, and the name of the member that it is the value of."""

    __slots__ = ("container", "end", "is_struct", "name", "patience", "row")

    def __init__(self, is_struct: bool, name: str | None) -> None:
        self.is_struct = is_struct
        self.name = name
        self.container: Any = {} if is_struct else []
        self.end = ENDS[is_struct, name is not None]
        self.row: Row | None = None
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
            epilog = EPILOG.match(text, self.pos)
            if not self.begun or self.frames or epilog is None or epilog.end() != len(text):
                raise UnusualError

    def _begin(self, text: str) -> None:
        prolog = PROLOG.match(text)
        token = ITEM.match(text, prolog.end()) if prolog else None
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
                token = ITEM.match(text, self.pos)
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
        while token := MEMBER.match(text, pos):
            name, tag, value, bare, _, _ = token.groups()
            if value is None and bare is None:
                self._put(*token.groups())
                return token
            name = unescaped(name) if "&" in name else names.setdefault(name, name)
            if name in struct:
                raise UnusualError
            if tag is None or tag == "string":
                value = bare if value is None else value
                struct[name] = unescaped(value) if "&" in value else value
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
            name = self._same(unescaped(name))
        if tag is not None:
            self._add(name, self._scalar(tag, text or ""))
        elif bare is not None:
            self._add(name, unescaped(bare))
        elif len(self.frames) < self._depth:
            self.frames.append(Frame(struct is not None, name))
        else:
            raise UnusualError

    def _same(self, name: str) -> str:
        """One object for all members of a name."""
        return self._names.setdefault(name, name)

    def _scalar(self, tag: str, text: str) -> Any:
        text = unescaped(text)
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
            count, self.pos = frame.row.take(text, self.pos, frame.container)
            if count:
                frame.patience = max(frame.patience, min(count, _PATIENCE))
                return True
        if frame.patience <= 0:
            return False
        learnt = Row.learn(text, self.pos, self._scalars, self._same)
        frame.row = learnt or frame.row
        frame.patience -= _LESSON if learnt else 1
        return learnt is not None
