"""The encodings that are read, their names, and how a document's encoding is detected."""

from __future__ import annotations

import codecs
import contextlib
import encodings
import encodings.aliases
import pkgutil
from typing import Any

import pytest

from mailkit_xmlrpc.codec import charset
from mailkit_xmlrpc.codec.charset import known_encoding
from mailkit_xmlrpc.errors import ResponseError

from ..outcomes import call_outcome, exactly, outcome, pieces

SINGLE_BYTE = [
    "ascii",
    *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp125{digit}" for digit in range(9)),
    "koi8-r",
    "koi8-u",
]
UNICODE = ["utf-8", "utf-16", "utf-16-le", "utf-16-be"]


def document(text: str, encoding: str | None = None) -> str:
    declared = f' encoding="{encoding}"' if encoding else ""
    head = f'<?xml version="1.0"{declared}?>'
    return f"{head}<methodResponse><params><param><value>{text}</value></param></params></methodResponse>"


def read(data: bytes, **options: Any) -> Any:
    """The result for `data`, which is the same whole and in pieces."""
    whole = outcome(data, **options)
    assert outcome(pieces(data, 1), **options) == whole
    assert outcome(pieces(data, 1000), **options) == whole
    return whole


# Names


def test_only_the_listed_encodings_of_python_are_read() -> None:
    names = {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}
    names |= {module.name for module in pkgutil.iter_modules(encodings.__path__)}
    assert len(names) > 300
    assert {known_encoding(name) for name in names} - {None} == {*SINGLE_BYTE, *UNICODE}


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("Utf_8", "utf-8"),
        ("UTF-16", "utf-16"),
        ("utf-16LE", "utf-16-le"),
        ("US-ASCII", "ascii"),
        ("ASCII", "ascii"),
        ("iso-8859-1", "iso8859-1"),
        ("ISO_8859-1", "iso8859-1"),
        ("latin1", "iso8859-1"),
        ("LATIN2", "iso8859-2"),
        ("ISO-8859-15", "iso8859-15"),
        ("windows-1250", "cp1250"),
        ("WINDOWS-1252", "cp1252"),
        ("cp1251", "cp1251"),
        ("KOI8-R", "koi8-r"),
        ("koi8_u", "koi8-u"),
    ],
)
def test_an_encoding_is_known_by_its_aliases(name: str, canonical: str) -> None:
    assert known_encoding(name) == canonical


MALFORMED = ["", " utf-8", "utf-8 ", "utf-8\n", "utf 8", "8859-1", "-utf-8", "ütf-8", "utf-8\0", "../utf-8"]
# Encodings in which a filter may not find "<", codecs that do not encode text, and other modules.
FORBIDDEN = """
    utf-7 utf-32 utf-8-sig cp037 cp850 shift_jis gb18030 big5 iso-2022-jp hz idna punycode rot13 base64 hex zip bz2 uu
    quopri unicode_escape raw_unicode_escape undefined mbcs oem __init__ aliases charmap blah
"""


@pytest.mark.parametrize("name", [*MALFORMED, *FORBIDDEN.split(), "a" * 100_000], ids=lambda name: repr(name[:20]))
def test_any_other_name_is_unknown(name: str) -> None:
    assert known_encoding(name) is None


def test_the_error_shows_an_unknown_name_unless_it_is_long() -> None:
    assert outcome(document("x", "blah").encode()).message == "the document's encoding blah is not supported"
    assert outcome(document("x", "a" * 500).encode()).message == "the document's encoding is not supported"


# What the HTTP header says, for a document that says nothing itself


UNKNOWN = [
    "utf8mb4",
    "binary",
    "uft-8",
    "none",
    "UTF_8_BOM",
    "x-user-defined",
    "8859-1",
    "utf-8 ",
    "\x1b[31m",
    "a" * 500,
]


@pytest.mark.parametrize("name", UNKNOWN, ids=lambda name: repr(name[:20]))
def test_ascii_is_read_under_an_unknown_charset_of_http(name: str) -> None:
    assert read(document("a &#382;").encode(), charset=name) == exactly("a ž")
    assert read(document("a")[21:].encode(), charset=name) == exactly("a")
    call = b"<methodCall><methodName>m</methodName></methodCall>"
    assert call_outcome(call, charset=name) == exactly(("m", ()))


def test_other_bytes_under_an_unknown_charset_of_http_are_an_error_of_the_header() -> None:
    for name in ("utf8mb4", "binary", "uft-8"):
        data = document("\na žluť")
        error = read(data.encode(), charset=name)
        assert type(error) is ResponseError
        assert error.message == f"the charset {name} in the Content-Type header is not supported"
        assert error.position == (2, 2)
        # Most likely they are UTF-8, so they are shown as such.
        assert error.excerpt == data[data.index("ž") - 60 :]
    for name in ("\x1b[31m", "a" * 500):
        message = read(document("ž").encode(), charset=name).message
        assert message == "the charset in the Content-Type header is not supported"
    error = read(document("a \xe9 b").encode("latin-1"), charset="utf8mb4")
    assert "<value>a \ufffd b</value>" in error.excerpt
    error = call_outcome("<methodCall><methodName>ž".encode(), charset="utf8mb4")
    assert error.message == "the charset utf8mb4 in the Content-Type header is not supported"


def test_an_empty_charset_of_http_is_none() -> None:
    assert read(document("žluť").encode(), charset="") == exactly("žluť")


def test_a_document_that_says_its_encoding_does_not_need_the_header() -> None:
    for declared, encoding in (("UTF-8", "utf-8"), ("windows-1250", "cp1250")):
        assert read(document("žluť", declared).encode(encoding), charset="utf8mb4") == exactly("žluť")
    for encoding in ("utf-8-sig", "utf-16"):
        assert read(document("žluť").encode(encoding), charset="utf8mb4") == exactly("žluť")


@pytest.mark.parametrize("last", ["ž", "z"])
@pytest.mark.parametrize("line", ["x", "\n", "\r\n", "\r"], ids=repr)
def test_the_first_byte_beyond_ascii_may_come_late(line: str, last: str) -> None:
    text = line * (700_001 // len(line))
    data = document(f"{text}\n12345{last}", None).encode()
    for size in (1 << 20, 65536, 4093):
        answer = outcome(pieces(data, size), charset="utf8mb4")
        if last == "z":
            assert answer == exactly(f"{text}\n12345z".replace("\r\n", "\n").replace("\r", "\n"))
        else:
            assert answer.message == "the charset utf8mb4 in the Content-Type header is not supported"
            # "\r" and the "\n" after it end one line.
            lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
            assert answer.position == (lines + (1 if line == "\r" else 2), 5)
            shown = f"{text}\n12345".replace("\r\n", "\n").replace("\r", "\n")[-60:]
            assert answer.excerpt == shown + "ž</value></param></params></methodResponse>"
            assert (answer.excerpt.cut_start, answer.excerpt.cut_end) == (True, False)


def test_a_charset_in_which_ascii_means_something_else_is_refused_at_once() -> None:
    for name in ("utf-7", "utf-32", "hz", "cp037", "unicode_escape", "shift_jisx0213"):
        error = read(document("+ADw-").encode(), charset=name)
        assert error.message == f"the charset {name} in the Content-Type header is not supported"
        assert error.position == (1, 0)
        assert error.excerpt == document("+ADw-")[:100]


def test_ascii_means_the_same_in_every_charset_under_which_it_is_read() -> None:
    names = {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}
    names |= {module.name for module in pkgutil.iter_modules(encodings.__path__)}
    # ISO 2022 switches with the escape character, which XML forbids.
    printable = bytes({*range(0x20, 0x7F), *b"\t\r\n"}).decode()
    under = [name for name in names if outcome(document("a").encode(), charset=name) == exactly("a")]
    assert {"shift_jis", "gb18030", "iso2022_jp", "cp850", "utf_8"} <= set(under)
    for name in under:
        with contextlib.suppress(LookupError):  # bytes.decode has no such encoding
            assert printable.encode().decode(name) == printable


@pytest.mark.parametrize("charset", ["us-ascii", "windows-1252"])
def test_bytes_that_do_not_fit_the_charset_of_http_are_an_error_of_the_header(charset: str) -> None:
    error = read(document("ab\x81").encode("latin-1"), charset=charset)
    assert error.message == (
        f"the document has bytes that are not valid {known_encoding(charset)}, the charset in the Content-Type header"
    )
    assert error.position == (1, 61)


# Errors have a position and an excerpt


@pytest.mark.parametrize(
    ("data", "position", "excerpt"),
    [
        (document("a\n\x81b", "windows-1252").encode("latin-1"), (2, 0), None),
        (document("a\n\xe9b", "us-ascii").encode("latin-1"), (2, 0), None),
        (document("žž\x98", "windows-1250").encode("cp1250", "replace").replace(b"?<", b"\x98<"), None, None),
        (b'<?xml version="1.0" encoding="us-ascii"?>\xff', (1, 41), '<?xml version="1.0" encoding="us-ascii"?>\ufffd'),
        (b'\n <?xml version="1.0"\nencoding="blah"?><x/>', (2, 10), '<?xml version="1.0"\nencoding="blah"?><x/>'),
        (b'<?xml version="1.0"' + b" " * 5000, (1, 0), '<?xml version="1.0"' + " " * 81),
        (document("ž").encode("utf-16-be") + b"\x00", (1, len(document("ž"))), None),
        (codecs.BOM_UTF16_LE + " \n<!--é".encode("utf-16-le") + b"\0\xd8<\0", (1, 5), "<!--é\ufffd<"),
    ],
)
def test_an_error_of_the_encoding_has_its_position_and_excerpt(data: bytes, position: Any, excerpt: Any) -> None:
    error = read(data)
    assert type(error) is ResponseError
    if position is not None:
        assert error.position == position
    if excerpt is not None:
        assert error.excerpt == excerpt
    assert error.excerpt


@pytest.mark.parametrize("declared", ["UTF-16", "utf-16", "UTF-16LE", "UTF-16BE", "utf16"])
def test_single_bytes_that_are_declared_as_utf_16_are_shown_as_they_are(declared: str) -> None:
    error = read(document("žluť", declared).encode())
    assert error.message == f"the document declares the encoding {declared}, but its bytes are not UTF-16"
    assert error.position == (1, 30)
    assert error.excerpt == document("žluť", declared)
    assert not error.excerpt.cut_end
    assert "ž" in read(document("ž", declared)[: 30 + 100].encode()).excerpt + "ž"


def test_single_bytes_under_utf_16_in_the_http_header_are_shown_as_they_are() -> None:
    for data in (document("žluť"), document("žluť")[21:], "\n<html>", "OK"):
        error = read(data.encode(), charset="utf-16")
        assert error.message == (
            "the charset utf-16 in the Content-Type header does not fit the document, whose bytes are not UTF-16"
        )
        assert (error.position, error.excerpt) == ((1, 0), data.lstrip().encode()[:100].decode())


def test_what_is_wrong_before_the_bytes_that_are_not_valid_is_reported_first() -> None:
    for declared, options in (("windows-1252", {}), (None, {"charset": "utf8mb4"})):
        for text in (f"<foo/>{'x' * 70_000}\x81", "<foo/>\x81"):
            error = read(document(text, declared).encode("latin-1"), **options)
            assert error.message == "<foo> cannot stand in <value>"


# Contents


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_every_character_of_an_encoding_is_read(encoding: str) -> None:
    text = ""
    for byte in range(0x20, 0x100):
        try:
            text += bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            assert type(read(document("@", encoding).encode().replace(b"@", bytes([byte])))) is ResponseError
    text = text.replace("&", "").replace("<", "")
    assert read(document(text, encoding).encode(encoding)) == exactly(text)


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "mark"])
@pytest.mark.parametrize("declared", [None, "UTF-8", "UTF-16", "ISO-8859-1", "UTF-7"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_decides_and_utf_16_is_detected_without_one(
    encoding: str, declared: str | None, mark: str
) -> None:
    # XML 1.0, appendix F: a document in UTF-16 begins with "<" and a zero byte, whatever encoding it declares.
    data = (mark + document("žluť 😀", declared)).encode(encoding)
    if mark or encoding != "utf-8" or declared in (None, "UTF-8"):
        assert read(data) == exactly("žluť 😀")
    elif declared == "ISO-8859-1":
        assert read(data) == exactly("žluť 😀".encode().decode("iso-8859-1"))
    else:
        assert type(read(data)) is ResponseError


@pytest.mark.parametrize(
    "declaration",
    [
        "<?xml version='1.0' encoding='windows-1250'?>",
        '<?xml version="1.0" encoding=\'windows-1250\' standalone="yes"?>',
        '<?xml\tversion = "1.0"\r\n encoding\n=\n"windows-1250"  ?>',
        '\n\n <?xml version="1.0" encoding="windows-1250"?>\n<!-- <?xml version="1.0" encoding="utf-8"?> -->',
    ],
)
def test_a_declaration_is_found_in_every_spelling(declaration: str) -> None:
    assert read((declaration + document("žluť")[21:]).encode("cp1250")) == exactly("žluť")


@pytest.mark.parametrize(
    "text",
    [
        '&lt;?xml version="1.0" encoding="ISO-8859-1"?>',
        '<![CDATA[<?xml version="1.0" encoding="ISO-8859-1"?>]]>',
        '<![CDATA[<?xml version="1.0" encoding="utf-7"?>]]>',
    ],
)
@pytest.mark.parametrize("declared", [None, "UTF-8", "ISO-8859-2"])
def test_only_the_document_s_own_declaration_counts(declared: str | None, text: str) -> None:
    kept = text.replace("<![CDATA[", "").replace("]]>", "").replace("&lt;", "<")
    assert read(document(text, declared).encode()) == exactly(kept)


def test_a_document_without_declaration_is_utf_8_or_in_the_charset_of_http() -> None:
    bare = document("žluť")[21:]
    assert read(bare.encode()) == exactly("žluť")
    assert read(bare.encode("cp1250"), charset="windows-1250") == exactly("žluť")
    assert read(bare.encode("utf-16-be"), charset="utf-16") == exactly("žluť")
    assert type(read(bare.encode("cp1250"))) is ResponseError


def test_the_document_overrides_the_charset_of_http() -> None:
    assert read(document("žluť", "windows-1250").encode("cp1250"), charset="utf-8") == exactly("žluť")
    assert read(document("žluť", "UTF-8").encode(), charset="blah") == exactly("žluť")
    assert read(codecs.BOM_UTF8 + document("žluť").encode(), charset="windows-1250") == exactly("žluť")


def test_references_stand_for_characters_that_the_encoding_does_not_have() -> None:
    assert read(document("&#382;&#x1F600;", "US-ASCII").encode("ascii")) == exactly("ž😀")


def test_the_module_has_the_names_of_its_all() -> None:
    for name in charset.__all__:
        assert hasattr(charset, name)
