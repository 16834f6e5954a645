"""`quoting`: the layers of a quoted text, and where a part of one is in the text as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.errors.quoting import layers, lower, places

PIECES = ["a", "b", "+", "&amp;", "&#65;", "%41", "%c3%a4", "%ff", r"\"", r"\\", r"\u00e4", "\n ", r"\n", "&", "%"]


@pytest.mark.parametrize(
    ("text", "unquoted"),
    [
        ("", []),
        ("a&b%c\\d &; &nothing; %4 %g1 \\q \\u12 &#; &#1114112;", []),
        ("&amp;lt;", ["&lt;", "<"]),
        ("&auml;&AMP;&#228;&#xE4;&#XE4;&#128;", ["ä&äää\x80"]),
        ("%41%c3%a4%E4%F0%9F%98%80", ["Aää😀"]),
        (r"\x41\xc3\xa4\xe4\u00e4\U0001f600\ud83d\ude00\ud83d", ["Aäää😀😀\ud83d"]),
        (r"\u000abcdef", ["\nbcdef", "bcdef"]),
        (r"\\\"\/\'\t", ["\\\"/'\t"]),
        ("a+b\r\n \tc\nd", ["a bcd"]),
        ("%" + "25" * 9 + "41", ["%" + "25" * 8 + "41"]),
    ],
    ids=ascii,
)
def test_each_layer_undoes_one_quoting(text, unquoted):
    assert layers(text)[: len(unquoted) + 1] == [text, *unquoted]


def test_there_are_at_most_five():
    assert layers("&" + "amp;" * 20)[1:] == ["&" + "amp;" * size for size in range(19, 14, -1)]


@pytest.mark.parametrize(
    "end", ["&", "&#", "&#x4", "&am", "%", "%4", "\\", "\\u", "\\u00e", "\\x", r"\ud83d", r"\ud83d\ud"]
)
def test_a_quoted_character_that_is_cut_is_left_out(end):
    assert layers(f"abc{end}", cut_end=True) == [f"abc{end}", "abc"]
    assert "abc" not in layers(f"abc{end}")


@given(st.lists(st.sampled_from(PIECES)), st.data())
def test_a_part_of_a_layer_is_found_in_the_text(pieces, data):
    """What is found there has that part in the same layer."""
    texts = layers("".join(pieces))
    depth = data.draw(st.integers(0, len(texts) - 1))
    inner = texts[depth]
    if inner:
        start = data.draw(st.integers(0, len(inner) - 1))
        end = data.draw(st.integers(start + 1, len(inner)))
        [(at, to)] = places([(start, end)], texts[:depth])
        assert 0 <= at < to <= len(texts[0])
        assert depth or (at, to) == (start, end)
        before, after = places([(0, start)], texts[:depth]) if start else [], places([(end, len(inner))], texts[:depth])
        assert not before or before[0][1] <= at
        assert end == len(inner) or to <= after[0][0]


@given(st.text())
def test_the_lower_case_of_a_text_has_each_character_in_its_place(text):
    assert len(lower(text)) == len(text)
    assert lower(f"İ{text}Σ A") == f"İ{lower(text)}σ a"
