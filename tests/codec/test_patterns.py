"""`AnswerPatterns`: an answer that looks like earlier ones is read by a pattern, with the same value or error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec import decode, fast_decode
from mailkit_xmlrpc.codec.encode import escape
from mailkit_xmlrpc.codec.patterns import NO_MATCH, AnswerPatterns
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


def test_a_name_in_rows_is_unescaped_once():
    """`RowPattern` and `Scanner` each did, so that "&amp;" was read as "&"."""
    row = "<value><struct><member><name>&amp;amp;</name><value>x</value></member></struct></value>"
    array = f"<value><array><data>{row * 3}</data></array></value>"
    document = f"<methodResponse><params><param>{array}</param></params></methodResponse>"
    assert fast_decode.decode_response(document.encode()) == [{"&amp;": "x"}] * 3


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
