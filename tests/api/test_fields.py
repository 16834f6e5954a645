"""Python values -> the positional parameters that Mailkit expects, and the members of a recipient."""

from __future__ import annotations

import base64
import io
import pickle
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit_xmlrpc import EncodeError
from mailkit_xmlrpc.api.fields import (
    ADDRESS,
    DAY,
    FIELDS,
    MINUTE,
    PERSONAL,
    SECOND,
    RecipientFields,
    RecipientRow,
    base64_text,
    base64_values,
    branch,
    branches,
    check_keywords,
    check_members,
    custom_fields,
    date_text,
    mapping,
    mappings,
    positional,
    suggestion,
    true_or_false,
)
from mailkit_xmlrpc.call import Unconverted, converted

from .wire import b64, b64s


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ((), ()),
        ((None,), ()),
        ((1, None), (1,)),
        ((None, 1), ("", 1)),
        ((1, None, None, 2, None), (1, "", "", 2)),
        (("", 0, False, None), ("", 0, False)),
        ((None, {}), ("", {})),
    ],
)
def test_a_missing_parameter_is_an_empty_string_or_is_dropped_at_the_end(values, sent):
    assert positional(*values) == sent


class TestBase64:
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_of_text_encodes_its_utf_8(self, text):
        assert base64.b64decode(base64_text(text, "x"), validate=True).decode() == text

    @given(st.binary())
    def test_of_bytes_encodes_the_bytes(self, data):
        for value in (data, bytearray(data), memoryview(data)):
            assert base64.b64decode(base64_text(value, "x"), validate=True) == data

    @pytest.mark.parametrize(("value", "text"), [(17, "17"), (True, "TRUE"), (False, "FALSE")])
    def test_of_an_int_or_a_bool_encodes_its_text(self, value, text):
        assert base64_text(value, "x") == base64_text(text, "x")

    @pytest.mark.parametrize("value", [None, 1.5, object(), date(2026, 1, 2)])
    def test_of_anything_else_is_refused(self, value):
        with pytest.raises(EncodeError, match=r"^name: must be a str or bytes"):
            base64_text(value, "name")

    def test_of_a_lone_surrogate_is_refused(self):
        with pytest.raises(EncodeError, match=r"name: U\+D800 is not a character of text"):
            base64_text("x\ud800", "name")

    def test_of_a_tree_encodes_its_scalars(self):
        tree = {"a": ["x", {"b": 1}], "c": ()}
        assert base64_values(tree) == {"a": ["eA==", {"b": "MQ=="}], "c": []}
        with pytest.raises(EncodeError) as caught:
            base64_values({"a": ["x", {"b": None}]}, "content")
        assert caught.value.path == "content.a[1].b"

    def test_a_scalar_that_has_no_text_of_its_own_waits_for_a_convert(self):
        tree = base64_values({"a": ["x", Decimal("9.90")], "b": 1.5})
        assert tree["a"][0] == "eA=="
        later = tree["a"][1]
        assert isinstance(later, Unconverted)
        assert later == base64_values(Decimal("9.90")) != base64_values(Decimal(1))
        assert "9.90" not in repr(later)
        assert pickle.loads(pickle.dumps(tree)) == tree
        assert converted(str, later) == b64("9.90")
        assert converted(lambda _: ["x", {"b": 1}], later) == ["eA==", {"b": "MQ=="}]
        assert converted(lambda _: [Decimal(1)], later) == [base64_values(Decimal(1))]

    @pytest.mark.parametrize("convert", [None, float, lambda _: None, lambda _: NotImplemented])
    def test_and_is_refused_without_one_that_gives_text(self, convert):
        with pytest.raises(EncodeError, match=r"^must be a str or bytes, got (Decimal|float|NoneType)"):
            converted(convert, base64_values(Decimal("9.90")))


class TestARecipient:
    def test_has_a_branch_for_every_member(self):
        assert set(FIELDS) == set(RecipientFields.__annotations__)
        assert len(set(FIELDS)) == len(FIELDS)

    def test_can_be_read_as_it_is_sent(self):
        shown = {name.lower() for name in RecipientRow.__annotations__}
        assert {*PERSONAL, *ADDRESS} <= shown
        assert {f"custom_{number}" for number in range(1, 26)} <= shown

    def test_without_members_is_empty_structs(self):
        assert branches({}) == [{}, {}, {}]

    def test_has_its_members_in_the_order_of_the_page(self):
        personal, address, custom = branches(
            {"city": "Brno", "zip": "6", "last_name": "N", "prefix": "", "custom": {3: "x"}}
        )
        assert list(personal.items()) == list(b64s(prefix="", last_name="N").items())
        assert list(address.items()) == list(b64s(zip="6", city="Brno").items())
        assert custom == b64s(custom3="x")

    def test_has_only_the_given_members_in_a_branch(self):
        given_fields = {"b": "", "a": 1, "c": None, "x": 2}
        assert list(branch(given_fields, ("a", "b", "c", "d")).items()) == [("a", 1), ("b", "")]

    def test_has_custom_fields_by_their_numbers(self):
        assert custom_fields(None) == {}
        assert custom_fields({25: "x", 1: "y", 2: None}) == {"custom25": "x", "custom1": "y"}
        for number in (0, 26, -1, True, "1", 1.0):
            with pytest.raises(EncodeError, match="numbered 1 to 25"):
                custom_fields({number: "x"})

    @pytest.mark.parametrize("custom", [["x"], "x", 5, {1}])
    def test_whose_custom_fields_are_not_a_mapping_is_refused(self, custom):
        with pytest.raises(EncodeError, match=f"^custom: must be a mapping, got {type(custom).__name__}"):
            custom_fields(custom)


class TestAList:
    """A list of mappings: attachments, recipients, and rows to import."""

    @pytest.mark.parametrize(
        "given_list", [[{"a": 1}], ({"a": 1},), iter([{"a": 1}]), [MappingProxyType({"a": 1})]], ids=str
    )
    def test_can_be_any_iterable_of_mappings(self, given_list):
        assert mappings(given_list, ["a"], "rows") == [{"a": 1}]

    @pytest.mark.parametrize(
        "given_list", [None, 5, {"a": 1}, "a", b"a", bytearray(b"a"), object()], ids=lambda value: type(value).__name__
    )
    def test_that_is_something_else_is_refused(self, given_list):
        with pytest.raises(EncodeError, match=f"^rows: must be a list of mappings, got {type(given_list).__name__}$"):
            mappings(given_list, ["a"], "rows")

    @pytest.mark.parametrize(
        "item",
        [None, 5, "a", b"secret of a file", ("a", 1), PurePosixPath("a"), io.BytesIO(b"secret"), [{"a": 1}]],
        ids=lambda value: type(value).__name__,
    )
    def test_with_an_item_of_another_kind_names_the_item_and_does_not_show_it(self, item):
        with pytest.raises(EncodeError) as caught:
            mappings([{"a": 1}, item], ["a"], "rows")
        assert str(caught.value) == f"rows[1]: must be a mapping, got {type(item).__name__}"

    def test_with_an_unknown_member_suggests_the_nearest(self):
        with pytest.raises(EncodeError, match=r"^rows\[0\]\.nmae: .*; did you mean name\?"):
            mappings([{"nmae": 1}], iter(["name", "data"]), "rows")

    def test_takes_one_mapping_as_such(self):
        assert mapping({"a": 1}, "x") == {"a": 1}
        with pytest.raises(EncodeError, match=r"^x: must be a mapping, got list"):
            mapping([], "x")


class TestTrueOrFalse:
    def test_is_a_word(self):
        assert [true_or_false(value, "x") for value in (True, False, 1, 0, None)] == ["TRUE", "FALSE"] * 2 + [None]

    @pytest.mark.parametrize("value", ["FALSE", "TRUE", "", 2, -1, 0.0, []], ids=repr)
    def test_is_not_guessed(self, value):
        with pytest.raises(EncodeError, match=r"^confirm: must be a bool, got"):
            true_or_false(value, "confirm")


class TestADate:
    @pytest.mark.parametrize(
        ("value", "form", "text"),
        [
            (datetime(2026, 1, 2, 3, 4, 5, 6), SECOND, "2026-01-02 03:04:05"),
            (datetime(2026, 1, 2, 3, 4, 5), MINUTE, "2026-01-02 03:04"),
            (date(2026, 1, 2), DAY, "2026-01-02"),
            ("now", MINUTE, "now"),
            (None, DAY, None),
        ],
    )
    def test_has_mailkit_s_form(self, value, form, text):
        assert date_text(value, form, "x") == text

    @pytest.mark.parametrize("value", [5, datetime(2026, 1, 2, tzinfo=timezone.utc), b"now"])
    def test_that_mailkit_cannot_take_is_refused(self, value):
        with pytest.raises(EncodeError, match=r"^x: must"):
            date_text(value, DAY, "x")


class TestAnUnknownName:
    def test_is_a_type_error_as_a_keyword(self):
        check_keywords({"a": 1}, ["a"], "m")
        with pytest.raises(
            TypeError, match=r"m\(\) got an unexpected keyword argument 'first_nam'; did you mean first_name\?"
        ):
            check_keywords({"first_nam": 1}, iter(["first_name", "x"]), "m")

    def test_is_an_encode_error_as_a_member(self):
        with pytest.raises(EncodeError, match=r"^rows\[3\]\.zzz: Mailkit has no such member here; there are a, b"):
            check_members({"a": 1, "zzz": 2}, iter(["a", "b"]), "rows[3]")

    def test_lists_all_names_if_none_is_similar(self):
        assert suggestion("zzz", ["a", "b"]) == "there are a, b"
