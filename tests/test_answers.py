"""The kinds of answers: which answers are refusals, and the value of the others."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Optional, TypedDict

import pytest
from hypothesis import given

from mailkit_xmlrpc.answers import Anything, Flag, Id, Ids, Refusal, Rows, Struct, Words
from mailkit_xmlrpc.api.catalogue import CATALOGUE

from .strategies import anything


class Row(TypedDict):
    id: int
    name: str


class Added(TypedDict):
    data: Optional[int]
    status: Optional[int]


KINDS = [
    Rows(Row),
    Rows(Row, inside="data", code="error"),
    Rows(Row, empty="nobody"),
    Struct(Added, needs=("data",), words=("Sent",), statuses=(4, 6)),
    Words("OK", "Done", inside="data"),
    Id(),
    Ids(),
    Flag(),
    Flag(false="not moved"),
    Anything("OK", statuses=(6,)),
]
every_kind = pytest.mark.parametrize("answer", KINDS, ids=repr)

UNEXPECTED = "an answer of an unexpected type ({})"


def verdict(answer, raw):
    """The value of a success, or the refusal."""
    refusal = answer.refusal(raw)
    return answer.value(raw) if refusal is None else refusal


@pytest.mark.parametrize(
    ("answer", "raw", "expected"),
    [
        (Rows(Row), [{"id": "1", "name": 2}], [{"id": 1, "name": "2"}]),
        (Rows(Row), {"id": "1"}, [{"id": 1}]),
        (Rows(Row), "", []),
        (Rows(Row), {}, []),
        (Rows(Row), [], []),
        (Rows(Row), "Missing ID_send", Refusal("Missing ID_send")),
        (Rows(Row), 7, Refusal(UNEXPECTED.format("int"))),
        (Rows(Row), None, Refusal(UNEXPECTED.format("NoneType"))),
        (Rows(Row, empty="nobody"), "", Refusal("nobody")),
        (Rows(Row), ["Invalid ID_user_list"], Refusal("Invalid ID_user_list")),
        (Rows(Row), [{"id": 1}, 5], Refusal(UNEXPECTED.format("int"))),
        (Rows(Row, inside="data"), {"data": "Invalid ID_query"}, Refusal("Invalid ID_query")),
        (Rows(Row, inside="data"), {"data": ""}, []),
        (Rows(Row, inside="data"), {"data": [{"id": 1}]}, [{"id": 1}]),
        (Rows(Row, inside="data"), {"data": {"id": "1"}}, [{"id": 1}]),
        (Rows(Row, inside="data"), {"x": 1}, Refusal("an answer without data")),
        (Rows(Row, inside="data"), {"error_status": 0}, []),
        (Rows(Row, inside="data"), "", Refusal("an empty answer")),
        (Rows(Row, inside="data"), [{"id": 1}], Refusal(UNEXPECTED.format("list"))),
        (Rows(Row, inside="data", code="error"), {"error": "0", "data": ""}, []),
        (Rows(Row, inside="data", code="error"), {"error": 3}, Refusal("error 3", 3)),
        (Rows(Row, inside="data", code="error"), {"error": 3, "error_status": 0}, []),
        (Rows(Row), {"error": 3, "id": 1}, [{"error": 3, "id": 1}]),
        (Struct(Added, needs=("data",)), {"data": "7", "status": 1}, {"data": 7, "status": 1}),
        (Struct(Added, needs=("data",)), {"status": 1}, Refusal("an answer without data")),
        (Struct(Added, needs=("data", "status")), {}, Refusal("an answer without data, status")),
        (Struct(Added, needs=("data",)), {"error_status": "0"}, {"error_status": "0"}),
        (Struct(Added), "OK", Refusal("OK")),
        (Struct(Added), "", Refusal("an empty answer")),
        (Struct(Added), [1], Refusal(UNEXPECTED.format("list"))),
        (Struct(Added, words=("Sent",)), "Sent", {"data": None, "status": None}),
        (
            Struct(Added, statuses=(4,)),
            {"data": 0, "status": "4"},
            Refusal("Mailkit could not store the recipient (status 4)", 4),
        ),
        (Struct(Added, statuses=(4,)), {"data": 7, "status": 6}, {"data": 7, "status": 6}),
        (Words("OK"), "OK", "OK"),
        (Words("OK"), "ok", Refusal("ok")),
        (Words("OK"), "OK ", Refusal("OK ")),
        (Words("OK"), "", Refusal("an empty answer")),
        (Words("OK"), {"data": "OK"}, Refusal(UNEXPECTED.format("dict"))),
        (Words("OK", inside="data"), {"data": "OK"}, "OK"),
        (Words("OK", inside="data"), {"data": "Invalid ID_email"}, Refusal("Invalid ID_email")),
        (Words("OK", inside="data"), {}, Refusal("an answer without data")),
        (Words("OK", inside="data"), {"data": {"data": "OK"}}, Refusal(UNEXPECTED.format("dict"))),
        (Id(), 7, 7),
        (Id(), "7", 7),
        (Id(), "7a", Refusal("7a")),
        (Id(), 0, Refusal("0 is not an id")),
        (Id(), "0", Refusal("0")),
        (Id(), -1, Refusal("-1 is not an id")),
        (Id(), "9" * 20, Refusal("9" * 20)),
        (Id(), "", Refusal("an empty answer")),
        (Id(), True, Refusal(UNEXPECTED.format("bool"))),
        (Id(), 7.5, Refusal(UNEXPECTED.format("float"))),
        (Ids(), 7, [7]),
        (Ids(), "7,8", [7, 8]),
        (Ids(), ["7", 8], [7, 8]),
        (Ids(), "7,", Refusal("7,")),
        (Ids(), 0, Refusal("0 is not an id")),
        (Ids(), [7, "Invalid ID_email"], Refusal(UNEXPECTED.format("list"))),
        (Ids(), {}, Refusal(UNEXPECTED.format("dict"))),
        (Flag(), "TRUE", True),
        (Flag(), "FALSE", False),
        (Flag(), False, False),
        (Flag(), 1, True),
        (Flag(), "perhaps", Refusal("perhaps")),
        (Flag(), "", Refusal("an empty answer")),
        (Flag(), [1], Refusal(UNEXPECTED.format("list"))),
        (Flag(false="not moved"), 0, Refusal("not moved")),
        (Flag(false="not moved"), "0", Refusal("not moved")),
        (Flag(false="not moved"), 17, True),
        (Anything("OK"), "OK", "OK"),
        (Anything("OK"), "O", Refusal("O")),
        (Anything(), "", Refusal("an empty answer")),
        (Anything(), None, None),
        (Anything(), 0, 0),
        (Anything(), {"x": 1}, {"x": 1}),
        (Anything(statuses=(6,)), {"status": 6}, Refusal("the recipient was updated, but nothing was sent", 6)),
        (Anything(), {"status": 6}, {"status": 6}),
    ],
)
def test_an_answer_has_this_verdict(answer, raw, expected):
    found = verdict(answer, raw)
    assert found == expected
    assert type(found) is type(expected)


@every_kind
class TestErrorStatusDecides:
    @pytest.mark.parametrize("zero", [0, "0", "00", "-0", 0.0, -0.0, Decimal(0), Decimal("0E+3"), False])
    def test_zero_in_any_type_is_a_success_whatever_else_the_struct_has_or_lacks(self, answer, zero):
        assert answer.refusal({"error": "OK", "error_status": zero}) is None
        assert answer.refusal({"error_status": zero}) is None
        answer.value({"error_status": zero})

    @pytest.mark.parametrize("code", [5, "5", " 5 ", "+5", "005", 5.0, Decimal(5), Decimal("5.00")])
    def test_another_number_is_a_refusal_with_its_text_and_code(self, answer, code):
        raw = {"error": "Unknown scenario", "error_status": code, "status": "ERROR", "data": "OK"}
        refusal = answer.refusal(raw)
        assert refusal == ("Unknown scenario", 5)
        assert type(refusal.code) is int

    @pytest.mark.parametrize("big", [2**63 - 1, -(2**63), 10**4000, 1e300], ids=lambda big: str(big)[:9])
    def test_a_large_number_is_kept(self, answer, big):
        assert answer.refusal({"error": "x", "error_status": big}).code == int(big)

    @pytest.mark.parametrize(
        "odd",
        [
            *(0.5, -0.1, 1e-300, float("nan"), float("inf"), float("-inf")),
            *(Decimal("0.5"), Decimal("NaN"), Decimal("Infinity")),
            *("", " ", "zero", "0x0", "٠", "0.0", "9" * 5000),
            *(None, [], [0], {}, b"0"),
        ],
        ids=lambda odd: ascii(odd)[:20],
    )
    def test_a_value_that_is_not_a_number_is_a_refusal_without_a_code(self, answer, odd):
        assert answer.refusal({"error": "Something", "error_status": odd}) == ("Something", 1)

    def test_the_text_of_a_refusal_is_looked_for_in_error_message_and_status(self, answer):
        assert answer.refusal({"error_status": 2, "error": "E", "message": "M", "status": "S"}).error == "E"
        assert answer.refusal({"error_status": 2, "error": "", "message": "M", "status": "S"}).error == "M"
        assert answer.refusal({"error_status": 2, "status": "S"}).error == "S"
        assert answer.refusal({"error_status": 2, "error": ["odd"]}).error == "error_status 2"


@pytest.mark.parametrize("status", [6, "6", 6.0])
def test_a_status_that_says_that_nothing_was_sent_is_a_refusal_even_with_error_status_0(status):
    answer = Struct(Added, statuses=(6, 7))
    for raw in ({"data": 7, "status": status}, {"data": 7, "status": status, "error_status": 0}):
        assert answer.refusal(raw) == ("the recipient was updated, but nothing was sent", 6)


@every_kind
class TestEveryKind:
    @given(raw=anything())
    def test_judges_whatever_comes_without_an_error(self, answer, raw):
        verdict(answer, raw)

    def test_compares_hashes_and_pickles(self, answer):
        for twin in (pickle.loads(pickle.dumps(answer)), copy.copy(answer), copy.deepcopy(answer)):
            assert twin == answer
            assert hash(twin) == hash(answer)
            assert repr(twin) == repr(answer)
        assert [other for other in KINDS if other == answer] == [answer]

    def test_takes_further_words_of_the_caller_as_their_own_value(self, answer):
        assert answer.refusal("Well done") is not None
        assert verdict(answer.accepting(["Well done"]), "Well done") == "Well done"
        assert answer.accepting(["Well done"]).refusal("Well") is not None
        assert answer.refusal("Well done") is not None, "the answer itself stays as it is"
        assert answer.accepting([]) == answer


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)
@given(raw=anything())
def test_no_method_has_an_answer_that_fails(spec, raw):
    verdict(spec.answer, raw)


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)
def test_a_refusal_of_every_method_is_one(spec):
    for text in ("Unauthorized", "Disallowed IP 192.0.2.7", "Something that nobody documents"):
        assert spec.answer.refusal(text) == (text, 1)
