"""The fast encoder and decoder give what the plain ones give: the same bytes, the same values, equal errors.

Errors are compared with all their attributes: message, path, position, excerpt. A table is an array of structs, as APIs
return them. Most tables are longer than the text that the fast decoder reads at once. So it makes patterns of rows,
drops what it has read, and falls back to the plain decoder in the middle of the document.
"""

from __future__ import annotations

import contextlib
import copy
import random
from collections import OrderedDict, UserDict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Callable
from unittest import mock

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mailkit_xmlrpc.codec import Limits, PreparedRequest, decode, encode, fast, scan
from mailkit_xmlrpc.codec import rows as row_patterns
from mailkit_xmlrpc.errors import EncodeError, FaultError, ResponseError

from .. import plain, plain_writer
from ..outcomes import cut, exactly, outcome, pieces
from ..strategies import Tag, anything, bad_texts, doubles, integers, texts, values
from .test_codec_bytes import CHARSETS, DOCUMENTS

# Tables of more than 2 MiB take a hundred times as long as the rest.
FEWER = settings(max_examples=max(1, settings().max_examples // 20))


# Writing


def written(write: Callable[..., bytes], *args: Any, **options: Any) -> bytes | EncodeError:
    """The document or the EncodeError. Any other exception fails the test."""
    try:
        return write(*args, **options)
    except EncodeError as error:
        return error


def nested(kind: type, levels: int, innermost: Any) -> Any:
    value = innermost
    for _ in range(levels):
        value = [value] if kind is list else {"s": value}
    return value


def structs() -> st.SearchStrategy[Any]:
    """Arrays of structs, most of them of texts. Some names look like placeholders."""
    names = st.sampled_from(["id", "e-mail", "100 %s", "%(a)s", "%", "<&>", "jméno", ""]) | texts()
    cells = st.text("aé%<&>\r\n\t ", max_size=4) | st.sampled_from(["", "x"])
    odd = st.integers() | st.none() | bad_texts() | st.lists(st.text("ab"), max_size=2)
    rows = st.dictionaries(names, cells, max_size=3)
    mixed = st.dictionaries(names | bad_texts() | st.integers(), cells | odd, max_size=3)
    return st.lists(rows | mixed, max_size=4) | rows.flatmap(lambda row: st.lists(st.just(row), max_size=4))


@st.composite
def tables_of_structs(draw: st.DrawFn) -> list[dict[Any, Any]]:
    """Enough structs with the same names, and enough of them, that they are written through a pattern; a few of them
    have another value or another name somewhere."""
    names: list[Any] = draw(
        st.lists(texts() | st.sampled_from(["id", "%s", "a&b", "é", "a b"]), min_size=6, unique=True)
    )
    cells = st.text("aé%<&>\r\n ", max_size=4) | texts() | st.integers(100, 400).map("x".__mul__)
    odd = anything() | bad_texts() | st.sampled_from(Tag)
    table = [dict(zip(names, draw(st.lists(cells, min_size=len(names), max_size=len(names))))) for _ in range(7)]
    for row in draw(st.lists(st.sampled_from(table), max_size=2)):
        if draw(st.booleans()):
            row[draw(st.sampled_from(names))] = draw(odd)
        else:
            row[draw(odd.filter(lambda name: isinstance(name, (str, int))))] = draw(cells)
    return table


def long_texts() -> st.SearchStrategy[str]:
    """Texts that are encoded by themselves, some with a character somewhere that is forbidden or has to be escaped."""
    pieces = st.sampled_from(["x", "ž", "😀", "<p>", " &amp; ", "\r\n"])
    return st.builds("{}{}{}".format, pieces.map(lambda text: text * 300), texts() | bad_texts(), pieces)


class Name(str):
    """A key that is another key than the str with the same text."""

    def __hash__(self) -> int:
        return hash(("Name", str(self)))

    def __eq__(self, other: object) -> bool:
        return self is other


class Pairs(Mapping[Any, Any]):
    """A Mapping that can be read once, and that can have a name twice."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        self._pairs = iter(pairs)

    def items(self) -> Any:
        return self._pairs

    def __getitem__(self, name: Any) -> Any:
        raise AssertionError(f"asked for {name!r}")

    def __len__(self) -> int:
        raise AssertionError("asked for the length")

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("asked for the names")


def mappings() -> st.SearchStrategy[Callable[[], Any]]:
    """Functions that make dicts and Mappings, many with names that are not plain, some with a name twice."""
    names = st.sampled_from(["a", "b", "c"])
    pairs = st.lists(st.tuples(names | names.map(Name) | st.sampled_from(Tag) | bad_texts(), anything()), max_size=6)
    make = st.sampled_from([dict, OrderedDict, UserDict, Pairs])
    return st.builds(lambda kind, pairs: lambda: kind(pairs), make, pairs)


DEEP = st.builds(
    nested, st.sampled_from([list, dict]), st.integers(125, 130), st.sampled_from(["a", [], {}, [{"a": "b"}]])
)
WRITABLE = anything() | structs() | tables_of_structs() | st.lists(texts() | bad_texts()) | long_texts() | DEEP
METHODS = st.sampled_from(["mailkit.journeys.trigger", "a:b/c_9"]) | st.text(max_size=5)


@given(METHODS, st.lists(WRITABLE, max_size=3) | st.lists(WRITABLE, max_size=2).map(tuple), st.booleans())
def test_a_call_is_written_in_the_same_bytes(method: str, params: Any, allow_none: bool) -> None:
    fast = written(encode.encode_request, method, params, allow_none=allow_none)
    assert fast == written(plain_writer.encode_request, method, params, allow_none=allow_none)


@given(WRITABLE, st.booleans())
def test_an_answer_is_written_in_the_same_bytes(value: Any, allow_none: bool) -> None:
    fast = written(encode.encode_response, value, allow_none=allow_none)
    assert fast == written(plain_writer.encode_response, value, allow_none=allow_none)


@given(mappings())
def test_any_mapping_is_written_in_the_same_bytes(make: Callable[[], Any]) -> None:
    assert written(encode.encode_response, [make()]) == written(plain_writer.encode_response, [make()])


@given(doubles(), st.integers(-(2**64), 2**64) | integers())
def test_any_number_is_written_in_the_same_bytes(double: float, integer: int) -> None:
    for value in (double, [double], integer, [integer], {"a": integer}):
        assert written(encode.encode_response, value) == written(plain_writer.encode_response, value)


CONVERTED: list[Any] = [
    1,
    "<",
    None,
    NotImplemented,
    date(2026, 1, 2),
    Decimal(2),
    [Decimal(3), "x"],
    {"a": Tag.MARKUP},
    {5},
]


@given(
    st.recursive(
        anything() | st.decimals() | st.just(Decimal(1)),
        lambda inner: st.lists(inner) | st.dictionaries(texts(), inner),
    ),
    st.lists(
        st.sampled_from(CONVERTED) | st.sampled_from([TypeError("no"), KeyError("k"), EncodeError("e", path="p")])
    ),
    st.booleans(),
)
def test_convert_is_asked_for_the_same_values_in_the_same_order(value: Any, results: Any, allow_none: bool) -> None:
    def outcome(encoder: Any) -> tuple[Any, list[Any]]:
        asked: list[Any] = []

        def convert(value: Any) -> Any:
            asked.append(value)
            # A copy, because a result that is inside itself is refused at another place.
            result = copy.deepcopy(results[len(asked) - 1]) if len(asked) <= len(results) else "x"
            if isinstance(result, Exception):
                raise result
            return result

        try:
            return encoder.encode_response(value, allow_none=allow_none, convert=convert), asked
        except (EncodeError, KeyError) as error:
            return (type(error), error.args, vars(error), repr(error.__cause__)), asked

    fast, plain = outcome(encode), outcome(plain_writer)
    assert fast[0] == plain[0]
    assert list(map(repr, fast[1])) == list(map(repr, plain[1]))


@given(st.lists(values(), max_size=2), st.lists(st.lists(WRITABLE, max_size=2), max_size=3))
def test_a_prepared_request_has_the_same_bytes(leading: list[Any], calls: list[list[Any]]) -> None:
    prepared = PreparedRequest("a.b", leading)
    for params in calls:
        assert written(prepared.encode, params) == written(plain_writer.encode_request, "a.b", [*leading, *params])


@given(METHODS, st.lists(WRITABLE, max_size=2))
def test_a_prepared_request_refuses_what_encode_request_refuses(method: str, leading: list[Any]) -> None:
    refusal = written(plain_writer.encode_request, method, leading)
    assume(isinstance(refusal, EncodeError))
    with pytest.raises(EncodeError) as caught:
        PreparedRequest(method, leading)
    assert caught.value == refusal


@pytest.mark.parametrize("params", ["ab", {"a": 1}, {1}, None, 5, iter([1])], ids=lambda params: type(params).__name__)
def test_params_that_are_not_a_sequence_give_the_same_error(params: Any) -> None:
    refusal = written(plain_writer.encode_request, "m", params)
    assert isinstance(refusal, EncodeError)
    assert written(encode.encode_request, "m", params) == refusal


def test_a_container_that_contains_itself_gives_the_same_error() -> None:
    array: list[Any] = ["a"]
    array.append({"b": array})
    refusal = written(plain_writer.encode_response, array)
    assert isinstance(refusal, EncodeError)
    assert written(encode.encode_response, array) == refusal


# Reading

TEXTS = ["", "a", "žluťoučký", "a &amp; b", "&#65;&#x42;", "x\ny", "  ", "😀", "a" * 40, "&lt;i&gt;", "&#13;", "]"]
CELLS: dict[str, list[str]] = {
    "": TEXTS,  # a text without a type
    "string": TEXTS,
    "int": ["0", "-1", "+5", "007", " 5 ", "2147483648", "999999999999999999", "&#49;"],
    "i4": ["17", "-0"],
    "i8": ["9223372036854775807", "-9223372036854775808", "1234567890123456789"],
    "boolean": ["0", "1", "true", " FALSE "],
    "double": ["1.5", "-.5", "1e5", "nan", "0.1", "-0.0"],
    "dateTime.iso8601": ["20260102T03:04:05", "00000000T00:00:00", "2026-01-02T03:04:05.5Z"],
    "base64": ["QQ==", "QUJD", "", " QUI=\n"],
}

# Text, valid or not, that the patterns do not match in the middle of a document.
WORDS = [
    *["<!-- x -->", "<![CDATA[a<b]]>", "<?x y?>", "\r", "\r\n", "&amp;", "&e;", "&#0;", "&#xD800;", "]]>", "\0", "\1"],
    *["<nil/>", "<ex:nil/>", "<string/>", "<value/>", "<foo>", "</foo>", "<string>", "</string>", "</value>"],
    *["<value>", "</struct>", "</data>", "<struct>", "<array>", " ", "\n\t", "x", "<", ">", "&", '"', "<!DOCTYPE a>"],
    *["\ufffe", "\ud800", "é"],
]
MEMBERS = [
    "<name>a</name><value><int>1_0</int></value>",
    "<name>a</name><value><int>9223372036854775808</int></value>",
    "<name>a</name><value><i2>5</i2></value>",
    "<name>a</name><value><bigdecimal>1.10</bigdecimal></value>",
    "<name>a</name><value><nil/></value>",
    "<name>a</name><value><string x='y'>b</string></value>",
    "<name x='y'>a</name><value>b</value>",
    "<name>a</name><value><string>b</string >\n</value\n>",
    "<name>a</name><value><string><![CDATA[<b>]]></string></value>",
    "<name>a</name><value>b<!-- c -->d</value>",
    "<name>a</name><value>b<int>1</int></value>",
    "<name>a</name><value><base64>!!!!</base64></value>",
    "<name>a</name><value><double>1e999</double></value>",
    "<name>a</name><value><boolean>2</boolean></value>",
    "<name>a</name><value><boolean></boolean></value>",
    "<name>a</name><value><struct></struct></value>",
    "<name>a</name><value><array/></value>",
    "<name>a</name><value><array><data><value>b</value></data></array></value>",
    "<name>a</name><value><array><data><value><struct><member><name>c</name><value>d</value></member></struct></value>"
    "</data></array></value>",
    "<value>b</value><name>a</name>",
    "<name>&amp;&#97;</name><value>b</value>",
    "<name>a</name>",
    "<name></name><value>b</value>",
    "<name>a</name><value>b</value></member><member><name>a</name><value>c</value>",
]
LAYOUTS = ["", "", "\n", "\n  ", " \t\n", "\r\n"]


class Table:
    """Writes an array of structs. `shapes` are lists of (name, type), of which each row takes one at random."""

    def __init__(self, chance: random.Random, layout: str, shapes: list[list[tuple[str, str]]]) -> None:
        self.chance = chance
        self.gap = layout
        self.shapes = shapes

    def element(self, tag: str, inside: str) -> str:
        return f"<{tag}>{self.gap}{inside}{self.gap}</{tag}>"

    def cell(self, kind: str) -> str:
        text = self.chance.choice(CELLS[kind])
        return self.element("value", f"<{kind}>{text}</{kind}>") if kind else f"<value>{text}</value>"

    def struct(self, members: list[str]) -> str:
        return self.element("value", self.element("struct", self.gap.join(members)))

    def row(self) -> str:
        shape = self.chance.choice(self.shapes)
        return self.struct(
            [self.element("member", f"<name>{name}</name>{self.gap}{self.cell(kind)}") for name, kind in shape]
        )

    def unusual_row(self) -> str:
        members = [
            f"<member>{member}</member>" for member in self.chance.sample(MEMBERS, self.chance.choice([1, 1, 2]))
        ]
        return self.struct(members)

    def document(self, bodies: list[str], head: str, tail: str) -> str:
        value = self.element("value", self.element("array", self.element("data", self.gap.join(bodies))))
        param = self.element("params", self.element("param", value))
        return head + self.element("methodResponse", param) + tail


HEADS = ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n', " \n<!-- a -->", "\n\n"]
TAILS = ["", "", "\n", "<!-- b -->", "x", "<a/>"]


@st.composite
def shapes(draw: st.DrawFn) -> list[list[tuple[str, str]]]:
    names = st.sampled_from(["id", "email", "A", "b", "c", "jm\u00e9no", "&amp;", ""])
    columns = st.tuples(names, st.sampled_from(sorted(CELLS)))
    shape = st.lists(columns, max_size=5, unique_by=lambda column: column[0])
    return draw(st.lists(shape, min_size=1, max_size=draw(st.sampled_from([1, 1, 2, 30]))))


@st.composite
def tables(draw: st.DrawFn, size: int) -> bytes:
    """A table of about `size` bytes, in many cases with an unusual row, a stray word or an early end."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    table = Table(chance, draw(st.sampled_from(LAYOUTS)), draw(shapes()))
    bodies = [table.row() for _ in range(4)]
    count = max(1, size * len(bodies) // (sum(map(len, bodies)) or 1))
    bodies += [table.row() for _ in range(count)]
    for place in draw(st.lists(st.floats(0, 1), max_size=2)):
        bodies[int(place * (len(bodies) - 1))] = table.unusual_row()
    text = table.document(bodies, draw(st.sampled_from(HEADS)), draw(st.sampled_from(TAILS)))
    for place in draw(st.lists(st.floats(0, 1), max_size=2)):
        at = int(place * len(text))
        text = text[:at] + draw(st.sampled_from(WORDS)) + text[at:]
    document = text.encode("utf-8", "surrogatepass")
    end = draw(st.just(1.0) | st.floats(0, 1))
    return document[: int(end * len(document))] + draw(st.sampled_from([b"", b"", b"\xff"]))


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "charset": CHARSETS,
        "use_builtin_types": st.booleans(),
        "use_datetime": st.booleans(),
        "keep_bad_scalars": st.booleans(),
        "limits": st.builds(Limits, response_bytes=st.integers(1, 3000), depth=st.integers(1, 5)),
    },
)

# The excerpt of an error may depend on where a block ends if the document is not in UTF-8.
UTF_8_OPTIONS = OPTIONS.map(lambda options: {name: value for name, value in options.items() if name != "charset"})


def assert_the_same(document: bytes, size: int | None = None, **options: Any) -> None:
    """Both decoders give the same result, for the whole document and for pieces of `size` bytes."""
    expected = outcome(document, plain.ResponseDecoder, **options)
    assert outcome(document, decode.ResponseDecoder, **options) == expected
    if size is not None:
        assert outcome(pieces(document, size), decode.ResponseDecoder, **options) == expected


def at_once(decode_response: Callable[..., Any], document: bytes, **options: Any) -> Any:
    try:
        return exactly(decode_response(document, **options))
    except (FaultError, ResponseError) as error:
        return error


@contextlib.contextmanager
def small_windows(block: int, piece: int) -> Iterator[None]:
    """Make both decoders read this many bytes at a time, so that every boundary comes within a few rows, and learn a
    pattern from every row that none matches."""
    with (
        mock.patch.object(decode, "BLOCK", block),
        mock.patch.object(decode, "LARGE", block),
        mock.patch.object(fast, "_READ_SIZE", piece),
        mock.patch.object(row_patterns, "_COMPILING_COSTS", 1),
        mock.patch.object(scan, "MANY", 1),
    ):
        yield


def table_of(rows: list[str]) -> bytes:
    members = (f"<value><struct><member>{row}</member></struct></value>" for row in rows)
    array = f"<array><data>{''.join(members)}</data></array>"
    return f"<methodResponse><params><param><value>{array}</value></param></params></methodResponse>".encode()


TEXT_ROW = "<name>a</name><value>{}</value>".format
INT_ROW = "<name>a</name><value><int>{}</int></value>".format
UNUSUAL_TEXTS = [
    "b\rc",
    "b\r\nc",
    "b&#13;c",
    "&#xd;",
    "&amp;",
    "&e;",
    "&#0;",
    "<!-- c -->",
    "<![CDATA[c]]>",
    "]]>",
    "\1",
]
UNUSUAL_INTS = [
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 25,
    "1_0",
    "\u0661",
    "",
    "1 2",
    "&#49;",
]


@pytest.mark.parametrize("windows", [(128, 256), (decode.BLOCK, fast._READ_SIZE)], ids=["small", "real"])
@pytest.mark.parametrize("at", [0, 1, 50, 99])
def test_one_unusual_row_among_many_gives_the_same_result(windows: tuple[int, int], at: int) -> None:
    unusual_rows = [
        (INT_ROW(5), [INT_ROW(odd) for odd in UNUSUAL_INTS]),
        (TEXT_ROW("x"), list(map(TEXT_ROW, UNUSUAL_TEXTS))),
    ]
    for usual, odd in [*unusual_rows, (TEXT_ROW("x"), MEMBERS)]:
        for row in odd:
            with small_windows(*windows):
                assert_the_same(table_of([usual] * at + [row] + [usual] * (99 - at)), 100)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("levels", [0, 1, 2])
def test_a_row_counts_as_a_level(depth: int, levels: int) -> None:
    value = nested(list, levels, [{"a": "b"}, {"a": "c"}])
    assert_the_same(encode.encode_response(value), limits=Limits(depth=depth))


@pytest.mark.parametrize("encoding", ["US-ASCII", "UTF-8"])
@pytest.mark.parametrize("size", [2 * decode.BLOCK, 2 * decode.LARGE])
def test_the_first_error_is_the_one_reported(size: int, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><methodResponse><wrong>'.encode()
    assert_the_same(head + b" " * size + b"\xff</wrong></methodResponse>", 1000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("size", [decode.BLOCK - 3, decode.BLOCK, 2 * decode.BLOCK, 2 * decode.LARGE])
def test_blanks_after_a_byte_order_mark_are_no_part_of_the_document(size: int, encoding: str) -> None:
    document = (" " * size + encode.encode_response("x").decode()).encode(encoding)
    assert_the_same(document, 1000)
    assert decode.decode_response(document) == "x"


@pytest.mark.parametrize(
    "value",
    [
        "<struct><member><name>a</name><value>b</value></member></array>",
        "<array><data><value>a</value></array></data>",
        "</struct></value><value>",
        "</data></array></value></member>",
        "<string>a</int>",
        "<int>5</string>",
        "a & b",
        "a &unknown; b",
        "a &#0; b",
        "a &#xD800; b",
        "a &#x110000; b",
        "a &#99999999999999999999; b",
        "a &#; &#x; &#xG; b",
        "a \0 &#65; \0 b",
        "a \x01 b",
        "a ]]> b",
        f"a &#{'0' * 5000}65;&#x{'0' * 5000}42; b",
    ],
    ids=lambda value: value[:40].replace("\0", "NUL"),
)
@pytest.mark.parametrize("rows", [1, 20])
def test_text_that_is_read_before_it_is_proved(value: str, rows: int) -> None:
    """The scanner reads all of these; what it gives must not be taken for the value where they are not well-formed."""
    row = f"<value><array><data><value>{value}</value></data></array></value>"
    for inner in (f"<value>{value}</value>", f"<value><array><data>{row * rows}</data></array></value>"):
        head, end = "<methodResponse><params><param>", "</param></params></methodResponse>"
        assert_the_same(f"{head}{inner}{end}".encode(), 7)


@pytest.mark.parametrize("alone", [0, 1, 2])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
def test_the_first_bytes_of_a_document_can_come_alone(alone: int, mark: bytes) -> None:
    """Of a block that is white space but for its last bytes, these are all that expat gets."""
    blanks = b" " * (decode.BLOCK - len(mark) - alone)
    assert_the_same(mark + blanks + b"j\0 " + b" " * decode.LARGE, 1000)


@given(DOCUMENTS, OPTIONS, st.sampled_from([1, 2, 7, 100]))
@example(b"<methodResponse><params><param><value>x</value></param></params></methodResponse>", {}, 1)
def test_any_bytes_give_the_same_result(document: bytes, options: dict[str, Any], size: int) -> None:
    assert_the_same(document, size, **options)


@given(values(none=True), st.sampled_from(["utf-8", "utf-16", "iso-8859-2"]), OPTIONS)
def test_any_value_in_any_encoding_gives_the_same_result(value: Any, encoding: str, options: dict[str, Any]) -> None:
    text = encode.encode_response(value, allow_none=True).decode("utf-8").replace("UTF-8", encoding, 1)
    assert_the_same(text.encode(encoding, "xmlcharrefreplace"), 64, **options)


@given(DOCUMENTS | tables(300), CHARSETS)
def test_the_functions_give_the_same_result(document: bytes, charset: str | None) -> None:
    expected = at_once(plain.decode_response, document, charset=charset)
    assert at_once(decode.decode_response, document, charset=charset) == expected


@given(tables(600), OPTIONS, st.sampled_from([1, 3, 50, 997]))
def test_a_small_table_gives_the_same_result(document: bytes, options: dict[str, Any], size: int) -> None:
    assert_the_same(document, size, **options)


@given(tables(6000), UTF_8_OPTIONS, st.sampled_from([64, 100, 1000]), st.sampled_from([1, 2, 10]), st.integers(1, 5000))
def test_a_table_of_many_windows_gives_the_same_result(
    document: bytes, options: dict[str, Any], block: int, blocks: int, size: int
) -> None:
    with small_windows(block, block * blocks):
        assert_the_same(document, size, **options)


@given(tables(3000), st.lists(st.floats(0, 1), max_size=6))
def test_a_table_cut_anywhere_gives_the_same_result(document: bytes, places: list[float]) -> None:
    cuts = cut(document, [int(place * len(document)) for place in places])
    with small_windows(128, 512):
        expected = outcome(document, plain.ResponseDecoder)
        assert outcome(cuts, decode.ResponseDecoder) == expected


@FEWER
@given(
    tables(700_000),
    UTF_8_OPTIONS.filter(lambda options: "limits" not in options),
    st.sampled_from([4096, 65536, 99_991]),
)
def test_a_table_longer_than_any_window_gives_the_same_result(
    document: bytes, options: dict[str, Any], size: int
) -> None:
    assert_the_same(document, size, **options)
