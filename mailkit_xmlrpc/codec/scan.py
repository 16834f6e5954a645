"""Reads the usual answers with compiled patterns, in text that a parser has proved to be well-formed.

Most answers consist of a few kinds of tokens: a member with a scalar, the start of an array or struct, its end. Each
kind has one pattern that matches the whole token, and a stack holds the open containers. Where many structs of scalars
stand in arrays, one of them gives a pattern for the whole row: the rows after it take one match each and are converted
by column.

Whatever the patterns do not cover (attributes, comments, CDATA, a carriage return, a self-closed tag, an invalid
scalar, a fault) raises `NeedsPlainDecoderError`. The plain decoder then reads it or says what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Any, Callable

from .patterns import ENDS, EPILOG, ITEM, MEMBER, PROLOG, NeedsPlainDecoderError, RowPatterns, unescape

__all__ = ["Frame", "Scanner"]


class Frame:
    """An open container: a dict or a list, and the name of the member whose value it is."""

    __slots__ = ("container", "end", "is_struct", "name")

    def __init__(self, is_struct: bool, name: str | None) -> None:
        self.is_struct: bool = is_struct
        self.name: str | None = name
        self.container: Any = {} if is_struct else []
        self.end: re.Pattern[str] = ENDS[is_struct, name is not None]


class Scanner:
    """Reads one answer from pieces of its text.

    Args:
        scalars: the function that reads each type's text.
        depth: how many containers may be open at the same time.

    Attributes:
        started: whether the value has started.
        value: the value of the answer, once it is complete.
        frames: the open containers, the innermost last.
        pos: where the first unread token starts in the text that was fed last.
    """

    def __init__(self, scalars: dict[str, Callable[[str], Any]], depth: int) -> None:
        self.started: bool = False
        self.value: Any = None
        self.frames: list[Frame] = []
        self.pos: int = 0
        self._scalars = scalars
        self._depth = depth
        self._names: dict[str, str] = {}  # one object for all names of members that are equal
        self._rows = RowPatterns(scalars, self._names)
        # Where the innermost container starts in the text, if it is a struct in an array with scalars alone so far.
        self._row_start = -1

    def feed(self, text: str, final: bool) -> None:
        """Read the complete tokens of `text`, up to `pos`; all of it if this is the final piece.

        Raises:
            NeedsPlainDecoderError: the patterns do not match. The tokens before `pos` have been read.
        """
        self.pos = 0
        self._row_start = -1
        if "\r" in text:
            raise NeedsPlainDecoderError
        if not self.started:
            self._start(text)
        if self.started:
            self._read_tokens(text)
        if final:
            epilog = EPILOG.match(text, self.pos)
            if not self.started or self.frames or epilog is None or epilog.end() != len(text):
                raise NeedsPlainDecoderError

    def _start(self, text: str) -> None:
        prolog = PROLOG.match(text)
        token = ITEM.match(text, prolog.end()) if prolog else None
        if token is not None:
            self._add_token(None, *token.groups())
            self.started = True
            self.pos = token.end()

    def _read_tokens(self, text: str) -> None:
        frames = self.frames
        while frames:
            frame = frames[-1]
            if frame.is_struct:
                token = self._read_members(frame, text)
            else:
                if self._read_rows(frame, text):
                    continue
                token = ITEM.match(text, self.pos)
                if token is not None:
                    self._add_token(None, *token.groups())
            if token is None:
                token = frame.end.match(text, self.pos)
                if token is None:
                    return
                self._close(frame)
                if self._row_start >= 0:
                    self._rows.learn(frames[-1].name, text, self._row_start, token.end())
                    self._row_start = -1
            self.pos = token.end()

    def _read_members(self, frame: Frame, text: str) -> re.Match[str] | None:
        """Read the scalar members from here on. Returns the token that opens a container, if one follows them."""
        struct, names, pos = frame.container, self._names, self.pos
        while token := MEMBER.match(text, pos):
            name, tag, value, bare, _, _ = token.groups()
            if value is None and bare is None:
                self._add_token(*token.groups())
                return token
            name = unescape(name) if "&" in name else names.setdefault(name, name)
            if name in struct:
                raise NeedsPlainDecoderError
            if tag is None or tag == "string":
                value = bare if value is None else value
                struct[name] = unescape(value) if "&" in value else value
            else:
                struct[name] = self._scalar(tag, value)
            self.pos = pos = token.end()
        return None

    def _add_token(
        self,
        name: str | None,
        tag: str | None,
        text: str | None,
        bare: str | None,
        struct: str | None,
        data: str | None,
    ) -> None:
        if name is not None:
            name = unescape(name)
            name = self._names.setdefault(name, name)
        if tag is not None:
            self._add(name, self._scalar(tag, text or ""))
        elif bare is not None:
            self._add(name, unescape(bare))
        elif len(self.frames) < self._depth:
            is_row = struct is not None and name is None and self.frames
            self._row_start = self.pos if is_row else -1
            self.frames.append(Frame(struct is not None, name))
        else:
            raise NeedsPlainDecoderError

    def _scalar(self, tag: str, text: str) -> Any:
        text = unescape(text)
        if tag == "string":
            return text
        try:
            return self._scalars[tag](text)
        except ValueError:
            raise NeedsPlainDecoderError from None

    def _close(self, frame: Frame) -> None:
        self.frames.pop()
        try:
            self._add(frame.name, frame.container)
        except NeedsPlainDecoderError:
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
                raise NeedsPlainDecoderError
            struct[name] = value

    def _read_rows(self, frame: Frame, text: str) -> bool:
        """Read the structs that the pattern of the array's rows matches. False if it matches none."""
        if len(self.frames) >= self._depth:
            return False  # a struct would be too deep here
        count, self.pos = self._rows.read(frame.name, text, self.pos, frame.container)
        return count > 0
