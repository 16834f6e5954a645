"""The values that do not pass, and the reasons, in one table.

A difference that is not listed fails its test, and so does one that is listed and does not occur. docs/conformance.md
shows the result for each value.
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
        values: names of values, with a space between them; ``*`` matches anything in a name.
        reason: the reason, for the page; without a full stop at the end.
    """

    relations: str
    values: str
    reason: str

    def cells(self) -> set[tuple[str, str]]:
        """The pairs of relation and value that have this difference."""
        names = [name for name in VALUES if any(fnmatchcase(name, pattern) for pattern in self.values.split())]
        assert all(any(fnmatchcase(name, pattern) for name in VALUES) for pattern in self.values.split()), self.values
        return {(relation, name) for relation in self.relations.split() for name in names}


def expected(peer: str) -> dict[tuple[str, str], Difference]:
    """The differences of a peer, by relation and value."""
    table: dict[tuple[str, str], Difference] = {}
    for difference in DIFFERENCES[peer]:
        cells = difference.cells()
        assert not cells & table.keys(), f"listed twice for {peer}: {sorted(cells & table.keys())}"
        table.update(dict.fromkeys(cells, difference))
    return table


# Most peers lose CR for the same reason.
_BARE_CR = "CR is written as it is, and every XML parser reads it as LF; written as `&#13;` it would be kept"
_NO_I8 = "integers beyond 32 bits are not supported"
_NO_NIL = "nil, an extension of XML-RPC, is not supported"
_SUMMER_TIME = (
    "the library treats dates as local time, and this hour does not exist, because the clocks go forward (the peer "
    "runs with the time zone of Prague)"
)
_SHORT_YEAR = "years before 1000 are written without leading zeros"

DIFFERENCES: dict[str, tuple[Difference, ...]] = {
    "php": (
        Difference(
            "reads serves",
            "i8-*",
            "`i8` is read as null, which is also PHP's result for a document that cannot be read",
        ),
        Difference("writes triggers", "i8-*", "integers are cut to their lowest 32 bits without an error"),
        Difference(
            "writes serves triggers",
            "double-17-digits double-small double-min",
            "doubles are written with six decimals",
        ),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference(
            "reads writes serves triggers",
            "datetime-1969",
            "the timestamp of this date is -1, which the extension takes for an error, so the date becomes a string",
        ),
        Difference("writes", "nil", "an answer of null is written without a param"),
        Difference("serves triggers", "nil", "null is written as an empty string"),
        Difference("writes serves triggers", "array-of-nil", "null is written as an empty string"),
        Difference(
            "writes serves triggers",
            "nested-100",
            "the document is indented, and it is cut off when the indentation becomes too deep",
        ),
        Difference(
            "reads writes serves triggers",
            "struct-empty struct-mixed array-of-empty",
            "PHP has one empty array for both, which is sent as an array",
        ),
        Difference(
            "reads writes serves triggers",
            "struct-names-count",
            "the names 0, 1 ... become integer keys in PHP, and an array with these keys is a list",
        ),
        Difference(
            "reads serves",
            "struct-name-empty",
            "an empty name becomes the next integer key, here 0, and an array with this key is a list",
        ),
        Difference("writes serves", "struct-like-a-fault", "a struct with a faultCode is written as a fault"),
    ),
    "perl": (
        Difference("writes serves triggers", "double-min", "doubles are written with 20 decimals"),
        Difference(
            "serves",
            "true false double-max string-digits array-mixed struct-mixed",
            "a Perl value has no type, and the server guesses the type of its answer from the text of the value",
        ),
        Difference(
            "serves",
            "base64-*",
            "binary data is an ordinary Perl string and is sent back as a string, with a character for each byte, even "
            "if XML does not allow the character",
        ),
    ),
    "frontier": (
        Difference("reads serves", "i8-*", "`i8` is not supported; every integer is written as int, which we read"),
        Difference("reads writes serves triggers", "nil array-of-nil", _NO_NIL),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference("writes serves triggers", "struct-name-markup", "names of members are written without escaping"),
    ),
    "ruby": (
        Difference("writes serves triggers", "i8-*", f"{_NO_I8} when writing, unless a constant of the gem is changed"),
        Difference("reads writes serves triggers", "nil array-of-nil", f"{_NO_NIL}, unless a constant is changed"),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference("reads writes serves triggers", "datetime-zero", "dates are validated, and month 0 is refused"),
    ),
    "c": (
        Difference(
            "reads serves",
            "double-17-digits double-small double-min",
            "the library's own code parses decimal numbers, is not exact in the last of 17 digits, and loses the "
            "smallest numbers",
        ),
        Difference(
            "reads writes serves triggers",
            "double-max",
            "the largest doubles are read and written with about 15 digits",
        ),
        Difference("writes serves triggers", "double-minus-zero", "zero is written without its sign"),
        Difference(
            "reads writes serves triggers",
            "string-emoji string-last-of-all",
            "UTF-8 characters of four bytes, such as emoji, are refused",
        ),
        Difference("reads serves", "string-cr string-crlf", "every CR is changed to LF after the XML is parsed"),
        Difference("writes serves triggers", "datetime-year-1", _SHORT_YEAR),
        Difference("reads serves", "datetime-zero", "dates are validated when they are read"),
        Difference("writes triggers", "datetime-zero", _SHORT_YEAR),
        Difference("reads serves", "nested-100", "at most 64 levels are read"),
    ),
    "java": (
        Difference("reads", "string-entity", "`&amp;` is replaced a second time after the XML parser has replaced it"),
        Difference("writes triggers", "double-minus-zero", "zero is written without its sign"),
        Difference("writes triggers", "string-cr string-crlf", _BARE_CR),
        Difference(
            "reads writes triggers",
            "datetime-zero",
            "Java's calendar counts month 0 and day 0 back from 1",
        ),
        Difference(
            "reads writes triggers",
            "datetime-summer-gap",
            _SUMMER_TIME,
        ),
        Difference("writes triggers", "struct-name-markup", "names of members are written without escaping"),
    ),
    "node": (
        Difference("reads serves", "i8-*", "`i8` is read as a string, because integers in JavaScript have 53 bits"),
        Difference("writes triggers", "i8-past-double", "integers in JavaScript have 53 bits"),
        Difference(
            "writes triggers",
            "i8-max i8-min",
            "JavaScript writes the number as 9223372036854776000, which does not fit 64 bits",
        ),
        Difference(
            "reads writes serves triggers",
            "double-zero double-minus-zero double-whole",
            "JavaScript has one type of number, and a whole number is written as int",
        ),
        Difference("reads", "double-large double-max", "JavaScript has one type of number, and this number is whole"),
        Difference(
            "writes serves triggers",
            "double-large double-max",
            "a whole number is written as int, even if JavaScript prints it with an exponent",
        ),
        Difference("writes serves triggers", "datetime-year-1", _SHORT_YEAR),
        Difference(
            "reads", "datetime-year-1", "local time differed from UTC by some seconds then, which the library drops"
        ),
        Difference(
            "reads writes serves triggers",
            "datetime-summer-gap",
            _SUMMER_TIME,
        ),
        Difference("reads writes serves triggers", "datetime-zero", "the date is an invalid Date in JavaScript"),
    ),
    "python": (
        Difference("writes serves triggers", "i8-*", "integers beyond 32 bits are refused, although `i8` is read"),
        Difference("writes serves triggers", "string-cr string-crlf", _BARE_CR),
        Difference(
            "reads serves", "datetime-zero", "with `use_builtin_types`, a date that a datetime cannot hold is an error"
        ),
    ),
    "aiohttp": (
        Difference("reads serves", "i8-*", "`i8` is not in its schema"),
        Difference(
            "writes triggers", "i8-*", "integers beyond 32 bits are written as double, with a loss of precision"
        ),
        Difference(
            "writes serves triggers",
            "int-max int-min",
            "the largest and the smallest 32-bit integer are written as double too",
        ),
        Difference(
            "reads serves",
            "string-blank string-blank-around string-lf string-crlf string-no-break-space string-long",
            "white space is stripped from strings",
        ),
        Difference("serves", "base64-empty", "empty binary data is read as bytes, and bytes are written as a string"),
        Difference("writes serves triggers", "datetime-year-1", _SHORT_YEAR),
        Difference("reads writes serves triggers", "datetime-zero", "a date that a datetime cannot hold is an error"),
        Difference("reads serves", "nested-100", "its XML parser allows 256 levels of elements"),
        Difference("reads serves", "struct-name-empty", "an empty name is read as None"),
    ),
}
