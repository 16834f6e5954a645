"""`errors`: one tree, caught by the standard library's names, and whole after every journey."""

from __future__ import annotations

import copy
import pickle
import re
import sys
import xmlrpc.client
from decimal import Decimal
from xmlrpc.client import Binary, DateTime

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc import errors
from mailkit_xmlrpc.errors import (
    ConfigError,
    DisallowedIPError,
    EncodeError,
    FaultError,
    HostileXMLError,
    HTTPStatusError,
    InDoubtError,
    InvalidValueError,
    MailkitError,
    MissingValueError,
    NotSentError,
    Outcome,
    RefusedError,
    ResponseError,
    TooLargeError,
    TransportError,
    UnauthorizedError,
)
from mailkit_xmlrpc.errors.redaction import Excerpt
from mailkit_xmlrpc.errors.refused import KINDS
from mailkit_xmlrpc.result import Result

MD5 = "abc123def456abc123def456abc12345"
CALL = {"method": "mailkit.journeys.trigger", "attempts": 2}
REFUSAL = Result(False, Outcome.REFUSED, "m", error="Missing email", error_status=1, raw="Missing email")

# These kinds of refusals have an attribute more than the others.
REFUSALS_WITH_ATTRIBUTES = (DisallowedIPError, MissingValueError, InvalidValueError)

SAMPLES = [
    MailkitError("something", **CALL),
    ConfigError("timeout must be a number"),
    EncodeError("None needs allow_none=True", path="params[2].event_data.name", **CALL),
    DisallowedIPError("Disallowed IP 192.0.2.7", ip="192.0.2.7", result=REFUSAL, **CALL),
    MissingValueError("Missing email", field="email", result=REFUSAL, **CALL),
    InvalidValueError("Invalid email", field="email", result=REFUSAL, **CALL),
    *(kind("no", result=REFUSAL, **CALL) for kind in KINDS if kind not in REFUSALS_WITH_ATTRIBUTES),
    FaultError(-32601, "no such method", **CALL),
    ResponseError("not well-formed", position=(3, 14), excerpt="<valeu>", **CALL),
    HostileXMLError("a document type", position=(1, 22), excerpt="<!DOCTYPE", **CALL),
    TooLargeError("larger than the limit", **CALL),
    TransportError("broken", **CALL),
    NotSentError("refused", errno=111, **CALL),
    InDoubtError("lost", errno=104, **CALL),
    HTTPStatusError(
        "HTTP 503 Busy",
        status=503,
        reason="Busy",
        url="https://api.example.com/rpc",
        headers={"Retry-After": "7"},
        location=None,
        retry_after=7.0,
        excerpt="come back later",
        **CALL,
    ),
]
every_error = pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)


def tree(root=MailkitError):
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


def public_classes():
    return {cls for cls in tree() if cls.__module__.startswith("mailkit_xmlrpc") and not cls.__name__.startswith("_")}


def test_the_samples_of_this_file_cover_the_whole_tree():
    assert {type(error) for error in SAMPLES} == public_classes()


def test_every_class_of_the_tree_is_exported():
    for cls in public_classes():
        assert getattr(mailkit_xmlrpc, cls.__name__) is cls
        assert cls.__name__ in errors.__all__


def test_the_docstring_draws_the_tree_as_it_is():
    drawn = re.findall(r"^    ([│├└─ ]*)(\w+Error)\b(?: \(([\w.]+)\))?", errors.__doc__, re.MULTILINE)
    # The kinds of refusals are in `refused`, one class each: the tree names what they derive from.
    assert {name for _, name, _ in drawn} == {cls.__name__ for cls in public_classes() - {*KINDS} | {RefusedError}}
    parents = []
    for indent, name, stdlib in drawn:
        depth = len(indent) // 4
        cls = getattr(errors, name)
        parents = [*parents[:depth], cls]
        assert issubclass(cls, tuple(parents)), name
        if stdlib:
            module, _, lower = stdlib.rpartition(".")
            assert issubclass(cls, getattr(sys.modules[module or "builtins"], lower)), name


@every_error
class TestEveryError:
    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_travels_by_pickle(self, error, protocol):
        self.assert_same(pickle.loads(pickle.dumps(error, protocol)), error)

    def test_copies(self, error):
        self.assert_same(copy.copy(error), error)
        self.assert_same(copy.deepcopy(error), error)

    @staticmethod
    def assert_same(twin, error):
        assert twin is not error
        assert type(twin) is type(error)
        assert twin == error
        assert hash(twin) == hash(error)
        assert vars(twin) == vars(error)
        assert twin.args == error.args
        assert (str(twin), repr(twin), twin.outcome) == (str(error), repr(error), error.outcome)

    def test_pickles_with_what_was_added_to_it_later(self, error):
        noted = copy.copy(error)
        noted.__notes__ = ["row 17"]
        noted.row = 17
        twin = pickle.loads(pickle.dumps(noted))
        assert twin.__notes__ == ["row 17"]
        assert twin.row == 17
        assert twin != error

    def test_is_hashable_and_compares(self, error):
        assert len({error, copy.copy(error)}) == 1
        assert error == copy.copy(error)
        assert [other for other in SAMPLES if other == error] == [error]
        assert error != "another thing"
        changed = copy.copy(error)
        changed.attempts += 1
        assert changed != error

    def test_has_an_outcome_a_method_and_attempts(self, error):
        assert isinstance(error.outcome, Outcome)
        assert error.method in (None, CALL["method"])
        assert isinstance(error.attempts, int)

    def test_says_in_repr_its_class_and_what_str_says(self, error):
        assert repr(error) == f"{type(error).__name__}({str(error)!r})"
        assert str(error)

    def test_names_the_method(self, error):
        if error.method and not isinstance(error, EncodeError):
            assert str(error).startswith("mailkit.journeys.trigger: ")

    def test_can_be_raised_and_caught_by_its_root(self, error):
        with pytest.raises(MailkitError) as caught:
            raise error
        assert caught.value is error


@pytest.mark.parametrize(
    ("cls", "lower"),
    [
        (ConfigError, ValueError),
        (EncodeError, ValueError),
        (FaultError, xmlrpc.client.Fault),
        (FaultError, xmlrpc.client.Error),
        (ResponseError, xmlrpc.client.ResponseError),
        (HostileXMLError, xmlrpc.client.ResponseError),
        (TooLargeError, xmlrpc.client.Error),
        (NotSentError, ConnectionError),
        (NotSentError, OSError),
        (InDoubtError, OSError),
        (HTTPStatusError, xmlrpc.client.ProtocolError),
        (HTTPStatusError, xmlrpc.client.Error),
    ],
)
def test_code_for_the_standard_library_still_catches(cls, lower):
    (error,) = [sample for sample in SAMPLES if type(sample) is cls]
    with pytest.raises(lower):
        raise error


def test_what_surely_failed_is_not_mistaken_for_what_is_in_doubt():
    assert not issubclass(InDoubtError, (ConnectionError, NotSentError))
    assert not issubclass(NotSentError, InDoubtError)
    assert not issubclass(HTTPStatusError, OSError)


class TestOutcome:
    @pytest.mark.parametrize(
        ("cls", "outcome"),
        [
            (ConfigError, Outcome.NOT_SENT),
            (EncodeError, Outcome.NOT_SENT),
            (NotSentError, Outcome.NOT_SENT),
            (RefusedError, Outcome.REFUSED),
            (UnauthorizedError, Outcome.REFUSED),
            (FaultError, Outcome.REFUSED),
            (ResponseError, Outcome.UNKNOWN),
            (HostileXMLError, Outcome.UNKNOWN),
            (TooLargeError, Outcome.UNKNOWN),
            (InDoubtError, Outcome.UNKNOWN),
            (TransportError, Outcome.UNKNOWN),
            (MailkitError, Outcome.UNKNOWN),
        ],
    )
    def test_of_each_class(self, cls, outcome):
        assert cls.outcome is outcome

    @pytest.mark.parametrize(
        ("statuses", "outcome"),
        [
            ((300, 301, 304, 307, 399), Outcome.REFUSED),
            ((400, 401, 403, 404, 429, 499), Outcome.REFUSED),
            ((503,), Outcome.UNKNOWN),
            ((100, 101, 201, 204, 299, 500, 501, 502, 504, 599, 0, 999), Outcome.UNKNOWN),
        ],
    )
    def test_of_an_http_status(self, statuses, outcome):
        for status in statuses:
            assert HTTPStatusError("x", status=status).outcome is outcome, status

    def test_is_text(self):
        assert Outcome.NOT_SENT == "NOT_SENT"
        assert f"{Outcome.NOT_SENT}" == str(Outcome.NOT_SENT) == "NOT_SENT"
        assert Outcome("UNKNOWN") is Outcome.UNKNOWN


class TestFaultError:
    def test_carries_what_the_standard_librarys_fault_carries(self):
        fault = FaultError(4, "Too many parameters.")
        assert (fault.faultCode, fault.faultString) == (4, "Too many parameters.")
        assert str(fault) == "fault 4: Too many parameters."

    def test_can_be_answered_by_the_standard_librarys_server(self):
        with pytest.raises(xmlrpc.client.Fault, match="Too many") as caught:
            xmlrpc.client.loads(xmlrpc.client.dumps(FaultError(4, "Too many parameters.")))
        assert caught.value.faultCode == 4

    @pytest.mark.parametrize("code", ["E17", None, 4.5, True])
    def test_keeps_any_code(self, code):
        fault = pickle.loads(pickle.dumps(FaultError(code, "x")))
        assert fault.faultCode == code
        assert type(fault.faultCode) is type(code)


class TestHTTPStatusError:
    def test_carries_what_the_standard_librarys_protocol_error_carries(self):
        error = HTTPStatusError("HTTP 404", status=404, reason="Not Found", url="http://h/", headers={"A": "b"})
        assert (error.url, error.errcode, error.errmsg, error.headers) == ("http://h/", 404, "Not Found", {"A": "b"})
        assert (error.status, error.reason) == (404, "Not Found")

    def test_shows_the_beginning_of_the_body(self):
        assert "come back later" in str(SAMPLES[-1])


@pytest.mark.parametrize("cls", [NotSentError, InDoubtError])
class TestSocketErrors:
    def test_carry_errno_and_text_as_an_oserror_does(self, cls):
        error = cls("cannot connect", errno=111)
        assert (error.errno, error.strerror) == (111, "cannot connect")
        assert str(error) == "cannot connect"

    def test_have_no_errno_where_the_system_gave_none(self, cls):
        assert cls("x").errno is None
        assert cls("x").filename is None


class TestResponseError:
    def test_says_where(self):
        error = ResponseError("is odd", position=(3, 14), excerpt="<i>5</i>", method="m")
        assert str(error) == "m: is odd at line 3, column 14, near '<i>5</i>'"


class TestEncodeError:
    def test_says_which_value(self):
        assert str(EncodeError("is odd", path="params[2].event_data.name", method="m")).startswith(
            "params[2].event_data.name: "
        )


class TestRedact:
    def test_reaches_args_attributes_and_headers(self):
        error = HTTPStatusError(
            f"HTTP 500 {MD5}",
            status=500,
            reason=MD5,
            headers={"X-Echo": MD5, f"X-{MD5}": "1"},
            location=f"https://h/{MD5}",
            excerpt=Excerpt(f"you sent {MD5[:20]}", cut_end=True),
        )
        error.redact((MD5,))
        assert MD5[:8] not in f"{error} {error!r} {error.args} {vars(error)}"

    def test_leaves_the_rest_alone(self):
        for error in SAMPLES:
            twin = copy.copy(error)
            twin.redact((MD5,))
            assert twin == error

    def test_leaves_what_is_not_from_a_server_alone(self):
        secrets = ("REFUSED", "12345", "outcome", "status")
        error = HTTPStatusError("x", status=404, attempts=12345, retry_after=12345.0)
        error.redact(secrets)
        assert (error.outcome, error.status, error.attempts, error.retry_after) == (
            Outcome.REFUSED,
            404,
            12345,
            12345.0,
        )
        error = ResponseError("x", position=(12345, 0))
        error.redact(secrets)
        assert error.position == (12345, 0)

    @pytest.mark.parametrize(
        "code", [MD5, MD5.encode(), Binary(MD5.encode()), DateTime(MD5), {"a": [MD5]}, [MD5.upper()]], ids=type
    )
    def test_reaches_a_faults_code_of_any_type(self, code):
        error = FaultError(code, MD5)
        error.redact((MD5,))
        assert (
            MD5
            not in f"{error} {vars(error)} {vars(error.faultCode) if hasattr(error.faultCode, 'data') else ''}".lower()
        )
        assert type(error.faultCode) is type(code)

    @pytest.mark.parametrize("code", [int("7" * 32), Decimal("7" * 32)], ids=type)
    def test_makes_a_code_of_digits_a_text(self, code):
        error = FaultError(code, "x")
        error.redact(("7" * 32,))
        assert error.faultCode == "***"

    def test_ends_for_values_that_hold_themselves(self):
        cyclic: list = [MD5]
        cyclic += [cyclic, (cyclic,), {"a": cyclic}]
        error = EncodeError("x")
        error.data = cyclic
        error.redact((MD5,))
        twin = error.data
        assert (twin[0], twin[1] is twin, twin[2][0] is twin, twin[3]["a"] is twin) == ("***", True, True, True)
        assert cyclic[0] == MD5

    @pytest.mark.parametrize("secret", ["x", MD5])
    def test_ends_for_causes_that_cause_each_other(self, secret):
        error, first, second = EncodeError("x"), LookupError("a"), ValueError(secret)
        error.__cause__, first.__cause__, second.__cause__ = first, second, first
        error.redact((MD5,))
        assert error.__cause__ is (None if secret == MD5 else first)

    @pytest.mark.parametrize("secret", ["x", MD5])
    def test_bears_with_a_cause_whose_own_methods_fail(self, secret):
        class Mute(ValueError):
            def __str__(self):
                raise RuntimeError("no text")

            __repr__ = __str__

        error, cause = EncodeError("x"), LookupError("a")
        error.__cause__, cause.__context__ = cause, Mute(secret)
        error.redact((MD5,))
        assert error.__cause__ is (None if secret == MD5 else cause)

    @pytest.mark.parametrize("notes", [[f"sent {MD5}"], [5, MD5], MD5], ids=type)
    def test_drops_a_cause_whose_notes_show_a_secret(self, notes):
        error = EncodeError("x")
        error.__cause__ = LookupError("a")
        error.__cause__.__notes__ = notes
        error.redact((MD5,))
        assert error.__cause__ is None

    def test_drops_a_cause_that_shows_a_secret_in_its_context_although_it_has_a_cause(self):
        error = EncodeError("x")
        error.__cause__ = LookupError("a")
        error.__cause__.__cause__, error.__cause__.__context__ = ValueError("b"), ValueError(MD5)
        error.redact((MD5,))
        assert error.__cause__ is None

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no groups")
    def test_drops_a_group_of_causes_of_which_one_shows_a_secret(self):
        inner = ValueError("a")
        inner.__notes__ = [MD5]
        error = EncodeError("x")
        error.__cause__ = ExceptionGroup("b", [KeyError("c"), inner])  # noqa: F821
        error.redact((MD5,))
        assert error.__cause__ is None

    def test_reaches_attributes_that_cannot_be_set_again(self):
        class Frozen(EncodeError):
            def __setattr__(self, name, value):
                raise AttributeError(name)

        error = Frozen.__new__(Frozen)
        Exception.__init__(error, f"a {MD5}")
        vars(error).update(method=None, path="", data=MD5)
        error.redact((MD5,))
        assert (error.args, error.data) == (("a ***",), "***")

    def test_drops_a_cause_that_shows_a_secret(self):
        for text, kept in ((f"no text for {MD5}", False), ("no text", True)):
            with pytest.raises(EncodeError) as caught:
                raise EncodeError("x") from LookupError(text)
            caught.value.redact((MD5,))
            assert (caught.value.__cause__ is not None) is kept
        try:
            try:
                raise KeyError(MD5)
            except KeyError:
                raise LookupError("x")  # noqa: B904
        except LookupError as lower:
            error = EncodeError("x")
            error.__cause__ = lower
        error.redact((MD5,))
        assert error.__cause__ is None
