"""`redaction`: secrets are found in any case, whole or cut, wherever a server put them.

That nothing of a whole call shows one is a property of tests/properties/test_redaction.py.
"""

from __future__ import annotations

import time

import pytest

from mailkit_xmlrpc.redaction import mask, masked

MD5 = "abc123def456abc123def456abc12345"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("nothing to see", "nothing to see"),
        (MD5, "***"),
        (f"md5={MD5}&x", "md5=***&x"),
        (f"{MD5}{MD5}", "******"),
        (MD5.upper(), "***"),
        (f"<{MD5[:20]}", "<***"),
        (f"{MD5[12:]}>", "***>"),
        (f"{MD5[-9:]} and {MD5} and {MD5[:9]}", "*** and *** and ***"),
    ],
)
def test_hides_the_secret_in_any_case_and_where_it_was_cut(text, masked):
    assert mask(text, [MD5]) == masked


def test_hides_every_secret():
    assert mask(f"a {MD5} b hunter22 c", [MD5, "hunter22"]) == "a *** b *** c"


@pytest.mark.parametrize("letter", ["İ", "ß", "ŉ", "K", "ǰ"], ids=ascii)
@pytest.mark.parametrize("times", [1, 5, 32, 40])
def test_finds_it_behind_letters_whose_lower_or_upper_case_is_longer(letter, times):
    assert mask(letter * times + MD5 + letter, [MD5]) == letter * times + "***" + letter


def test_takes_a_secret_for_text_and_not_for_a_pattern():
    assert mask("a+b (c) \\1 ccc", ["c) \\1"]) == "a+b (*** ccc"
    assert mask("aaaa.b", ["a+.b"]) == "aaaa.b"


def test_takes_linear_time():
    text = MD5 * 30_000
    started = time.perf_counter()
    assert mask(text, [MD5]) == "***" * 30_000
    assert time.perf_counter() - started < 2


def test_masks_what_a_struct_of_headers_holds():
    assert masked({"a": MD5, MD5: "b", "n": 5}, (MD5,)) == {"a": "***", "***": "b", "n": 5}
    assert masked(5, (MD5,)) == 5
    assert masked(None, (MD5,)) is None
