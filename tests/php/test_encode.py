"""The encoder's errors, warnings and options. The bytes are in test_golden."""

from __future__ import annotations

import warnings

import pytest

from mailkit_xmlrpc import ConfigError, EncodeError, Outcome, codec, php

COMPACT = {"verbosity": "no_white_space"}
UTF8 = {"encoding": "UTF-8", "escaping": "markup"}


def test_a_conforming_decoder_reads_a_call():
    event = {"email": "jana@example.com", "event_data": {"jméno": "Žofie 😀", "n": [1, True]}}
    document = php.xmlrpc_encode_request("mailkit.journeys.trigger", [123, "md5", event], UTF8)
    assert codec.decode_request(document) == ("mailkit.journeys.trigger", (123, "md5", event))


def test_a_conforming_decoder_reads_an_answer():
    assert codec.decode_response(php.xmlrpc_encode_request(None, ["a", 1], UTF8)) == ["a", 1]


REFUSED = [
    ("a\0b", "params[0]", "PHP cuts a string at its first NUL"),
    ({"a": ["x", {"b c": "\0"}]}, "params[0].a[1]['b c']", "NUL"),
    ({"a\0b": 1}, "params[0]['a\\x00b']", "NUL"),
    (php.Datetime(b"20200102\0"), "params[0]", "NUL"),
    (2**31, "params[0]", "PHP keeps 32 bits of an int"),
    (-(2**31) - 1, "params[0]", "32 bits"),
    ([[2**80]], "params[0][0][0]", "32 bits"),
    ("ab\x01", "params[0]", "U+0001, character 2 of what PHP writes, is not allowed in XML 1.0"),
    ({"\x1f": 1}, "params[0]['\\x1f']", "U+001F"),
    (php.Datetime(b"\x02"), "params[0]", "U+0002"),
]


@pytest.mark.parametrize(("value", "path", "message"), REFUSED)
def test_strict_refuses_with_the_path(value, path, message):
    with pytest.raises(EncodeError) as caught:
        php.xmlrpc_encode_request("m", [value])
    assert caught.value.path == path
    assert message in caught.value.message
    assert caught.value.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize(("value", "path", "message"), REFUSED)
def test_without_strict_the_same_values_are_written(value, path, message):
    assert php.xmlrpc_encode_request("m", [value], strict=False).startswith(b"<?xml")


@pytest.mark.parametrize("method", ["a\0b", "\x01", b"\0"])
def test_strict_checks_the_method_too(method):
    with pytest.raises(EncodeError) as caught:
        php.xmlrpc_encode_request(method, [])
    assert caught.value.path == "method"


def test_strict_checks_the_encoding_too():
    with pytest.raises(EncodeError) as caught:
        php.xmlrpc_encode_request("m", [], {"encoding": "UTF-8\0"})
    assert caught.value.path == "output_options.encoding"


@pytest.mark.parametrize("text", ["\ufffe", "\uffff", "\ud800", b"\xff", b"caf\xe9"])
def test_strict_refuses_text_that_a_utf8_document_cannot_hold(text):
    with pytest.raises(EncodeError):
        php.xmlrpc_encode_request("m", [text], UTF8)


@pytest.mark.parametrize("escaping", ["markup", "cdata", [], ["markup", "cdata"]])
def test_strict_refuses_text_that_the_declared_encoding_does_not_have(escaping):
    with pytest.raises(EncodeError, match="not in the declared encoding ascii"):
        php.xmlrpc_encode_request("m", ["é"], {"encoding": "us-ascii", "escaping": escaping})


def test_the_largest_ints_and_all_of_base64_pass():
    values = [2**31 - 1, -(2**31), php.Base64(bytes(range(256)))]
    document = php.xmlrpc_encode_request("m", values)
    assert codec.decode_request(document)[1] == (2**31 - 1, -(2**31), bytes(range(256)))


def test_an_int_beyond_64_bits_is_a_float_in_php():
    assert b"<double>1.2089258196146E+24</double>" in php.xmlrpc_encode(2**80, strict=False)
    assert b"<double>-INF</double>" in php.xmlrpc_encode(-(10**400), strict=False)


@pytest.mark.parametrize("kind", [str, bytes])
@pytest.mark.parametrize(
    "options",
    [
        None,
        {"encoding": "UTF-8"},
        {"encoding": "UTF-8", "escaping": ["markup", "non-ascii"]},
        {"escaping": "markup"},
        {"encoding": "windows-1250", "escaping": "cdata"},
    ],
)
def test_text_that_will_be_misread_is_written_with_a_warning(kind, options):
    text = "žluťoučký" if kind is str else "žluťoučký".encode()
    message = r"^params\[0\]\.name: .*; use output_options=\{\"encoding\": \"UTF-8\", \"escaping\": \"markup\"\}$"
    with pytest.warns(php.MojibakeWarning, match=message) as caught:
        document = php.xmlrpc_encode_request("m", [{"name": text, "other": text}], options)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert codec.decode_request(document)[1] != ({"name": "žluťoučký", "other": "žluťoučký"},)


@pytest.mark.parametrize(
    ("text", "options", "read"),
    [
        ("žluťoučký", UTF8, "žluťoučký"),
        ("žluťoučký", {"encoding": "utf-8", "escaping": "cdata"}, "žluťoučký"),
        ("žluťoučký", {"encoding": "", "escaping": []}, "žluťoučký"),
        ("plain <&>", None, "plain <&>"),
        (b"caf\xe9", None, "café"),
        (b"caf\xe9", {"escaping": "markup"}, "café"),
        ("žluť".encode("cp1250"), {"encoding": "windows-1250", "escaping": "markup"}, "žluť"),
    ],
)
def test_text_that_will_be_read_correctly_is_written_without_a_warning(text, options, read):
    assert codec.decode_request(php.xmlrpc_encode_request("m", [text], options))[1] == (read,)


def test_the_warning_of_xmlrpc_encode_which_has_no_options_names_another_function():
    message = r"^value\[0\]: .* use xmlrpc_encode_request\(None, value, \{"
    with pytest.warns(php.MojibakeWarning, match=message) as caught:
        php.xmlrpc_encode(["é"])
    assert caught[0].filename == __file__


def test_bytes_of_another_encoding_that_are_escaped_one_by_one_are_misread():
    with pytest.warns(php.MojibakeWarning):
        php.xmlrpc_encode_request("m", ["ž".encode("cp1250")], {"encoding": "windows-1250"})


@pytest.mark.parametrize("byte", range(200, 210))
def test_debian_writes_ten_bytes_as_control_characters(byte):
    text = bytes([byte])
    with pytest.warns(php.MojibakeWarning):
        assert b"&#%d;" % (byte - 180) in php.xmlrpc_encode(text, profile="debian", strict=False)
    with pytest.raises(EncodeError, match=f"U\\+{byte - 180:04X}"):
        php.xmlrpc_encode(text, profile="debian")
    assert b"&#%d;" % byte in php.xmlrpc_encode(text)


def test_debian_writes_cyrillic_only_as_utf8():
    assert codec.decode_request(php.xmlrpc_encode_request("m", ["Привет"], UTF8, profile="debian"))[1] == ("Привет",)
    with pytest.raises(EncodeError):
        php.xmlrpc_encode_request("m", ["Привет"], profile="debian")


@pytest.mark.parametrize("version", ["simple", b"soap 1.1"])
def test_other_protocols_are_refused(version):
    with pytest.raises(ConfigError, match="other protocols"):
        php.xmlrpc_encode_request("m", [], {"version": version})


@pytest.mark.parametrize("profile", ["Debian", "", None, 7])
def test_there_are_two_profiles(profile):
    for function in (php.xmlrpc_encode, php.xmlrpc_decode, php.xmlrpc_decode_request):
        with pytest.raises(ConfigError, match="profile must be one of 'bundled', 'debian'"):
            function("x", profile=profile)
    with pytest.raises(ConfigError):
        php.xmlrpc_encode_request("m", [], profile=profile)


@pytest.mark.parametrize("options", ["x", 5, [("encoding", "UTF-8")]])
def test_options_are_an_array(options):
    with pytest.raises(TypeError, match="output_options must be a mapping"):
        php.xmlrpc_encode_request("m", [], options)


def test_the_names_and_values_of_options_may_be_bytes():
    options = {b"encoding": b"UTF-8", b"escaping": [b"markup"], b"verbosity": b"no_white_space"}
    assert php.xmlrpc_encode_request(b"m", ["é"], options) == php.xmlrpc_encode_request("m", ["é"], {**UTF8, **COMPACT})


def test_a_deep_pretty_document_is_complete_unless_strict_is_off():
    """PHP indents with at most 285 blanks; its document ends where it needs more."""
    value: object = 1
    for _ in range(95):
        value = [value]
    whole, cut = (php.xmlrpc_encode(value, strict=strict) for strict in (True, False))
    assert whole.endswith(b"</params>\n")
    assert cut.endswith(b"\n" + b" " * 285)
    assert whole.startswith(cut)


def test_ascii_gives_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        php.xmlrpc_encode_request("m", [{"name": "value"}, 1.5, None])
