"""The conformance kit: the tables of vectors, the runners, and their results for other codecs."""

from __future__ import annotations

import dataclasses
import xmlrpc.client
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from mailkit_xmlrpc import codec, conformance
from mailkit_xmlrpc.conformance import Case, ExpectedFault, Failure, Report, Request

from . import vectors
from .kit.peers import LARGEST, PEERS, known, peer, stdlib_answer, stdlib_call, stdlib_encode

VALUE = b"<methodResponse><params><param><value>a</value></param></params></methodResponse>"


def case(expected=None, **fields):
    return Case("name", "group", "rule", VALUE, expected=expected, **fields)


def reason(decode, case):
    """The reason why `decode` fails the case, or "" if it passes."""
    report = conformance.run(decode, [case])
    assert len(report.passed) + len(report.failed) == 1
    return report.failed[0].reason if report.failed else ""


def gives(value):
    return lambda document: value


def raises(error):
    def decode(document):
        raise error

    return decode


# The tables


@pytest.mark.parametrize("table", [conformance.answers, conformance.calls, conformance.requests])
def test_a_table_is_read_once_and_names_each_case_once(table):
    names = [case.name for case in table()]
    assert names
    assert len(set(names)) == len(names)
    assert table() is table()


def test_a_case_has_a_group_a_rule_and_an_expectation():
    for case in [*conformance.answers(), *conformance.calls()]:
        assert case.group
        assert case.rule
        assert case.refusal in ("", "unreadable", "hostile")
        assert not case.refusal or case.expected is None


def test_the_tables_are_the_files_of_fixtures():
    documents = {param.id: param.values[0].document for param in vectors.answers()}
    documents |= {f"journeys.trigger-{name}": case.document for name, case in vectors.journeys_trigger()[1].items()}
    assert {case.name: case.document for case in conformance.answers()} == documents

    written = {
        param.id: param.values[0].document for section in ("written", "read") for param in vectors.calls(section)
    }
    written |= {param.id: param.values[0].document for param in vectors.unreadable_calls()}
    assert {case.name: case.document for case in conformance.calls()} == written

    paths = {
        param.id: param.values[0].path for section in ("written", "unwritable") for param in vectors.calls(section)
    }
    assert {request.name: request.path for request in conformance.requests()} == paths


def test_cases_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        conformance.answers()[0].document = b""


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"int": 5}, 5),
        ({"int": ["1", ["0", 20]]}, 10**20),
        ({"double": "inf"}, float("inf")),
        ({"bigdecimal": "1.10"}, Decimal("1.10")),
        ({"base64": "QQ=="}, b"A"),
        ({"datetime": "1998-07-17T14:08:55+00:00"}, datetime(1998, 7, 17, 14, 8, 55, tzinfo=timezone.utc)),
        ({"datetime_text": "0"}, xmlrpc.client.DateTime("0")),
        ({"array": [{"nil": None}, {"boolean": True}]}, [None, True]),
        ({"struct": {"a": {"string": "b"}}}, {"a": "b"}),
        ({"nested": {"type": "struct", "levels": 3}}, {"s": {"s": {}}}),
    ],
)
def test_the_notation_of_the_fixtures(typed, value):
    assert conformance.from_notation(typed) == value


# The former name of ExpectedFault


def test_fault_is_an_alias_that_warns_with_the_new_name():
    message = r"^conformance\.Fault is deprecated; use conformance\.ExpectedFault$"
    with pytest.warns(DeprecationWarning, match=message) as seen:
        assert conformance.Fault is ExpectedFault
    assert seen[0].filename == __file__
    with pytest.warns(DeprecationWarning, match=message):
        from mailkit_xmlrpc.conformance import Fault  # noqa: F401
    assert "Fault" not in conformance.__all__
    with pytest.raises(AttributeError, match=r"module 'mailkit_xmlrpc\.conformance' has no attribute 'Faults'"):
        conformance.Faults  # noqa: B018


# Our own codec


@pytest.mark.parametrize("module", [codec, codec.decode, codec.fast_decode], ids=["codec", "plain", "fast"])
def test_our_decoder_reads_every_answer(module):
    report = conformance.run(module.decode_response, charset=True)
    assert report.failed == ()
    assert report.skipped == ()
    assert len(report.passed) == len(conformance.answers())


def test_our_decoder_reads_every_call():
    assert conformance.run(codec.decode_request, conformance.calls()).failed == ()


@pytest.mark.parametrize("module", [codec, codec.encode, codec.fast_encode], ids=["codec", "plain", "fast"])
def test_our_encoder_writes_every_call_to_the_byte(module):
    report = conformance.run_encode(module.encode_request, allow_none=True, exact=True)
    assert report.failed == ()
    assert len(report.passed) == len(conformance.requests())


# The comparison with the expected result


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ([1, 2], (1, 2)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (b"a", bytearray(b"a")),
        (b"a", xmlrpc.client.Binary(b"a")),
        (float("nan"), float("nan")),
        (xmlrpc.client.DateTime("0"), xmlrpc.client.DateTime("0")),
        (ExpectedFault(4, "no"), ExpectedFault(4, "no")),
        (None, None),
    ],
    ids=repr,
)
def test_the_same_value_passes(expected, value):
    assert reason(gives(value), case(expected)) == ""


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (1, True),
        (1, 1.0),
        (True, 1),
        (0.0, -0.0),
        ("a", b"a"),
        ("a", None),
        ([1], [1, 1]),
        ([[True]], [[1]]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1}, [("a", 1)]),
        (Decimal("1.10"), Decimal("1.1")),
        (datetime(2026, 1, 2), xmlrpc.client.DateTime("20260102T00:00:00")),
        (datetime(2026, 1, 2), datetime(2026, 1, 2, tzinfo=timezone.utc)),
        (ExpectedFault(4, "no"), ExpectedFault("4", "no")),
        (ExpectedFault(4, "no"), {"faultCode": 4, "faultString": "no"}),
        ({"faultCode": 4, "faultString": "no"}, ExpectedFault(4, "no")),
    ],
    ids=repr,
)
def test_another_value_fails_and_is_shown(expected, value):
    assert reason(gives(value), case(expected)).startswith("read as ")


@pytest.mark.parametrize("fault", [xmlrpc.client.Fault(4, "no"), codec.decode.FaultError(4, "no")])
def test_a_fault_may_be_raised(fault):
    assert reason(raises(fault), case(ExpectedFault(4, "no"))) == ""
    read = "read as the fault 4, 'no'"
    assert reason(raises(fault), case(ExpectedFault(5, "no"))) == f"{read} instead of the fault 5, 'no'"
    assert reason(raises(fault), case("a")) == f"{read} instead of 'a'"


def test_any_exception_is_a_refusal():
    assert reason(raises(ValueError("bad")), case(refusal="unreadable")) == ""
    assert reason(raises(ValueError("bad\n text")), case("a")) == "refused: ValueError: bad text"
    assert reason(raises(IndexError()), case("a")) == "refused: IndexError"


def test_a_fault_is_not_a_refusal():
    why = reason(raises(xmlrpc.client.Fault(4, "no")), case(refusal="hostile"))
    assert why == "read as the fault 4, 'no', but it is hostile"


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_running_out_of_stack_or_memory_is_not_a_refusal(error):
    assert reason(raises(error()), case(refusal="hostile")) == f"raised {error.__name__}, which is not a refusal"


def test_an_exception_that_stops_the_program_stops_the_run():
    with pytest.raises(KeyboardInterrupt):
        conformance.run(raises(KeyboardInterrupt()), [case("a")])


def test_a_charset_is_passed_if_the_runner_is_told_so():
    cases = [case("a"), case("a", charset="utf-8")]
    seen = []

    def decode(document, charset="not given"):
        seen.append(charset)
        return "a"

    report = conformance.run(decode, cases)
    assert (report.passed, report.skipped, seen) == (("name",), ("name",), ["not given"])
    assert conformance.run(decode, cases, charset=True).skipped == ()
    assert seen[1:] == [None, "utf-8"]


def test_a_failure_shows_a_bounded_text():
    assert len(reason(gives("x" * 10_000), case("a"))) < 200
    assert len(reason(raises(ValueError("x" * 10_000)), case("a"))) < 200
    assert " at 0x" not in reason(gives(xmlrpc.client.DateTime("0")), case("a"))


# Written documents are judged by the call that they read as


def request(**fields):
    return Request("name", "m", ["a"], **{"document": codec.encode_request("m", ["a"]), "reads_back": ["a"], **fields})


def written(encode, request, **options):
    report = conformance.run_encode(encode, [request], **options)
    return report.failed[0].reason if report.failed else ""


def test_any_form_of_the_same_call_passes_unless_exact_is_set():
    spaced = codec.encode_request("m", ["a"]).replace(b"<params>", b"<params> ")
    encode = lambda method, params: spaced  # noqa: E731
    assert written(encode, request()) == ""
    assert written(encode, request(), exact=True).startswith("wrote ")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (codec.encode_request("m", ["b"]), "wrote a document that reads as ('m', ('b',)) instead of ('m', ['a'])"),
        (codec.encode_request("n", ["a"]), "wrote a document that reads as ('n', ('a',)) instead of ('m', ['a'])"),
        (b"<a", "wrote a document that cannot be read: ResponseError: "),
    ],
)
def test_another_call_fails(document, why):
    assert written(lambda method, params: document, request()).startswith(why)


def test_a_call_that_cannot_be_written_must_be_refused():
    def refuse(method, params):
        raise TypeError("no")

    unwritable = request(document=b"", path="params[0]")
    assert written(refuse, unwritable) == ""
    assert "params[0] cannot be written" in written(lambda method, params: b"<a/>", unwritable)


# Reports


def test_a_report_as_text():
    report = Report(("a", "b"), (Failure("c", "read as 1 instead of 2"),), ("d",))
    assert str(report) == "2 of 3 passed, 1 skipped\nc: read as 1 instead of 2"
    assert not report.ok
    assert str(Report(("a",))) == "1 of 1 passed"
    assert Report(("a",)).ok


# The results of other codecs


def names(report):
    return {failure.name for failure in report.failed}


def test_the_standard_library_fails_these_answers():
    assert names(conformance.run(stdlib_answer)) == known("stdlib-answers")[1]


def test_the_standard_library_fails_these_calls():
    assert names(conformance.run(stdlib_call, conformance.calls())) == known("stdlib-calls")[1]


def test_the_standard_library_writes_these_requests_wrongly():
    assert names(conformance.run_encode(stdlib_encode, allow_none=True)) == known("stdlib-requests")[1]


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_in_another_language_fails_these_answers(name):
    made_with, failures = known(name)
    with peer(name) as (version, decode):
        if version != made_with:
            pytest.skip(f"the list was made with {made_with}, this is {version}")
        report = conformance.run(decode, [case for case in conformance.answers() if len(case.document) < LARGEST])
    assert names(report) == failures
