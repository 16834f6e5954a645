"""Hypothesis strategies for all values that XML-RPC can carry, and for many that it cannot.

The arguments of `values` are the limits of other formats. Without arguments, a test gets plain XML-RPC.
"""

from __future__ import annotations

import enum
import xmlrpc.client
from collections import OrderedDict, namedtuple
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

# Text that codecs often corrupt: markup, characters that XML changes (CR) or can write in two ways, the ends of the
# ranges that XML 1.0 allows, a letter and its combining accent.
_TRICKY = st.sampled_from(
    [*"\t\n\r <>&'\";]", "\x7f", "\x85", "\xa0", "\u0301", "\u2028", "\ud7ff", "\ue000", "\ufffd", "😀"]
)

# XML 1.0 does not allow these: the C0 controls except tab, LF and CR, the last two code points of the basic plane, and
# surrogates.
FORBIDDEN = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r") + "\ufffe\uffff"

_XML = st.characters(exclude_categories=["Cs"], exclude_characters=FORBIDDEN)


class Tag(str, enum.Enum):
    """A kind of constant that programs pass as text."""

    ORDER_PAID = "order_paid"
    MARKUP = "<&>"


class Flag(enum.IntEnum):
    """A kind of constant that programs pass as a number."""

    ON = 1
    BIG = 2**40


Point = namedtuple("Point", "x y")


def texts(*, carriage_return: bool = True) -> st.SearchStrategy[str]:
    """Any text that XML 1.0 allows."""
    text = st.text(st.one_of(_XML, _TRICKY)) | st.text(st.sampled_from("ab <&>]"))
    return text if carriage_return else text.map(lambda text: text.replace("\r", "\n"))


def bad_texts() -> st.SearchStrategy[str]:
    """Texts with at least one character that XML 1.0 forbids: a control, a lone surrogate, U+FFFE, U+FFFF."""
    bad = st.sampled_from(FORBIDDEN) | st.integers(0xD800, 0xDFFF).map(chr)
    return st.builds("{}{}{}".format, texts(), bad, texts())


def integers(bits: int = 64) -> st.SearchStrategy[int]:
    """Integers of this many bits, often near the limits of 32 bits or of `bits`."""
    edges = [sign * 2**power + step for sign in (1, -1) for power in (31, bits - 1) for step in (-1, 0, 1)]
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return st.integers(low, high) | st.sampled_from([edge for edge in edges if low <= edge <= high])


def doubles() -> st.SearchStrategy[float]:
    """Every finite double, often one whose shortest form has an exponent."""
    odd = st.sampled_from([0.0, -0.0, 0.1, 1e16, 1e22, 5e-324, 1.7976931348623157e308])
    return st.floats(allow_nan=False, allow_infinity=False) | odd


def binaries() -> st.SearchStrategy[Any]:
    """Bytes, in all types that can hold them."""
    data = st.binary()
    return data | data.map(bytearray) | data.map(memoryview) | data.map(xmlrpc.client.Binary)


def datetimes(*, fractions: bool = True) -> st.SearchStrategy[datetime]:
    """Naive datetimes from the year 1 on."""
    return st.datetimes() if fractions else st.datetimes().map(lambda value: value.replace(microsecond=0))


def values(
    *,
    none: bool = False,
    bits: int = 64,
    carriage_return: bool = True,
    fractions: bool = True,
    subclasses: bool = True,
    leaves: st.SearchStrategy[Any] | None = None,
) -> st.SearchStrategy[Any]:
    """Any value that XML-RPC can carry.

    Args:
        none: also None, which only an extension of XML-RPC can carry.
        bits: the size of integers.
        carriage_return: texts may have CR, which some encoders lose.
        fractions: datetimes may have fractions of a second, which XML-RPC cannot carry.
        subclasses: also subclasses of the types, and tuples.
        leaves: more scalars.
    """
    text = texts(carriage_return=carriage_return)
    scalars = [st.booleans(), integers(bits), doubles(), text, st.binary(), datetimes(fractions=fractions)]
    if none:
        scalars.append(st.none())
    if subclasses:
        scalars += [
            binaries(),
            st.sampled_from(Tag),
            st.sampled_from([flag for flag in Flag if flag < 2 ** (bits - 1)]),
        ]
    if leaves is not None:
        scalars.append(leaves)
    names = text | st.sampled_from(Tag) if subclasses else text

    def containers(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        # Names are compared as text, so a str Enum and its value are a duplicate name, which is refused.
        structs = st.dictionaries(names, children).filter(
            lambda struct: len({str.__str__(name) for name in struct}) == len(struct)
        )
        kinds = [st.lists(children), structs]
        if subclasses:
            kinds += [st.lists(children).map(tuple), st.builds(Point, children, children), structs.map(OrderedDict)]
        return st.one_of(kinds)

    return st.recursive(st.one_of(scalars), containers, max_leaves=20)


def misfits() -> st.SearchStrategy[Any]:
    """Values that XML-RPC cannot carry."""
    aware = st.datetimes(timezones=st.just(timezone(timedelta(hours=2))))
    return st.one_of(
        st.sampled_from(
            [float("nan"), float("inf"), float("-inf"), None, object(), int, len, ..., 1j, set(), frozenset()]
        ),
        st.sampled_from(
            [date(2026, 1, 2), time(3, 4), timedelta(1), Decimal("1.10"), Fraction(1, 3), range(3), {1: "a"}]
        ),
        st.integers(min_value=2**63) | st.integers(max_value=-(2**63) - 1),
        aware,
        bad_texts(),
        bad_texts().map(lambda name: {name: 1}),
        bad_texts().map(xmlrpc.client.DateTime),
    )


def anything() -> st.SearchStrategy[Any]:
    """Values with or without a misfit somewhere in them."""
    return values(leaves=misfits())


# Parts of documents. In random order, they reach states of the decoder that random bytes do not.
TOKENS = [
    b'<?xml version="1.0"?>',
    b'<?xml version="1.0" encoding="UTF-8"?>',
    b'<?xml version="1.0" encoding="windows-1250"?>',
    b'<?xml version="1.0" encoding="UTF-16"?>',
    b'<?xml version="1.0" encoding="utf-7"?>',
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    *(
        b"<%s%s>" % (slash, name)
        for name in b"methodResponse methodCall methodName params param fault value array data struct member name "
        b"string int i8 boolean double biginteger bigdecimal dateTime.iso8601 base64 nil ex:nil foo".split()
        for slash in (b"", b"/")
    ),
    b"<value/>",
    b"<nil/>",
    b"<param/>",
    b"<array/>",
    b"<value><int>1</int></value>",
    b"<member><name>faultCode</name><value><int>1</int></value></member>",
    b"<member><name>faultString</name><value>x</value></member>",
    b"<!-- x -->",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?x y?>",
    b"<!DOCTYPE r>",
    b'<!DOCTYPE r [<!ENTITY e "x">]>',
    b"&amp;",
    b"&e;",
    b"&#13;",
    b"&#0;",
    b"1",
    b"-",
    b"9" * 25,
    b"1e999",
    b"nan",
    b"QQ==",
    b"19980717T14:08:55",
    b"x",
    b" ",
    b"\n",
    b"\r",
    b"\0",
    b"\xc5\xbe",
    b"\xff",
]


def token_soups() -> st.SearchStrategy[bytes]:
    """Documents made of the right words in any order."""
    return st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join)


@st.composite
def mutated(draw: st.DrawFn, documents: st.SearchStrategy[bytes]) -> bytes:
    """A document with a few slices deleted, doubled or moved, a word inserted, a bit flipped."""
    document = draw(documents)
    for _ in range(draw(st.integers(1, 4))):
        places = st.integers(0, len(document))
        start, end = sorted((draw(places), draw(places)))
        piece = document[start:end]
        operation = draw(st.sampled_from(["delete", "double", "move", "insert", "flip"]))
        if operation == "delete":
            document = document[:start] + document[end:]
        elif operation == "double":
            document = document[:end] + document[start:]
        elif operation == "move":
            rest = document[:start] + document[end:]
            target = draw(st.integers(0, len(rest)))
            document = rest[:target] + piece + rest[target:]
        elif operation == "insert":
            document = document[:start] + draw(st.sampled_from(TOKENS) | st.binary(max_size=4)) + document[start:]
        elif start < len(document):
            flipped = document[start] ^ (1 << draw(st.integers(0, 7)))
            document = document[:start] + bytes([flipped]) + document[start + 1 :]
    return document
