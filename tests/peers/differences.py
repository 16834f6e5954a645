"""Where a peer differs from what was meant, and why: one table, which the tests hold to both ways.

A difference that is not listed fails its test, and so does one that is listed and does not occur. What exactly
becomes of each value stands in docs/conformance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from .values import VALUES

__all__ = ["DIFFERENCES", "Difference", "expected"]


@dataclass(frozen=True)
class Difference:
    """Some values that do not pass in some relations, for one reason.

    Attributes:
        relations: names of relations, with a space between them.
        values: names of values likewise; ``*`` stands for anything in a name.
        reason: why, for readers; ends without a full stop.
    """

    relations: str
    values: str
    reason: str

    def cells(self) -> set[tuple[str, str]]:
        """The pairs of relation and value that this is about."""
        names = [name for name in VALUES if any(fnmatchcase(name, pattern) for pattern in self.values.split())]
        assert all(any(fnmatchcase(name, pattern) for name in VALUES) for pattern in self.values.split()), self.values
        return {(relation, name) for relation in self.relations.split() for name in names}


def expected(peer: str) -> dict[tuple[str, str], Difference]:
    """The differences of a peer by relation and value."""
    table: dict[tuple[str, str], Difference] = {}
    for difference in DIFFERENCES[peer]:
        cells = difference.cells()
        assert not cells & table.keys(), f"listed twice for {peer}: {sorted(cells & table.keys())}"
        table.update(dict.fromkeys(cells, difference))
    return table


# Why CR is lost: the same in most peers.
_BARE_CR = (
    "CR is written bare, and a bare CR means LF to every XML parser; a call with `&#13;` in its place would keep it"
)
_NO_I8 = "integers beyond 32 bits are not known"
_NO_NIL = "nil is not known; it is an extension that XML-RPC of 1999 does not have"
_SUMMER_TIME = (
    "dates are local time to the library, and this hour was left out when clocks were put forward (in Prague, where "
    "this peer is told to be)"
)
_SHORT_YEAR = "years before 1000 are written without their leading zeros"

DIFFERENCES: dict[str, tuple[Difference, ...]] = {
    "php": (
        Difference("reads serves", "i8-*", "`i8` reads as null, which is also what PHP says of a broken document"),
        Difference("writes triggers", "i8-*", "integers are cut to their lowest 32 bits without a word"),
        Difference(
            "writes serves triggers",
            "double-17-digits double-small double-min",
            "doubles are written with six digits behind the point",
        ),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference(
            "reads writes serves triggers",
            "datetime-1969",
            "this second is -1 when counted from 1970, which the extension takes for a failure: the date is a string",
        ),
        Difference("writes", "nil", "null as an answer is written as an answer without a param"),
        Difference("serves triggers", "nil", "null is written as an empty string"),
        Difference("writes serves triggers", "array-of-nil", "null is written as an empty string"),
        Difference(
            "writes serves triggers",
            "nested-100",
            "the document is indented, deeper for each element, and is cut off where that gets too deep",
        ),
        Difference(
            "reads writes serves triggers",
            "struct-empty struct-mixed array-of-empty",
            "PHP has one empty array for both, and it goes as an array",
        ),
        Difference(
            "reads writes serves triggers",
            "struct-names-count",
            "names that are the numbers from 0 become PHP's integer keys, and such an array is a list",
        ),
        Difference(
            "reads serves", "struct-name-empty", "an empty name becomes the next number, here 0, and that a list"
        ),
        Difference("writes serves", "struct-like-a-fault", "a struct with a faultCode is written as a fault"),
    ),
    "perl": (
        Difference("writes serves triggers", "double-min", "doubles are written with 20 digits behind the point"),
        Difference(
            "serves",
            "true false double-max string-digits array-mixed struct-mixed",
            "a Perl value does not know its type, and the server guesses one for its answer from how the value looks",
        ),
        Difference(
            "serves",
            "base64-*",
            "binary data is a Perl string like any other and goes back as a string, byte by character, even where XML "
            "has no such character",
        ),
    ),
    "frontier": (
        Difference("reads serves", "i8-*", "`i8` is no type it knows; it writes every integer as int, which we read"),
        Difference("reads writes serves triggers", "nil array-of-nil", _NO_NIL),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference("writes serves triggers", "struct-name-markup", "names of members are written without escaping"),
    ),
    "ruby": (
        Difference("writes serves triggers", "i8-*", f"{_NO_I8} when writing, unless a constant of the gem is changed"),
        Difference("reads writes serves triggers", "nil array-of-nil", f"{_NO_NIL}, unless a constant is changed"),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference("reads writes serves triggers", "datetime-zero", "dates are checked, and there is no month 0"),
    ),
    "c": (
        Difference(
            "reads serves",
            "double-17-digits double-small double-min",
            "decimals are read by code of its own, which is off in the last of 17 digits and loses the smallest",
        ),
        Difference(
            "reads writes serves triggers",
            "double-max",
            "the largest doubles are read and written with 15 digits or so",
        ),
        Difference("writes serves triggers", "double-minus-zero", "zero is written without its sign"),
        Difference(
            "reads writes serves triggers",
            "string-emoji string-last-of-all",
            "UTF-8 of four bytes is taken for an error, so there are no emoji",
        ),
        Difference("reads serves", "string-cr string-crlf", "every CR is made an LF after the XML was read"),
        Difference("writes serves triggers", "datetime-year-1", _SHORT_YEAR),
        Difference("reads serves", "datetime-zero", "dates are checked when they are read"),
        Difference("writes triggers", "datetime-zero", _SHORT_YEAR),
        Difference("reads serves", "nested-100", "64 levels at most are read"),
    ),
    "java": (
        Difference("reads", "string-entity", "`&amp;` is replaced once more after the XML parser has done it"),
        Difference("writes triggers", "double-minus-zero", "zero is written without its sign"),
        Difference("writes triggers", "string-cr string-crlf", _BARE_CR),
        Difference(
            "reads writes triggers",
            "datetime-zero",
            "month and day 0 are counted back from 1, as Java's calendar has it",
        ),
        Difference(
            "reads writes triggers",
            "datetime-summer-gap",
            _SUMMER_TIME,
        ),
        Difference("writes triggers", "struct-name-markup", "names of members are written without escaping"),
    ),
    "node": (
        Difference("reads serves", "i8-*", "`i8` is given as a string, because JavaScript's numbers end at 53 bits"),
        Difference("writes triggers", "i8-past-double", "JavaScript's numbers end at 53 bits"),
        Difference("writes triggers", "i8-max i8-min", "JavaScript rounds it to 2**63, which fits no i8"),
        Difference(
            "reads writes serves triggers",
            "double-zero double-minus-zero double-whole",
            "JavaScript has one type of numbers, and a whole one is written as int",
        ),
        Difference("reads", "double-large double-max", "JavaScript has one type of numbers, and this one is whole"),
        Difference(
            "writes serves triggers",
            "double-large double-max",
            "a whole number is written as int, even one that JavaScript prints with an exponent",
        ),
        Difference("writes serves triggers", "datetime-year-1", _SHORT_YEAR),
        Difference(
            "reads", "datetime-year-1", "local time then differed from UTC by odd seconds, which the library drops"
        ),
        Difference(
            "reads writes serves triggers",
            "datetime-summer-gap",
            _SUMMER_TIME,
        ),
        Difference("reads writes serves triggers", "datetime-zero", "JavaScript's Date has an invalid date for it"),
    ),
    "python": (
        Difference("writes serves triggers", "i8-*", "integers beyond 32 bits are refused, though `i8` is read"),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference("reads serves", "datetime-zero", "with `use_builtin_types`, what is no datetime is an error"),
    ),
    "aiohttp": (
        Difference("reads serves", "i8-*", "`i8` is not in its schema"),
        Difference("writes triggers", "i8-*", "integers beyond 32 bits are written as double, with the loss that has"),
        Difference(
            "writes serves triggers",
            "int-max int-min",
            "the two outermost integers of 32 bits are taken for larger ones, and written as double",
        ),
        Difference(
            "reads serves",
            "string-blank string-blank-around string-lf string-crlf string-no-break-space string-long",
            "white space is stripped from strings",
        ),
        Difference("serves", "base64-empty", "empty binary data is read as bytes, and bytes are written as a string"),
        Difference("writes serves triggers", "datetime-year-1", _SHORT_YEAR),
        Difference("reads writes serves triggers", "datetime-zero", "what is no datetime is an error"),
        Difference("reads serves", "nested-100", "its XML parser stops at 256 levels of elements"),
        Difference("reads serves", "struct-name-empty", "an empty name is read as None"),
    ),
}
