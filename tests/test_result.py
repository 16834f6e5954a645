"""`Result` and `judge`: which answer is a success, and what a refusal is called."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from decimal import Decimal

import pytest

from mailkit_xmlrpc.errors import (
    DisallowedIPError,
    InvalidValueError,
    MissingValueError,
    Outcome,
    RefusedError,
    UnauthorizedError,
)
from mailkit_xmlrpc.result import Result, Spec, judge

ANY = Spec("m")
TRIGGER = Spec("mailkit.journeys.trigger", kinds=(dict,), needs=("error_status",))
ADDED = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}


class TestTheTableOfTheDesign:
    def test_a_struct_with_error_status_0_is_a_success(self):
        result = judge(TRIGGER, ADDED)
        assert dataclasses.asdict(result) == {
            "ok": True,
            "outcome": Outcome.DONE,
            "method": "mailkit.journeys.trigger",
            "value": ADDED,
            "message": "Added into scenario events queue",
            "status": "OK",
            "error": None,
            "error_status": 0,
            "raw": ADDED,
            "attempts": 1,
            "elapsed": 0.0,
        }

    def test_a_bare_string_is_a_refusal(self):
        result = judge(TRIGGER, "Missing event_tag")
        assert (result.ok, result.outcome) == (False, Outcome.REFUSED)
        assert (result.message, result.status) == (None, None)
        assert (result.error, result.error_status) == ("Missing event_tag", 1)
        assert (result.value, result.raw) == (None, "Missing event_tag")

    @pytest.mark.parametrize("code", [5, "5", " 5 ", "+5", "005", 5.0, Decimal(5), Decimal("5.00")])
    def test_a_struct_with_another_error_status_is_a_refusal_with_its_text_and_code(self, code):
        raw = {"error": "Unknown scenario", "error_status": code, "status": "ERROR", "message": "Sorry"}
        result = judge(TRIGGER, raw)
        assert (result.ok, result.outcome) == (False, Outcome.REFUSED)
        assert (result.message, result.status) == ("Sorry", "ERROR")
        assert (result.error, result.error_status) == ("Unknown scenario", 5)
        assert (result.value, result.raw) == (None, raw)
        assert type(result.error_status) is int


class TestErrorStatusDecides:
    @pytest.mark.parametrize("zero", [0, "0", "00", "-0", 0.0, -0.0, Decimal(0), Decimal("0E+3"), False])
    def test_zero_in_any_type_is_a_success_whatever_the_error_says(self, zero):
        assert judge(ANY, {"error": "OK", "error_status": zero}).ok

    @pytest.mark.parametrize(
        "odd",
        [
            0.5,
            -0.1,
            1e-300,
            float("nan"),
            float("inf"),
            float("-inf"),
            Decimal("0.5"),
            Decimal("NaN"),
            Decimal("Infinity"),
            "",
            " ",
            "zero",
            "0x0",
            "٠",
            "0.0",
            "9" * 5000,
            None,
            [],
            [0],
            {},
            b"0",
        ],
        ids=lambda odd: ascii(odd)[:20],
    )
    def test_what_is_no_number_is_a_refusal_without_a_code(self, odd):
        result = judge(ANY, {"error": "Something", "error_status": odd})
        assert (result.ok, result.error, result.error_status) == (False, "Something", 1)

    @pytest.mark.parametrize("big", [2**63 - 1, -(2**63), 10**4000, 1e300], ids=lambda big: str(big)[:9])
    def test_a_large_number_is_kept(self, big):
        assert judge(ANY, {"error": "x", "error_status": big}).error_status == int(big)

    def test_the_text_of_a_refusal_is_looked_for_in_error_message_and_status(self):
        assert judge(ANY, {"error_status": 2, "error": "E", "message": "M", "status": "S"}).error == "E"
        assert judge(ANY, {"error_status": 2, "error": "", "message": "M", "status": "S"}).error == "M"
        assert judge(ANY, {"error_status": 2, "status": "S"}).error == "S"
        assert "error_status" in judge(ANY, {"error_status": 2, "error": ["odd"]}).error

    def test_a_value_that_is_no_text_is_not_shown_as_one(self):
        result = judge(ANY, {"error_status": 0, "message": 5, "status": None})
        assert (result.ok, result.message, result.status) == (True, None, None)


class TestAMethodSaysWhatItsSuccessesAre:
    def test_a_bare_string_only_where_it_is_listed(self):
        spec = Spec("m", successes=("OK", ""))
        assert judge(spec, "OK").value == "OK"
        assert judge(spec, "").ok
        assert not judge(spec, "ok").ok
        assert not judge(spec, "OK ").ok

    def test_an_empty_string_that_is_no_success_still_has_a_text(self):
        assert judge(ANY, "").error == "an empty answer"

    @pytest.mark.parametrize("raw", [5, 0, None, True, False, [], {}, [1, "a"], {"a": 1}, b"", 4.5])
    def test_any_other_type_unless_the_method_names_its_types(self, raw):
        result = judge(ANY, raw)
        assert (result.ok, result.value, result.raw) == (True, raw, raw)
        refused = judge(Spec("m", kinds=(tuple,)), raw)
        assert (refused.ok, refused.error_status) == (False, 1)
        assert type(raw).__name__ in refused.error

    def test_a_struct_without_what_the_method_needs_is_a_refusal(self):
        result = judge(TRIGGER, {"status": "OK"})
        assert (result.ok, result.status, result.error) == (False, "OK", "an answer without error_status")

    def test_a_refusal_in_a_struct_comes_before_a_wrong_shape(self):
        assert judge(TRIGGER, {"error_status": 7, "error": "x"}).error_status == 7


class TestResult:
    def test_is_true_when_ok(self):
        assert judge(TRIGGER, ADDED)
        assert not judge(TRIGGER, "Missing email")

    def test_is_frozen(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            judge(TRIGGER, ADDED).ok = False

    def test_compares_without_the_circumstances(self):
        first = judge(TRIGGER, ADDED)
        assert first == dataclasses.replace(first, attempts=3, elapsed=1.5)
        assert first != judge(TRIGGER, {**ADDED, "message": "Other"})

    @pytest.mark.parametrize("raw", [ADDED, "Missing email", {"error_status": "4", "error": "x"}])
    def test_travels_by_pickle_and_copy(self, raw):
        result = judge(TRIGGER, raw)
        for twin in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
            assert twin == result
            assert (twin.raw, twin.attempts, twin.elapsed) == (result.raw, result.attempts, result.elapsed)

    def test_is_hashable(self):
        for raw in (ADDED, "Missing email", [1], {"error_status": 4}):
            assert len({judge(TRIGGER, raw), judge(TRIGGER, raw)}) == 1

    def test_is_generic(self):
        assert Result[dict](True, Outcome.DONE, "m").ok

    def test_shows_what_mailkit_said_and_not_what_it_sent(self):
        text = repr(judge(TRIGGER, {**ADDED, "secret": "hush"}))
        assert "Added into scenario events queue" in text
        assert "hush" not in text


class TestUnwrap:
    def test_gives_the_value_of_a_success(self):
        assert judge(TRIGGER, ADDED).unwrap() == ADDED
        assert judge(ANY, None).unwrap() is None

    @pytest.mark.parametrize(
        ("text", "cls", "attributes"),
        [
            ("Unauthorized", UnauthorizedError, {}),
            ("Disallowed IP 192.0.2.7", DisallowedIPError, {"ip": "192.0.2.7"}),
            ("Disallowed IP 2001:db8::7", DisallowedIPError, {"ip": "2001:db8::7"}),
            ("Missing event_tag", MissingValueError, {"field": "event_tag"}),
            ("Invalid email", InvalidValueError, {"field": "email"}),
            ("Missing", RefusedError, {}),
            ("Missing a lot of things", RefusedError, {}),
            ("unauthorized", RefusedError, {}),
            ("Unauthorized to do so", RefusedError, {}),
            ("", RefusedError, {}),
        ],
    )
    def test_raises_the_error_that_fits_the_text_of_a_refusal(self, text, cls, attributes):
        result = dataclasses.replace(judge(ANY, text), attempts=2)
        with pytest.raises(RefusedError) as caught:
            result.unwrap()
        error = caught.value
        assert type(error) is cls
        assert error.result is result
        assert (error.method, error.attempts, error.outcome) == ("m", 2, Outcome.REFUSED)
        assert {name: getattr(error, name) for name in attributes} == attributes
        assert (text or "an empty answer") in str(error)
        assert pickle.loads(pickle.dumps(error)) == error

    def test_says_where_to_look(self):
        for text in ("Unauthorized", "Disallowed IP 192.0.2.7"):
            with pytest.raises(RefusedError, match="Profile / Integration"):
                judge(ANY, text).unwrap()

    def test_knows_a_refusal_in_a_struct_too(self):
        with pytest.raises(MissingValueError) as caught:
            judge(TRIGGER, {"error": "Missing email", "error_status": 3}).unwrap()
        assert caught.value.result.error_status == 3


class TestWhatASpecSays:
    """Which answers of a method are its successes; everything else is a refusal."""

    def test_words_and_patterns_of_words(self):
        spec = Spec("m", successes=("OK",), matches="[0-9]+")
        assert [judge(spec, raw).ok for raw in ("OK", "17", "ok", "17a", "")] == [True, True, False, False, False]

    def test_types(self):
        spec = Spec("m", kinds=(int,))
        assert [judge(spec, raw).ok for raw in (7, 0, {}, [], "7")] == [True, True, False, False, False]
        assert judge(spec, []).error == "an answer of an unexpected type (list)"

    def test_members_that_must_be_there(self):
        spec = Spec("m", kinds=(dict,), needs=("a", "b"))
        assert judge(spec, {"a": 1, "b": 2}).ok
        assert judge(spec, {}).error == "an answer without a, b"

    def test_answers_that_say_no_without_words(self):
        spec = Spec("m", kinds=(int,), refusals={0: "it was not moved", "": "nobody"})
        assert judge(spec, 1).ok
        assert [judge(spec, raw).error for raw in (0, "")] == ["it was not moved", "nobody"]

    @pytest.mark.parametrize("status", [6, "6", 6.0])
    def test_statuses_that_say_no(self, status):
        spec = Spec("m", kinds=(dict,), statuses={6: "nothing was sent"})
        result = judge(spec, {"data": 7, "status": status})
        assert (result.ok, result.error, result.error_status) == (False, "nothing was sent", 6)
        assert judge(spec, {"data": 7, "status": 1}).ok

    def test_an_error_status_goes_before_everything_else(self):
        spec = Spec("m", kinds=(dict,), statuses={6: "nothing was sent"}, needs=("data",))
        assert judge(spec, {"status": 6, "error_status": 3, "error": "Invalid x"}).error_status == 3

    def test_a_member_that_decides_where_there_is_no_error_status(self):
        spec = Spec("m", code="error")
        assert judge(spec, {"error": 0}).ok
        assert judge(spec, {"error": "0"}).ok
        refused = judge(spec, {"error": 3})
        assert (refused.ok, refused.error, refused.error_status) == (False, "error 3", 3)
        assert judge(spec, {"error": 3, "error_status": 0}).ok
        assert judge(Spec("m"), {"error": 3}).ok

    def test_the_shape_of_a_success_is_its_value_and_raw_stays(self):
        result = judge(Spec("m", shape=len), [1, 2, 3])
        assert (result.value, result.raw) == (3, [1, 2, 3])
        assert judge(Spec("m", shape=len), "no").value is None
