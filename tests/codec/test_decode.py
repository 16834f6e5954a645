"""Documents to values: the vectors, the options, and the errors, which are always ours."""

from __future__ import annotations

import binascii
import codecs
import decimal
import pickle
import xmlrpc.client
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Callable
from xml.parsers import expat

import defusedxml.common
import pytest
from defusedxml.xmlrpc import DefusedExpatParser

from mailkit_xmlrpc.codec import (
    Limits,
    RequestDecoder,
    ResponseDecoder,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    grammar,
)
from mailkit_xmlrpc.errors import FaultError, HostileXMLError, MailkitError, Outcome, ResponseError, TooLargeError

from .. import plain
from ..outcomes import call_outcome, exactly, outcome, pieces
from ..vectors import Answer, Call, answers, calls, journeys_trigger, unreadable_calls

HEAD = b'<?xml version="1.0"?><methodResponse><params><param>'
TAIL = b"</param></params></methodResponse>"


def answer(value: str | bytes) -> bytes:
    """An answer whose one param is `value`."""
    return HEAD + (value if isinstance(value, bytes) else value.encode()) + TAIL


def refusal(document: bytes, **options: Any) -> ResponseError:
    with pytest.raises(ResponseError) as caught:
        decode_response(document, **options)
    return caught.value


# The vectors

ANSWERS = answers()
# The plain decoder, and the one that the package offers.
decoders = pytest.mark.parametrize("decoder", dict.fromkeys([plain.ResponseDecoder, ResponseDecoder]))
# Pieces that cut between any two bytes, inside every tag, and not before the encoding is known.
SIZES = (1, 7, 1021)


@decoders
@pytest.mark.parametrize("vector", ANSWERS)
def test_answers_of_the_vectors(vector: Answer, decoder: Any) -> None:
    expected = vector.expected
    ended = outcome(vector.document, decoder, **vector.options)
    if expected.refusal is not None:
        assert type(ended) is expected.refusal
        assert ended.message
    elif expected.fault is not None:
        fault = expected.fault
        assert ended == (FaultError, exactly(fault.faultCode), fault.faultString)
    else:
        assert ended == exactly(expected.value)


@decoders
@pytest.mark.parametrize("vector", ANSWERS)
def test_an_answer_in_pieces_gives_the_same_result(vector: Answer, decoder: Any) -> None:
    # Errors are compared with their position and excerpt.
    whole = outcome(vector.document, plain.ResponseDecoder, **vector.options)
    for size in SIZES:
        assert outcome(pieces(vector.document, size), decoder, **vector.options) == whole


@pytest.mark.parametrize("call", [*calls("written"), *calls("read")])
def test_calls_of_the_vectors(call: Call) -> None:
    expected = exactly((call.method, tuple(call.reads_back)))
    assert call_outcome(call.document) == expected
    for size in SIZES:
        assert call_outcome(pieces(call.document, size)) == expected


@pytest.mark.parametrize("vector", unreadable_calls())
def test_a_document_that_is_not_a_call_is_refused(vector: Answer) -> None:
    error = call_outcome(vector.document)
    assert type(error) is vector.expected.refusal
    for size in SIZES:
        assert call_outcome(pieces(vector.document, size)) == error


def test_the_documented_call_of_journeys_trigger() -> None:
    call, _ = journeys_trigger()
    method, params = decode_request(call.document)
    assert method == "mailkit.journeys.trigger"
    assert exactly(list(params)) == exactly(call.params)


@pytest.mark.parametrize("name", sorted(journeys_trigger()[1]))
def test_the_documented_answers_of_journeys_trigger(name: str) -> None:
    vector = journeys_trigger()[1][name]
    assert outcome(vector.document) == exactly(vector.expected.value)
    assert outcome(pieces(vector.document, 1)) == exactly(vector.expected.value)


# The result does not depend on how a document is cut. Each of these has a trap: the encoding is known late, an error
# follows another one, or the wrong token began long before the error.

LONG = b"z" * 9000
TRAPS = {
    "declaration in a text": answer('<value><![CDATA[<?xml version="1.0" encoding="ISO-8859-1"?>]]></value>'),
    "declaration in a late text": answer(
        b'<value>%s<![CDATA[<?xml version="1.0" encoding="ISO-8859-1"?>]]></value>' % LONG
    ),
    "mark and white space": codecs.BOM_UTF8 + b" " * 3000 + answer("<value>ž</value>"),
    "UTF-16 mark and white space": ("\ufeff" + " " * 3000 + answer("<value>ž</value>").decode()).encode("utf-16-le"),
    "long declaration": b'<?xml version="1.0"%sencoding="windows-1250"?>' % (b" " * 3000)
    + answer("<value>\u017e</value>").decode()[21:].encode("cp1250"),
    "long declaration, unknown": b'<?xml version="1.0"%sencoding="bogus"?>' % (b" " * 3000) + answer("<value/>")[21:],
    "long declaration, forbidden": b'<?xml version="1.0"%sencoding="utf-7"?>' % (b" " * 3000) + answer("<value/>")[21:],
    "long declaration, never closed": b'<?xml version="1.0"' + b" " * 3000,
    "unassigned byte after an error": b'<?xml version="1.0" encoding="windows-1252"?>'
    + answer(b"<value><foo/>%s</value>" % LONG)[21:]
    + b"\x81",
    "unassigned byte right after an error": b'<?xml version="1.0" encoding="windows-1252"?>'
    + answer(b"<value><foo/>\x81</value>")[21:],
    "unassigned byte late": b'<?xml version="1.0" encoding="windows-1252"?>'
    + answer(b"<value>%s\x81</value>" % LONG)[21:],
    "late error in windows-1250": b'<?xml version="1.0" encoding="windows-1250"?>'
    + answer(b"<value>%s<foo/>\x9e\x9e</value>" % LONG)[21:],
    "late error in UTF-16": ("\ufeff" + answer(b"<value>%s<foo/></value>" % LONG).decode() + "ž").encode("utf-16-le"),
    "half a character at the end": answer("<value>ž</value>").decode().encode("utf-16-be") + b"\x00",
    "long end tag": answer(b"<value></%s></value>" % LONG),
    "long reference": answer(b"<value>&%s;</value>" % LONG),
    "long instruction": answer(b"<value><?xml %s?></value>" % LONG),
    "long attribute": answer(b'<value><foo a="%s"/></value>' % LONG),
    "long comment, never closed": answer("<value/>") + b"<!-- " + LONG,
    "long text, never closed": HEAD + b"<value>" + LONG,
    "error after much text": answer(b"<value>%s<foo/></value>" % LONG),
}


@pytest.mark.parametrize("size", [1, 500, 1024, 4096, 1 << 20])
@decoders
@pytest.mark.parametrize("document", TRAPS.values(), ids=TRAPS)
def test_a_trap_in_pieces_gives_the_same_result(document: bytes, decoder: Any, size: int) -> None:
    assert outcome(pieces(document, size), decoder) == outcome(document, plain.ResponseDecoder)


# Large answers come in many pieces and are read as they come. These have something unusual near their end, after most
# of the document was read and dropped.
ROW = (
    "<value><struct><member><name>id</name><value><i4>%d</i4></value></member>"
    "<member><name>e-mail</name><value><string>žluť&amp;kůň %d</string></value></member>"
    "<member><name>note</name><value></value></member></struct></value>"
)
ROWS = "".join(ROW % (row, row) for row in range(1500)).encode()
LAST = (ROW % (0, 0)).encode()
LATE = {
    "nothing unusual": b"",
    "an unknown element": b"<value><foo/></value>",
    "an invalid integer": b"<value><int>x</int></value>",
    "a name twice": LAST.replace(b"e-mail", b"id"),
    "text between values": b"x",
    "a reference": b"<value>&#382;</value>",
    "an undefined reference": b"<value>&nbsp;</value>",
    "CDATA": b"<value><![CDATA[<x>]]></value>",
    "a comment": b"<!-- x --><value><!-- y -->1</value>",
    "attributes": b'<value a="1"><int b="2">1</int></value>',
    "carriage returns": b"<value>a\r\nb\rc</value>",
    "a document type": b"<!DOCTYPE x>",
    "a byte that is not UTF-8": b"<value>\xff</value>",
    "129 levels": b"<value><array><data>" * 128,
    "128 levels": b"<value><array><data>" * 127 + b"</data></array></value>" * 127,
    "a long text": b"<value>" + b"y" * 300_000 + b"</value>",
    "a long attribute": b'<value a="%s">1</value>' % (b"y" * 300_000),
    "an end": b"</data>",
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE)
def test_a_large_answer_gives_what_the_plain_decoder_gives(late: bytes) -> None:
    document = answer(b"<value><array><data>%s%s%s</data></array></value>" % (ROWS, late, LAST))
    expected = outcome(document, plain.ResponseDecoder)
    for size in (4093, 1 << 17, 1 << 22):
        ended = outcome(pieces(document, size))
        # pytest would print a megabyte for a failed comparison of the values.
        assert type(ended) is type(expected)
        assert (ended == expected) is True


# Options


def test_dates_and_binaries_have_python_s_types_or_the_standard_library_s() -> None:
    document = encode_response([datetime(1998, 7, 17, 14, 8, 55), b"A", xmlrpc.client.DateTime("0")])
    raw, binary = xmlrpc.client.DateTime("19980717T14:08:55"), xmlrpc.client.Binary(b"A")
    zero = xmlrpc.client.DateTime("0")

    def read(**options: Any) -> Any:
        assert outcome(document, **options) == outcome(pieces(document, 1), **options)
        return outcome(document, **options)

    assert read() == exactly([datetime(1998, 7, 17, 14, 8, 55), b"A", zero])
    assert read(use_builtin_types=True) == read()
    assert read(use_builtin_types=False) == exactly([raw, binary, zero])
    assert read(use_builtin_types=False, use_datetime=True) == exactly([datetime(1998, 7, 17, 14, 8, 55), binary, zero])
    assert exactly(decode_response(document, use_builtin_types=False)) == exactly([raw, binary, zero])


def test_the_standard_library_s_date_keeps_every_text() -> None:
    document = answer("<value><dateTime.iso8601> 1998-07-17 14:08:55.5Z </dateTime.iso8601></value>")
    kept = decode_response(document, use_builtin_types=False)
    assert exactly(kept) == (xmlrpc.client.DateTime, "1998-07-17 14:08:55.5Z")


def test_the_standard_library_s_types_are_as_strict() -> None:
    document = answer("<value><base64>Q!==</base64></value>")
    assert type(outcome(document, use_builtin_types=False)) is ResponseError


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ("<i4>27,29,35</i4>", "27,29,35"),
        ("<boolean></boolean>", ""),
        ("<boolean/>", ""),
        ("<int> </int>", " "),
        ("<int> x </int>", " x "),
        ("<i8>9223372036854775808</i8>", "9223372036854775808"),
        ("<double>1,5</double>", "1,5"),
        ("<double>1e999</double>", "1e999"),
        ("<bigdecimal>x</bigdecimal>", "x"),
        ("<base64>QQ</base64>", "QQ"),
        ("<nil>x</nil>", "x"),
        ("<int>1<!-- x -->a</int>", "1a"),
    ],
)
def test_bad_scalars_are_kept_as_their_text_when_asked_for(element: str, text: str) -> None:
    document = answer(f"<value><array><data><value>{element}</value></data></array></value>")
    assert type(outcome(document)) is ResponseError
    assert outcome(document, keep_bad_scalars=True) == exactly([text])
    assert outcome(pieces(document, 1), keep_bad_scalars=True) == exactly([text])
    assert exactly(decode_response(document, keep_bad_scalars=True)) == exactly([text])


@pytest.mark.parametrize("vector", ANSWERS)
def test_keeping_bad_scalars_changes_nothing_else(vector: Answer) -> None:
    strict = outcome(vector.document, **vector.options)
    lenient = outcome(vector.document, keep_bad_scalars=True, **vector.options)
    if lenient != strict:
        # Only documents that are refused for the text of a scalar may be read now.
        assert isinstance(strict, ResponseError)
        assert strict.message.split(">")[0].lstrip("<") in grammar.SCALARS


@pytest.mark.parametrize(
    "value",
    [
        "<foo>x</foo>",
        "<int>x</int>y",
        "<int>x</int><int>y</int>",
        "<int><int>x</int></int>",
        "<struct><member><name>a</name></member></struct>",
    ],
)
def test_keeping_bad_scalars_does_not_allow_bad_grammar(value: str) -> None:
    assert type(outcome(answer(f"<value>{value}</value>"), keep_bad_scalars=True)) is ResponseError


def test_the_http_charset_may_be_given_to_either_function() -> None:
    value = "<value>žluť</value>"
    assert decode_response(answer(value).decode().encode("cp1250"), charset="windows-1250") == "žluť"
    call = encode_request("m", ["žluť"]).replace(b' encoding="UTF-8"', b"").decode().encode("iso-8859-2")
    assert decode_request(call, charset="iso-8859-2") == ("m", ("žluť",))


# Faults


def test_a_fault_is_raised_and_is_also_the_standard_library_s() -> None:
    document = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "Too many parameters.")).encode()
    with pytest.raises(FaultError) as caught:
        decode_response(document)
    fault = caught.value
    assert isinstance(fault, xmlrpc.client.Fault)
    assert (fault.faultCode, fault.faultString) == (4, "Too many parameters.")
    assert fault.outcome is Outcome.REFUSED
    assert fault.__context__ is None


def test_a_fault_is_raised_by_close_not_by_feed() -> None:
    decoder = ResponseDecoder()
    decoder.feed(xmlrpc.client.dumps(xmlrpc.client.Fault(4, "x")).encode())
    decoder.feed(b"\n")
    with pytest.raises(FaultError):
        decoder.close()


def member(name: str, value: str) -> str:
    return f"<member>\n<name>{name}</name>\n<value>{value}</value>\n</member>\n"


BAD_LOGIN = member("faultString", "<string>Bad login.</string>")
MALFORMED_FAULTS = {
    "another name of the code": f"<struct>{member('InvalidTag', '<int>4</int>')}{BAD_LOGIN}</struct>",
    "capital letters": f"<struct>{member('FaultCode', '<int>4</int>')}{member('FaultString', 'Bad login.')}</struct>",
    "no code": f"<struct>{BAD_LOGIN}</struct>",
    "no text": f"<struct>{member('faultCode', '<string>Bad login.</string>')}</struct>",
    "a code that is a list": f"<struct>{member('faultCode', '<array/>')}{BAD_LOGIN}</struct>",
    "a code that is a struct": f"<struct>{BAD_LOGIN}{member('faultCode', '<struct/>')}</struct>",
    "no text, and a reason": (
        f"<struct>{member('faultCode', '4')}{member('faultString', '<nil/>')}{member('reason', 'Bad login.')}</struct>"
    ),
    "a list": "<array><data><value>Bad login.</value></data></array>",
    "a text alone": "Bad login.",
    "bytes": "<base64>QmFkIGxvZ2luLg==</base64>",
}


@pytest.mark.parametrize("value", MALFORMED_FAULTS.values(), ids=MALFORMED_FAULTS)
@pytest.mark.parametrize("options", [{}, {"use_builtin_types": False}, {"keep_bad_scalars": True}], ids=str)
def test_a_malformed_fault_is_an_error_that_shows_its_text(value: str, options: dict[str, Any]) -> None:
    document = f"<methodResponse>\n<fault><value>{value}</value></fault>".encode() + b" " * 1000
    error = refusal(document + b"</methodResponse>", **options)
    assert type(error) is ResponseError
    assert "Bad login." in error.excerpt
    assert "Bad login." in str(error)
    line = document.count(b"\n") + 1
    assert error.position == (line, len(document.rstrip()) - document.rstrip().rindex(b"\n") - 1)
    for size in SIZES:
        assert outcome(pieces(document + b"</methodResponse>", size), **options) == error
    # Nothing after the fault is needed.
    decoder = ResponseDecoder(**options)
    with pytest.raises(ResponseError) as caught:
        feed_all(decoder, endless(document))
    assert caught.value == error


INDENTED_FAULT = """<?xml version="1.0"?>
<methodResponse>
    <fault>
        <value>
            <struct>
                <member>
                    <name>faultCode</name>
                    <value>
                        <int>4</int>
                    </value>
                </member>
                <member>
                    <name>faultString</name>
                    <value><string>Bad login.</string></value>
                </member>
            </struct>
        </value>
    </fault>
</methodResponse>"""


@pytest.mark.parametrize(
    "code", ["<InvalidTag>4</InvalidTag>", "<int>four</int>", "4<int>4</int>", "<int>4</int><int/>", "&nbsp;"]
)
def test_what_is_wrong_within_a_fault_is_an_error_that_shows_its_text(code: str) -> None:
    document = INDENTED_FAULT.replace("<int>4</int>", code).encode()
    error = refusal(document)
    assert "Bad login." in error.excerpt
    assert (error.excerpt.cut_start, error.excerpt.cut_end) == (True, False)
    for size in SIZES:
        assert outcome(pieces(document, size)) == error
    decoder = ResponseDecoder()
    with pytest.raises(ResponseError) as caught:
        feed_all(decoder, endless(document + b" " * 65536))
    assert "Bad login." in caught.value.excerpt


def test_the_excerpt_of_a_malformed_fault_is_its_text_up_to_a_bound() -> None:
    trace = "é" * 100_000
    document = f"<methodResponse><fault><value><struct>{BAD_LOGIN}{member('trace', trace)}</struct></value></fault>"
    error = refusal(document.encode())
    assert error.excerpt == "faultString: Bad login., trace: " + "é" * 168
    assert (error.excerpt.cut_start, error.excerpt.cut_end) == (False, True)
    deep = "<array><data><value>" * 128 + "Bad login." + "</value></data></array>" * 128
    error = refusal(f"<methodResponse><fault><value>{deep}</value></fault>".encode())
    assert error.excerpt == "Bad login."
    assert (error.excerpt.cut_start, error.excerpt.cut_end) == (False, False)


@pytest.mark.parametrize("text", ["<int>5</int>", "<nil/>", "<array/>", "<base64>QQ==</base64>"])
def test_a_fault_s_text_must_be_a_string(text: str) -> None:
    # Its code may be any scalar, but programs that print a fault rely on a str.
    document = xmlrpc.client.dumps(xmlrpc.client.Fault(4, "x")).encode()
    document = document.replace(b"<string>x</string>", text.encode())
    assert refusal(document).message == "a fault needs a scalar as faultCode and a string as faultString"


# The message of an error


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"<!DOCTYPE html><html>", "the document is an HTML page instead of XML-RPC; check the URL"),
        (b"<!DOCTYPE x><x>", "the document declares a document type or an entity, which XML-RPC never does"),
        (b"<x></x>", "the document's root element is not <methodResponse>"),
        (b"<methodResponse>", "the document is not well-formed XML (no element found)"),
        (b"<methodResponse/>", "the answer has neither params nor a fault"),
        (b"<methodResponse><params/></methodResponse>", "<params> is empty"),
        (b'<?xml version="1.0"' + b" " * 5000, "the XML declaration is longer than 4,096 bytes"),
        (b'<?xml version="1.0" encoding="us-ascii"?>\xff', "the document has bytes that are not valid ascii"),
        (HEAD + b"<!-- %s" % (b"x" * (1 << 21)), "the document has a tag or comment of more than 1,048,576 bytes"),
    ],
    ids=range(9),
)
def test_an_error_says_what_is_wrong(document: bytes, message: str) -> None:
    assert refusal(document).message == message


# Pages in the place of an answer

HTML_PAGE = "the document is an HTML page instead of XML-RPC; check the URL"
PHP_PAGE = "the document begins with an error message of PHP instead of XML-RPC; the server has to be corrected"
PAGES = {
    HTML_PAGE: [
        "<html></html>",
        "<HTML><HEAD><TITLE>x</TITLE></HEAD>",
        "<html lang=en><p>x",
        "<html>\n<head><meta charset=utf-8><br></head>",
        '\n\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
        "<head><title>x</title></head>",
        "<head><meta charset=utf-8>",
        "<Body bgcolor=white>&nbsp;",
        "<title>404</title>",
        "<!-- a --><html>&nbsp;",
        "<!-- a -- b --><html>",
        "<!-- a -->\n <!-- <methodResponse> -->\n<body><br>",
        '<?xml version="1.0" encoding="UTF-8"?>\n<html>',
        '<?xml version="1.0"?><?xml-stylesheet href="a"?><html lang=en>',
        "<!DOCTYPE html>",
        "<!DOCTYPE HTML>",
        "<!doctype html><html>",
        "<!DocType HTML>\n<html>",
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html>',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
        "<!-- a --><!DOCTYPE html>",
        "<html",
        "<html>\x01",
    ],
    PHP_PAGE: [
        "<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function f() in /srv/rpc.php:3",
        "<br />\n<b>Parse error</b>:  syntax error",
        "<br/>\r\n<b>Warning</b>:  mysql_connect()",
        "<br>\n<b>Notice</b>: x",
        "\n<b>Deprecated</b>: x",
        "Fatal error: Uncaught Error in /srv/rpc.php on line 3",
        "PHP Fatal error:  Uncaught Error in /srv/rpc.php on line 3",
        "\nParse error: syntax error in /srv/rpc.php on line 3",
        "Warning: mysql_connect() [ in /srv/rpc.php on line 3",
        "<br />\n<b>Warning</b>:  x in <b>/srv/rpc.php</b> on line <b>3</b><br />\n" + answer("<value/>").decode(),
        "Notice: x in /srv/rpc.php on line 3\n" + answer("<value/>").decode(),
    ],
}


@pytest.mark.parametrize(("message", "page"), [(message, page) for message in PAGES for page in PAGES[message]])
@pytest.mark.parametrize("tail", ["", "&nbsp;" + "<p>x" * 50_000])
def test_a_page_in_the_place_of_an_answer_is_called_so(message: str, page: str, tail: str) -> None:
    page += tail
    for decoder in (ResponseDecoder, plain.ResponseDecoder, RequestDecoder):
        error = outcome(page.encode(), decoder)
        assert error.message == message
        # Expat sees a document type only if it is one of XML.
        assert type(error) is (HostileXMLError if "<!DOCTYPE" in page and "IETF" not in page else ResponseError)
        assert error.position is not None
        assert error.excerpt in page.replace("\r\n", "\n")
        for size in SIZES if len(page) < 1000 else (1021, 65536, 65537):
            assert outcome(pieces(page.encode(), size), decoder) == error
    for encoding in ("utf-16", "utf-8-sig"):
        assert refusal(page.lstrip().encode(encoding)).message == message
    assert refusal(page.encode(), charset="utf8mb4").message == message
    if page != "<html":
        assert refusal(page.encode() + b"\xe9", charset="utf8mb4").message == message


@pytest.mark.parametrize(
    "document",
    [
        "<methodResponse><html>",
        "<methodResponse><params>&nbsp;<!-- <html> -->",
        '<?xml version="1.0"?><methodResponse><params><param><value><html/>',
        "<htmlx/>",
        "<html:html/>",
        "<x><html>",
        "x <html>",
        "<!-- <html> --><x/>",
        "<!-- <html>",
        "<?php <html>",
        '{"html": 1}',
        "<b>x</b>",
        "<br/>",
        "<b>Warning</b>",
        "Warning: disk full",
        "<!DOCTYPE htmlx>",
        "<!DOCTYPE x><html>",
        "OK",
    ],
)
def test_any_other_document_is_not_called_a_page(document: str) -> None:
    for data in (document.encode(), pieces(document.encode(), 1)):
        error = outcome(data)
        assert isinstance(error, ResponseError)
        assert error.message not in PAGES


def test_the_beginning_of_a_page_may_be_long() -> None:
    # A comment of this size is the whole of what is held at once.
    page = b"<!-- %s --><html lang=en>" % (b"x" * 60_000)
    assert refusal(page).message == HTML_PAGE
    for size in (1021, 65536, 100_000):
        assert outcome(pieces(page * 10, size)).message == HTML_PAGE
    # Searching for it does not take long either.
    assert refusal(b"<!--" * 500_000).message not in PAGES
    assert refusal(b"<!-- -->" * 8000 + b"x").message not in PAGES


# The position and excerpt of an error


@pytest.mark.parametrize(
    ("document", "position", "rest"),
    [
        # A tag in the wrong place: the position after the tag.
        (b"<methodResponse>\n<params>\n  <foo/></params></methodResponse>", (3, 8), "</params></methodResponse>"),
        (b"<methodResponse><params>\nx\n</params></methodResponse>", (3, 9), "</methodResponse>"),
        # Columns count characters, not bytes.
        ("<methodResponse>žž<params/></methodResponse>".encode(), (1, 27), "</methodResponse>"),
        # An invalid scalar: the position after the scalar.
        (b"<methodResponse><params><param><value>\n<int>x</int>\n</value>", (2, 12), "\n</value>"),
        # XML that is not well-formed: the position of the mistake.
        (b"<methodResponse>\n<params>&nbsp;</params>", (2, 8), "&nbsp;</params>"),
        (b"<methodResponse>\n<params>\x01</params>", (2, 8), "\x01</params>"),
        (b"<methodResponse>\n<params></param>", (2, 10), "param>"),
        # An incomplete document: its end.
        (b"<methodResponse>\n<params>", (2, 8), ""),
        # White space before the document is not counted.
        (b"\n\n \n<methodResponse>\n<foo/>", (2, 6), ""),
    ],
)
def test_an_error_has_its_position(document: bytes, position: tuple[int, int], rest: str) -> None:
    error = refusal(document)
    assert error.position == position
    before = document.decode().lstrip()
    assert error.excerpt == before[max(0, len(before) - len(rest) - 60) :]
    assert error.excerpt.endswith(rest)
    line, column = position
    assert f"line {line}, column {column}" in str(error)
    assert repr(error.excerpt) in str(error)


def test_an_excerpt_is_60_bytes_before_and_100_after() -> None:
    error = refusal(answer(f"<value>{'a' * 500}<foo/>{'b' * 500}</value>"))
    assert error.excerpt == "a" * (60 - len("<foo/>")) + "<foo/>" + "b" * 100


def test_an_excerpt_does_not_begin_or_end_within_a_character() -> None:
    error = refusal(answer(f"<value>{'ž' * 500}<foo/>x{'€' * 500}</value>"))
    assert error.excerpt == "ž" * 27 + "<foo/>" + "x" + "€" * 33


@pytest.mark.parametrize("encoding", ["windows-1250", "utf-16"])
def test_an_excerpt_is_text_in_every_encoding(encoding: str) -> None:
    document = answer("<value>žluť<foo/>kůň</value>").decode().replace("?>", f' encoding="{encoding}"?>', 1)
    for error in (refusal(document.encode(encoding)), outcome(pieces(document.encode(encoding), 1))):
        assert "<value>žluť<foo/>kůň</value>" in error.excerpt


@pytest.mark.parametrize("size", [100_000, 1000, 1])
def test_an_error_in_a_long_token_has_an_excerpt(size: int) -> None:
    # A comment without an end is noticed at the end of the document, 20 KB later.
    document = answer("<value/>") + b"<!-- remark" + LONG + LONG
    assert "</methodResponse><!-- remarkzzz" in outcome(pieces(document, size)).excerpt


NAME_RULE = "a method name is one word of printable ASCII without quotes, <, > and &"


@pytest.mark.parametrize("vector", [*ANSWERS, *unreadable_calls()])
def test_every_refusal_of_the_vectors_has_a_position_and_an_excerpt(vector: Answer) -> None:
    for decoder in (ResponseDecoder, RequestDecoder):
        error = outcome(vector.document, decoder, **vector.options)
        if isinstance(error, ResponseError):
            line, column = error.position
            assert (line, column) >= (1, 0)
            assert error.excerpt or not vector.document.strip()


@pytest.mark.parametrize("text", ["x" * 70, "x" * 200_000, "<array><da", "<!-- x", "žluť" * 50])
def test_an_answer_that_is_too_large_has_the_position_up_to_which_it_was_read(text: str) -> None:
    document = answer(f"\n<value>{text}").decode().encode()
    limit = document.index(text.encode()) + len(text.encode())
    for decoder in (ResponseDecoder, plain.ResponseDecoder):
        error = outcome(document, decoder, limits=Limits(response_bytes=limit))
        assert type(error) is TooLargeError
        line, column = error.position
        assert line == 2
        assert len("<value>") <= column <= len("<value>" + text)
        assert error.excerpt
        assert f"<value>{text}".endswith(error.excerpt[-8:])
        for size in (1, 7, 1021) if len(text) < 1000 else (1021, 65536, 100_000):
            assert outcome(pieces(document, size), decoder, limits=Limits(response_bytes=limit)) == error


def test_a_decoder_can_be_stopped() -> None:
    error = ResponseError("the rest is lost")
    for size in (7, 100_000):
        decoder = ResponseDecoder()
        feed_all(decoder, pieces(HEAD + b"<value>\nabc", size))
        with pytest.raises(ResponseError) as caught:
            decoder.stop(error)
        assert caught.value == error
        assert (error.position, error.excerpt) == ((2, 3), (HEAD + b"<value>\nabc").decode()[-60:])
    decoder = ResponseDecoder()
    decoder.feed(HEAD + b"<foo/>")
    with pytest.raises(ResponseError, match="<foo> cannot stand in <param>"):
        decoder.stop(ResponseError("the rest is lost"))
    with pytest.raises(ResponseError) as caught:
        ResponseDecoder().stop(ResponseError("nothing came"))
    assert (caught.value.position, caught.value.excerpt) == (None, "")


@pytest.mark.parametrize(
    ("root", "position", "message"),
    [
        ("<methodResponse></methodResponse>", (1, 33), "the answer has neither params nor a fault"),
        ("<methodResponse/>", (1, 17), "the answer has neither params nor a fault"),
        ("<methodResponse>\n<params/></methodResponse>", (2, 9), "<params> is empty"),
        ("<methodResponse><params>\n</params></methodResponse>", (2, 9), "<params> is empty"),
        (
            "<methodResponse><params><param><value>a</value></param>\n<param><value>b</value></param></params>",
            (2, 7),
            "<param> is one too many in <params>",
        ),
        ("<methodResponse><fault/></methodResponse>", (1, 24), "<fault> is empty"),
        ("<methodCall>\n</methodCall>", (2, 13), "a <methodCall> must begin with a <methodName>"),
        ("<methodCall/>", (1, 13), "a <methodCall> must begin with a <methodName>"),
        ("<methodCall><params/></methodCall>", (1, 21), "a <methodCall> must begin with a <methodName>"),
        (
            "<methodCall>\n<methodName>a b</methodName></methodCall>",
            (2, 28),
            NAME_RULE,
        ),
        (
            "<methodCall><methodName/>",
            (1, 25),
            NAME_RULE,
        ),
    ],
)
def test_an_envelope_that_is_wrong_has_its_position_and_excerpt(
    root: str, position: tuple[int, int], message: str
) -> None:
    decoder = ResponseDecoder if root.startswith("<methodResponse") else RequestDecoder
    error = outcome(root.encode(), decoder)
    assert type(error) is ResponseError
    assert (error.message, error.position) == (message, position)
    lines = root.split("\n")
    at = sum(len(line) + 1 for line in lines[: position[0] - 1]) + position[1]
    assert error.excerpt == root[max(0, at - 60) : at + 100]
    assert outcome(pieces(root.encode(), 1), decoder) == error


def test_an_answer_of_no_bytes_has_the_position_of_its_start() -> None:
    for decoder in (ResponseDecoder, RequestDecoder):
        error = outcome(b"", decoder)
        assert (error.position, error.excerpt) == ((1, 0), "")
        assert outcome([b"", b""], decoder) == error


def test_an_answer_of_no_bytes_is_empty() -> None:
    # A connection that was closed early looks like this; expat's "no element found" would hide it.
    assert "empty" in refusal(b"").message


def test_the_outcome_of_an_unreadable_answer_is_unknown() -> None:
    error = refusal(b"<html>")
    assert error.outcome is Outcome.UNKNOWN
    assert isinstance(error, xmlrpc.client.ResponseError)
    assert isinstance(error, MailkitError)


def test_an_error_of_the_decoder_survives_pickling() -> None:
    error = refusal(answer("<value><foo/></value>"))
    assert pickle.loads(pickle.dumps(error)) == error
    assert refusal(answer("<value><foo/></value>")) == error
    assert refusal(answer("<value> <foo/></value>")) != error


# The use of a decoder


def feed_all(decoder: Any, document: Iterator[bytes]) -> None:
    for piece in document:
        decoder.feed(piece)


def endless(start: bytes) -> Iterator[bytes]:
    """A document without an end: a test that reads all of it does not return."""
    yield start
    while True:
        yield b" " * 4096


@pytest.mark.parametrize(
    ("start", "error"),
    [
        (b"<!DOCTYPE html>", HostileXMLError),
        (HEAD + b"<value><array><data>" * 129, HostileXMLError),
        (HEAD + b"<value><int>x</int>", ResponseError),
        (b"<html>", ResponseError),
        (b"x", ResponseError),
        (b'<?xml version="1.0" encoding="utf-7"?>', ResponseError),
    ],
)
def test_an_error_is_raised_before_the_document_ends(start: bytes, error: type[Exception]) -> None:
    decoder = ResponseDecoder()
    with pytest.raises(error) as caught:
        feed_all(decoder, endless(start))
    # Every further call raises the same error.
    for again in (lambda: decoder.feed(b"x" * 1000), lambda: decoder.feed(b""), decoder.close):
        with pytest.raises(error) as repeated:
            again()
        assert repeated.value == caught.value


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_piece_may_be_any_bytes(kind: Callable[[bytes], Any]) -> None:
    document = answer("<value>ž</value>")
    decoder = ResponseDecoder()
    for piece in pieces(document, 10):
        decoder.feed(kind(piece))
    assert decoder.close() == "ž"
    assert decode_response(kind(document)) == "ž"
    assert decode_request(kind(encode_request("m", []))) == ("m", ())


def test_a_buffer_may_be_reused_after_it_was_fed() -> None:
    buffer = bytearray(1)
    decoder = ResponseDecoder()
    for byte in answer("<value>abc</value>"):
        buffer[0] = byte
        decoder.feed(buffer)
    assert decoder.close() == "abc"


def test_empty_pieces_change_nothing() -> None:
    decoder = ResponseDecoder()
    for piece in pieces(answer("<value>a</value>"), 1):
        decoder.feed(b"")
        decoder.feed(piece)
    decoder.feed(b"")
    assert decoder.close() == "a"


def test_decoders_share_no_state() -> None:
    first, second = ResponseDecoder(), RequestDecoder()
    left, right = pieces(answer("<value>abc</value>"), 3), pieces(encode_request("m", [1, 2]), 3)
    for piece, other in zip_longest(left, right, fillvalue=b""):
        first.feed(piece)
        second.feed(other)
    assert first.close() == "abc"
    assert second.close() == ("m", (1, 2))


# Errors of lower layers. Each row first shows that the layer raises its error for this document or for the text in it,
# and then that our decoder raises ours instead.


def parse(document: bytes, **options: Any) -> None:
    parser = DefusedExpatParser(xmlrpc.client.Unmarshaller(use_builtin_types=True), **options)
    parser.feed(document)
    parser.close()


def stdlib(document: bytes) -> Any:
    return xmlrpc.client.loads(document, use_builtin_types=True)


def scalar(element: str, text: str) -> bytes:
    return answer(f"<value><{element}>{text}</{element}></value>")


def declared(encoding: str, text: bytes = b"x") -> bytes:
    return b'<?xml version="1.0" encoding="%s"?>' % encoding.encode() + answer(b"<value>%s</value>" % text)[21:]


DTD = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e "x">]>' + answer("<value>&e;</value>")[21:]
HUGE = "1E+99999999999999999999"
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE r SYSTEM "http://192.0.2.1/x.dtd"><r/>'

LOWER: list[tuple[type[BaseException], Callable[[bytes], Any], bytes]] = [
    (expat.ExpatError, stdlib, b"<a"),
    (expat.ExpatError, stdlib, b""),
    (defusedxml.common.DTDForbidden, lambda document: parse(document, forbid_dtd=True), DTD),
    (defusedxml.common.EntitiesForbidden, parse, DTD),
    (defusedxml.common.EntitiesForbidden, parse, DTD.replace(b'"x"', b'SYSTEM "x" NDATA n')),
    (
        defusedxml.common.ExternalReferenceForbidden,
        lambda document: parse(document, forbid_entities=False),
        DTD.replace(b'"x"', b'SYSTEM "x"'),
    ),
    (defusedxml.common.DTDForbidden, lambda document: parse(document, forbid_dtd=True), EXTERNAL),
    (UnicodeDecodeError, lambda document: document.decode("cp1252"), declared("windows-1252", b"\x81")),
    (UnicodeDecodeError, lambda document: document.decode("ascii"), declared("us-ascii", b"\xff")),
    (UnicodeDecodeError, lambda document: document.decode("utf-16"), codecs.BOM_UTF16_LE + b"<\0a\0>\0\0\xd8<\0"),
    (UnicodeDecodeError, lambda document: document.decode(), answer(b"<value>\xff</value>")),
    (LookupError, stdlib, declared("bogus")),
    (ValueError, stdlib, declared("utf-7")),
    (ValueError, stdlib, scalar("int", "x")),
    (ValueError, stdlib, scalar("double", "1,5")),
    (ValueError, stdlib, scalar("dateTime.iso8601", "20240230T00:00:00")),
    (ValueError, lambda document: datetime(2024, 2, 30), scalar("dateTime.iso8601", "20240230T00:00:00")),
    (OverflowError, lambda document: int(float("1e999")), scalar("double", "1e999")),
    (TypeError, stdlib, scalar("boolean", "2")),
    (TypeError, stdlib, b"<methodResponse><fault><value>x</value></fault></methodResponse>"),
    (TypeError, stdlib, answer("<value><struct><member><name><array/></name><value/></member></struct></value>")),
    (IndexError, stdlib, b"<methodResponse><fault/></methodResponse>"),
    (binascii.Error, stdlib, scalar("base64", "QQ")),
    (decimal.InvalidOperation, stdlib, scalar("bigdecimal", "x")),
    (
        decimal.InvalidOperation,
        lambda document: Decimal(HUGE),
        scalar("bigdecimal", HUGE),
    ),
    (xmlrpc.client.ResponseError, stdlib, b"<methodResponse/>"),
    (xmlrpc.client.Fault, stdlib, xmlrpc.client.dumps(xmlrpc.client.Fault(1, "x")).encode()),
]


@pytest.mark.parametrize(
    ("lower", "below", "document"), LOWER, ids=[f"{lower.__name__}-{at}" for at, (lower, _, _) in enumerate(LOWER)]
)
def test_errors_of_lower_layers_do_not_leave_the_decoder(
    lower: type[BaseException], below: Callable[[bytes], Any], document: bytes
) -> None:
    with pytest.raises(lower):
        below(document)
    for way in (document, list(pieces(document, 1))):
        try:
            result = outcome(way)
        except BaseException as error:  # noqa: BLE001
            pytest.fail(f"{type(error).__name__} came out: {error}")
        if isinstance(result, ResponseError):
            assert not isinstance(result, lower) or lower is xmlrpc.client.ResponseError


def test_every_error_of_defusedxml_is_hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    # Which of them a document causes depends on their order, so each one is raised here in defusedxml's place.
    family = [defusedxml.common.DefusedXmlException]
    for kind in family:
        family.extend(kind.__subclasses__())
    assert len(family) >= 5
    for kind in family:

        def forbid(*args: Any, kind: type[Exception] = kind) -> None:
            raise kind.__new__(kind)

        monkeypatch.setattr(grammar.Builder, "start", forbid)
        error = outcome(answer("<value/>"), plain.ResponseDecoder)
        assert type(error) is HostileXMLError
        assert error.__context__ is None


@pytest.mark.parametrize("document", [DTD, EXTERNAL, DTD.replace(b"ENTITY e", b"ENTITY % e")])
def test_a_document_type_is_hostile_and_not_just_unreadable(document: bytes) -> None:
    error = refusal(document)
    assert type(error) is HostileXMLError
    assert isinstance(error, ResponseError)
    # defusedxml's own errors are ValueErrors, which an `except ValueError` may hide.
    assert not isinstance(error, ValueError)
    assert type(refusal(answer("<value>&e;</value>"))) is ResponseError


def chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and all errors that are chained to it."""
    waiting, seen = [error], set()
    while waiting:
        link = waiting.pop()
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [other for other in (link.__cause__, link.__context__) if other is not None]


@pytest.mark.parametrize(
    "document", [row[2] for row in LOWER], ids=[f"{lower.__name__}-{at}" for at, (lower, _, _) in enumerate(LOWER)]
)
def test_an_error_does_not_chain_another_that_holds_the_body(document: bytes) -> None:
    # A UnicodeDecodeError holds the whole body, and error trackers print chained errors with all their attributes.
    for way in (document, list(pieces(document, 1))):
        reader = ResponseDecoder()
        try:
            for piece in [way] if isinstance(way, bytes) else way:
                reader.feed(piece)
            reader.close()
        except (ResponseError, FaultError) as error:
            links = list(chain(error))
            assert not any(isinstance(link, UnicodeError) for link in links)
            assert not any(
                isinstance(link, (expat.ExpatError, defusedxml.common.DefusedXmlException)) for link in links
            )


def test_of_a_body_that_is_not_in_its_encoding_an_excerpt_is_shown() -> None:
    error = refusal(declared("windows-1252", b"PRIVATE" + b"x" * 100 + b"\x81" + b"x" * 100 + b"PRIVATE"))
    assert error.excerpt == "x" * 60 + "\ufffd" + "x" * 97
    assert not any("PRIVATE" in str(link) + repr(vars(link)) + repr(link.args) for link in chain(error))


def test_the_decimal_context_of_the_program_changes_nothing() -> None:
    signals = [decimal.Inexact, decimal.Rounded, decimal.Subnormal, decimal.Overflow, decimal.FloatOperation]
    digits = "1234567890.12345678901234567890"
    with decimal.localcontext(decimal.Context(prec=3, traps=signals)):
        assert exactly(decode_response(scalar("bigdecimal", digits))) == exactly(Decimal(digits))
    with decimal.localcontext(decimal.Context(traps=[])):
        assert type(outcome(scalar("bigdecimal", HUGE))) is ResponseError
        assert type(outcome(scalar("bigdecimal", "x"))) is ResponseError


@pytest.mark.parametrize("inside", ["<value>x</value>", "<value><array/></value>", "<value><array><data><value>x"])
@pytest.mark.parametrize("size", [1, 1000, 100_000])
def test_no_value_may_follow_an_empty_data(inside: str, size: int) -> None:
    """A value inside that one was found by fuzzing: the fast reader went on after it."""
    document = HEAD + b"<value><array><data/>" + inside.encode() * 20_000
    expected = outcome(document, plain.ResponseDecoder)
    assert expected.message == "<value> is one too many in <array>"
    assert outcome(pieces(document, size), ResponseDecoder) == expected


def test_the_limit_is_an_error_of_its_own() -> None:
    document = answer("<value/>")
    error = refusal(document, limits=Limits(response_bytes=10))
    assert type(error) is TooLargeError
    assert not isinstance(error, HostileXMLError)
