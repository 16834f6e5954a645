"""The conformance kit: the tables of vectors, the runners, and their results for other codecs."""

from __future__ import annotations

import dataclasses
import functools
import operator
import os
import subprocess
import sys
import xmlrpc.client
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import defusedxml
import pytest

from mailkit_xmlrpc import ConfigError, EncodeError, ResponseError, codec, conformance
from mailkit_xmlrpc.conformance import Case, ExpectedFault, Failure, Report, Request

from . import plain, plain_writer, vectors
from .kit.peers import (
    LARGEST,
    PEERS,
    STDLIB_REFUSALS,
    RefusedByPeer,
    known,
    peer,
    stdlib_answer,
    stdlib_call,
    stdlib_encode,
)

VALUE = b"<methodResponse><params><param><value>a</value></param></params></methodResponse>"


def case(expected=None, **fields):
    return Case("name", "group", "rule", VALUE, expected=expected, **fields)


def reason(decode, case, refusals=ValueError):
    """The reason why `decode` fails the case, or "" if it passes."""
    report = conformance.run(decode, [case], refusals=refusals)
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


@pytest.mark.parametrize("module", [codec, plain], ids=["codec", "plain"])
def test_our_decoder_reads_every_answer(module):
    report = conformance.run(module.decode_response, refusals=ResponseError, charset=True)
    assert report.failed == ()
    assert report.skipped == ()
    assert len(report.passed) == len(conformance.answers())


def test_our_decoder_reads_every_call():
    assert conformance.run(codec.decode_request, conformance.calls(), refusals=ResponseError).ok


@pytest.mark.parametrize("module", [codec, plain_writer], ids=["codec", "plain"])
def test_our_encoder_writes_every_call_to_the_byte(module):
    report = conformance.run_encode(module.encode_request, refusals=EncodeError, allow_none=True, exact=True)
    assert report.failed == ()
    assert len(report.passed) == len(conformance.requests())


# The comparison with the expected result


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ([1, 2], (1, 2)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (b"a", bytearray(b"a")),
        (b"a", memoryview(b"a")),
        (b"a", xmlrpc.client.Binary(b"a")),
        (5, type("MyInt", (int,), {})(5)),
        (1.5, type("MyFloat", (float,), {})(1.5)),
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


def test_a_failure_shows_the_difference():
    same = "x" * 1000
    why = reason(gives(f"{same}a{same}"), case(f"{same}b{same}"))
    x = "x" * 20
    assert why == f"read as ...'{x}a{'x' * 79}'... instead of ...'{x}b{'x' * 79}'..."
    assert reason(gives(same), case(same + "\n")) == f"read as ...'{x}' instead of ...'{x}\\n'"
    assert reason(gives("a" + same), case("b")) == f"read as 'a{'x' * 99}'... instead of 'b'"
    look_alike = type("int64", (), {"__repr__": lambda self: "5"})()
    assert reason(gives(look_alike), case(5)) == "read as 5 of the type int64 instead of 5"


@pytest.mark.parametrize("fault", [xmlrpc.client.Fault(4, "no"), codec.decode.FaultError(4, "no")])
def test_a_fault_may_be_raised(fault):
    assert reason(raises(fault), case(ExpectedFault(4, "no"))) == ""
    read = "read as the fault 4, 'no'"
    assert reason(raises(fault), case(ExpectedFault(5, "no"))) == f"{read} instead of the fault 5, 'no'"
    assert reason(raises(fault), case("a")) == f"{read} instead of 'a'"


@pytest.mark.parametrize("refusals", [ValueError, (ValueError,), (IndexError, ValueError), Exception])
def test_an_exception_that_is_named_is_a_refusal(refusals):
    assert reason(raises(ValueError("bad")), case(refusal="unreadable"), refusals) == ""
    assert reason(raises(UnicodeError("bad")), case(refusal="unreadable"), refusals) == ""
    why = "refused: ValueError: bad text, but it reads as 'a'"
    assert reason(raises(ValueError("bad\n text")), case("a"), refusals) == why


@pytest.mark.parametrize("refusals", [(), IndexError, (IndexError, UnicodeError)])
def test_any_other_exception_is_a_failure(refusals):
    decode = raises(ValueError("bad\n text"))
    assert reason(decode, case("a"), refusals) == "raised ValueError: bad text, but it reads as 'a'"
    why = "raised ValueError: bad text, which refusals= does not name"
    assert reason(decode, case(refusal="unreadable"), refusals) == why


@pytest.mark.parametrize(
    "refusals", [None, "ValueError", 5, ValueError("x"), (ValueError, 5), [ValueError], int, BaseException]
)
def test_refusals_are_exception_classes(refusals):
    why = r"^refusals must be a subclass of Exception or a tuple of them, got "
    with pytest.raises(ConfigError, match=why):
        conformance.run(gives("a"), [case("a")], refusals=refusals)
    with pytest.raises(ConfigError, match=why):
        conformance.run_encode(lambda method, params: b"", [], refusals=refusals)


class Codec:
    """Callables of several kinds. Each is a decoder that returns "a"."""

    def method(self, document):
        return "a"

    def __call__(self, document):
        return "a"

    @staticmethod
    async def awaited(document):
        return "a"


class Awaited:
    async def __call__(self, document):
        return "a"


@pytest.mark.parametrize(
    "decode",
    [Codec().method, Codec(), functools.partial(lambda text, document: text, "a"), lambda *documents: "a"],
    ids=["method", "object", "partial", "variadic"],
)
def test_any_callable_can_be_a_decoder(decode):
    assert reason(decode, case("a")) == ""


def test_a_class_can_be_a_decoder():
    assert reason(bytearray, case(VALUE)) == ""


@pytest.mark.parametrize(
    ("decode", "why"),
    [
        (lambda: "a", r"decode is called with \(document\), but it takes \(\): too many positional arguments"),
        (lambda document, more: "a", r"it takes \(document, more\): missing a required argument: 'more'"),
        (Codec.method, "missing a required argument: 'document'"),
        (functools.partial(Codec.method, 1, 2), "too many positional arguments"),
        (lambda document, *, strict: "a", "missing a required .*argument: 'strict'"),
        (Codec.awaited, "decode is async; give a function that returns the result"),
        (Awaited(), "decode is async"),
        (functools.partial(Codec.awaited), "decode is async"),
        ("codec:decode", "decode must be callable, got str"),
        (None, "decode must be callable, got NoneType"),
    ],
)
def test_a_decoder_that_cannot_be_called_is_not_run(decode, why):
    with pytest.raises(ConfigError, match=why):
        conformance.run(decode, refusals=Exception)


def test_a_decoder_without_charset_is_not_run_with_it():
    with pytest.raises(ConfigError, match=r"called with \(document, charset=\), but it takes \(document\)"):
        conformance.run(lambda document: "a", charset=True)


@pytest.mark.parametrize(
    ("encode", "options", "why"),
    [
        (lambda call: b"", {}, r"encode is called with \(method, params\), but it takes \(call\)"),
        (lambda method, params: b"", {"allow_none": True}, r"called with \(method, params, allow_none=\)"),
    ],
)
def test_an_encoder_that_cannot_be_called_is_not_run(encode, options, why):
    with pytest.raises(ConfigError, match=why):
        conformance.run_encode(encode, **options)


def test_a_result_that_must_be_awaited_is_a_failure():
    why = reason(lambda document: Codec.awaited(document), case("a"))
    assert why == "read as <coroutine object Codec.awaited> instead of 'a'"


def test_a_fault_is_not_a_refusal():
    why = reason(raises(xmlrpc.client.Fault(4, "no")), case(refusal="hostile"))
    assert why == "read as the fault 4, 'no', but it is hostile"


@pytest.mark.parametrize("error", [RecursionError, MemoryError, SystemExit])
@pytest.mark.parametrize("refusals", [ValueError, Exception, RecursionError, MemoryError])
def test_running_out_of_stack_or_memory_or_ending_the_program_is_never_a_refusal(error, refusals):
    why = reason(raises(error()), case(refusal="hostile"), refusals)
    assert why == f"raised {error.__name__}, which is never a refusal"
    assert reason(raises(error()), case("a"), refusals) == f"raised {error.__name__}, but it reads as 'a'"


class Panic(BaseException):
    """What a codec written in Rust raises when it panics is not an Exception."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, Panic])
def test_an_exception_that_stops_the_program_stops_the_run_and_names_the_case(error):
    with pytest.raises(error) as caught:
        conformance.run(raises(error()), [case("a")], refusals=Exception)
    with pytest.raises(error):
        conformance.run_encode(lambda method, params: raises(error())(b""), [request()], refusals=Exception)
    if sys.version_info >= (3, 11):
        assert caught.value.__notes__ == ["raised in the case name of the conformance kit"]


def decorator(function, *supplied):
    """A decorator that passes what it is given, and supplies further arguments."""

    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments, *supplied)

    return wrapper


def test_a_decorator_may_supply_arguments():
    assert reason(decorator(lambda document, session: "a", "session"), case("a")) == ""


class Decorated:
    @decorator
    def method(self):
        return "a"


def no_arguments():
    return "a"


@pytest.mark.parametrize(
    "decode",
    [getattr, decorator(no_arguments), decorator(decorator(no_arguments)), Decorated().method],
    ids=["C code", "decorated", "decorated twice", "decorated method"],
)
@pytest.mark.parametrize("refusals", [TypeError, Exception])
def test_a_type_error_of_the_call_itself_is_not_a_refusal(decode, refusals):
    why = reason(decode, case(refusal="unreadable"), refusals)
    assert why.startswith("raised TypeError: ")
    assert why.endswith(", which is not a refusal, because the call itself raised it")


@pytest.mark.parametrize(
    "decode",
    # `abs` and the partial of `operator.concat` take one argument, but no bytes. C code leaves no traceback.
    [raises(TypeError("bad")), decorator(raises(TypeError("bad"))), abs, functools.partial(operator.concat, "")],
)
def test_a_type_error_that_the_codec_raises_is_a_refusal_if_it_is_named(decode):
    assert reason(decode, case(refusal="unreadable"), TypeError) == ""


def test_a_method_of_a_server_proxy_can_be_a_decoder_and_is_called_once_per_case():
    sent = []

    class Transport(xmlrpc.client.Transport):
        def request(self, host, handler, request_body, verbose=False):
            sent.append(xmlrpc.client.loads(request_body)[1])
            raise TypeError("bad")

    proxy = xmlrpc.client.ServerProxy("http://127.0.0.1:1", transport=Transport())
    assert reason(proxy.decode, case(refusal="unreadable"), TypeError) == ""
    assert sent == ["decode"]


def test_a_failure_has_no_characters_that_cannot_be_printed():
    why = reason(raises(ValueError("\ud800 \x1b[31m \u202e \xe9")), case("a"))
    assert why == "refused: ValueError: \\ud800 \\x1b[31m \\u202e \xe9, but it reads as 'a'"


# What a codec returns is foreign code too


class BrokenText:
    def __repr__(self):
        raise RuntimeError("no repr")


class BrokenMapping(dict):
    def __getitem__(self, name):
        raise RuntimeError("no item")


class BrokenError(ValueError):
    def __str__(self):
        raise RuntimeError("no str")


class BrokenFault(ValueError):
    faultString = "no"

    @property
    def faultCode(self):
        raise RuntimeError("no code")


class BrokenProxy:
    @property
    def __class__(self):
        raise RuntimeError("no object")


class Exiting(dict):
    def __getitem__(self, name):
        raise SystemExit(0)


def test_a_value_that_cannot_be_compared_is_a_failure():
    assert reason(gives(BrokenText()), case("a")).startswith("read as <BrokenText ")
    why = "returned BrokenMapping, which cannot be compared: RuntimeError: no item"
    assert reason(gives(BrokenMapping(a=1)), case({"a": 1})) == why
    why = "returned BrokenProxy, which cannot be compared: RuntimeError: no object"
    assert reason(gives(BrokenProxy()), case("a")) == why
    assert reason(gives(Exiting(a=1)), case({"a": 1})) == "returned Exiting, which cannot be compared: SystemExit: 0"
    assert reason(gives(type("array", (), {})()), case("a")).startswith("returned array, which cannot be compared: ")


def test_a_value_of_any_depth_or_length_is_a_failure():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert reason(gives(deep), case("a")) == "read as [[[[...]]]] instead of 'a'"
    assert reason(gives(10**5000), case("a")).startswith(("read as 1000", "returned int, which cannot be compared: "))


def test_an_exception_without_a_text_is_shown_by_its_type():
    why = reason(raises(BrokenError()), case("a"))
    assert why.startswith("refused: BrokenError: <")


def test_a_fault_whose_code_cannot_be_read_is_a_failure():
    why = "raised BrokenFault, which cannot be compared: RuntimeError: no code"
    assert reason(raises(BrokenFault()), case("a")) == why
    assert reason(raises(BrokenFault()), case(refusal="hostile")) == why


def test_a_document_that_is_gone_is_a_failure():
    def encode(method, params):
        document = memoryview(b"<a/>")
        document.release()
        return document

    assert written(encode, request()).startswith("returned memoryview, which cannot be compared: ValueError: ")


# The cases


def test_a_table_of_the_other_runner_is_refused():
    with pytest.raises(ConfigError, match=r"^run takes cases of the type Case, got Request$"):
        conformance.run(gives("a"), conformance.requests())
    with pytest.raises(ConfigError, match=r"^run_encode takes cases of the type Request, got Case$"):
        conformance.run_encode(codec.encode_request, conformance.answers())


@pytest.mark.parametrize("cases", [[], [case("a", charset="utf-8")]], ids=["no case", "skipped"])
def test_a_run_of_no_case_is_not_ok(cases):
    assert not conformance.run(gives("a"), cases).ok


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
    nested = {f"{each}{'x' * 10_000}": ["x" * 10_000] * 5 for each in range(5)}
    for long in ("x" * 10_000, nested):
        assert len(reason(gives(long), case("a"))) < 200
        assert len(reason(gives(ExpectedFault(long, long)), case("a"))) < 300
    assert len(reason(raises(ValueError("x" * 10_000)), case("a"))) < 200
    assert " at 0x" not in reason(gives(xmlrpc.client.DateTime("0")), case("a"))


# Written documents are judged by the call that they read as


def request(**fields):
    return Request("name", "m", ["a"], **{"document": codec.encode_request("m", ["a"]), "reads_back": ["a"], **fields})


def written(encode, request, **options):
    report = conformance.run_encode(encode, [request], refusals=TypeError, **options)
    return report.failed[0].reason if report.failed else ""


def test_any_form_of_the_same_call_passes_unless_exact_is_set():
    spaced = codec.encode_request("m", ["a"]).replace(b"<params>", b"<params> ")
    encode = lambda method, params: spaced  # noqa: E731
    assert written(encode, request()) == ""
    why = written(encode, request(), exact=True)
    assert why.startswith("wrote ...b'/methodName><params> <param>")
    assert " instead of ...b'/methodName><params><param>" in why


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


def test_a_fault_that_an_encoder_raises_is_an_exception_like_any_other():
    def encode(method, params):
        raise xmlrpc.client.Fault(4, "no")

    unwritable = request(document=b"", path="params[0]")
    why = "raised Fault: <Fault 4: 'no'>, which refusals= does not name"
    assert written(encode, unwritable) == why
    assert conformance.run_encode(encode, [unwritable], refusals=xmlrpc.client.Fault).ok


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_document_may_be_any_kind_of_bytes(kind):
    assert written(lambda method, params: kind(codec.encode_request(method, params)), request()) == ""


@pytest.mark.parametrize("value", ["<a/>", None, 5, [b"<a/>"]], ids=repr)
def test_a_document_of_another_type_is_a_failure_with_a_name(value):
    for each in (request(), request(document=b"", path="params[0]")):
        assert written(lambda method, params: value, each) == f"returned {value!r}, which is not bytes"


def test_an_encoder_cannot_change_the_table():
    def encode(method, params):
        params.append(object())
        raise TypeError

    before = [list(each.params) for each in conformance.requests()]
    conformance.run_encode(encode, refusals=TypeError)
    assert [len(each.params) for each in conformance.requests()] == [len(params) for params in before]


# Reports


def test_a_report_as_text():
    report = Report(("a", "b"), (Failure("c", "read as 1 instead of 2"),), ("d",), ("b",))
    summary = "2 of 3 passed: 1 of 2 to accept, 1 of 1 to refuse; 1 skipped"
    assert str(report) == f"{summary}\nc: read as 1 instead of 2"
    assert repr(report) == f"<Report: {summary}; c: read as 1 instead of 2>"
    assert not report.ok
    assert str(Report(("a",))) == "1 of 1 passed: 1 of 1 to accept, 0 of 0 to refuse"
    assert Report(("a",)).ok
    assert not Report().ok


def test_a_report_has_a_bounded_length():
    names = [f"{each}{'-' * 50}" for each in range(500)]
    report = Report(tuple(names), tuple(Failure(name, "x" * 300) for name in names), tuple(names), tuple(names))
    assert len(repr(report)) <= 240  # pytest shows no more
    assert repr(report).endswith("...; 499 more failed>")
    assert len(str(report).splitlines()) == 22
    assert str(report).endswith("\nand 480 more: see Report.failed, or --all in a shell")


def test_what_must_be_refused_is_counted_for_itself():
    report = conformance.run(raises(ValueError("no")), refusals=ValueError)
    assert report.summary == "254 of 522 passed: 0 of 268 to accept, 254 of 254 to refuse; 12 skipped"
    report = conformance.run_encode(lambda method, params: b"<a/>")
    assert report.summary.endswith(f"0 of {len(report.refusals)} to refuse; 2 skipped")


def test_a_failed_assertion_shows_a_bounded_report(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "from mailkit_xmlrpc import conformance\n"
        "def test_my_codec():\n"
        "    report = conformance.run(lambda document: None)\n"
        "    assert report.ok, report\n",
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_it.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=60,
    )
    shown = [line for line in result.stdout.splitlines() if line.startswith("E ")]
    assert shown[0] == (
        "E       AssertionError: <Report: 6 of 522 passed: 6 of 268 to accept, 0 of 254 to refuse; 12 skipped; "
        "untyped: read as None instead of 'hello'; 515 more failed>"
    )


# From a shell


CODEC = """
import xmlrpc.client

class Refused(Exception):
    pass

class Codec:
    class inner:
        @staticmethod
        def decode(document, charset=None):
            from mailkit_xmlrpc import ResponseError, codec
            try:
                return codec.decode_response(document, charset=charset)
            except ResponseError as error:
                raise Refused(str(error)) from error

def broken(document):
    return 5

def encode(method, params):
    return xmlrpc.client.dumps(tuple(params), method)

def noisy(document):
    print("noise")
    return Codec.inner.decode(document)

def exits(document):
    raise SystemExit(0)

def unprintable(document):
    raise ValueError("\\ud800 \\xe9")

class Lazy:
    @property
    def decode(self):
        raise ImportError("too lazy")

lazy = Lazy()
"""


@pytest.fixture
def kit(tmp_path):
    """Run the kit in a directory with the module `my_codec`."""
    (tmp_path / "my_codec.py").write_text(CODEC, encoding="utf-8")
    (tmp_path / "raises.py").write_text("raise RuntimeError('at import')\n", encoding="utf-8")
    (tmp_path / "script.py").write_text("print('done')\nraise SystemExit(0)\n", encoding="utf-8")
    root = str(Path(__file__).parents[1])

    def run(*arguments, **variables):
        command = [sys.executable, "-m", "mailkit_xmlrpc.conformance", *arguments]
        environment = {**os.environ, "PYTHONPATH": root, **variables}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    return run


def test_a_decoder_passes_in_a_shell(kit):
    result = kit("my_codec:Codec.inner.decode", "--refusals", "my_codec:Refused", "--charset")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "534 of 534 passed: 277 of 277 to accept, 257 of 257 to refuse\n"


def test_what_a_codec_prints_is_not_in_the_report(kit):
    result = kit("my_codec:noisy", "--refusals", "my_codec:Refused")
    assert result.stdout == "522 of 522 passed: 268 of 268 to accept, 254 of 254 to refuse; 12 skipped\n"
    assert result.stderr == 522 * "noise\n"


def test_all_failures_are_listed_on_request(kit):
    result = kit("my_codec:broken", "--calls", "--all")
    assert len(result.stdout.splitlines()) == 1 + 94


def test_a_report_fits_the_encoding_of_the_terminal(kit):
    result = kit("my_codec:unprintable", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines()[1] == "untyped: raised ValueError: \\ud800 \\xe9, but it reads as 'hello'"


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_a_closed_stdout_does_not_change_the_exit_code(kit, tmp_path):
    words = [sys.executable, "-m", "mailkit_xmlrpc.conformance", "my_codec:Codec.inner.decode", "--charset"]
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *words, "--refusals", "my_codec:Refused"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    result = subprocess.run(closed, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("my_codec:broken",), "of 522 passed"),
        (("my_codec:exits",), "0 of 522 passed"),
        (("my_codec:broken", "--calls"), "0 of 94 passed"),
        (("my_codec:encode", "--encode"), "0 of "),
    ],
)
def test_a_codec_that_fails_exits_with_1(arguments, first, kit):
    result = kit(*arguments)
    assert (result.returncode, result.stderr) == (1, "")
    assert first in result.stdout.splitlines()[0]
    assert len(result.stdout.splitlines()) == 22


def test_it_runs_in_a_checkout_that_is_not_installed():
    """With -m, the package of the current directory comes before an installed one."""
    root, needed = Path(__file__).parents[1], Path(defusedxml.__file__).parents[1]
    result = subprocess.run(
        # Without `site`, no editable installation is found either.
        [sys.executable, "-S", "-m", "mailkit_xmlrpc.conformance", "mailkit_xmlrpc.codec:decode_request", "--calls"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(needed)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("70 of 94 passed: 70 of 70 to accept")


def test_an_encoder_that_returns_text_is_told_so(kit):
    assert ", which is not bytes" in kit("my_codec:encode", "--encode").stdout.splitlines()[1]


# The traceback shows where foreign code raised one of these.
RAISED = ("RuntimeError", "SystemExit", "ImportError")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "the following arguments are required: MODULE:FUNCTION"),
        (("my_codec",), "'my_codec' must be MODULE:NAME, such as my_codec:decode"),
        (("my_codec:",), "'my_codec:' must be MODULE:NAME"),
        (("./my_codec:decode",), "'./my_codec:decode' must be MODULE:NAME"),
        ((".my_codec:decode",), "'.my_codec:decode' must be MODULE:NAME"),
        (("none:decode",), "cannot import none:decode (ModuleNotFoundError: No module named 'none')"),
        (("raises:decode",), "cannot import raises:decode (RuntimeError: at import)"),
        (("script:decode",), "cannot import script:decode (SystemExit: 0)"),
        (("my_codec:lazy.decode",), "cannot import my_codec:lazy.decode (ImportError: too lazy)"),
        (("my_codec:decode",), "my_codec has no decode"),
        (("my_codec:Codec.outer",), "my_codec has no Codec.outer"),
        (("my_codec:CODEC", "--refusals", "my_codec:Nothing"), "my_codec has no Nothing"),
        (("my_codec:broken", "--refusals", "my_codec:broken"), "refusals must be a subclass of Exception"),
        (("my_codec:broken", "--encode"), "encode is called with (method, params), but it takes (document)"),
        (("my_codec:broken", "--charset"), "decode is called with (document, charset=)"),
        (("my_codec:broken", "--exact"), "--allow-none and --exact need --encode"),
        (("my_codec:encode", "--encode", "--charset"), "--charset is for decoders"),
        (("my_codec:encode", "--encode", "--calls"), "not allowed with argument"),
    ],
)
def test_arguments_that_cannot_be_used_exit_with_2(arguments, problem, kit):
    result = kit(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert problem in result.stderr.splitlines()[-1]
    assert ("Traceback" in result.stderr) == any(f"({error}: " in problem for error in RAISED)


# The results of other codecs


def names(report):
    return {failure.name for failure in report.failed}


def test_the_standard_library_fails_these_answers():
    assert names(conformance.run(stdlib_answer, refusals=STDLIB_REFUSALS)) == known("stdlib-answers")[1]


def test_the_standard_library_fails_these_calls():
    assert (
        names(conformance.run(stdlib_call, conformance.calls(), refusals=STDLIB_REFUSALS)) == known("stdlib-calls")[1]
    )


def test_the_standard_library_writes_these_requests_wrongly():
    assert (
        names(conformance.run_encode(stdlib_encode, refusals=STDLIB_REFUSALS, allow_none=True))
        == known("stdlib-requests")[1]
    )


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_in_another_language_fails_these_answers(name):
    made_with, failures = known(name)
    with peer(name) as (version, decode):
        if version != made_with:
            pytest.skip(f"the list was made with {made_with}, this is {version}")
        cases = [case for case in conformance.answers() if len(case.document) < LARGEST]
        report = conformance.run(decode, cases, refusals=RefusedByPeer)
    assert names(report) == failures
