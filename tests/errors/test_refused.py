"""`refusal`: every text that Mailkit's documentation and PHP client know is of a kind; any other is a refusal too."""

from __future__ import annotations

import pickle

import pytest

from mailkit_xmlrpc.errors import (
    DisallowedIPError,
    ExistsError,
    InvalidValueError,
    MissingValueError,
    NotAllowedError,
    NotDeliveredError,
    NotEmptyError,
    NotFoundError,
    NotUnsubscribedError,
    Outcome,
    RefusedError,
    UnauthorizedError,
)
from mailkit_xmlrpc.errors.refused import KINDS, NO_RECIPIENT, NOT_MOVED, STATUS_TEXTS, refusal

from ..refusals import PAGE, page

# A text, its kind, the attribute that it fills and with what.
TEXTS = [
    ("Unauthorized", UnauthorizedError, None, None),
    ("Disallowed IP 192.0.2.7", DisallowedIPError, "ip", "192.0.2.7"),
    ("Disallowed IP 2001:db8::7", DisallowedIPError, "ip", "2001:db8::7"),
    ("Missing name of mailing list", MissingValueError, "field", "name"),
    *(
        (f"Missing {name}", MissingValueError, "field", name)
        for name in (
            *("email", "event_tag", "ID_user_list", "ID_mailing_list", "ID_email", "ID_message", "send_to"),
            *("ID_send", "sender address"),
        )
    ),
    ("Missing ID email", MissingValueError, "field", "ID_email"),
    *(
        (f"Invalid {name}", InvalidValueError, "field", name)
        for name in (
            *("ID_user_list", "ID_mailing_list", "ID_template", "ID_email", "ID_message", "ID_send", "ID_file"),
            "ID_folder",
        )
    ),
    ("Invalid ID_email or email", InvalidValueError, "field", "ID_email"),
    ("Invalid_ID_email or email", InvalidValueError, "field", "ID_email"),
    ("Bad email syntax", InvalidValueError, "field", "email"),
    ("Mailing list exist", ExistsError, None, None),
    ("Email has already been inserted", ExistsError, None, None),
    ("jane@example.com is not unsubscribed", NotUnsubscribedError, None, None),
    ("7 is not unsubscribed", NotUnsubscribedError, None, None),
    ("Attachment is not allowed", NotAllowedError, None, None),
    ("Directory is not empty", NotEmptyError, None, None),
    (NO_RECIPIENT, NotFoundError, None, None),
    (NOT_MOVED, NotFoundError, None, None),
    *((STATUS_TEXTS[status], NotDeliveredError, None, None) for status in (6, 7)),
]


@pytest.mark.parametrize(("text", "kind", "attribute", "value"), TEXTS)
def test_a_text_is_of_its_kind(text, kind, attribute, value):
    error = refusal(text, method="mailkit.m", attempts=1)
    assert type(error) is kind
    assert str(error).startswith(f"mailkit.m: {text}")
    assert error.outcome is Outcome.REFUSED
    if attribute:
        assert getattr(error, attribute) == value
    assert pickle.loads(pickle.dumps(error)) == error


@pytest.mark.parametrize(
    "text",
    [
        STATUS_TEXTS[4],
        "Something that nobody documents",
        "missing email",
        "Missing",
        "It is Unauthorized",
        "Invalid",
        "Unauthorized\n",
        "",
    ],
)
def test_any_other_text_is_a_plain_refusal_with_that_text(text):
    error = refusal(text)
    assert type(error) is RefusedError
    assert str(error) == text


def test_every_kind_has_a_text_above():
    tested = {kind for _, kind, _, _ in TEXTS}
    assert tested == {kind for kind in KINDS if kind is not RefusedError}


def test_a_refusal_says_what_to_do_next_where_that_is_known():
    assert "check client_id and client_md5" in str(refusal("Unauthorized"))
    assert "allow it in the menu Profile / Integration" in str(refusal("Disallowed IP 192.0.2.7"))


def test_the_table_in_the_docs_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.refusals"
