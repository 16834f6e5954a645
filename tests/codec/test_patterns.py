"""Patterns that are learnt from what was read: of rows in a document, and of answers.

Whatever a pattern reads has the same value or error as without it.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec import Limits, decode, fast_decode
from mailkit_xmlrpc.codec.encode import escape
from mailkit_xmlrpc.codec.patterns import NO_MATCH, AnswerPatterns, RowPatterns
from mailkit_xmlrpc.codec.scalars import SCALARS
from tests.outcomes import outcome


def answer(*members: tuple[str, str, str], blank: str = "") -> str:
    """An answer whose value is a struct. A member is its name, its type ("" for none) and its text in XML."""
    values = [(name, f"<{tag}>{text}</{tag}>" if tag else text) for name, tag, text in members]
    inner = "".join(
        f"<member>{blank}<name>{name}</name>{blank}<value>{value}</value>{blank}</member>" for name, value in values
    )
    return (
        f"<methodResponse>{blank}<params>{blank}<param>{blank}<value>{blank}<struct>{inner}</struct>{blank}</value>"
        f"{blank}</param>{blank}</params>{blank}</methodResponse>"
    )


def trigger(message: str, code: str, blank: str = "") -> str:
    return answer(("message", "string", message), ("status", "", "OK"), ("error_status", "i4", code), blank=blank)


@pytest.fixture
def patterns():
    """Patterns that have learnt `trigger`."""
    patterns = AnswerPatterns()
    for _ in range(2):
        assert patterns.read(trigger("a", "0"), SCALARS) is NO_MATCH
        patterns.learn(trigger("a", "0"), {"message": "a", "status": "OK", "error_status": 0})
    return patterns


class TestAnswerPatterns:
    def test_read_an_answer_like_two_that_followed_each_other(self, patterns):
        value = patterns.read(trigger("x &amp; y &#10;", " 7 "), SCALARS)
        assert value == {"message": "x & y \n", "status": "OK", "error_status": 7}
        assert list(value) == ["message", "status", "error_status"]

    def test_do_not_read_an_answer_like_one_that_came_once(self):
        patterns = AnswerPatterns()
        patterns.learn(trigger("a", "0"), {"message": "a", "status": "OK", "error_status": 0})
        patterns.learn(answer(("x", "int", "1")), {"x": 1})
        patterns.learn(trigger("a", "0"), {"message": "a", "status": "OK", "error_status": 0})
        assert patterns.read(trigger("a", "0"), SCALARS) is NO_MATCH

    def test_keep_the_latest_few(self, patterns):
        for name in "abc":
            for _ in range(2):
                patterns.learn(answer((name, "int", "1")), {name: 1})
        assert patterns.read(trigger("b", "1"), SCALARS) is not NO_MATCH
        assert patterns.read(answer(("a", "int", "5")), SCALARS) == {"a": 5}

    @pytest.mark.parametrize(
        "other",
        [
            trigger("a", "0", blank="\n"),
            trigger("a", "0").replace("i4", "int"),
            trigger("a", "0").replace("<value>OK", "<value><string>OK</string>"),
            trigger("a", "0").replace("status", "state", 1),
            trigger("a", "0").replace("<struct>", "<struct ><!-- x -->"),
            trigger("a<!-- x -->b", "0"),
            trigger("<![CDATA[a]]>", "0"),
            trigger("a\r\nb", "0"),
            trigger("a", "0") + "<!-- the end -->",
            answer(("message", "string", "a")),
        ],
        ids=range(10),
    )
    def test_do_not_read_an_answer_that_looks_different(self, patterns, other):
        assert patterns.read(other, SCALARS) is NO_MATCH

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (answer(("a&amp;b", "int", "1")), {"a&b": 1}),
            ("<methodResponse><params><param><value>a</value></param></params></methodResponse>", "a"),
            (trigger("a" * 5000, "0"), {"message": "a" * 5000, "status": "OK", "error_status": 0}),
            (
                trigger("a", "0").replace("OK", "<array><data/></array>"),
                {"message": "a", "status": [], "error_status": 0},
            ),
        ],
        ids=["reference in a name", "not a struct", "long", "nested"],
    )
    def test_learn_nothing_wrong_from_an_answer_without_a_pattern(self, text, value):
        patterns = AnswerPatterns()
        for _ in range(3):
            patterns.learn(text, value)
        assert patterns.read(text, SCALARS) in (NO_MATCH, value)

    def test_stop_learning_after_a_number_of_patterns(self):
        patterns = AnswerPatterns()
        for number in range(200):
            for _ in range(2):
                patterns.learn(answer((f"n{number}", "int", "1")), {f"n{number}": 1})
        assert patterns.read(answer(("n199", "int", "1")), SCALARS) is NO_MATCH
        assert patterns.read(answer(("n62", "int", "1")), SCALARS) == {"n62": 1}


def row(*values: str) -> str:
    """A row whose members are named by their number."""
    members = (f"<member><name>{number}</name><value>{value}</value></member>" for number, value in enumerate(values))
    return f"<value><struct>{''.join(members)}</struct></value>"


class TestRowPatterns:
    ROW = row("x", "<int>1</int>")

    @pytest.fixture
    def rows(self):
        return RowPatterns(SCALARS, {})

    def learn(self, rows, text, times, name=None):
        for _ in range(times):
            rows.learn(name, text, 0, len(text))

    def read(self, rows, text, name=None):
        value = []
        count, end = rows.read(name, text, 0, value)
        assert count == len(value)
        return value, text[end:]

    def test_read_nothing_before_64_rows_were_read_without_them(self, rows):
        self.learn(rows, self.ROW, 63)
        assert self.read(rows, self.ROW) == ([], self.ROW)
        self.learn(rows, self.ROW, 1)
        assert self.read(rows, self.ROW) == ([{"0": "x", "1": 1}], "")

    def test_read_rows_up_to_one_of_another_shape(self, rows):
        self.learn(rows, self.ROW, 64)
        text = self.ROW + row("&lt;", "<int>-7</int>") + row("y") + self.ROW
        assert self.read(rows, text) == ([{"0": "x", "1": 1}, {"0": "<", "1": -7}], row("y") + self.ROW)

    def test_learn_from_the_latest_row_in_place_of_the_earlier_pattern(self, rows):
        self.learn(rows, self.ROW, 64)
        self.learn(rows, row("y"), 200)
        assert self.read(rows, row("z")) == ([{"0": "z"}], "")
        assert self.read(rows, self.ROW) == ([], self.ROW)

    def test_are_those_of_the_arrays_of_one_name(self, rows):
        self.learn(rows, self.ROW, 64, name="a")
        assert self.read(rows, self.ROW, name="a") == ([{"0": "x", "1": 1}], "")
        assert self.read(rows, self.ROW, name="b") == ([], self.ROW)

    def test_learn_nothing_from_a_row_of_more_than_16_384_characters(self, rows):
        for length, value in ((16_385, []), (16_384, [{"0": "y"}])):
            text = row("x" * (length - len(row(""))))
            self.learn(rows, text, 64)
            assert self.read(rows, row("y"))[0] == value

    def test_learn_nothing_from_a_struct_without_members(self, rows):
        self.learn(rows, row(), 1000)
        assert self.read(rows, row()) == ([], row())

    def test_do_not_read_a_row_that_would_be_too_deep(self):
        array = "<value><array><data>{}</data></array></value>".format
        value = array(self.ROW * 100 + array(self.ROW))
        document = f"<methodResponse><params><param>{value}</param></params></methodResponse>"
        for depth in (2, 3):
            expected = outcome(document.encode(), decode.ResponseDecoder, limits=Limits(depth=depth))
            assert outcome(document.encode(), fast_decode.ResponseDecoder, limits=Limits(depth=depth)) == expected


def test_a_name_in_rows_is_unescaped_once():
    """`RowPattern` and `Scanner` each did, so that "&amp;" was read as "&"."""
    row = "<value><struct><member><name>&amp;amp;</name><value>x</value></member></struct></value>"
    array = f"<value><array><data>{row * 200}</data></array></value>"
    document = f"<methodResponse><params><param>{array}</param></params></methodResponse>"
    assert fast_decode.decode_response(document.encode()) == [{"&amp;": "x"}] * 200


NAMES = st.sampled_from(["message", "status", "error_status", "a b", "a&amp;b", "&amp;amp;", "."])
TYPES = st.sampled_from(["string", "int", "i8", "boolean", "double", "dateTime.iso8601", "base64", ""])
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).map(escape),
    st.sampled_from(["0", "1", " 17 ", "-5", "1.5", "true", "20260102T03:04:05", "aGk=", "", "\r", "&#13;", "]]&gt;"]),
    st.integers().map(str),
)


@given(st.lists(st.tuples(NAMES, TYPES), min_size=1, max_size=4), st.data())
def test_answers_that_look_alike_give_what_the_plain_decoder_gives(members, data):
    """Values and errors are the same, whatever was learnt from the answers before."""
    blank = data.draw(st.sampled_from(["", "\n", " \t\n"]))
    fast_decode._ANSWER_PATTERNS.__init__()
    for _ in range(5):
        text = answer(*((name, tag, data.draw(TEXTS)) for name, tag in members), blank=blank)
        for options in ({}, {"use_builtin_types": False}, {"keep_bad_scalars": True}):
            expected = outcome(text.encode(), decode.ResponseDecoder, **options)
            assert outcome(text.encode(), fast_decode.ResponseDecoder, **options) == expected
