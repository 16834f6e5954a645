"""`redaction`: a whole secret is masked wherever it is, a part of one only where an excerpt was cut.

That nothing of a whole call shows one is a property of tests/properties/test_redaction.py.
"""

from __future__ import annotations

import copy
import itertools
import pickle
import time
import xmlrpc.client
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.errors.redaction import (
    Address,
    Excerpt,
    HiddenBytes,
    HiddenTuple,
    hidden,
    mask,
    masked,
    on_one_line,
)
from mailkit_xmlrpc.errors.secrets import Secrets

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
    ],
)
def test_hides_the_whole_secret_in_any_case(text, masked):
    assert mask(text, [MD5]) == masked
    assert mask(Excerpt(text), [MD5]) == masked


def test_hides_every_secret():
    assert mask(f"a {MD5} b hunter22 c", [MD5, "hunter22"]) == "a *** b *** c"


class TestHonestText:
    """Mailkit's own words can begin or end like an md5."""

    @pytest.mark.parametrize(
        ("md5", "text"),
        [
            ("0123456789abcdef0123456789abadde", "Added into scenario events queue"),
            ("face456789abcdef0123456789abcdef", "Missing surface"),
            ("0123456789abcdef0123456789ab2026", "2026-11-27 is before today"),
            ("12345678000000000000000000000000", "no list has the id 12345678"),
        ],
    )
    def test_is_left_as_it_is(self, md5, text):
        assert mask(text, [md5]) == text
        assert mask(Excerpt(text), [md5]) == text

    @given(st.text(st.sampled_from("0123456789abcdef"), min_size=32, max_size=32), st.text())
    def test_changes_only_where_a_whole_secret_is(self, md5, text):
        if md5.lower() not in text.lower():
            assert mask(text, [md5]) == text


class TestAnExcerpt:
    @pytest.mark.parametrize("size", range(4, 32))
    def test_hides_the_beginning_of_a_secret_at_its_cut_end_alone(self, size):
        part = MD5[:size]
        assert mask(Excerpt(f"<{part}", cut_end=True), [MD5]) == "<***"
        assert mask(Excerpt(f"<{part}", cut_start=True), [MD5]) == f"<{part}"
        assert mask(Excerpt(f"{part}>", cut_start=True, cut_end=True), [MD5]) == f"{part}>"

    @pytest.mark.parametrize("size", range(4, 32))
    def test_hides_the_end_of_a_secret_at_its_cut_start_alone(self, size):
        part = MD5[-size:]
        assert mask(Excerpt(f"{part}>", cut_start=True), [MD5]) == "***>"
        assert mask(Excerpt(f"{part}>", cut_end=True), [MD5]) == f"{part}>"

    @pytest.mark.parametrize(
        "end", ["p%4", "p%", "p&am", "p&#3", "p&amp;#3", "pa\\", "pa\\u00", "pa\\ud83d", "pa\\ud83d\\"]
    )
    def test_hides_the_beginning_of_a_secret_whose_quoting_is_cut(self, end):
        secret = "to\"'pa😀" if "d83d" in end else 'to"\'pa"x' if "pa" in end else "to\"'p@&x"
        quoted = end.replace("p", "to\\&quot;'p", 1)
        assert mask(Excerpt(f"<{quoted}", cut_end=True), [secret]) == "<***"

    @pytest.mark.parametrize("start", ["40", "0", "#64;", "amp;#64;", "u0040", "0040", ";"])
    def test_hides_the_end_of_a_secret_whose_quoting_is_cut(self, start):
        assert mask(Excerpt(f"{start}w&#246;rd>", cut_start=True), ["ab@wörd"]) == "***>"
        assert mask(Excerpt(f"{start}word>", cut_start=True), ["abcword"]) == f"{start}word>"

    @pytest.mark.parametrize("letters", ["İ", "İİ", "xİ", "İx"])
    def test_hides_a_part_among_letters_whose_lower_case_is_longer(self, letters):
        assert mask(Excerpt(f"abc{letters}{MD5[:9]}", cut_end=True), [MD5]) == f"abc{letters}***"
        assert mask(Excerpt(f"{MD5[-9:]}{letters}abc", cut_start=True), [MD5]) == f"***{letters}abc"
        secret = f"pass{letters}word"
        assert mask(Excerpt(f"abc{secret[:-1]}", cut_end=True), [secret]) == "abc***"
        assert mask(Excerpt(f"{secret[1:]}abc", cut_start=True), [secret]) == "***abc"
        assert mask(f"<{secret}>\n", [secret]) == "<***>\n"

    def test_hides_parts_at_both_ends_and_wholes_between(self):
        excerpt = Excerpt(f"{MD5[-9:]} and {MD5} and {MD5[:9]}", cut_start=True, cut_end=True)
        assert mask(excerpt, [MD5]) == "*** and *** and ***"

    def test_is_a_str_that_keeps_its_cuts(self):
        excerpt = Excerpt("abc", cut_end=True)
        assert excerpt == "abc"
        for twin in (pickle.loads(pickle.dumps(excerpt)), copy.deepcopy(excerpt), mask(excerpt, ["zzzz"])):
            assert (twin, twin.cut_start, twin.cut_end) == ("abc", False, True)


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


DIGITS = "12345678901234567890123456789012"


class TestAValue:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ({"a": MD5, MD5: "b", "n": 5}, {"a": "***", "***": "b", "n": 5}),
            ([MD5, {"a": [{"b": (MD5.upper(),)}]}], ["***", {"a": [{"b": ("***",)}]}]),
            (f"<{MD5}>".encode(), b"<***>"),
            (bytearray(MD5.encode()), b"***"),
            (b"\xff" + MD5.upper().encode(), b"\xff***"),
            (xmlrpc.client.Binary(MD5.encode()), xmlrpc.client.Binary(b"***")),
            (xmlrpc.client.DateTime(MD5), xmlrpc.client.DateTime("***")),
            (int(DIGITS), "***"),
            (Decimal(DIGITS), "***"),
            (Decimal(f"{DIGITS}.5"), "***.5"),
        ],
        ids=lambda value: ascii(value)[:40],
    )
    def test_is_masked_in_all_its_parts(self, value, shown):
        assert masked(value, (MD5, DIGITS)) == shown

    def test_keeps_every_value_of_a_struct_whose_names_hold_a_secret(self):
        value = {MD5: 1, MD5.upper(): 2, "*** (2)": 3, "***": 4, f"<{MD5}>": 5, MD5.encode(): 6}
        shown = {"*** (2)": 3, "***": 4, "<***>": 5, b"***": 6}
        found = masked(value, (MD5,))
        assert sorted(found.values()) == [1, 2, 3, 4, 5, 6]
        assert {name: found[name] for name in shown} == shown
        assert MD5 not in repr(found).lower()

    def test_takes_linear_time(self):
        started = time.perf_counter()
        value = {"".join(each): 1 for each in itertools.islice(itertools.product(*zip(MD5, MD5.upper())), 30_000)}
        assert len(masked(value, (MD5,))) == len(value)
        shared: list = ["a"]
        for _ in range(60):
            shared = [shared, shared]
        masked(shared, (MD5,))
        assert time.perf_counter() - started < 4

    def test_can_be_nested_deeply(self):
        value = MD5
        for _ in range(5000):
            value = [{"a": value}]
        found = masked(value, (MD5,))
        while isinstance(found, list):
            found = found[0]["a"]
        assert found == "***"

    def test_is_not_changed_itself(self):
        value = {"a": [MD5], "b": 5}
        masked(value, (MD5,))
        assert value == {"a": [MD5], "b": 5}

    @pytest.mark.parametrize(
        "value",
        [5, 10**9999, 1.5, None, True, b"\xff\x00", Decimal("1.50"), datetime(2026, 1, 1), MD5[1:], {}],
        ids=type,
    )
    def test_without_a_secret_is_left_as_it_is(self, value):
        left = masked(value, (MD5, "True", "None"))
        assert (left, type(left)) == (value, type(value))


class TestAFoldedText:
    @pytest.mark.parametrize("fold", ["\n", "\r\n", "\n\t", "\r\n    ", "\n\n"], ids=ascii)
    @pytest.mark.parametrize("at", [1, 16, 31])
    def test_hides_a_secret_that_a_line_break_cuts(self, fold, at):
        text = f"<{MD5[:at]}{fold}{MD5[at:]}>\n<{MD5}>"
        assert mask(text, [MD5]) == "<***>\n<***>"
        assert mask(Excerpt(text, cut_end=True), [MD5]) == "<***>\n<***>"

    def test_is_left_as_it_is_without_one(self):
        text = f"{MD5[:16]}\n{MD5[:16]}\r\n {MD5[:16]}x{MD5[16:]}\n"
        assert mask(text, [MD5]) == text

    @pytest.mark.parametrize("size", range(4, 32))
    def test_hides_a_part_at_a_cut_end_that_a_line_break_cuts(self, size):
        begin, end = MD5[:size], MD5[-size:]
        for fold in ("\n", "\r\n\t"):
            part = Excerpt(f"<{begin[:3]}{fold}{begin[3:]}", cut_end=True)
            assert mask(part, [MD5]) == "<***"
            part = Excerpt(f"{end[:3]}{fold}{end[3:]}>", cut_start=True)
            assert mask(part, [MD5]) == "***>"

    def test_takes_linear_time(self):
        started = time.perf_counter()
        for text in (f"{MD5[:9]}\n" * 30_000, "a" + "\n" * 100_000 + "b", "\r\n \t" * 50_000 + MD5):
            mask(text, [MD5, "a" * 20])
        assert time.perf_counter() - started < 2


class TestALongSecret:
    @pytest.mark.parametrize(
        "echo", [str, lambda text: f"{text[:5000]}\r\n{text[5000:]}", lambda text: text.replace("+", "%2B")]
    )
    def test_takes_linear_time(self, echo):
        secret = "Ab+/" * 25_000
        secrets = Secrets([secret])
        started = time.perf_counter()
        assert mask(f"<{echo(secret)}>", secrets) == "<***>"
        assert mask(Excerpt(f"<{echo(secret)[:200]}", cut_end=True), secrets) == "<***"
        assert time.perf_counter() - started < 2

    @pytest.mark.parametrize(
        "text", ["&" * 10**6, "&amp;" * 10**5, "%41" * 10**5, "\\" * 10**6, "%c3" * 10**5, "\\ud800" * 10**5]
    )
    def test_is_looked_for_in_linear_time(self, text):
        started = time.perf_counter()
        assert mask(text, [MD5, "%" * 9, "a+" * 90]) == text
        assert time.perf_counter() - started < 4


class TestRepresentations:
    def test_leave_the_secret_out(self):
        assert repr(hidden("hunter22")) == "'***'"
        assert repr(HiddenTuple(["hunter22"])) == "<1 value>"
        assert repr(HiddenBytes(b"hunter22")) == "<8 bytes>"

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("joe:hunter22@h.example:81", "h.example:81"),
            ("https://joe:hunter22@h.example/x?y=a@b", "https://h.example/x?y=a@b"),
            ("https://h.example/x@y", "https://h.example/x@y"),
            ("https://joe:hunter@22@h.example", "https://h.example"),
            ("h.example", "h.example"),
            ("", ""),
        ],
    )
    def test_of_an_address_leave_its_credentials_out(self, text, shown):
        assert repr(Address(text)) == repr(shown)
        assert Address(text) == text

    @pytest.mark.parametrize("value", [hidden("x"), HiddenTuple([1]), HiddenBytes(b"x"), Address("a@b")], ids=type)
    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_survive_pickling_and_copying(self, value, protocol):
        for twin in (pickle.loads(pickle.dumps(value, protocol)), copy.deepcopy(value)):
            assert (twin, repr(twin), type(twin)) == (value, repr(value), type(value))

    def test_of_what_is_no_str_is_empty_but_for_an_id(self):
        assert [hidden(value) for value in (None, 5, MD5.encode(), [MD5], int(DIGITS))] == [None, 5, "", "", ""]


@given(text=st.text())
def test_a_text_on_one_line_is_printable_and_keeps_what_can_be_printed(text):
    shown = on_one_line(text)
    assert shown.isprintable()
    assert shown == text or not text.isprintable()
