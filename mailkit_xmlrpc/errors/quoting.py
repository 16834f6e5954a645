"""Undoing the ways in which a server quotes a text: XML and HTML, JSON and Python, URLs and forms, and folded lines.

To find a secret in any quoting, `redaction` looks for it in the text as it is and in what is left of the text once its
quotings are undone, one layer after the other: a page can hold JSON in HTML. All ways are undone at the same time, and
of a secret as of a text, so a secret that looks quoted itself is found too. Every step takes linear time.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from functools import cache
from typing import Callable

__all__ = ["QUOTING", "Span", "layers", "lower", "places"]

# Where a part of a text begins and ends.
Span = tuple[int, int]

# What the first character of every quoted one matches.
QUOTING = re.compile(r"[\r\n+%&\\]")

# More layers than a server has reason to make.
_DEEPEST = 5


def _octets(mark: str) -> str:
    """What follows `mark` in a character in UTF-8, or in one byte, each byte as `mark` and two digits."""
    more = f"(?:{mark}[89abAB]{_HEX})"
    return f"[cdCD]{_HEX}{more}|[eE]{_HEX}{more}{{2}}|[fF][0-7]{more}{{3}}|{_HEX}{{2}}"


_HEX = "[0-9a-fA-F]"
# The first character, and what follows it. At the cut end of an excerpt, "cut" can be the beginning of one of the rest.
_CUT = {
    "cut": (
        r"[&%\\]",
        rf"(?:(?<=&)(?:#?[0-9a-zA-Z]{{0,31}})?|(?<=%){_HEX}?"
        rf"|(?<=\\)(?:[uU]{_HEX}{{0,7}}|[xX]{_HEX}?|[uU][dD][89abAB]{_HEX}{{2}}\\(?:[uU](?:[dD](?:[c-fC-F]{_HEX}?)?)?)?)?"
        r")\Z",
    )
}
_WHOLE = {
    "fold": (r"[\r\n]", r"[\r\n]*[ \t]*"),  # where a server breaks a long text, such as Base64
    "space": (r"\+", ""),
    "percent": ("%", _octets("%")),
    "entity": ("&", rf"(?:#[0-9]{{1,7}}|#[xX]{_HEX}{{1,6}}|[a-zA-Z][0-9a-zA-Z]{{1,31}});"),
    "escape": (r"\\", r"""[\\/"'bfnrt]"""),
    "octets": (r"\\", "[xX](?:" + _octets(r"\\[xX]") + ")"),
    "utf32": (r"\\", rf"U00(?:0{_HEX}|10){_HEX}{{4}}"),
    "utf16": (r"\\", rf"[uU](?:[dD][89abAB]{_HEX}{{2}}\\[uU][dD][c-fC-F]{_HEX}{{2}}|{_HEX}{{4}})"),
}


@cache
def _pattern(cut_end: bool) -> re.Pattern[str]:
    """All kinds in one pattern, which begins with the set of the first characters, for which `re` scans fast. It is
    made at its first use, because most programs never meet a quoted text."""
    kinds = {**_CUT, **_WHOLE} if cut_end else _WHOLE
    branches = (f"(?<={first})(?P<{name}>{rest})" for name, (first, rest) in kinds.items())
    return re.compile(rf"{QUOTING.pattern}(?:{'|'.join(branches)})")


_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def layers(text: str, *, cut_end: bool = False) -> list[str]:
    """`text` as it is, and after each layer of quoting that was undone. With `cut_end`, what can be the beginning of a
    quoted character at its end is left out."""
    found = [text]
    while len(found) <= _DEEPEST and QUOTING.search(found[-1]):
        inner = _pattern(cut_end).sub(_unquoted, found[-1])
        if inner == found[-1]:
            break
        found.append(inner)
    return found


def places(spans: list[Span], outer: list[str], *, cut_end: bool = False) -> list[Span]:
    """Where parts of a layer are in the outermost one; `outer` are the layers around it."""
    for text in reversed(outer if spans else ()):
        spans = _outer(_pattern(cut_end), text, spans)
    return spans


def _outer(pattern: re.Pattern[str], text: str, spans: list[Span]) -> list[Span]:
    """Where parts of the unquoted `text` are in `text`: a quoted character belongs to them as a whole."""
    starts, ends, sources, at = [0], [0], [(0, 0)], 0
    for match in pattern.finditer(text):
        starts.append(at := match.start() - sources[-1][1] + ends[-1])
        ends.append(at + len(_unquoted(match)))
        sources.append(match.span())

    def source(place: int, index: int, side: int) -> int:
        return sources[index][side] if place < ends[index] else sources[index][1] + place - ends[index]

    return [
        (source(start, bisect_right(starts, start) - 1, 0), source(end, bisect_left(starts, end) - 1, 1))
        for start, end in spans
    ]


def _entity(text: str) -> str:
    if text[1] == "#":
        number = int(text[3:-1], 16) if text[2] in "xX" else int(text[2:-1])
        return chr(number) if number <= sys.maxunicode else text
    from html.entities import html5  # takes long to import

    return html5.get(text[1:], text)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


_UNQUOTE: dict[str, Callable[[str], str]] = {
    "cut": lambda text: "",
    "fold": lambda text: "",
    "space": lambda text: " ",
    "percent": lambda text: _decoded(bytes.fromhex(text.replace("%", ""))),
    "entity": _entity,
    "octets": lambda text: _decoded(bytes.fromhex(re.sub(r"\\x", "", text, flags=re.IGNORECASE))),
    "utf32": lambda text: chr(int(text[2:], 16)),
    "utf16": lambda text: bytes.fromhex(re.sub(r"\\u", "", text, flags=re.IGNORECASE)).decode(
        "utf-16-be", "surrogatepass"
    ),
    "escape": lambda text: _CONTROLS.get(text[1], text[1]),
}


def _unquoted(match: re.Match[str]) -> str:
    """The character that is quoted; "" for a fold and for a part of a quoted character."""
    return _UNQUOTE[match.lastgroup or "cut"](match[0])


def lower(text: str) -> str:
    """`text` in lower case, each character in its place: that of "İ" would be two."""
    return "İ".join(part.lower() for part in text.split("İ")).replace("ς", "σ")
