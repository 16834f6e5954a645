"""Patterns of rows: what they read, when they are made, and that the values are the same as without them."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc.codec import Limits, ResponseDecoder, decode_response
from mailkit_xmlrpc.codec.rows import MANY, RowPatterns
from mailkit_xmlrpc.codec.scalars import SCALARS
from tests import plain
from tests.outcomes import outcome


def row(*values: str) -> str:
    """A row whose members are named by their number."""
    members = (f"<member><name>{number}</name><value>{value}</value></member>" for number, value in enumerate(values))
    return f"<value><struct>{''.join(members)}</struct></value>"


def list_row(*values: str) -> str:
    """A row that is an array."""
    return f"<value><array><data>{''.join(f'<value>{value}</value>' for value in values)}</data></array></value>"


def array(rows: str) -> str:
    return f"<value><array><data>{rows}</data></array></value>"


def document(value: str) -> bytes:
    return f"<methodResponse><params><param>{value}</param></params></methodResponse>".encode()


class TestRowPatterns:
    ROW = row("x", "<int>1</int>")
    VALUE = {"0": "x", "1": 1}

    @pytest.fixture
    def patterns(self):
        return RowPatterns(SCALARS, {})

    def read(self, patterns, text, following="", name=None):
        """Read what follows a row. Returns the rows and the rest of the text."""
        rows = []
        end = patterns.read_after(name, text + following, 0, len(text), rows)
        return rows, (text + following)[end:]

    def learn(self, patterns, text, times, name=None):
        for _ in range(times):
            assert self.read(patterns, text, name=name) == ([], "")

    def test_read_nothing_before_64_rows_were_read_without_them(self, patterns):
        self.learn(patterns, self.ROW, 62)
        assert self.read(patterns, self.ROW, self.ROW) == ([], self.ROW)
        assert self.read(patterns, self.ROW, self.ROW * 2) == ([self.VALUE] * 2, "")

    def test_read_rows_up_to_one_of_another_shape(self, patterns):
        self.learn(patterns, self.ROW, 64)
        text = row("&lt;", "<int>-7</int>") + row("y") + self.ROW
        assert self.read(patterns, self.ROW, text) == ([{"0": "<", "1": -7}], row("y") + self.ROW)

    def test_read_rows_that_are_arrays(self, patterns):
        first = list_row("x", "<double>1.5</double>", "<boolean>1</boolean>", "<base64>aGk=</base64>")
        self.learn(patterns, first, 64)
        text = list_row("&amp;", "<double>-2.5</double>", "<boolean>0</boolean>", "<base64></base64>")
        assert self.read(patterns, first, text) == ([["&", -2.5, False, b""]], "")

    def test_read_an_integer_of_any_element(self, patterns):
        self.learn(patterns, self.ROW, 64)
        texts = [row("x", f"<{tag}>1</{tag}>") for tag in ("int", "i1", "i2", "i4", "i8")]
        assert self.read(patterns, self.ROW, "".join(texts)) == ([self.VALUE] * 5, "")

    @pytest.mark.parametrize(
        "other",
        [
            row("x", "<int>+1</int>"),
            row("x", "<int>1 </int>"),
            row("x", f"<int>{'0' * 30}1</int>"),
            row("x", "1"),
            row("x", "<string>1</string>"),
            row("x<!-- y -->", "<int>1</int>"),
            row("<![CDATA[x]]>", "<int>1</int>"),
            row("x", "<int>1</int>").replace("<struct>", "<struct >"),
            row("x", "<int>1</int>", "y"),
            list_row("x", "<int>1</int>"),
        ],
    )
    def test_leave_a_row_that_looks_different(self, patterns, other):
        self.learn(patterns, self.ROW, 64)
        assert self.read(patterns, self.ROW, other) == ([], other)

    def test_learn_from_the_latest_row_in_place_of_the_earlier_pattern(self, patterns):
        self.learn(patterns, self.ROW, 64)
        self.learn(patterns, row("y"), 200)
        assert self.read(patterns, row("y"), row("z")) == ([{"0": "z"}], "")
        assert self.read(patterns, self.ROW, self.ROW) == ([], self.ROW)

    def test_cost_twice_as_many_rows_each_time_unless_they_are_of_use(self, patterns):
        self.learn(patterns, self.ROW, 64)
        self.learn(patterns, row("y"), 127)
        assert self.read(patterns, row("y"), row("z")) == ([{"0": "z"}], "")
        rows, _ = self.read(patterns, row("y"), row("z") * 64)
        assert len(rows) == 64
        self.learn(patterns, self.ROW, 63)
        assert self.read(patterns, self.ROW, self.ROW) == ([self.VALUE], "")

    def test_are_those_of_the_arrays_of_one_name(self, patterns):
        self.learn(patterns, self.ROW, 64, name="a")
        assert self.read(patterns, self.ROW, self.ROW, name="a") == ([self.VALUE], "")
        assert self.read(patterns, self.ROW, self.ROW, name="b") == ([], self.ROW)

    def test_learn_nothing_from_a_row_of_more_than_16_384_characters(self, patterns):
        for length, value in ((16_385, []), (16_384, [{"0": "y"}])):
            text = row("x" * (length - len(row(""))))
            self.learn(patterns, text, 64)
            assert self.read(patterns, text, row("y"))[0] == value

    @pytest.mark.parametrize("text", [row(), list_row(), row("x", "<nil/>"), row("x", "<ex:i8>1</ex:i8>")])
    def test_learn_nothing_from_a_row_without_values_or_with_an_unusual_one(self, patterns, text):
        self.learn(patterns, text, 1000)
        assert self.read(patterns, text, text) == ([], text)


class TestInADocument:
    def test_a_row_that_would_be_too_deep_is_refused(self):
        value = array(row("x") * 200 + array(row("x") * 20))
        for depth in (2, 3):
            expected = outcome(document(value), plain.ResponseDecoder, limits=Limits(depth=depth))
            assert outcome(document(value), ResponseDecoder, limits=Limits(depth=depth)) == expected

    def test_a_name_in_rows_is_unescaped_once(self):
        text = row("x").replace("<name>0", "<name>&amp;amp;")
        assert decode_response(document(array(text * 200))) == [{"&amp;": "x"}] * 200

    @pytest.mark.parametrize("bad", ["x", "", "2", "1.5"])
    def test_a_bad_scalar_among_rows_is_an_error_or_kept(self, bad):
        text = row(
            "<boolean>1</boolean>", "<dateTime.iso8601>20260102T03:04:05</dateTime.iso8601>", "<base64>aGk=</base64>"
        )
        value = array(text * 200 + text.replace("aGk=", bad) + text.replace(">1<", f">{bad}<") + text)
        for options in ({}, {"keep_bad_scalars": True}, {"use_builtin_types": False}):
            expected = outcome(document(value), plain.ResponseDecoder, **options)
            assert outcome(document(value), ResponseDecoder, **options) == expected

    def test_the_rows_before_and_after_a_pattern_are_in_order(self):
        rows = [{"0": str(number), "1": number} for number in range(500)]
        text = "".join(row(number, f"<int>{number}</int>") for number in range(500))
        assert decode_response(document(array(text))) == rows

    def test_a_short_array_is_read_without_a_pattern(self, monkeypatch):
        def refuse(*args):
            raise AssertionError

        monkeypatch.setattr(RowPatterns, "read_after", refuse)
        short = array(row("x") * (MANY - 1))
        assert decode_response(document(array(short * 100))) == [[{"0": "x"}] * (MANY - 1)] * 100
