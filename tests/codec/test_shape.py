"""`Shapes`: an answer like the ones before is read by its remembered shape, to the same value and the same error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc.codec import decode, fast_decode
from mailkit_xmlrpc.codec.encode import escape
from mailkit_xmlrpc.codec.scalars import SCALARS
from mailkit_xmlrpc.codec.shape import NOTHING, Shapes
from tests.outcomes import outcome


def answer(*members: tuple[str, str, str], blank: str = "") -> str:
    """An answer whose value is a struct of members: name, type ("" for none), the text in XML."""
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
def shapes():
    """Shapes that know `trigger`."""
    shapes = Shapes()
    for _ in range(2):
        assert shapes.recall(trigger("a", "0"), SCALARS) is NOTHING
        shapes.learn(trigger("a", "0"), {"message": "a", "status": "OK", "error_status": 0})
    return shapes


class TestRemembers:
    def test_a_shape_that_came_twice_in_a_row(self, shapes):
        value = shapes.recall(trigger("x &amp; y &#10;", " 7 "), SCALARS)
        assert value == {"message": "x & y \n", "status": "OK", "error_status": 7}
        assert list(value) == ["message", "status", "error_status"]

    def test_not_one_that_came_once(self):
        shapes = Shapes()
        shapes.learn(trigger("a", "0"), {"message": "a", "status": "OK", "error_status": 0})
        shapes.learn(answer(("x", "int", "1")), {"x": 1})
        shapes.learn(trigger("a", "0"), {"message": "a", "status": "OK", "error_status": 0})
        assert shapes.recall(trigger("a", "0"), SCALARS) is NOTHING

    def test_a_few_of_them(self, shapes):
        for name in "abc":
            for _ in range(2):
                shapes.learn(answer((name, "int", "1")), {name: 1})
        assert shapes.recall(trigger("b", "1"), SCALARS) is not NOTHING
        assert shapes.recall(answer(("a", "int", "5")), SCALARS) == {"a": 5}

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
    def test_nothing_that_looks_otherwise(self, shapes, other):
        assert shapes.recall(other, SCALARS) is NOTHING

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
        ids=["reference in a name", "no struct", "long", "nested"],
    )
    def test_what_it_cannot_hold_does_no_harm(self, text, value):
        shapes = Shapes()
        for _ in range(3):
            shapes.learn(text, value)
        assert shapes.recall(text, SCALARS) in (NOTHING, value)

    def test_no_more_than_a_bound_of_lessons_are_given(self):
        shapes = Shapes()
        for number in range(200):
            for _ in range(2):
                shapes.learn(answer((f"n{number}", "int", "1")), {f"n{number}": 1})
        assert shapes.recall(answer(("n199", "int", "1")), SCALARS) is NOTHING
        assert shapes.recall(answer(("n62", "int", "1")), SCALARS) == {"n62": 1}


def test_a_name_in_rows_is_unescaped_once():
    """`Row` and `Scan` each did, so that "&amp;" was read as "&"."""
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
def test_answers_of_one_shape_end_as_the_plain_decoder_ends(members, data):
    """Values and errors are the same, whatever was remembered of the answers before."""
    blank = data.draw(st.sampled_from(["", "\n", " \t\n"]))
    fast_decode._SHAPES.__init__()
    for _ in range(5):
        text = answer(*((name, tag, data.draw(TEXTS)) for name, tag in members), blank=blank)
        for options in ({}, {"use_builtin_types": False}, {"keep_bad_scalars": True}):
            expected = outcome(text.encode(), decode.ResponseDecoder, **options)
            assert outcome(text.encode(), fast_decode.ResponseDecoder, **options) == expected
