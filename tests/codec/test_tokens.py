"""References in text that a parser has proved to be well-formed."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec.tokens import unescape

REFERENCES = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#38;", "&#x26;", "&#60;", "&#13;", "&#x1F600;", "&#0065;"]


def as_expat_reads(text: str) -> str:
    pieces: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = pieces.append
    parser.Parse(f"<a>{text}</a>", True)
    return "".join(pieces)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "a"),
        ("&amp;lt;", "&lt;"),
        ("&#38;lt;", "&lt;"),
        ("&amp;#60;", "&#60;"),
        ("&#38;#60;", "&#60;"),
        ("&amp;amp;", "&amp;"),
        ("&#x26;amp;&amp;#38;", "&amp;&#38;"),
    ],
)
def test_what_a_reference_gives_is_not_taken_for_another_one(text: str, value: str) -> None:
    assert unescape(text) == value == as_expat_reads(text)


@given(st.lists(st.sampled_from([*REFERENCES, "amp;", "lt;", "#60;", "x", ";", "ž"])).map("".join))
def test_any_text_is_read_as_expat_reads_it(text: str) -> None:
    assert unescape(text) == as_expat_reads(text)
