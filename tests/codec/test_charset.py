"""The encodings that are read, their names, and how a document's encoding is detected."""

from __future__ import annotations

import codecs
import encodings
import encodings.aliases
import pkgutil
from typing import Any

import pytest

from mailkit_xmlrpc.codec import charset
from mailkit_xmlrpc.codec.charset import known_encoding
from mailkit_xmlrpc.errors import ResponseError

from ..outcomes import exactly, outcome, pieces

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
    for options in ({}, {"charset": "blah"}):
        error = outcome(document("x", None if options else "blah").encode(), **options)
        assert type(error) is ResponseError
        assert "encoding blah" in error.message
    assert "aaa" not in outcome(document("x", "a" * 500).encode()).message


def test_a_name_of_the_http_header_is_shown_without_control_characters() -> None:
    assert "\x1b" not in outcome(document("x").encode(), charset="\x1b[31m").message


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
