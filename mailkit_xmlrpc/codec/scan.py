"""Reads the text of a document with the patterns of its tokens.

The text has been proved well-formed, or what it gives is used only if it is. One loop takes token after token, and a
stack holds the open containers. Where the rows of an array have a pattern, that reads all of them at once.

What the tokens do not cover (comments, CDATA, attributes), and what the rules do not allow, is an `UnusualError`. The
plain reader then goes on from that token, or says what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Any, Callable

from ..errors import ResponseError
from .encode import escape
from .faults import fault_error
from .grammar import Builder
from .rows import MANY, RowPatterns
from .scalars import EXTENSIONS, Scalar
from .tokens import END, ITEM, MEMBER, REST, SEPARATOR, STARTS, TOKEN, USUAL, UnusualError, unescape

__all__ = ["Scanner"]


# What reads the text of a token, by its kind: a function, or None for a string. The others are no functions.
_OPENING, _END, _OTHER = "opening", "end", "other"
_READ: list[Any] = [_OTHER] * (REST + 1)
for _groups in (MEMBER, ITEM):
    for _first in (_groups.usual, _groups.spaced):
        _READ[_first : _first + len(USUAL)] = [scalar.read_usual for scalar in USUAL]
    _READ[_groups.bare] = _READ[_groups.empty] = None
    _READ[_groups.opening], _READ[_groups.end] = _OPENING, _END

_MEMBER_END = MEMBER.end
_CONTENTS = (MEMBER.content, ITEM.content)
_EMPTY: dict[str, Callable[[], Any]] = {"struct": dict, "array": list}

# An open container: the dict or list, the name of the member whose value it is or None, the tags that started it, and
# whether it is a struct. The bottom one is the list of the params; there, the last two are "" and None. None also
# stands for an array with an empty <data/>, where no value may follow.
_Frame = tuple[Any, "str | None", str, "bool | None"]


class Scanner:
    """Reads one document from pieces of its text.

    Args:
        root: the document's root element.
        scalars: the scalar types by the names of their elements.
        depth: how many containers may be open at the same time.

    Attributes:
        params: the values so far.
        items: the children of the root element as the `Builder` gives them, once the document has ended.
    """

    items: list[Any]
    _start = ""  # the text before the first value
    _method = ""
    _is_fault = False
    _rows: RowPatterns | None = None
    _is_at_end = False  # whether the tags after the last value come next, and nothing else

    def __init__(self, root: str, scalars: dict[str, Scalar], depth: int) -> None:
        self.params: list[Any] = []
        self._root = root
        self._scalars = scalars
        self._depth = depth
        self._expected = 1  # how many values the params that have started must have
        self._frame: _Frame = (self.params, None, "", None)  # the innermost one
        self._outer: list[_Frame] = []
        self._names: dict[str, str] = {}  # the names of members by their text: one object for all that are equal

    def feed(self, text: str, final: bool) -> int:
        """Read the complete tokens of `text`; all of it if this is the final piece. Returns where the rest starts.

        Raises:
            UnusualError: the plain reader must go on.
        """
        # After the end of a container, what follows tells whether it is that of a member: so something must follow.
        end = len(text) if final else max(0, text.rfind("<value"))
        pos, more = (0 if self._start else self._read_start(text, final)), True
        while more:
            pos, more = self._read(text, pos, end)
        if final:
            self._finish(text, pos)
        return pos

    def _read_start(self, text: str, final: bool) -> int:
        start = STARTS[self._root].match(text)
        if start is None or (start.lastgroup == "end" and not final):
            raise UnusualError("an unusual start", 0)
        self._start = start[0]
        self._is_fault = start.lastgroup == "fault"
        if self._root == "methodCall":
            self._method, self._expected = start["method"], int(start.lastgroup != "end")
        return start.end()

    def _finish(self, text: str, pos: int) -> None:
        # The text is well-formed, so its end is that of the elements which its start has opened.
        is_at_end = self._is_at_end or pos == len(text)
        if not is_at_end or len(self.params) != self._expected:
            raise UnusualError("an unusual token", pos)
        try:
            if self._root == "methodCall":
                self.items = [self._method, self.params]
            else:
                self.items = [fault_error(self.params[0])] if self._is_fault else self.params
        except ResponseError:
            raise UnusualError("a malformed fault", pos) from None

    def _read(self, text: str, pos: int, end: int) -> tuple[int, bool]:
        """Read tokens up to `end`. Returns where the rest starts, and whether it has tokens, after some rows."""
        outer, names, depth = self._outer, self._names, self._depth
        name: str | None
        frame: Any = self._frame  # its last two items depend on each other
        container, own_name, tags, in_struct = frame
        # The start of the innermost container, if it is a row with scalars alone so far.
        row: re.Match[str] | None = None
        try:
            for token in TOKEN.finditer(text, pos, end):
                kind: int = token.lastindex  # type: ignore[assignment]
                value: Any = token[kind]
                read = _READ[kind]
                if read is None:
                    if "&" in value:
                        value = unescape(value)
                elif read is _OPENING:
                    if kind > _MEMBER_END:
                        name = None
                        fits = in_struct is False or (in_struct is None and self._is_missing(container))
                        row = token if in_struct is False else None
                    else:
                        name = token[1] or ""
                        if "&" in name:
                            name = unescape(name)
                        name, row = names.setdefault(name, name), None
                        fits = in_struct and name not in container
                    if not fits or len(outer) >= depth:
                        raise UnusualError("a container that cannot stand here", token.start())
                    outer.append((container, own_name, tags, in_struct))
                    own_name, tags = name, value
                    if value == "struct":
                        container, in_struct = {}, True
                    else:
                        container, in_struct = [], None if value[-1] == "/" else False
                    continue
                elif read is _END:
                    if not outer or (own_name is None) is (kind == _MEMBER_END):
                        raise UnusualError("an end that cannot stand here", token.start())
                    value, name = container, own_name
                    container, own_name, tags, in_struct = outer.pop()
                    if name is not None:
                        container[name] = value
                        continue
                    container.append(value)
                    if row is not None:
                        if len(container) >= MANY:
                            pos = self._read_rows(own_name, text, row.start(), token.end(), container)
                            if pos > token.end():
                                return pos, True
                        row = None
                    continue
                elif read is not _OTHER:
                    value = read(value)
                elif kind >= END:
                    self._is_at_end = kind == END and token.end() == len(text)
                    return token.start(), False
                elif kind == SEPARATOR:
                    self._next_param(token)
                    continue
                else:
                    value = self._scalar(token, kind)
                if kind <= _MEMBER_END:
                    name = token[1] or ""
                    if "&" in name:
                        name = unescape(name)
                    name = names.setdefault(name, name)
                    if not in_struct or name in container:
                        raise UnusualError("a member that cannot stand here", token.start())
                    container[name] = value
                elif in_struct is False:
                    container.append(value)
                else:
                    self._add_param(token, value)
            return max(pos, end), False
        finally:
            self._frame = container, own_name, tags, in_struct

    def _read_rows(self, name: str | None, text: str, begin: int, end: int, rows: list[Any]) -> int:
        if self._rows is None:
            self._rows = RowPatterns(self._scalars, self._names)
        return self._rows.read_after(name, text, begin, end, rows)

    def _next_param(self, token: re.Match[str]) -> None:
        if self._outer or len(self.params) != self._expected or self._root != "methodCall":
            raise UnusualError("a param that cannot stand here", token.start())
        self._expected += 1

    def _is_missing(self, container: Any) -> bool:
        """Whether `container` is the list of the params, and one of them has no value yet."""
        return container is self.params and len(container) < self._expected

    def _add_param(self, token: re.Match[str], value: Any) -> None:
        if self._outer or len(self.params) == self._expected:
            raise UnusualError("a value that cannot stand here", token.start())
        self.params.append(value)

    def _scalar(self, token: re.Match[str], kind: int) -> Any:
        """The value of an element whose text is not usual, or of an empty tag."""
        tag, text = (token[kind - 1], token[kind]) if kind in _CONTENTS else (token[kind], "")
        scalar = self._scalars.get(tag) or self._extension(tag)
        if scalar is None:
            return self._empty_container(token, kind)
        try:
            return scalar.read(unescape(text))
        except ValueError as error:
            problem = str(error)
        raise UnusualError(f"<{tag}> {problem}", token.start())

    def _extension(self, tag: str) -> Scalar | None:
        prefix, _, local = tag.rpartition(":")
        return self._scalars[local] if prefix and local in EXTENSIONS else None

    def _empty_container(self, token: re.Match[str], kind: int) -> Any:
        if kind in _CONTENTS or token[kind] not in _EMPTY or len(self._outer) >= self._depth:
            raise UnusualError("an unknown element", token.start())
        return _EMPTY[token[kind]]()

    def resume(self, builder: Builder) -> None:
        """Give `builder` what was read; it has read `opening_tags`."""
        builder.resume(self.params, [container for container, *_ in self._containers()])

    def opening_tags(self) -> str:
        """The tags of the open elements, and an empty value if the param has its value."""
        opening = self._start
        for _, name, tags, _ in self._containers():
            member = "" if name is None else f"<member><name>{escape(name)}</name>"
            opening += f"{member}<value><{tags}>"
        is_complete = not self._outer and len(self.params) == self._expected
        return f"{opening}<value></value>" if is_complete else opening

    def _containers(self) -> list[_Frame]:
        return [*self._outer, self._frame][1:]
