"""Documents and values of every shape in any size, to see that time and memory grow as the size does.

An attacker chooses the shape of an answer. Each entry of `ANSWERS` makes an answer of about `size` bytes, and each
entry of `PARAMS` the parameters of a call of about that size. The fast decoder leaves some of the answers to the plain
one.
"""

from __future__ import annotations

import base64
import datetime
import xmlrpc.client
from collections import OrderedDict
from itertools import count
from typing import Any, Callable

__all__ = ["ANSWERS", "PARAMS"]

_HEAD = "<methodResponse><params><param>"
_TAIL = "</param></params></methodResponse>"


def answer(value: str) -> bytes:
    """An answer whose value is the element `value`."""
    return f"{_HEAD}{value}{_TAIL}".encode()


def array(items: str) -> str:
    """An array as an element."""
    return f"<value><array><data>{items}</data></array></value>"


def text_of(size: int, unit: Callable[[int], str]) -> str:
    """unit(0), unit(1) and so on until they have `size` characters."""
    pieces, length = [], 0
    for number in count():
        if length >= size:
            return "".join(pieces)
        pieces.append(unit(number))
        length += len(pieces[-1])
    raise AssertionError


def array_of(unit: Callable[[int], str]) -> Callable[[int], bytes]:
    """Arrays of unit(0), unit(1) and so on."""
    return lambda size: answer(array(text_of(size, unit)))


def text_value(unit: Callable[[int], str]) -> Callable[[int], bytes]:
    """Values of one text that is unit(0), unit(1) and so on."""
    return lambda size: answer(f"<value>{text_of(size, unit)}</value>")


def scalars(tag: str, text: str) -> Callable[[int], bytes]:
    """Arrays of one scalar."""
    return array_of(lambda _: f"<value><{tag}>{text}</{tag}></value>")


def one_scalar(tag: str, digits: str) -> Callable[[int], bytes]:
    """One scalar whose text consists of `digits`, many times."""
    return lambda size: answer(f"<value><{tag}>{digits * (size // len(digits))}</{tag}></value>")


def struct(names: list[str], value: str = "x") -> str:
    """A struct of texts as an element."""
    members = "".join(f"<member><name>{name}</name><value>{value}</value></member>" for name in names)
    return f"<value><struct>{members}</struct></value>"


def new_struct(number: int, members: int = 6) -> str:
    """A struct like no other."""
    return struct([f"n{number}_{member}" for member in range(members)])


def new_array(number: int) -> str:
    """A short array of structs like no other."""
    return array("".join(new_struct(number * 8 + row) for row in range(8)))


def run_of_rows(number: int) -> str:
    """A long run of one shape, which is worth learning, and a struct like no other."""
    return struct([f"n{number}_{member}" for member in range(3)]) * 100 + new_struct(number)


def named_array(number: int) -> str:
    """A member whose value is an array of rows."""
    return f"<member><name>a{number}</name>{array(struct(['a', 'b', 'c']) * 3)}</member>"


def member(name: str, value: str = "<value>x</value>") -> str:
    """A member of a struct."""
    return f"<member><name>{name}</name>{value}</member>"


def _one_struct(unit: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda size: answer(f"<value><struct>{text_of(size, unit)}</struct></value>")


def _deep(number: int) -> str:
    return "<value><array><data>" * 127 + "</data></array></value>" * 127


def _deep_structs(number: int) -> str:
    return "<value><struct><member><name>a</name>" * 120 + "<value/>" + "</member></struct></value>" * 120


def _fault(size: int) -> bytes:
    value = struct(["faultCode"], "<int>1</int>").replace("</struct>", f"{member('faultString', _long(size))}</struct>")
    return f"<methodResponse><fault>{value}</fault></methodResponse>".encode()


def _long(size: int) -> str:
    return f"<value>{'x' * size}</value>"


def row_with(part: str, names: str = "abc") -> Callable[[int], bytes]:
    """Rows that have `part` where a member may stand, after members of one text."""
    return array_of(lambda _: struct([*names]).replace("</struct>", f"{part}</struct>"))


def lines(element: str, end: str) -> str:
    """An element with the line end `end` after every tag but those around a text."""
    return element.replace("><", f">{end}<")


def _tree(levels: int) -> str:
    if not levels:
        return "<value><string>leaf</string></value>"
    return f"<value><struct>{member('left', _tree(levels - 1))}{member('right', _tree(levels - 1))}</struct></value>"


def _fault_with(members: Callable[[int], str]) -> Callable[[int], bytes]:
    usual = member("faultCode", "<value><int>1</int></value>") + member("faultString")

    def document(size: int) -> bytes:
        value = f"<value><struct>{usual}{text_of(size, members)}</struct></value>"
        return f"<methodResponse><fault>{value}</fault></methodResponse>".encode()

    return document


def optional_members(number: int) -> str:
    """A struct that has each of ten members or not, so that there are 1,024 shapes."""
    return struct([f"n{bit}" for bit in range(10) if number * 0x9E3779B1 >> bit & 1])


def _late(end: str) -> Callable[[int], bytes]:
    """Rows, and something unusual or wrong after the last of them."""
    return lambda size: answer(array(text_of(size, lambda _: struct(["a", "b", "c"])) + end))


ANSWERS: dict[str, Callable[[int], bytes]] = {
    "short arrays of ever new structs": array_of(new_array),
    "arrays of one ever new struct": array_of(lambda number: array(new_struct(number))),
    "one array of ever new structs": array_of(new_struct),
    "ever new structs of one member": array_of(lambda number: new_struct(number, 1)),
    "ever new structs of 200 members": array_of(lambda number: new_struct(number, 200)),
    "ever new structs, each twice": array_of(lambda number: new_struct(number) * 2),
    "long runs, each followed by a new struct": array_of(run_of_rows),
    "rows, each followed by a text": array_of(lambda _: struct([*"abcdefgh"]) + "<value>x</value>"),
    "rows of two shapes in turn": array_of(lambda _: struct([*"abcdefgh"]) + struct([*"hgfedcba"])),
    "ever new names of arrays of rows": _one_struct(named_array),
    "rows of one shape": array_of(lambda _: struct(["a", "b", "c", "d"])),
    "rows that differ in the last name": array_of(lambda number: struct([*"abcdefgh", f"n{number}"])),
    "rows of long names": array_of(lambda _: struct(["n" * 2000, "m" * 2000])),
    "rows of 1,000 members": array_of(lambda _: struct([f"n{number}" for number in range(1000)])),
    "rows with an array at their end": array_of(
        lambda _: struct([*"abcdefgh"]).replace("</struct>", member("i", array("")) + "</struct>")
    ),
    "arrays of arrays": array_of(lambda _: array("<value>x</value>" * 3)),
    "empty arrays": array_of(lambda _: array("")),
    "empty structs": array_of(lambda _: "<value><struct></struct></value>"),
    "one struct of many members": _one_struct(lambda number: member(f"n{number}")),
    "long member names": _one_struct(lambda number: member(f"n{number}" * 2000)),
    "one long member name": lambda size: answer(struct(["n" * size])),
    "deep and wide": array_of(_deep),
    "deep structs": array_of(_deep_structs),
    "one long text": lambda size: answer(_long(size)),
    "one long text of short lines": text_value(lambda _: "some line\n"),
    "one long text with carriage returns": text_value(lambda _: "some line\r\n"),
    "one long text of another script": text_value(lambda _: "žluťoučký kůň "),
    "UTF-16": lambda size: ("\ufeff" + answer(_long(size // 2)).decode()).encode("utf-16-le"),
    "many short texts": array_of(lambda number: f"<value>{number}</value>"),
    "texts of 200,000 characters": array_of(lambda _: _long(200_000)),
    "one text of entities": text_value(lambda _: "&amp;"),
    "one text of references": text_value(lambda _: "&#x1F600;"),
    "many texts with an entity": array_of(lambda _: "<value>a &lt; b</value>"),
    "rows with entities": array_of(lambda _: struct(["a", "b"], "&lt;&amp;&gt;")),
    "comments": array_of(lambda number: f"<!-- {number} --><value>x</value>"),
    "comments in one text": text_value(lambda _: "x<!-- -->"),
    "comments of 500,000 characters": array_of(lambda _: f"<!-- {'x' * 500_000} --><value>x</value>"),
    "CDATA": array_of(lambda _: "<value><![CDATA[<x>]]></value>"),
    "CDATA in one text": text_value(lambda _: "<![CDATA[<x>]]>"),
    "instructions": array_of(lambda _: "<?x y?><value>x</value>"),
    "self-closed elements": array_of(lambda _: "<value/>"),
    "attributes": array_of(lambda number: f'<value a="{number}">x</value>'),
    "up to 900,000 bytes of attributes of one element": lambda size: answer(
        "<value " + text_of(min(size, 900_000), lambda number: f'a{number}="" ') + "/>"
    ),
    "white space between elements": array_of(lambda _: f"{' ' * 300}\n<value>x</value>"),
    "one run of white space": lambda size: answer(array(" " * size + "<value>x</value>")),
    "white space before the document": lambda size: b"\n" * size + answer("<value>x</value>"),
    "white space after the document": lambda size: answer("<value>x</value>") + b"\n" * size,
    "white space in a struct": lambda size: answer(f"<value><struct>{' ' * size}{member('a')}</struct></value>"),
    "integers": scalars("int", "12345678"),
    "integers with zeros": scalars("i8", "0" * 200 + "1"),
    "one integer of zeros": one_scalar("int", "0"),
    "doubles": scalars("double", "-1.5e10"),
    "doubles of 1,000 digits": scalars("double", f"0.{'123456789' * 111}"),
    "one double of many digits": lambda size: answer(f"<value><double>0.{'7' * size}</double></value>"),
    "big integers of 4,300 digits": scalars("biginteger", "7" * 4300),
    "one big decimal of many digits": one_scalar("bigdecimal", "7"),
    "booleans": scalars("boolean", "1"),
    "dates": scalars("dateTime.iso8601", "20260102T03:04:05"),
    "dates that are none": scalars("dateTime.iso8601", "00000000T00:00:00"),
    "one date of many digits": lambda size: answer(
        f"<value><dateTime.iso8601>20260102T03:04:05.{'1' * size}</dateTime.iso8601></value>"
    ),
    "nil": scalars("nil", ""),
    "self-closed nil in every row": row_with(member("n", "<value><nil/></value>")),
    "nil with a prefix": array_of(lambda _: "<value><ex:nil/></value>"),
    "dates with dashes": scalars("dateTime.iso8601", "2026-01-02T03:04:05+02:00"),
    "integers in white space": scalars("int", "\n 5 \n"),
    "rows of all scalars": row_with(
        member("d", "<value><int>5</int></value>")
        + member("e", "<value><double>1.5</double></value>")
        + member("f", "<value><boolean>1</boolean></value>")
        + member("g", "<value><dateTime.iso8601>20260102T03:04:05</dateTime.iso8601></value>")
        + member("h", "<value><base64>aGVsbG8=</base64></value>")
    ),
    "rows whose last member has another type each time": array_of(
        lambda number: struct([*"abc"]).replace(
            "</struct>", member("d", ["<value>x</value>", "<value><int>5</int></value>"][number % 2]) + "</struct>"
        )
    ),
    "rows with or without each member": array_of(optional_members),
    "ever new structs in arrays in arrays": array_of(lambda number: array(array(new_struct(number) * 2) * 2)),
    "ever new structs in ever new structs": array_of(
        lambda number: new_struct(number).replace(
            "</struct>", member(f"m{number}", new_struct(number + 1)) + "</struct>"
        )
    ),
    "several arrays of rows in a row": row_with(
        "".join(member(name, array(struct([*"pq"]) * 3)) for name in ("d", "e", "f"))
    ),
    "trees of structs": array_of(lambda _: _tree(6)),
    "one tree of structs": lambda size: answer(_tree(max(1, (size // 90).bit_length()))),
    "arrays of one scalar in a row": row_with(member("d", array("<value><int>5</int></value>"))),
    "lines that end with CRLF": array_of(lambda _: lines(struct([*"abcd"]), "\r\n")),
    "lines that end with CR": array_of(lambda _: lines(struct([*"abcd"]), "\r")),
    "texts with CRLF in every row": array_of(lambda _: struct([*"abcd"], "first\r\nsecond")),
    "a comment in every row": row_with("<!-- x -->"),
    "a comment in every text": array_of(lambda _: struct([*"abc"], "x<!-- y -->z")),
    "CDATA in every row": array_of(lambda _: struct([*"abc"], "<![CDATA[<x>]]>")),
    "an instruction in every row": row_with("<?x y?>"),
    "an attribute in every row": row_with("<member><name>d</name><value a='b'>x</value></member>"),
    "a namespace in every row": row_with("<member><name>d</name><value xmlns='urn:x'>x</value></member>"),
    "the value before the name in every row": row_with("<member><value>x</value><name>d</name></member>"),
    "a reference in every value": array_of(lambda _: struct([*"abc"], "a&#38;b")),
    "a reference in every name": array_of(lambda _: struct(["a&amp;b", "c&#60;d"])),
    "a reference in every integer": scalars("int", "&#49;"),
    "arrays without data": array_of(lambda _: "<value><array/></value>"),
    "arrays whose values stand without data": array_of(lambda _: "<value><array><value>x</value></array></value>"),
    "self-closed elements of all kinds": array_of(
        lambda _: "<value/><value><string/></value><value><struct/></value><value><array><data/></array></value>"
    ),
    "self-closed texts in every row": row_with(member("d", "<value><string/></value>") + member("e", "<value/>")),
    "white space of 200,000 characters in a text": array_of(lambda _: f"<value>{' ' * 200_000}</value>"),
    "white space of 200,000 characters around a scalar": array_of(
        lambda _: f"<value>{' ' * 200_000}<int>{' ' * 200_000}5</int></value>"
    ),
    "white space of 200,000 characters between rows": array_of(lambda _: struct([*"abc"]) + " " * 200_000),
    "white space of 200,000 characters in a row": row_with("\n" * 200_000),
    "white space of 200,000 characters before the end of a tag": array_of(lambda _: f"<value{' ' * 200_000}>x</value>"),
    "one base64": lambda size: answer(
        f"<value><base64>{base64.encodebytes(b'x' * (size * 3 // 4)).decode()}</base64></value>"
    ),
    "many base64": scalars("base64", "aGVsbG8="),
    "a fault of a long text": _fault,
    "a fault of many members": _fault_with(lambda number: member(f"n{number}")),
    "a fault of rows": _fault_with(lambda number: member(f"n{number}", array(struct([*"abc"]) * 10))),
    "an unknown element at the end": _late("<value><foo/></value>"),
    "an invalid scalar at the end": _late("<value><int>x</int></value>"),
    "not well-formed at the end": _late("</value>"),
    "a comment at the end": _late("<!-- -->"),
    "a struct with a name twice at the end": _late(struct(["a", "a"])),
    "a text beside an element at the end": _late("<value>x<int>1</int></value>"),
    "a call instead of an answer": lambda size: answer(array(text_of(size, lambda _: struct([*"abc"])))).replace(
        b"methodResponse", b"methodCall"
    ),
}


def _nested(leaf: Any, levels: int) -> Any:
    for level in range(levels):
        leaf = {f"level{level}": leaf} if level % 2 else [leaf]
    return leaf


def _items(unit: Callable[[int], Any], length: int) -> Callable[[int], list[Any]]:
    """Parameters that are one list, of values that take about `length` bytes each."""
    return lambda size: [[unit(number) for number in range(max(1, size // length))]]


class _Text(str):
    """A subclass, as enumerations of texts are."""


class _Number(int):
    """A subclass, as enumerations of numbers are."""


def _leaves(levels: int) -> Any:
    return {"left": _leaves(levels - 1), "right": _leaves(levels - 1)} if levels else "leaf"


PARAMS: dict[str, Callable[[int], list[Any]]] = {
    "rows of one shape": _items(lambda number: {"a": "x", "b": "y", "c": "z"}, 200),
    "ever new rows": _items(lambda number: {f"n{number}_{name}": "x" for name in range(6)}, 400),
    "rows of mixed values": _items(lambda number: {"a": number, "b": 1.5, "c": True, "d": "x"}, 280),
    "one wide dict": lambda size: [{f"n{number}": "x" for number in range(size // 75)}],
    "one wide dict of long names": lambda size: [{f"n{number}" * 500: "x" for number in range(size // 3000)}],
    "one list of texts": _items(lambda number: "some text", 45),
    "one list of integers": _items(lambda number: number, 35),
    "many parameters": lambda size: ["x"] * (size // 60),
    "many integers as parameters": lambda size: [1] * (size // 39),
    "many structs as parameters": lambda size: [{"a": "x", "b": 5}] * (size // 150),
    "one long text": lambda size: ["x" * size],
    "one long text of another script": lambda size: ["ů" * (size // 2)],
    "one long text of &": lambda size: ["&" * (size // 5)],
    "one long text of carriage returns": lambda size: ["\r" * (size // 5)],
    "many texts with &": _items(lambda number: "a & b", 45),
    "rows of texts with &": _items(lambda number: {"a": "&", "b": "<>"}, 180),
    "deep and wide": _items(lambda number: _nested("x", 126), 6000),
    "lists of lists": _items(lambda number: ["x", "y"], 130),
    "floats": _items(lambda number: number / 7, 50),
    "one bytes": lambda size: [b"x" * (size * 3 // 4)],
    "many bytes": _items(lambda number: b"hello", 50),
    "rows of all scalars": _items(
        lambda number: {"a": "x", "b": number, "c": 1.5, "d": True, "e": b"hello", "f": datetime.datetime(2026, 1, 2)},
        420,
    ),
    "rows with or without each member": _items(
        lambda number: {f"n{bit}": "x" for bit in range(10) if number * 0x9E3779B1 >> bit & 1}, 350
    ),
    "rows of lists of rows": _items(lambda number: {"a": "x", "b": [{"c": number, "d": "y"}] * 3}, 480),
    "trees of dicts": _items(lambda number: _leaves(5), 3400),
    "subclasses": _items(lambda number: OrderedDict(a=_Number(number), b=_Text("x")), 180),
    "tuples": _items(lambda number: ("x", (number,)), 150),
    "texts with a letter of another script and &": _items(lambda number: "ů & b", 50),
    "DateTime": _items(lambda number: xmlrpc.client.DateTime("20260102T03:04:05"), 80),
    "dates": _items(lambda number: datetime.datetime(2026, 1, 2, 3, 4, 5), 70),
}
