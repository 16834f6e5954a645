"""The work that is measured, done by `xmlrpc.client` and by this package, and checked to give the same results.

Each row has the name of the work, the ratio that must be reached, the ratio that is wanted, and two functions that do
the work once. There are rows for every kind of document that `documents` makes, and for tables of texts. All checks of
the codec are enabled: escaping, forbidden characters, duplicate names, depth, limits.
"""

from __future__ import annotations

import time
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from mailkit_xmlrpc import codec
from mailkit_xmlrpc.errors import FaultError

from . import documents
from .documents import KINDS, Kind

METHOD = "mailkit.journeys.trigger"
CREDENTIALS = (12345678, "abc123def456abc123def456abc12345")
EVENT = {
    "email": "example@example.com",
    "event_tag": "my_event",
    "event_data": {"name": "content1", "other_name": "content2"},
}
ANSWER = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}
PIECE = 65536
ADDED = Path(__file__).parents[2] / "fixtures" / "journeys.trigger" / "added.xml"


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        name: the work, in words.
        enough: the ratio to the standard library that must be reached.
        aim: the ratio that is wanted.
        standard: does the work once with the standard library.
        ours: does the work once with this package.
        repeat: how many times the work is done in a round.
        clock: the clock for CPU or wall time.
        group: the work that is the same for every kind of document, for the lowest ratio and the geometric mean.
    """

    name: str
    enough: float
    aim: float
    standard: Callable[[], Any]
    ours: Callable[[], Any]
    repeat: int
    clock: Callable[[], float] = time.process_time
    group: str = ""


@dataclass(frozen=True)
class Group:
    """Work that is the same for every kind of document.

    Attributes:
        enough: the ratio that must be reached with each kind.
        aim: the ratio that is wanted with each kind.
        mean_enough: the geometric mean that must be reached.
        mean_aim: the geometric mean that is wanted.
    """

    enough: float
    aim: float
    mean_enough: float
    mean_aim: float


GROUPS = {
    "decode": Group(1.8, 2.5, 2.5, 3.5),
    "decode the call of": Group(1.8, 2.5, 2.5, 3.5),
    "encode": Group(1.1, 1.5, 1.5, 2.0),
}
# About how many bytes are read or written in a round.
VOLUME = 400_000


def rows_of_text(count: int = 10_000) -> list[dict[str, str]]:
    return [{f"column_{column}": f"value {row} {column}" for column in range(10)} for row in range(count)]


def small_answer() -> bytes:
    """The answer from Mailkit's page, with its white space."""
    document = ADDED.read_bytes()
    assert standard_decode(document) == ANSWER
    return document


def large_answer(count: int = 25_000) -> bytes:
    """A report: structs of 15 members, ints, texts and empty texts; 32 MB."""
    pieces = ['<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>\n<params>\n<param>\n<value>\n<array>\n<data>\n']
    for row in range(count):
        pieces.append("<value>\n<struct>\n")
        for column in range(15):
            pieces.append(f"<member>\n<name>COLUMN_{column}</name>\n<value>{_cell(row, column)}</value>\n</member>\n")
        pieces.append("</struct>\n</value>\n")
    pieces.append("</data>\n</array>\n</value>\n</param>\n</params>\n</methodResponse>\n")
    return "".join(pieces).encode()


def _cell(row: int, column: int) -> str:
    if column % 5 == 0:
        return f"<i4>{row * 15 + column}</i4>"
    if column % 5 == 3:
        return "<string></string>"
    return f"<string>value {row} of {column}</string>"


def standard_decode(document: bytes) -> Any:
    parser, unmarshaller = xmlrpc.client.getparser(use_builtin_types=True)
    for at in range(0, len(document), PIECE):
        parser.feed(document[at : at + PIECE])
    parser.close()
    return unmarshaller.close()[0]


def our_decode(document: bytes) -> Any:
    decoder = codec.ResponseDecoder()
    for at in range(0, len(document), PIECE):
        decoder.feed(document[at : at + PIECE])
    return decoder.close()


def codec_rows() -> list[Row]:
    """The work of the codec alone."""
    params = (*CREDENTIALS, EVENT)
    prepared = codec.PreparedRequest(METHOD, CREDENTIALS)
    table = rows_of_text()
    small, large = small_answer(), large_answer()

    def standard_request() -> bytes:
        return xmlrpc.client.dumps(params, METHOD, encoding="utf-8").encode()

    rows = [
        Row(
            "trigger request as Client prepares it", 2.0, 4.0, standard_request, lambda: prepared.encode((EVENT,)), 2000
        ),
        Row(
            "encode_request, one trigger",
            1.4,
            1.8,
            standard_request,
            lambda: codec.encode_request(METHOD, params),
            2000,
        ),
        Row(
            "encode_request, 10,000 structs of 10 texts",
            1.3,
            2.0,
            lambda: xmlrpc.client.dumps((table,), METHOD, encoding="utf-8").encode(),
            lambda: codec.encode_request(METHOD, (table,)),
            1,
        ),
        Row("decode the small answer", 1.4, 2.0, lambda: standard_decode(small), lambda: our_decode(small), 1000),
        Row(
            "decode 25,000 structs of 15 members (32 MB)",
            3.0,
            4.5,
            lambda: standard_decode(large),
            lambda: our_decode(large),
            1,
        ),
    ]
    assert prepared.encode((EVENT,)) == codec.encode_request(METHOD, params)
    for row in rows[3:]:
        assert row.standard() == row.ours(), row.name
    assert codec.decode_request(codec.encode_request(METHOD, (table,))) == (METHOD, (table,))
    return rows


def kind_rows(count: int | None = None) -> list[Row]:
    """The work of the codec on every kind of document, with `count` rows in each, or with the usual number."""
    rows = [row for kind in KINDS.values() for row in _rows_of_kind(kind, kind.rows if count is None else count)]
    return sorted(rows, key=lambda row: [*GROUPS].index(row.group))


def _rows_of_kind(kind: Kind, count: int) -> list[Row]:
    answer, call, value, params = kind.document(count), kind.call(count), kind.value(count), kind.params(count)
    repeat = max(1, VOLUME // len(answer))
    name = f"{kind.name}, {_size(len(answer))}"

    def row(group: str, standard: Callable[[], Any], ours: Callable[[], Any]) -> Row:
        figures = GROUPS[group]
        return Row(f"{group} {name}", figures.enough, figures.aim, standard, ours, repeat, group=group)

    rows = [
        row("decode", lambda: standard_decode(answer), lambda: our_decode(answer)),
        row("decode the call of", lambda: standard_decode_call(call), lambda: our_decode_call(call)),
        row("encode", standard_encoder(params), lambda: codec.encode_request(METHOD, params)),
    ]
    # As text, because 1 == True == 1.0.
    assert repr(rows[0].standard()) == repr(rows[0].ours()) == repr(value), name
    assert repr(rows[1].standard()) == repr(rows[1].ours()) == repr((params, METHOD)), name
    for document in (rows[2].standard(), rows[2].ours()):
        assert repr(standard_decode_call(document)) == repr(our_decode_call(document)) == repr((params, METHOD)), name
    return rows


def _size(length: int) -> str:
    return f"{length / 1000:.1f} KB" if length < 100_000 else f"{length / 1_000_000:.1f} MB"


def fault_rows() -> list[Row]:
    """The work of the codec on a fault, which is an exception for both libraries."""
    document = documents.fault()

    def standard() -> Any:
        try:
            standard_decode(document)
        except xmlrpc.client.Fault as fault:
            return fault.faultCode, fault.faultString

    def ours() -> Any:
        try:
            our_decode(document)
        except FaultError as fault:
            return fault.faultCode, fault.faultString

    assert standard() == ours() == documents.FAULT
    return [Row("decode a fault", 1.8, 2.5, standard, ours, 1000)]


def standard_decode_call(document: bytes) -> Any:
    return xmlrpc.client.loads(document, use_builtin_types=True)


def our_decode_call(document: bytes) -> Any:
    decoder = codec.RequestDecoder()
    decoder.feed(document)
    method, params = decoder.close()
    return params, method


class _Marshaller(xmlrpc.client.Marshaller):
    """Writes integers as i8, because the standard library refuses those beyond 32 bits. The work is the same."""

    def dump_long(self, value: int, write: Callable[[str], object]) -> None:
        write("<value><i8>")
        write(str(value))
        write("</i8></value>\n")

    dispatch = {**xmlrpc.client.Marshaller.dispatch, int: dump_long}


def standard_encoder(params: tuple[Any, ...]) -> Callable[[], bytes]:
    """Writes a call with these params as `xmlrpc.client.dumps` does."""

    def dumps() -> bytes:
        return xmlrpc.client.dumps(params, METHOD, encoding="utf-8").encode()

    def dumps_with_i8() -> bytes:
        body = _Marshaller("utf-8").dumps(params)
        head = f"<?xml version='1.0' encoding='utf-8'?>\n<methodCall>\n<methodName>{METHOD}</methodName>\n"
        return "".join((head, body, "</methodCall>\n")).encode()

    try:
        dumps()
    except OverflowError:
        return dumps_with_i8
    return dumps
