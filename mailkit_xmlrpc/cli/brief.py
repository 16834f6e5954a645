"""`brief`: a value of any size in a few characters.

A value that fits is JSON. Of another one the beginning is shown, with sizes in front of what is left out, so that they
are never cut off: ``[12, [300 rows: {"email": "jane@example.com", "status": "enabled"}, ...]]``. Each form in `_FORMS`
shows less than the one before, and the first that fits is taken. The work depends on the characters that are shown,
not on the size of the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from .output import json_value, printable

__all__ = ["brief", "cut"]


class _Form(NamedTuple):
    """How much is shown: characters of a string, items of an array, members of a struct, and levels of both."""

    text: int
    items: int
    members: int
    levels: int


_FORMS = (
    _Form(text=60, items=1, members=8, levels=8),
    _Form(text=40, items=1, members=4, levels=3),
    _Form(text=40, items=1, members=4, levels=1),
    _Form(text=20, items=1, members=4, levels=1),
    _Form(text=20, items=1, members=1, levels=1),
    _Form(text=20, items=0, members=0, levels=0),
)
# The beginning of an md5 must not be shown either. A whole one is masked where the line is printed.
_PART_OF_MD5 = re.compile(r"[0-9A-Fa-f]{6,31}\Z")
# The parameters themselves are not left out before so many.
_PARAMETERS = 8


def brief(params: Sequence[Any], room: int) -> str:
    """The parameters of a call in at most `room` characters; control characters are escaped."""
    text = ""
    for form in (_Form(room, room, room, room), *_FORMS):
        text = _start(_array(params, form._replace(levels=form.levels + 1), max(form.items, _PARAMETERS)), room)
        if len(text) <= room:
            break
    return cut(text, room)


def cut(text: str, most: int) -> str:
    """`text`, or its beginning and "..." if it has more than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _start(pieces: Iterable[str], room: int) -> str:
    """The pieces in one, without those that begin after `room` characters."""
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > room:
            break
    return text


def _pieces(value: Any, form: _Form) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _struct(value, form, form.members if form.levels else 0)
    elif isinstance(value, (list, tuple)):
        yield from _array(value, form, form.items if form.levels else 0)
    elif isinstance(value, bytes):
        yield _quoted(json_value(value[: form.text]), form.text, len(value), "bytes")
    else:
        known = json_value(value)
        yield _quoted(known, form.text, len(known), "characters") if isinstance(known, str) else json.dumps(known)


def _struct(value: dict[str, Any], form: _Form, most: int) -> Iterator[str]:
    yield "{" + _size(len(value), most, "member")
    for index, (name, item) in enumerate(islice(value.items(), most)):
        yield f"{', ' if index else ''}{_quoted(name, form.text, len(name), 'characters')}: "
        yield from _pieces(item, form._replace(levels=form.levels - 1))
    yield ", ...}" if 0 < most < len(value) else "}"


def _array(value: Sequence[Any], form: _Form, most: int) -> Iterator[str]:
    yield "[" + _size(len(value), most, "row" if value and isinstance(value[0], (dict, list)) else "value")
    for index, item in enumerate(islice(value, most)):
        yield ", " if index else ""
        yield from _pieces(item, form._replace(levels=form.levels - 1))
    yield ", ...]" if 0 < most < len(value) else "]"


def _size(count: int, most: int, noun: str) -> str:
    """The text in front of an array or struct of which not everything is shown."""
    if count <= most:
        return ""
    return f"{count:,} {noun}{'' if count == 1 else 's'}{': ' if most else ''}"


def _quoted(text: str, most: int, size: int, unit: str) -> str:
    if size <= most:
        return printable(json.dumps(text, ensure_ascii=False))
    start = printable(json.dumps(_PART_OF_MD5.sub("", text[:most]), ensure_ascii=False))
    return f'{start[:-1]}..." ({size:,} {unit})'
