"""`Call` and `MethodSpec`: a call as a thing, and the `Result` for its answer."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from mailkit_xmlrpc import Call, Outcome, RefusedError, calls
from mailkit_xmlrpc.answers import Anything, Struct
from mailkit_xmlrpc.api.journeys import TRIGGER, TriggerAnswer
from mailkit_xmlrpc.call import Certainty, Doc, MethodSpec
from mailkit_xmlrpc.errors import DisallowedIPError, MissingValueError, UnauthorizedError

MD5 = "abc123def456abc123def456abc12345"
ADDED = {"message": "Added into scenario events queue", "status": "OK", "error_status": 0}


class TestACall:
    def test_is_a_method_and_the_parameters_behind_the_credentials(self):
        call = calls.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
        assert call == Call(
            TRIGGER, ({"email": "jane@example.com", "event_tag": "order_paid", "event_data": {"order": "A-17"}},)
        )
        assert (call.spec, call.method) == (TRIGGER, "mailkit.journeys.trigger")

    def test_compares_by_method_and_parameters(self):
        call = calls.email.move(7, 5)
        assert call == calls.email.move(7, 5)
        assert call != calls.email.move(7, 6)
        assert call != Call(MethodSpec("mailkit.email.move", Anything()), call.params)

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    @pytest.mark.parametrize(
        "call",
        [
            calls.journeys.trigger("jane@example.com", "order_paid", {"order": ["A-17", {"total": 1.5}]}),
            calls.mailinglist.adduser(5, email="jana@example.cz", custom={1: "gold"}),
            calls.sendmail(5, 3, send_to="jana@example.cz", attachments=[{"name": "a.txt", "data": b"abc"}]),
            calls.report.raw.messages(limit=5),
            Call(MethodSpec("mailkit.unknown", Anything("OK")), (1, "x")),
        ],
        ids=lambda call: call.method,
    )
    def test_pickles_and_copies(self, call, protocol):
        for twin in (pickle.loads(pickle.dumps(call, protocol)), copy.copy(call), copy.deepcopy(call)):
            assert twin == call
            assert twin.spec.judge("no").error == "no"

    def test_holds_no_credentials_and_its_representation_no_values(self):
        call = calls.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
        assert repr(call) == str(call) == "<Call of mailkit.journeys.trigger with 1 parameter>"
        assert repr(calls.mailinglist.list()) == "<Call of mailkit.mailinglist.list with 0 parameters>"

    def test_is_frozen(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            calls.email.move(7, 5).params = ()


class TestAMethodSpec:
    def test_of_every_kind_pickles(self):
        spec = MethodSpec("m", Struct(TriggerAnswer), reads=True, doc=Doc("https://x", Certainty.PARTIAL))
        assert pickle.loads(pickle.dumps(spec)) == spec
        assert hash(spec) == hash(pickle.loads(pickle.dumps(spec)))

    def test_makes_a_result_of_a_success(self):
        result = TRIGGER.judge(ADDED, attempts=2, elapsed=1.5)
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
            "attempts": 2,
            "elapsed": 1.5,
        }

    def test_makes_a_result_of_a_bare_string(self):
        result = TRIGGER.judge("Missing event_tag")
        assert (result.ok, result.outcome) == (False, Outcome.REFUSED)
        assert (result.message, result.status) == (None, None)
        assert (result.error, result.error_status) == ("Missing event_tag", 1)
        assert (result.value, result.raw) == (None, "Missing event_tag")

    def test_makes_a_result_of_a_struct_with_another_error_status(self):
        raw: dict[str, Any] = {"error": "Unknown scenario", "error_status": 5, "status": "ERROR", "message": "Sorry"}
        result = TRIGGER.judge(raw)
        assert (result.ok, result.outcome) == (False, Outcome.REFUSED)
        assert (result.message, result.status) == ("Sorry", "ERROR")
        assert (result.error, result.error_status) == ("Unknown scenario", 5)
        assert (result.value, result.raw) == (None, raw)

    def test_a_bare_string_that_is_a_success_is_the_message(self):
        result = MethodSpec("m", Anything("OK", "")).judge("OK")
        assert (result.ok, result.value, result.message) == (True, "OK", "OK")
        assert MethodSpec("m", Anything("OK", "")).judge("").message is None

    def test_a_value_that_is_not_text_is_not_shown_as_one(self):
        result = TRIGGER.judge({"error_status": 0, "message": 5, "status": None})
        assert (result.ok, result.message, result.status) == (True, None, None)

    def test_masks_whole_secrets_in_texts_and_changes_nothing_else(self):
        raw = {"error_status": 0, "message": f"hello {MD5.upper()}", "status": MD5[:20]}
        result = TRIGGER.judge(raw, secrets=(MD5,))
        assert (result.message, result.status) == ("hello ***", MD5[:20])
        assert (result.value, result.raw) == (raw, raw)
        assert TRIGGER.judge(f"Missing {MD5}", secrets=(MD5,)).error == "Missing ***"

    @pytest.mark.parametrize(
        ("text", "secrets", "kind", "shown", "attributes"),
        [
            ("Missing event_tag", ("missing",), MissingValueError, "*** event_tag", {"field": "event_tag"}),
            ("Missing event_tag", ("event_tag",), MissingValueError, "Missing ***", {"field": "***"}),
            ("Disallowed IP 10.0.0.1", ("disallowed",), DisallowedIPError, "*** IP 10.0.0.1", {"ip": "10.0.0.1"}),
            ("Unauthorized", ("unauthorized", "client_md5"), UnauthorizedError, "***", {}),
        ],
    )
    def test_knows_a_refusal_by_its_text_before_that_is_masked(self, text, secrets, kind, shown, attributes):
        result = TRIGGER.judge(text, secrets=secrets, attempts=2)
        for each in (result, pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            for _ in range(2):
                with pytest.raises(RefusedError) as caught:
                    each.unwrap()
                assert (type(caught.value), each.error) == (kind, shown)
                assert caught.value.message.startswith(shown)
                assert {name: getattr(caught.value, name) for name in attributes} == attributes
                assert (caught.value.method, caught.value.attempts) == (TRIGGER.name, 2)
                assert caught.value.result is each
        assert dataclasses.asdict(result).keys() == dataclasses.asdict(TRIGGER.judge(ADDED)).keys()

    def test_of_a_refusal_does_not_hold_a_secret_in_its_pickle(self):
        result = TRIGGER.judge(f"Missing {MD5}", secrets=(MD5,))
        with pytest.raises(MissingValueError) as caught:
            result.unwrap()
        assert caught.value.field == "***"
        for thing in (result, caught.value):
            assert MD5.encode() not in pickle.dumps(thing)

    def test_keeps_honest_text_that_looks_like_a_part_of_a_secret(self):
        secrets = ("face0000000000000000000000adde", "0000000000000000000000000000adde")
        assert TRIGGER.judge("Missing face", secrets=secrets).error == "Missing face"
        assert TRIGGER.judge(ADDED, secrets=secrets).message == ADDED["message"]


class TestASecret:
    def test_is_masked_in_all_of_a_refusal(self):
        raw = {"error_status": 4, "error": f"Invalid {MD5}", "status": MD5, "more": [{MD5: MD5.encode()}]}
        result = TRIGGER.judge(raw, secrets=(MD5,))
        assert result.raw == {"error_status": 4, "error": "Invalid ***", "status": "***", "more": [{"***": b"***"}]}
        assert (result.error, result.status) == ("Invalid ***", "***")
        with pytest.raises(RefusedError) as caught:
            result.unwrap()
        assert MD5 not in repr(vars(pickle.loads(pickle.dumps(caught.value)).result))

    def test_of_digits_is_masked_in_the_code(self):
        md5 = "12345678901234567890123456789012"
        result = TRIGGER.judge({"error_status": int(md5)}, secrets=(md5,))
        assert (result.ok, result.error, result.error_status) == (False, "error_status ***", 1)
        assert result.raw == {"error_status": "***"}

    def test_is_left_in_the_data_of_a_success(self):
        raw = {"error_status": 0, "message": f"Added {MD5}", "row": MD5}
        result = TRIGGER.judge(raw, secrets=(MD5,))
        assert result.raw is raw
        assert result.value["row"] == MD5
        assert result.message == "Added ***"

    def test_leaves_a_refusal_without_one_as_it_is(self):
        raw = {"error_status": 4, "error": "x", "rows": [1, 1.5, True, None, b"x", {"a": []}]}
        assert TRIGGER.judge(raw, secrets=(MD5, "True", "None")).raw == raw

    def test_as_a_name_is_not_in_the_representation(self):
        assert repr(Call(MethodSpec(f"mailkit.{MD5}", Anything()))) == "<Call of mailkit.*** with 0 parameters>"
