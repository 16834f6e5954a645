"""The kinds of answers. Each says which answers of Mailkit are refusals, and gives the value of the others.

Mailkit answers an XML-RPC call with a struct, an array, a number or a bare string. Its refusals are bare strings too;
yet some methods answer a bare string, an int or an empty string when they succeed. So every method has one of the kinds
below, and an answer that its kind does not know as a success is a refusal. Where a struct has an error_status, that
number decides: ``{"error": "OK", "error_status": "0"}`` is a success, whatever other members are missing. Only a status
that says that no message was sent is a refusal even then: otherwise a customer would get no e-mail and nobody an error.

A value gets the types that the annotations of its TypedDict name, because Mailkit sends a number as an int or as a
string, an empty string for no rows, and a lone struct for one row. Conversion never fails: a value that cannot be
converted stays as it came.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, Generic, NamedTuple, TypeVar, cast

from .conversion import converter
from .errors.refused import STATUS_TEXTS

__all__ = ["NO_CODE", "Answer", "Anything", "Flag", "Id", "Ids", "Refusal", "Rows", "Struct", "Words"]

T = TypeVar("T")
Row = TypeVar("Row")

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*").fullmatch

# Stands for the code of a refusal that XML-RPC does not carry. Mailkit's JSON interface gives 1 for those.
NO_CODE = 1


class Refusal(NamedTuple):
    """Why an answer is a refusal: Mailkit's text, and its code."""

    error: str
    code: int = NO_CODE


class Answer(Generic[T]):
    """What a method answers.

    Attributes:
        words: the bare strings that are successes.
        also: further ones, which only a caller knows.
        statuses: the values of a struct's status that are refusals.
        code: a member that decides about a struct as error_status does; "" for none.
        keep_bad_scalars: whether its answers have scalars whose text does not fit their type.
    """

    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    code: str = ""
    keep_bad_scalars: bool = False

    def refusal(self, raw: object) -> Refusal | None:
        """Why the answer `raw` is a refusal, or None if it is a success."""
        if isinstance(raw, dict):
            decisive = "error_status" if "error_status" in raw else self.code if self.code in raw else ""
            if decisive and (refusal := _coded_refusal(raw, decisive)):
                return refusal
            status = _number(raw.get("status")) if self.statuses else None
            if status is not None and status in self.statuses:
                return Refusal(STATUS_TEXTS[status], status)
            if decisive:
                return None
        elif isinstance(raw, str) and (raw in self.words or raw in self.also):
            return None
        return self._refusal(raw)

    def value(self, raw: object) -> T:
        """The value of the success `raw`; a bare string that only the caller knows is its own value."""
        if isinstance(raw, str) and raw in self.also and raw not in self.words:
            return cast(T, raw)
        return self._value(raw)

    def accepting(self, words: Iterable[str]) -> Answer[Any]:
        """The same kind, for which these bare strings are successes too."""
        if not (also := tuple(words)):
            return self
        accepting = copy.copy(self)
        accepting.also = (*self.also, *also)
        return accepting

    def _refusal(self, raw: object) -> Refusal | None:
        """The same as `refusal`, for an answer that neither a number nor a known word decides about."""
        raise NotImplementedError

    def _value(self, raw: Any) -> T:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(value, '__name__', repr(value))}" for name, value in vars(self).items())
        return f"{type(self).__name__}({given})"


class Rows(Answer[list[Row]]):
    """A list of structs: an array, a lone struct for one row, an empty string for none.

    Args:
        row: the TypedDict of a row.
        inside: the member of a struct that holds the rows; "" if they are the answer itself.
        code: see `Answer`.
        empty: the refusal that an empty string is; "" if it stands for no rows.
        keep_bad_scalars: see `Answer`.
    """

    def __init__(
        self, row: type[Row], *, inside: str = "", code: str = "", empty: str = "", keep_bad_scalars: bool = False
    ) -> None:
        self.row = row
        self.inside = inside
        self.code = code
        self.empty = empty
        self.keep_bad_scalars = keep_bad_scalars

    def _refusal(self, raw: object) -> Refusal | None:
        if self.inside:
            return _struct_refusal(raw, (self.inside,)) or _rows_refusal(cast("dict[str, Any]", raw)[self.inside])
        return Refusal(self.empty) if raw == "" and self.empty else _rows_refusal(raw)

    def _value(self, raw: Any) -> list[Row]:
        if self.inside:
            raw = raw.get(self.inside, "")
        convert = converter(self.row)
        if isinstance(raw, list):
            return [convert(row) for row in raw]
        return [convert(raw)] if raw else []


class Struct(Answer[T]):
    """A struct.

    Args:
        struct: its TypedDict.
        needs: members without which it is a refusal.
        words: bare strings that are successes too; every member of the value is None then.
        statuses: see `Answer`.
    """

    def __init__(
        self, struct: type[T], *, needs: Sequence[str] = (), words: Sequence[str] = (), statuses: Sequence[int] = ()
    ) -> None:
        self.struct = struct
        self.needs: tuple[str, ...] = tuple(needs)
        self.words: tuple[str, ...] = tuple(words)
        self.statuses: tuple[int, ...] = tuple(statuses)

    def _refusal(self, raw: object) -> Refusal | None:
        return _struct_refusal(raw, self.needs)

    def _value(self, raw: Any) -> T:
        if isinstance(raw, str):
            return cast(T, dict.fromkeys(self.struct.__annotations__))
        value: T = converter(self.struct)(raw)
        return value


class Words(Answer[str]):
    """One of some bare strings.

    Args:
        words: these strings.
        inside: the member of a struct that can hold one of them instead; "" for none.
    """

    def __init__(self, *words: str, inside: str = "") -> None:
        self.words = words
        self.inside = inside

    def _refusal(self, raw: object) -> Refusal | None:
        if self.inside and isinstance(raw, dict):
            if missing := _struct_refusal(raw, (self.inside,)):
                return missing
            raw = raw[self.inside]
        return None if isinstance(raw, str) and raw in self.words else _unexpected(raw)

    def _value(self, raw: Any) -> str:
        return cast(str, raw.get(self.inside, "") if isinstance(raw, dict) else raw)


class Id(Answer[int]):
    """An id, as an int or as digits; 0 is not one."""

    def _refusal(self, raw: object) -> Refusal | None:
        return _ids_refusal(raw, [raw])

    def _value(self, raw: Any) -> int:
        return cast(int, converter(int)(raw))


class Ids(Answer[list[int]]):
    """Ids: an array, a lone id, or digits with commas between them."""

    def _refusal(self, raw: object) -> Refusal | None:
        ids = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list) else [raw]
        return _ids_refusal(raw, ids)

    def _value(self, raw: Any) -> list[int]:
        return cast("list[int]", converter(list[int])(raw))


class Flag(Answer[bool]):
    """True or false: a boolean, a number, or the word TRUE or FALSE.

    Args:
        false: the refusal that a false one is; "" if it is a success as well.
    """

    def __init__(self, *, false: str = "") -> None:
        self.false = false

    def _refusal(self, raw: object) -> Refusal | None:
        flag = converter(bool)(raw)
        if not isinstance(flag, bool):
            return _unexpected(raw)
        return Refusal(self.false) if self.false and not flag else None

    def _value(self, raw: Any) -> bool:
        return cast(bool, converter(bool)(raw))


class Anything(Answer[Any]):
    """An answer that is not documented: any value but a bare string, whose value is the answer as it came.

    Args:
        words: the bare strings that are successes.
        statuses: see `Answer`.
    """

    def __init__(self, *words: str, statuses: Sequence[int] = ()) -> None:
        self.words = words
        self.statuses: tuple[int, ...] = tuple(statuses)

    def _refusal(self, raw: object) -> Refusal | None:
        return _unexpected(raw) if isinstance(raw, str) else None

    def _value(self, raw: Any) -> Any:
        return raw


def _struct_refusal(raw: object, needs: Sequence[str]) -> Refusal | None:
    if not isinstance(raw, dict):
        return _unexpected(raw)
    missing = [name for name in needs if name not in raw]
    return Refusal(f"an answer without {', '.join(missing)}") if missing else None


def _rows_refusal(raw: object) -> Refusal | None:
    rows = raw if isinstance(raw, list) else [] if raw == "" else [raw]
    wrong = [row for row in rows if not isinstance(row, dict)]
    return _unexpected(wrong[0]) if wrong else None


def _ids_refusal(raw: object, ids: Iterable[object]) -> Refusal | None:
    if all(map(_is_id, ids)):
        return None
    return Refusal(f"{raw} is not an id") if type(raw) is int else _unexpected(raw)


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch("[0-9]{1,19}", value) is not None and int(value) > 0
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _unexpected(raw: object) -> Refusal:
    """A bare string is a refusal in Mailkit's own words; an answer of another type has none."""
    if isinstance(raw, str):
        return Refusal(raw or "an empty answer")
    return Refusal(f"an answer of an unexpected type ({type(raw).__name__})")


def _coded_refusal(struct: dict[str, Any], name: str) -> Refusal | None:
    """What the number in the member `name` says."""
    code = _number(struct[name])
    if code == 0:
        return None
    texts = [struct.get(member) for member in ("error", "message", "status")]
    found = [text for text in texts if isinstance(text, str) and text]
    if code is None:
        return Refusal(found[0] if found else f"an {name} that is not a number")
    return Refusal(found[0] if found else f"{name} {code}", code)


def _number(value: object) -> int | None:
    """error_status is a number or a string of digits; anything else is None."""
    if isinstance(value, str):
        return int(value) if _INTEGER(value) else None
    if isinstance(value, (float, Decimal)):
        return int(value) if isfinite(value) and value == int(value) else None
    return int(value) if isinstance(value, int) else None
