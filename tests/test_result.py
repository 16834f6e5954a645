"""`Result`: what Mailkit answered, and the error that a refusal unwraps to."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from mailkit_xmlrpc.api.journeys import TRIGGER
from mailkit_xmlrpc.errors import MissingValueError, Outcome, RefusedError, UnauthorizedError
from mailkit_xmlrpc.result import Result

ADDED = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}
ANSWERS = [ADDED, "Missing email", {"error_status": "4", "error": "x"}, [1], {"error_status": 4}]


class TestResult:
    def test_is_true_when_ok(self):
        assert TRIGGER.judge(ADDED)
        assert not TRIGGER.judge("Missing email")

    def test_is_frozen(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            TRIGGER.judge(ADDED).ok = False

    def test_compares_without_the_circumstances(self):
        first = TRIGGER.judge(ADDED)
        assert first == dataclasses.replace(first, attempts=3, elapsed=1.5)
        assert first != TRIGGER.judge({**ADDED, "message": "Other"})

    @pytest.mark.parametrize("raw", ANSWERS)
    def test_pickles_and_copies(self, raw):
        result = TRIGGER.judge(raw)
        for twin in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
            assert twin == result
            assert (twin.raw, twin.attempts, twin.elapsed) == (result.raw, result.attempts, result.elapsed)

    @pytest.mark.parametrize("raw", ANSWERS)
    def test_is_hashable(self, raw):
        assert len({TRIGGER.judge(raw), TRIGGER.judge(raw)}) == 1

    def test_is_generic(self):
        assert Result[dict](True, Outcome.DONE, "m").ok

    def test_shows_what_mailkit_said_and_not_what_it_sent(self):
        text = repr(TRIGGER.judge({**ADDED, "secret": "hush"}))
        assert "Added into scenario events queue" in text
        assert "hush" not in text


class TestUnwrap:
    def test_gives_the_value_of_a_success(self):
        assert TRIGGER.judge(ADDED).unwrap() == ADDED
        assert Result(True, Outcome.DONE, "m", None).unwrap() is None

    @pytest.mark.parametrize(
        ("text", "kind"),
        [("Unauthorized", UnauthorizedError), ("Missing email", MissingValueError), ("Odd", RefusedError)],
    )
    def test_raises_the_kind_of_error_that_fits_the_text(self, text, kind):
        result = TRIGGER.judge(text, attempts=2)
        with pytest.raises(RefusedError) as caught:
            result.unwrap()
        error = caught.value
        assert type(error) is kind
        assert error.result is result
        assert (error.method, error.attempts, error.outcome) == (TRIGGER.name, 2, Outcome.REFUSED)
        assert text in str(error)
        assert pickle.loads(pickle.dumps(error)) == error

    def test_knows_a_refusal_in_a_struct_too(self):
        with pytest.raises(MissingValueError) as caught:
            TRIGGER.judge({"error": "Missing email", "error_status": 3}).unwrap()
        assert caught.value.result.error_status == 3
        assert caught.value.field == "email"
