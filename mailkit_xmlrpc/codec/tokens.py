"""The patterns of a document's tokens, for text that a parser has proved to be well-formed, or will prove.

A token is as large as possible: a member with a scalar, an item with a scalar, the start or the end of a container. One
pattern matches them all. The last group that takes part in a match (`lastindex`) tells the kind of the token, and is
the text of a scalar. The last alternative takes the rest of the text where nothing else matches: an unfinished
token, or something unusual.

An end tag is not compared with its start tag: that is for the proof. In text that fails it, the patterns can match
anything, and no function here raises an error of Python's own.
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from .encode import METHOD_NAME
from .scalars import SCALARS, Scalar

__all__ = [
    "END",
    "ITEM",
    "MEMBER",
    "REST",
    "SEPARATOR",
    "STARTS",
    "TOKEN",
    "USUAL",
    "Groups",
    "UnusualError",
    "unescape",
    "usual_element",
]

# White space between tags. A longer run, which no server writes, is for the plain reader: expat skips it faster.
_S = r"[ \t\n]{0,1000}"

USUAL: tuple[Scalar, ...] = tuple({scalar: None for scalar in SCALARS.values() if scalar.usual})
"""The types that have usual texts."""


class UnusualError(Exception):
    """What stands here is for the plain decoder, because it is unusual or wrong.

    Attributes:
        at: where that token starts in the text.
    """

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.at = at


class Groups(NamedTuple):
    """The numbers of the groups of a member, or of an item.

    Attributes:
        usual: the first of the usual texts of the types in `USUAL`.
        opening: the tags that start a container, without the outer brackets.
        spaced: the first of the usual texts of elements that have white space around them.
        tag: the name of any other element. It is the last group if the element is an empty tag.
        content: the text of any other element.
        bare: the text of a value without an element in it.
        empty: there, and empty, if the value is an empty tag.
        end: there, and empty, at the end of a container.
    """

    usual: int
    opening: int
    spaced: int
    tag: int
    content: int
    bare: int
    empty: int
    end: int


def _groups(usual: int, end: int) -> Groups:
    opening = usual + len(USUAL)
    tag = opening + 1 + len(USUAL)
    return Groups(usual, opening, opening + 1, tag, tag + 1, tag + 2, tag + 3, end)


# Group 1 is the name of a member. The groups up to MEMBER.end belong to members, the others up to ITEM.empty to items.
MEMBER = _groups(2, end=7 + 2 * len(USUAL))
ITEM = _groups(MEMBER.end + 2, end=MEMBER.end + 1)
SEPARATOR = ITEM.empty + 1
"""The group of the tags between two params."""
END = SEPARATOR + 1
"""The group of the tags after the last value."""
REST = END + 1
"""The group of the text that is no token."""


def usual_element(scalar: Scalar) -> str:
    """The pattern of an element of this type with a usual text, which is its group."""
    names = [name for name in SCALARS if SCALARS[name] is scalar]
    return f"<(?:{'|'.join(names)})>({scalar.usual})</{names[0] if len(names) == 1 else '[a-z0-9]+'}>"


def _value(end: str) -> str:
    """The pattern of a value: a scalar with `end` after it, or the start of a container."""
    usual = "|".join(map(usual_element, USUAL))
    other = r"<([^<>/ \t\n]+)(?: ?/>|>([^<]*)</[^<> \t\n]+>)"
    opening = rf"<(struct|array(?:>{_S}<data ?/?)?)>"
    spaced = rf"{_S}(?:{opening}|(?:{usual}|{other}){_S}</value>{end})"
    return rf"<value(?:>(?:(?:{usual})</value>{end}|{spaced}|([^<]*)</value>{end})| ?/>(){end})"


# The alternatives start with the same character, so that the next one tells them apart.
TOKEN = re.compile(
    rf"{_S}(?:<member>{_S}<name(?:>([^<]*)</name>| ?/>){_S}{_value(_S + '</member>')}"
    rf"|</(?:data>{_S}</)?(?:struct|array)>{_S}</value>(?:{_S}</member>()|())"
    rf"|{_value('')}|</param>{_S}<param>()|</(?:param>{_S}</params|fault)>{_S}</method[A-Za-z]+>{_S}())|(.+)",
    re.DOTALL,
)
"""Matches one token, or the rest of the text."""


def _start(root: str, method: str, other: str) -> re.Pattern[str]:
    # Apache's servers declare the namespace of their extension types in the root element.
    declaration_and_root = rf"(?:<\?xml[^>]*\?>{_S})?<{root}(?:[ \t\n][^<>]*)?>{_S}"
    return re.compile(rf"{declaration_and_root}{method}(?:<params>{_S}<param>|{other})")


STARTS: dict[str, re.Pattern[str]] = {
    "methodResponse": _start("methodResponse", "", "(?P<fault><fault>)"),
    "methodCall": _start(
        "methodCall",
        rf"<methodName>{_S}(?P<method>{METHOD_NAME.pattern}){_S}</methodName>{_S}",
        rf"(?:<params>{_S}</params>{_S}|<params ?/>{_S})?</methodCall>{_S}(?P<end>)\Z",
    ),
}
"""Match everything before the first value, by the root element. The last group is `method`, `fault`, or `end` where the
document ends without a value."""

_NUMERIC = re.compile("&#(x[0-9A-Fa-f]+|[0-9]+);")
# "&amp;" comes last, so that what it gives is not taken for the start of another reference.
_NAMED = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")]


def unescape(text: str) -> str:
    """`text` with its character and entity references replaced. XML's own five entities are the only ones that can
    occur, because the parser refuses a document type."""
    if "&" not in text:
        return text
    if "&#" not in text:
        return _without_names(text)
    # A NUL cannot occur in XML. It marks the numeric references, so that what they give is not taken for others.
    if "\0" in text:
        return text
    pieces = _NUMERIC.split(text)
    pieces[::2] = _without_names("\0".join(pieces[::2])).split("\0")
    characters = {number: _character(number) for number in set(pieces[1::2])}
    pieces[1::2] = map(characters.__getitem__, pieces[1::2])
    return "".join(pieces)


def _without_names(text: str) -> str:
    for reference, char in _NAMED:
        text = text.replace(reference, char)
    return text


def _character(number: str) -> str:
    digits = number.lstrip("x0")  # Python bounds the digits of an int, XML does not
    code = int(digits or "0", 16 if number[0] == "x" else 10) if len(digits) < 8 else 0
    return chr(code) if code <= sys.maxunicode else ""
