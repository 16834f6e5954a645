"""Hypothesis strategies for PHP's values and options, and for documents for its decoder."""

from __future__ import annotations

import math
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import strategies as st

# Text that PHP's encoder changes: bytes that end C strings, bytes that Debian's library writes wrongly, markup.
_PIECES = st.sampled_from(
    ["é", "ž", "Ж", "😀", "\t", "\r\n", "\x01", "\x7f", "&", "<", "]]>", '"', "'", " ", "a", "\ufffe"]
)
_WORDS = st.sampled_from(["faultCode", "faultString", "0", "1", "-1", "01", "-0", "+5", "9223372036854775808", ""])

# Ties in the fifteenth digit, the ends of the range without exponent, the ends of 32 bits.
_DOUBLES = (
    st.floats(allow_nan=False)
    | st.floats(-1e6, 1e6)
    | st.integers(10**12, 10**13).map(lambda number: number * 100.0 + 5)
    | st.sampled_from([math.nan, 1e14, 1e15, 99999999999999.5, 0.0001, 0.00001, 0.5, -0.0])
)
_INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 6)
_EDGES = st.sampled_from([2**31, 2**31 - 1, -(2**31), -(2**31) - 1, 2**32])


def texts(*, nul: bool = True) -> st.SearchStrategy[str | bytes]:
    """Texts, and bytes that are not text. `nul` says whether they may have NULs."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="" if nul else "\0")
    strings = st.text(characters, max_size=12) | st.lists(_PIECES, max_size=12).map("".join) | _WORDS
    data = st.binary(max_size=12)
    return strings | (data if nul else data.map(lambda text: text.replace(b"\0", b"")))


def values(*, nul: bool = True) -> st.SearchStrategy[Any]:
    """Any PHP value except objects."""
    leaves = st.one_of(st.none(), st.booleans(), _INTEGERS, _EDGES, _DOUBLES, texts(nul=nul))
    keys = st.one_of(_INTEGERS, texts(nul=nul))

    def arrays(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(children, max_size=5) | st.dictionaries(keys, children, max_size=5)

    return st.recursive(leaves, arrays, max_leaves=12)


def options() -> st.SearchStrategy[dict[str, Any]]:
    """Arrays of output options, also with values that PHP does not know."""
    kinds = st.sampled_from(["markup", "non-ascii", "non-print", "cdata", "bogus", 5, None])
    return st.fixed_dictionaries(
        {},
        optional={
            "verbosity": st.sampled_from(["pretty", "newlines_only", "no_white_space", "loud", 5, None]),
            "escaping": kinds | st.lists(kinds, max_size=4),
            "encoding": st.sampled_from(["UTF-8", "utf-8", "iso-8859-1", "windows-1250", "blah", "", "a\0b", "\0", 7]),
            "version": st.sampled_from(["xmlrpc", "auto", "zzz", 7]),
            "output_type": st.sampled_from(["php", "xml"]),
        },
    )


CHARSETS = st.sampled_from(["iso-8859-1", "utf-8", "UTF-8", "windows-1250", "us-ascii", "iso-8859-2", "bogus", ""])

_SCALARS = ["string", "int", "i4", "i8", "boolean", "double", "nil"]
_TAGS = [
    "methodResponse",
    "methodCall",
    "methodName",
    "params",
    "param",
    "fault",
    "value",
    "array",
    "data",
    "struct",
    "member",
    "name",
    "foo",
]
_CONTENT = st.one_of(
    st.sampled_from(["", "5", "-7", " 5", "5 ", "01", "x", "1.5e3", "true", "\n", "a&amp;b", "2147483648", "9" * 20]),
    st.sampled_from(["&#382;é\nž", "Novák\nDvořák", "<![CDATA[é\n<ž>]]>", "é<!-- c -->ž", "<?p i?>é"]),
    st.text(max_size=10).map(escape),
)


@st.composite
def documents(draw: st.DrawFn, depth: int = 0) -> str:
    """Well-formed XML of XML-RPC's elements in any order."""
    tag = draw(st.sampled_from([*_TAGS, *_SCALARS, "value", "value", "member", "struct", "data"]))
    count = draw(st.integers(0, 3)) if depth < 4 else 0
    parts = [draw(documents(depth + 1)) if depth < 2 or draw(st.booleans()) else draw(_CONTENT) for _ in range(count)]
    return f"<{tag}>{''.join(parts) if parts else draw(_CONTENT)}</{tag}>"


@st.composite
def datetimes(draw: st.DrawFn) -> str:
    """Text in the forms of date and time that are read here as PHP reads them, also for days that do not exist."""
    two = "{:02}".format
    dash = draw(st.sampled_from(["", "-"]))
    days = [two(draw(st.integers(0, 12))), two(draw(st.integers(0, 31)))]
    year = draw(st.integers(0, 9999) | st.sampled_from([0, 1, 1969, 1970, 2024, 9999]))
    hour, minute, second = draw(st.integers(0, 24)), draw(st.integers(0, 59)), draw(st.integers(0, 60))
    zone = draw(st.sampled_from(["", "", "Z", "z", " UTC", "GMT", "+0200", " +02:00", "-05:30", "+14", "-00:00"]))
    fraction = draw(st.sampled_from(["", ".5", ".123456789"])) if dash else ""
    between = draw(st.sampled_from(["T", "t", " ", "  "]))
    time = f"{two(hour)}:{two(minute)}:{two(second)}{fraction}"
    return dash.join([f"{year:04}", *days]) + between + time + zone


# A date or time alone, and words that PHP reads as a date.
DATES_OR_TIMES = st.one_of(
    st.dates().map("{:%Y%m%d}".format),
    st.dates().map(str),
    st.times().map("{:%H:%M:%S}".format),
    st.sampled_from(["now", "Today", "noon", "midnight", "tomorrow", "yesterday", *"abzJZ"]),
)
