"""Arguments that could be sent as something else than the caller means, at every method that takes them."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import EncodeError, calls

FLAGS = {
    "adduser": lambda flag: calls.mailinglist.adduser(5, email="a@example.com", confirm=flag),
    "delete": lambda flag: calls.mailinglist.delete(5, keep_list=flag),
    "revalidate": lambda flag: calls.email.revalidate(7, agreement=flag),
    "unsubscribe": lambda flag: calls.email.unsubscribe(7, send_optout=flag),
    "topics": lambda flag: calls.email.topics("a@example.com", activate_all=flag),
    "update": lambda flag: calls.campaigns.update(3, update=flag),
    "use_utf": lambda flag: calls.sendsms(3, 5, mobile="+420", use_utf=flag),
    "allow_split": lambda flag: calls.sendsms(3, 5, mobile="+420", allow_split=flag),
}


@pytest.mark.parametrize("flag", ["no", "FALSE", "", b"0", 2, 0.0, [False]], ids=repr)
@pytest.mark.parametrize("call", FLAGS.values(), ids=FLAGS)
def test_a_flag_is_a_bool(call, flag):
    """A str such as "no" would count as true."""
    with pytest.raises(EncodeError, match="must be a bool"):
        call(flag)


@pytest.mark.parametrize("call", FLAGS.values(), ids=FLAGS)
def test_0_and_1_are_flags(call):
    assert call(1) == call(True)
    assert call(0) == call(False)
    assert call(0) != call(1)


@pytest.mark.parametrize("ids", ["12", 5, b"12", {12: "x"}, 1.5], ids=repr)
def test_ids_are_a_list(ids):
    """A str would be one id per digit."""
    with pytest.raises(EncodeError, match="ID_topics: must be a list of ids"):
        calls.email.topics("a@example.com", ID_topics=ids)


@pytest.mark.parametrize("ids", [[1, 2], (1, 2), iter([1, 2]), range(1, 3)], ids=repr)
def test_any_sequence_of_ids_is_one(ids):
    assert calls.email.topics("a@example.com", ID_topics=ids).params[0]["ID_topics"] == [1, 2]


@pytest.mark.parametrize(
    ("recipient", "message"),
    [
        ({"custom": [1]}, r"recipients\[1\]\.custom: must be a mapping"),
        ({"custom": {26: "x"}}, r"recipients\[1\]\.custom: custom fields are numbered 1 to 25"),
        ({"custom": {1: "x"}, "custom1": "y"}, r"recipients\[1\]: custom1 is given twice"),
    ],
)
def test_custom_fields_of_an_import_have_their_place(recipient, message):
    with pytest.raises(EncodeError, match=message):
        calls.mailinglist.import_(5, [{"email": "a@example.com"}, {"email": "b@example.com", **recipient}])
