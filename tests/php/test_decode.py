"""The values that the decoder returns and the documents that it refuses. Single elements are in test_golden."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import HostileXMLError, ResponseError, codec, php

both = pytest.mark.parametrize("profile", ["bundled", "debian"])


def struct(*names):
    members = "".join(f"<member><name>{name}</name><value>{at}</value></member>" for at, name in enumerate(names))
    return f"<struct>{members}</struct>"


def test_an_answer_in_our_codec_s_own_bytes():
    answer = {"message": "Přidáno 😀", "status": "OK", "error_status": 0, "rows": [1.5, True, b"\0\xff"]}
    assert php.xmlrpc_decode(codec.encode_response(answer), "utf-8") == {
        "message": "Přidáno 😀".encode(),
        "status": b"OK",
        "error_status": 0,
        "rows": [1.5, True, php.Base64(b"\0\xff")],
    }


def test_a_fault_is_an_array():
    fault = php.xmlrpc_decode(codec.encode_fault(4, "x"))
    assert fault == {"faultCode": 4, "faultString": b"x"}
    assert php.xmlrpc_is_fault(fault)


@pytest.mark.parametrize("kind", [str, bytes, bytearray, memoryview])
def test_a_str_stands_for_its_utf8_bytes(kind):
    xml = "<value>é</value>" if kind is str else kind("<value>é</value>".encode())
    assert php.xmlrpc_decode(xml, "utf-8") == b"\xc3\xa9"
    assert php.xmlrpc_decode(xml) == b"\xe9"


def test_names_are_str_and_bytes_in_them_that_are_not_utf8_survive():
    latin = php.xmlrpc_decode(struct("é", "ž"))
    assert list(latin) == ["\udce9", "ž"]
    with pytest.warns(php.MojibakeWarning):  # the ž
        document = php.xmlrpc_encode(latin)
    assert b"<name>&#233;</name>" in document
    assert b"<name>&#197;&#190;</name>" in document


def test_decoded_values_are_encoded_to_the_same_bytes():
    document = php.xmlrpc_encode_request(
        None, {"a": [1, 2.5, True, "x"], "d": php.Datetime(b"20200102T03:04:05"), "b": php.Base64(b"\0")}
    )
    assert php.xmlrpc_encode_request(None, php.xmlrpc_decode(document)) == document


CALL = "<methodCall><methodName>{}</methodName><params><param><value>x</value></param></params></methodCall>"


@pytest.mark.parametrize(
    ("xml", "decoded"),
    [
        (CALL.format("a.b"), ("a.b", [b"x"])),
        (CALL.format(""), ("", [b"x"])),
        (CALL.format(" a "), (" a ", [b"x"])),
        (CALL.format("é"), ("\udce9", [b"x"])),
        ("<methodCall><methodName>m</methodName></methodCall>", ("m", None)),
        ("<methodCall><params><param><value>x</value></param></params></methodCall>", (None, None)),
        ("<methodResponse><params><param><value>x</value></param></params></methodResponse>", (None, b"x")),
        ("<value>x</value>", (None, b"x")),
        ("not xml", (None, None)),
    ],
)
def test_a_call_gives_its_method_and_params(xml, decoded):
    assert php.xmlrpc_decode_request(xml) == decoded


def test_the_params_of_a_call_are_an_array_and_those_of_an_answer_are_not():
    assert php.xmlrpc_decode(CALL.format("m")) == [b"x"]
    assert php.xmlrpc_decode(CALL.format("m").replace("methodCall", "methodResponse")) == b"x"


@both
@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE value><value>x</value>",
        '<!DOCTYPE value [<!ENTITY e "x">]><value>&e;</value>',
        '<!DOCTYPE value SYSTEM "file:///etc/passwd"><value>x</value>',
    ],
)
def test_a_document_type_is_refused(xml, profile):
    with pytest.raises(HostileXMLError, match="the document declares a document type or an entity"):
        php.xmlrpc_decode(xml, profile=profile)


@both
@pytest.mark.parametrize("element", ["struct", "value", "foo", "data"])
def test_elements_that_are_nested_too_deep_are_refused(element, profile):
    tower = f"<{element}>" * 100_000
    with pytest.raises(HostileXMLError, match="nested more than"):
        php.xmlrpc_decode(tower, profile=profile)
    with pytest.raises(HostileXMLError, match="nested more than"):
        php.xmlrpc_decode_request(tower, profile=profile)


def test_arrays_are_read_as_deep_as_they_are_written():
    value: list = []
    for _ in range(126):  # the params are the 128th
        value = [value]
    assert php.xmlrpc_decode_request(php.xmlrpc_encode_request("m", [value])) == ("m", [value])


def test_structs_directly_inside_structs_are_read():
    tower = "<struct>" * 380 + "</struct>" * 380
    decoded = php.xmlrpc_decode(tower)
    for _ in range(379):
        (decoded,) = decoded
    assert decoded == []


@both
@pytest.mark.parametrize("root", ["simpleRPC", "SOAP-ENV:Envelope"])
def test_other_protocols_are_refused(root, profile):
    with pytest.raises(ResponseError, match="SOAP or simpleRPC"):
        php.xmlrpc_decode(f'<{root} xmlns:SOAP-ENV="x"/>', profile=profile)


def test_before_php_8_a_name_with_white_space_after_its_number_is_text():
    assert php.xmlrpc_decode(struct("5 ")) == {"5 ": b"0"}
    assert php.xmlrpc_decode(struct("5 "), profile="debian") == {5: b"0"}


def test_before_php_8_arrays_count_on_from_at_least_zero():
    assert php.xmlrpc_decode(struct("-5", "")) == {-5: b"0", 0: b"1"}
    assert php.xmlrpc_decode(struct("-5", ""), profile="debian") == {-5: b"0", -4: b"1"}


@pytest.mark.parametrize("name", ["utf-7", "rot13", "idna", "hex", "utf-32", "shift_jis"])
@both
def test_encodings_that_hide_markup_are_not_read(name, profile):
    assert php.xmlrpc_decode(f'<?xml version="1.0" encoding="{name}"?><value>x</value>', profile=profile) is None


def test_a_long_run_of_text_is_cut_where_libxml2_cuts_it():
    """The first 300 bytes do not fit the charset; the rest does."""
    text = "ž" * 150 + "é"
    assert php.xmlrpc_decode(f"<value>{text}</value>") == "ž".encode() * 150 + b"\xe9"
    assert php.xmlrpc_decode(f"<value>{text}</value>", profile="debian") == text.encode()
