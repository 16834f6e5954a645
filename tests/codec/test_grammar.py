"""The grammar. The tables here are written from the specification, independently of the decoder's table."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import pytest

from mailkit_xmlrpc.errors import HostileXMLError, ResponseError

from ..outcomes import call_outcome, exactly, outcome, pieces

SCALARS = {
    "int": "1",
    "i1": "1",
    "i2": "1",
    "i4": "1",
    "i8": "1",
    "biginteger": "1",
    "double": "1",
    "float": "1",
    "bigdecimal": "1",
    "boolean": "1",
    "nil": "",
    "string": "1",
    "dateTime.iso8601": "19980717T14:08:55",
    "base64": "QQ==",
}
EXTENSIONS = {"i1", "i2", "i8", "biginteger", "float", "bigdecimal", "nil"}

# Each element as it can occur in an answer.
SAMPLES = {
    **{name: f"<{name}>{text}</{name}>" for name, text in SCALARS.items()},
    "methodResponse": "<methodResponse></methodResponse>",
    "methodCall": "<methodCall></methodCall>",
    "methodName": "<methodName>m</methodName>",
    "params": "<params><param><value>1</value></param></params>",
    "param": "<param><value>1</value></param>",
    "fault": "<fault><value><struct><member><name>faultCode</name><value>1</value></member>"
    "<member><name>faultString</name><value>1</value></member></struct></value></fault>",
    "value": "<value>1</value>",
    "array": "<array><data></data></array>",
    "data": "<data></data>",
    "struct": "<struct></struct>",
    "member": "<member><name>n</name><value>1</value></member>",
    "name": "<name>n</name>",
    "unknown": "<unknown/>",
}
ANSWER = "<methodResponse><params><param>{}</param></params></methodResponse>"
# Answers with {} inside each element, for one more element.
HOLES = {
    "methodResponse": "<methodResponse>{}</methodResponse>",
    "params": "<methodResponse><params>{}</params></methodResponse>",
    "param": ANSWER,
    "fault": "<methodResponse><fault>{}</fault></methodResponse>",
    "value": ANSWER.format("<value>{}</value>"),
    "array": ANSWER.format("<value><array>{}</array></value>"),
    "data": ANSWER.format("<value><array><data>{}</data></array></value>"),
    "struct": ANSWER.format("<value><struct>{}</struct></value>"),
    "member": ANSWER.format("<value><struct><member>{}</member></struct></value>"),
    "name": ANSWER.format("<value><struct><member><name>{}</name><value>1</value></member></struct></value>"),
    **{name: ANSWER.format(f"<value><{name}>{{}}</{name}></value>") for name in SCALARS},
}
MAY_STAND_IN = {
    "methodResponse": {"params", "fault"},
    "params": {"param"},
    "param": {"value"},
    "fault": {"value"},
    "value": {*SCALARS, "array", "struct"},
    "array": {"data", "value"},
    "data": {"value"},
    "struct": {"member"},
    "member": {"name", "value"},
}


@pytest.mark.parametrize("parent", HOLES)
def test_the_children_that_an_element_may_have(parent: str) -> None:
    for child, sample in SAMPLES.items():
        document = HOLES[parent].format(sample).encode()
        answer = outcome(document)
        misplaced = f"<{child}> cannot stand in <{parent}>"
        if child in MAY_STAND_IN.get(parent, ()):
            # The document may still be incomplete: a member without its value, an answer without a param.
            assert misplaced not in getattr(answer, "message", "")
        else:
            assert type(answer) is ResponseError, misplaced
            assert misplaced in answer.message
        assert outcome(pieces(document, 5)) == answer


@pytest.mark.parametrize("parent", [name for name in HOLES if name not in {"name", *SCALARS, "value"}])
@pytest.mark.parametrize("text", ["x", "\xa0", "&#120;", "<![CDATA[x]]>", "0"])
def test_text_may_not_stand_beside_elements(parent: str, text: str) -> None:
    good = {
        "methodResponse": "<params><param><value>1</value></param></params>",
        "params": "<param><value>1</value></param>",
        "param": "<value>1</value>",
        "fault": "<value><struct><member><name>faultCode</name><value>1</value></member>"
        "<member><name>faultString</name><value>1</value></member></struct></value>",
        "array": "<data></data>",
        "data": "<value>1</value>",
        "struct": "<member><name>n</name><value>1</value></member>",
        "member": "<name>n</name><value>1</value>",
    }[parent]
    document = HOLES[parent]
    fine = outcome(document.format(f" <!-- x --> {good} <?x y?>\n").encode())
    assert not isinstance(fine, ResponseError)
    for inside in (text + good, good + text, f" {text} {good}"):
        answer = outcome(document.format(inside).encode())
        assert type(answer) is ResponseError
        assert f"there is text beside the elements of <{parent}>" in answer.message
        assert outcome(pieces(document.format(inside).encode(), 1)) == answer


@pytest.mark.parametrize("element", [*SCALARS, "array", "struct"])
def test_a_value_holds_one_element_with_layout_around_it(element: str) -> None:
    sample = SAMPLES[element]
    plain = outcome(HOLES["value"].format(sample).encode())
    assert not isinstance(plain, ResponseError)
    assert outcome(HOLES["value"].format(f"\r\n\t {sample}<!-- x --> ").encode()) == plain
    for wrong in (
        f"x{sample}",
        f"{sample}x",
        sample * 2,
        f"{sample} {SAMPLES['string']}",
        f"{SAMPLES['string']}{sample}",
    ):
        assert type(outcome(HOLES["value"].format(wrong).encode())) is ResponseError


@pytest.mark.parametrize("parent", ["methodResponse", "params", "param", "fault", "array", "member"])
def test_these_elements_have_each_child_once(parent: str) -> None:
    for child in MAY_STAND_IN[parent] - ({"value"} if parent == "array" else set()):
        answer = outcome(HOLES[parent].format(SAMPLES[child] * 2).encode())
        assert type(answer) is ResponseError
        assert f"<{child}> is one too many in <{parent}>" in answer.message


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ("<value>1</value>", ["1"]),
        ("\n <value><int>1</int></value><!-- x --><value/> ", [1, ""]),
        ("<value><array><value>1</value></array></value><value>2</value>", [["1"], "2"]),
        ("<value><array><data><value>1</value></data></array></value>", [["1"]]),
        ("<value><nil/></value><value><array/></value>", [None, []]),
    ],
)
def test_an_array_may_hold_its_values_without_data(inside: str, value: Any) -> None:
    # rTorrent answers so.
    for document in (HOLES["array"].format(inside), HOLES["data"].format(f"<value><array>{inside}</array></value>")):
        expected = exactly(value if document == HOLES["array"].format(inside) else [value])
        assert outcome(document.encode()) == expected
        assert outcome(pieces(document.encode(), 1)) == expected
    call = (
        f"<methodCall><methodName>m</methodName><params><param><value><array>{inside}</array></value></param></params>"
    )
    assert call_outcome(f"{call}</methodCall>".encode()) == exactly(("m", (value,)))


@pytest.mark.parametrize(
    ("inside", "column"),
    [
        ("<data></data><value>1</value>", 20),
        ("<data><value>1</value></data><value>1</value>", 36),
        ("<value>1</value><data></data>", 22),
        ("<value>1</value><value>2</value><data/>", 39),
        ("<data/><data/>", 14),
    ],
)
def test_an_array_holds_one_data_or_values(inside: str, column: int) -> None:
    document = HOLES["array"].format(f"\n{inside}").encode()
    error = outcome(document)
    assert type(error) is ResponseError
    tag = "value" if inside.endswith("/value>") else "data"
    assert error.message == f"<{tag}> is one too many in <array>"
    assert error.position == (2, column)
    assert outcome(pieces(document, 1)) == error


def test_text_may_not_stand_beside_the_values_of_an_array_without_data() -> None:
    for inside in ("x<value>1</value>", "<value>1</value>x", "<value>1</value>x<value>2</value>"):
        assert outcome(HOLES["array"].format(inside).encode()).message == (
            "there is text beside the elements of <array>"
        )


def test_arrays_without_data_count_as_levels() -> None:
    for levels, kind in ((128, list), (129, HostileXMLError)):
        deep = "<value><array>" * levels + "</array></value>" * levels
        answer = outcome(HOLES["param"].format(deep).encode())
        assert kind in (type(answer), answer[0] if isinstance(answer, tuple) else None)


@pytest.mark.parametrize("element", [*SCALARS, "array", "struct"])
def test_only_extension_types_come_with_a_prefix(element: str) -> None:
    sample = SAMPLES[element]
    plain = outcome(HOLES["value"].format(sample).encode())
    for prefix in ("ex", "x", "ns-1", "č"):
        prefixed = sample.replace(f"<{element}", f"<{prefix}:{element}").replace(
            f"</{element}", f"</{prefix}:{element}"
        )
        answer = outcome(HOLES["value"].format(prefixed).encode())
        if element in EXTENSIONS:
            assert answer == plain
        else:
            assert type(answer) is ResponseError


def test_a_prefix_must_be_the_same_at_both_ends() -> None:
    assert type(outcome(HOLES["value"].format("<a:nil></b:nil>").encode())) is ResponseError
    assert type(outcome(HOLES["value"].format("<nil></b:nil>").encode())) is ResponseError
    assert type(outcome(HOLES["value"].format("<:nil></:nil>").encode())) is ResponseError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        (" ", " "),
        ("\n <!-- x --> \n", "\n  \n"),
        ("a<!-- x -->b", "ab"),
        ("a<?x y?>b", "ab"),
        ("<![CDATA[]]>", ""),
        ("<![CDATA[a]]><![CDATA[b]]>", "ab"),
        ("a&#13;&#10;<!-- -->&lt;", "a\r\n<"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "<string>{}</string>"], ids=["untyped", "string"])
def test_text_is_joined_and_unchanged(around: str, text: str, value: str) -> None:
    document = HOLES["value"].format(around.format(text)).encode()
    assert outcome(document) == exactly(value)
    assert outcome(pieces(document, 1)) == exactly(value)
    name = HOLES["name"].format(text).encode()
    assert outcome(name) == exactly({value: "1"})


def test_long_text_is_complete() -> None:
    # Expat reports text in pieces of at most 8 KB, and cuts it at every line, reference and CDATA section.
    text = "ab\ncd&amp;<![CDATA[ef]]>" * 5000
    assert outcome(HOLES["value"].format(text).encode()) == exactly("ab\ncd&ef" * 5000)


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ("", {}),
        ("<member><name>a</name><value>1</value></member>", {"a": "1"}),
        ("<member><value>1</value><name>a</name></member>", {"a": "1"}),
        ("<member><name/><value/></member>", {"": ""}),
        (
            "<member><name>b</name><value/></member><member><value/><name>a</name></member>",
            {"b": "", "a": ""},
        ),
        ("<member><name>a</name><value>1</value></member>" * 2, None),
        ("<member><name>a</name><value>1</value></member><member><value>1</value><name>a</name></member>", None),
        ("<member></member>", None),
        ("<member><name>a</name></member>", None),
        ("<member><value>a</value></member>", None),
    ],
)
def test_structs(inside: str, value: Any) -> None:
    answer = outcome(HOLES["struct"].format(inside).encode())
    if value is None:
        assert type(answer) is ResponseError
    else:
        assert answer == exactly(value)


def call_of(name: str) -> bytes:
    return f"<methodCall><methodName>{name}</methodName></methodCall>".encode()


def test_a_method_name_is_one_word_that_xml_carries_as_it_is() -> None:
    for code in range(0x20, 0x7F):
        character = chr(code)
        name = f"a{character}b"
        result = call_outcome(call_of(name.replace("&", "&amp;").replace("<", "&lt;")))
        if character in " \"'<>&":
            assert result.message == "a method name is one word of printable ASCII without quotes, <, > and &"
            assert result.excerpt
        else:
            assert result == exactly((name, ()))
            assert call_outcome(pieces(call_of(f"\n {name}\t"), 1)) == result
    for name in ("a\tb", "a\nb", "ž", "a\xa0b", "", " ", "a&#127;b", "&#38;"):
        assert type(call_outcome(call_of(name))) is ResponseError


@pytest.mark.parametrize("name", ["shop-orders.get_all", "-", "f()", "a[0]", "d:f/{x}|~", "x" * 10_000, "urn:x#y?z=1"])
def test_names_of_methods_that_the_specification_does_not_have(name: str) -> None:
    assert call_outcome(call_of(name)) == exactly((name, ()))


def test_the_root_element_must_fit_the_decoder() -> None:
    answer = HOLES["value"].format("1").encode()
    call = b"<methodCall><methodName>m</methodName></methodCall>"
    assert outcome(answer) == exactly("1")
    assert call_outcome(call) == exactly(("m", ()))
    assert "methodResponse" in outcome(call).message
    assert "methodCall" in call_outcome(answer).message


def test_an_unknown_name_is_shown_only_if_it_is_short_and_plain() -> None:
    answer = outcome(HOLES["value"].format(f"<{'č' * 5000}/>").encode())
    assert type(answer) is ResponseError
    assert len(answer.message) < 400
    assert answer.message.isascii()


def test_too_much_depth_is_refused_before_the_document_ends() -> None:
    start = HOLES["value"].partition("{}")[0].encode()
    assert type(outcome(start + b"<array><data><value>" * 129)) is HostileXMLError
    assert type(outcome(start + b"<array><data><value>" * 128)) is ResponseError  # only incomplete


def test_the_error_says_that_the_standard_library_s_dispatch_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def end_colour(unmarshaller: xmlrpc.client.Unmarshaller, data: str) -> None:
        unmarshaller.append(f"#{data}")
        unmarshaller._value = 0

    document = HOLES["value"].format("<colour>f00</colour>").encode()
    prefixed = HOLES["value"].format("<shop:colour>f00</shop:colour>").encode()
    assert outcome(document).message == "<colour> cannot stand in <value>"

    monkeypatch.setitem(xmlrpc.client.Unmarshaller.dispatch, "colour", end_colour)
    assert xmlrpc.client.loads(document) == (("#f00",), None)  # the standard library uses it
    hint = "; xmlrpc.client's Unmarshaller.dispatch is not used"
    for read in (document, prefixed):
        assert outcome(read).message.endswith(f"colour> cannot stand in <value>{hint}")
        assert outcome(pieces(read, 1)) == outcome(read)


@pytest.mark.parametrize("element", ["params", "name", "fault", "value", "methodName"])
def test_the_standard_library_s_own_entries_give_no_hint(element: str) -> None:
    assert element in xmlrpc.client.Unmarshaller.dispatch
    assert "dispatch" not in outcome(HOLES["value"].format(f"<{element}></{element}>").encode()).message
