"""The text of each scalar type: the exact value that it gives, and invalid text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xmlrpc.client
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc.codec.scalars import EXTENSIONS, SCALARS, STDLIB_BASE64, STDLIB_DATETIME

from ..outcomes import exactly

# Text that Python's own constructors accept as a number and XML-RPC does not: digits of other scripts, underscores,
# other white space.
FOREIGN = ["١٢", "５", "1_0", "1\u20602", "\xa01", "1\u2003", "\x0b1", "\x0c1", "²", "Ⅷ", "−1", "1\0"]


def reads(element: str, text: str) -> Any:
    return exactly(SCALARS[element].read(text))


def refuses(element: str, text: str) -> bool:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the decoder relies on its type alone
        SCALARS[element].read(text)
    return bool(str(caught.value))


@pytest.mark.parametrize("element", ["int", "i1", "i2", "i4", "i8"])
def test_integers(element: str) -> None:
    for text, value in [
        ("0", 0),
        ("-0", 0),
        ("+5", 5),
        ("-12", -12),
        ("007", 7),
        (" \t\r\n5\n", 5),
        ("2147483648", 2**31),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("-" + "0" * 5000 + "9223372036854775808", -(2**63)),
    ]:
        assert reads(element, text) == exactly(value)
    for text in [
        "",
        " ",
        "+",
        "-",
        "+-5",
        "5.0",
        "5.",
        "1e3",
        "0x10",
        "0b1",
        "1,5",
        "1 0",
        "5 x",
        "true",
        "nan",
        *FOREIGN,
    ]:
        assert refuses(element, text)
    for text in ["9223372036854775808", "-9223372036854775809", "9" * 19, "1" * 20, "9" * 100_000]:
        assert refuses(element, text)


def test_big_integers() -> None:
    for text, value in [("5", 5), ("-0", 0), (" +18446744073709551616 ", 2**64), ("-" + "9" * 40, 1 - 10**40)]:
        assert reads("biginteger", text) == exactly(value)
    assert SCALARS["biginteger"].read("9" * 4300) == 10**4300 - 1
    assert SCALARS["biginteger"].read("-" + "9" * 4300) == 1 - 10**4300
    for text in ["", "-", "1.0", "1e3", "9" * 4301, "-" + "9" * 4301, *FOREIGN]:
        assert refuses("biginteger", text)


@pytest.mark.parametrize("element", ["double", "float"])
def test_doubles(element: str) -> None:
    for text, value in [
        ("1", 1.0),
        ("-1.5", -1.5),
        ("+1.5", 1.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("1e+3", 1000.0),
        (" 0.1\n", 0.1),
        ("-0", -0.0),
        ("-0.0", -0.0),
        ("0.1000000000000000055511151231257827", 0.1),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("0." + "0" * 323 + "5", 5e-324),
    ]:
        assert reads(element, text) == exactly(value)
    for text in ["inf", "INF", "+inf", "Infinity", " iNfInItY "]:
        assert reads(element, text) == exactly(float("inf"))
    for text in ["-inf", "-INFINITY"]:
        assert reads(element, text) == exactly(float("-inf"))
    for text in ["nan", "NaN", "NAN", "-nan"]:
        assert reads(element, text) == exactly(float("nan"))
    for text in ["1e999", "-1e999", "9" * 400, "1.8e308", "1e99999999999999999999"]:
        assert refuses(element, text)
    for text in [
        "",
        " ",
        ".",
        "-",
        "e5",
        "1e",
        "1e+",
        "1.2.3",
        "1,5",
        "1 .5",
        "0x1p3",
        "1.5f",
        "infinit",
        "i nf",
        "nan(1)",
    ]:
        assert refuses(element, text)
    for text in FOREIGN:
        assert refuses(element, text)


def test_big_decimals() -> None:
    for text in ["0", "12.50", "-0.00", "1E+3", "0.1", ".5", "1" * 5000 + "." + "2" * 5000]:
        assert reads("bigdecimal", f" {text}\n") == exactly(Decimal(text))
    for text in ["", ".", "x", "1,5", "1E+99999999999999999999", "1E-99999999999999999999", "sNaN", "inf", "Infinity"]:
        assert refuses("bigdecimal", text)
    for text in FOREIGN:
        assert refuses("bigdecimal", text)


def test_booleans() -> None:
    for text in ["1", " 1\n", "true", "True", "TRUE", "tRuE"]:
        assert reads("boolean", text) == exactly(True)
    for text in ["0", "\t0", "false", "False", "FALSE"]:
        assert reads("boolean", text) == exactly(False)
    for text in [
        "",
        " ",
        "2",
        "-1",
        "01",
        "1.0",
        "yes",
        "no",
        "t",
        "on",
        "truе",
        "true false",
        *FOREIGN,
    ]:  # one "е" is Cyrillic
        assert refuses("boolean", text)


def test_nil() -> None:
    assert reads("nil", "") == exactly(None)
    for text in ["0", "nil", "\xa0"]:
        assert refuses("nil", text)


@pytest.mark.parametrize("text", ["", " a ", "\r\n\t", "1", "ž😀", "\xa0"])
def test_strings_are_unchanged(text: str) -> None:
    assert reads("string", text) == exactly(text)


def zone(hours: int, minutes: int = 0) -> timezone:
    return timezone(timedelta(hours=hours, minutes=minutes))


FRACTIONS = {
    "": 0,
    ".1": 100_000,
    ".000001": 1,
    ".123456": 123_456,
    ".1234567": 123_456,
    ".9999999999": 999_999,
}
OFFSETS = {
    "": None,
    "Z": timezone.utc,
    "+00:00": timezone.utc,
    "+02:00": zone(2),
    "+0200": zone(2),
    "-0930": zone(-9, -30),
    "-00:30": zone(0, -30),
    "+23:59": zone(23, 59),
}


@pytest.mark.parametrize("clock", ["14:08:55", "140855"])
@pytest.mark.parametrize("letter", ["T", " "])
@pytest.mark.parametrize("day", ["19980717", "1998-07-17"])
def test_dates(day: str, letter: str, clock: str) -> None:
    for fraction, micro in FRACTIONS.items():
        for offset, tz in OFFSETS.items():
            expected = datetime(1998, 7, 17, 14, 8, 55, micro, tzinfo=tz)
            assert reads("dateTime.iso8601", f" {day}{letter}{clock}{fraction}{offset}\n") == exactly(expected)


@pytest.mark.parametrize(
    "text", ["00010101T00:00:00", "99991231T23:59:59.999999", "20240229T00:00:00", "00010101T00:00:00+23:59"]
)
def test_the_edges_of_the_calendar(text: str) -> None:
    assert isinstance(SCALARS["dateTime.iso8601"].read(text), datetime)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00000000T00:00:00",
        "0000-00-00 00:00:00",
        "00000101T00:00:00",
        "19980017T00:00:00",
        "19981317T00:00:00",
        "19980700T00:00:00",
        "20240230T00:00:00",
        "20230229T00:00:00",
        "20240229T24:00:00",
        "20161231T23:59:60",
        "20240229T12:60:00",
        "19980717",
        "1998-07-17",
        "14:08:55",
        "19980717T14:08",
        "1998-0717T14:08:55",
        "199807-17T14:08:55",
        "19980717T1408:55",
        "19980717T14:0855",
        "19980717t14:08:55",
        "19980717T14:08:55z",
        "19980717T14:08:55 Z",
        "19980717T14:08:55+2",
        "19980717T14:08:55+02",
        "19980717T14:08:55+24:00",
        "19980717T14:08:55+01:60",
        "19980717T14:08:55.",
        "19980717T14:08:55,5",
        "19980717  14:08:55",
        "+19980717T14:08:55",
        "119980717T14:08:55",
        "1998071٧T14:08:55",
        "900166134",
        "Fri, 17 Jul 1998 14:08:55 GMT",
        "a & b",
        "\xa0",
    ],
)
def test_text_that_is_not_a_date_is_kept(text: str) -> None:
    kept = SCALARS["dateTime.iso8601"].read(f" {text}\r\n")
    assert type(kept) is xmlrpc.client.DateTime
    assert kept.value == text


def test_binaries() -> None:
    for text, value in [
        ("", b""),
        (" \r\n\t", b""),
        ("QQ==", b"A"),
        ("QUI=", b"AB"),
        ("QUJD", b"ABC"),
        ("+/+/", b"\xfb\xff\xbf"),
        (" Q\r\nQ\t= =\n", b"A"),
        ("eW91IGNh\r\nbid0IHJl\r\nYWQgdGhpcyE=\r\n", b"you can't read this!"),
    ]:
        assert reads("base64", text) == exactly(value)
    for text in ["Q", "QQ", "QQ=", "QUI", "A===", "====", "==", "=QQQ", "QQ==QQ==", "QQ=Q", "QUI==", "QQ==x", "QQ==\0"]:
        assert refuses("base64", text)
    for text in ["-_-_", "Q!Q=", "Q.==", "QQ==\xa0", "\x0bQQ=", "еW91", "QQ==\u200b"]:
        assert refuses("base64", text)


def test_every_type_is_in_the_table() -> None:
    assert set(SCALARS) == {
        *("int", "i1", "i2", "i4", "i8", "biginteger", "double", "float", "bigdecimal"),
        *("boolean", "nil", "string", "base64", "dateTime.iso8601"),
    }
    assert {"i1", "i2", "i8", "biginteger", "float", "bigdecimal", "nil"} == EXTENSIONS


def test_the_standard_library_s_types_replace_two_functions() -> None:
    assert exactly(STDLIB_BASE64["base64"].read(" QQ==")) == (xmlrpc.client.Binary, b"A")
    with pytest.raises(ValueError, match="base64"):
        STDLIB_BASE64["base64"].read("QQ")
    kept = STDLIB_DATETIME["dateTime.iso8601"].read(" 1998-07-17T14:08:55Z ")
    assert exactly(kept) == (xmlrpc.client.DateTime, "1998-07-17T14:08:55Z")
    assert STDLIB_BASE64.keys() | STDLIB_DATETIME.keys() <= SCALARS.keys()


ALIAS = '    "int": _INT,\n'
PROGRAM = """
from mailkit_xmlrpc import codec
from tests import plain

assert codec.__file__.startswith({folder!r})
value = "<value><{name}>7</{name}></value>"
struct = "<value><struct><member><name>a</name>" + value + "</member></struct></value>"
rows = "<value><array><data>" + struct * 200 + "</data></array></value>"
for inner, expected in ((value, 7), (rows, [{{"a": 7}}] * 200)):
    document = ("<methodResponse><params><param>" + inner + "</param></params></methodResponse>").encode()
    for kind in (codec.ResponseDecoder, plain.ResponseDecoder):
        decoder = kind()
        decoder.feed(document)
        assert decoder.close() == expected
        assert bool(decoder.fell_back) is (kind is plain.ResponseDecoder)
"""


def test_an_alias_is_one_line(tmp_path: Path) -> None:
    """The plain and the fast reader, and the patterns of rows, take their names from the one table."""
    package = Path(mailkit_xmlrpc.__file__).parent
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / package.name / "codec" / "scalars.py"
    text = table.read_text(encoding="utf-8")
    assert text.count(ALIAS) == 1
    table.write_text(text.replace(ALIAS, ALIAS + '    "long": _INT,\n'), encoding="utf-8")
    program = PROGRAM.format(folder=str(tmp_path), name="long")
    paths = os.pathsep.join([str(tmp_path), str(package.parent)])
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": paths}, cwd=tmp_path)
