"""The members that Mailkit keeps of a recipient, and the branches that they are sent in."""

from __future__ import annotations

from mailkit_xmlrpc.api.recipient import ADDRESS, FIELDS, PERSONAL, RecipientFields, RecipientRow, branches

from .wire import b64s


def test_every_member_has_its_branch():
    assert set(FIELDS) == set(RecipientFields.__annotations__)
    assert len(set(FIELDS)) == len(FIELDS)


def test_what_is_sent_can_be_read_again():
    shown = {name.lower() for name in RecipientRow.__annotations__}
    assert {*PERSONAL, *ADDRESS} <= shown
    assert {f"custom_{number}" for number in range(1, 26)} <= shown


def test_a_branch_without_members_is_an_empty_struct():
    assert branches({}) == [{}, {}, {}]


def test_members_stand_in_their_branch_in_the_order_of_the_page():
    personal, address, custom = branches(
        {"city": "Brno", "zip": "6", "last_name": "N", "prefix": "", "custom": {3: "x"}}
    )
    assert list(personal.items()) == list(b64s(prefix="", last_name="N").items())
    assert list(address.items()) == list(b64s(zip="6", city="Brno").items())
    assert custom == b64s(custom3="x")
