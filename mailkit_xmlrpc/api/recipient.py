"""What Mailkit keeps of a recipient: the members that adduser, edituser, import and sendmail share.

On the wire they stand in branches: a struct for the person, one for the address, one for the custom fields. Here they
are flat keywords, checked by their names, and `branches` puts each where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from .params import branch, custom_fields, encoded
from .shapes import ident

__all__ = ["ADDRESS", "FIELDS", "PERSONAL", "ROW", "PersonFields", "RecipientFields", "RecipientRow", "branches"]


class PersonFields(TypedDict, total=False):
    """The optional members of a person. gender is "M" or "F"; custom is ``{1: "x"}`` for the member custom1."""

    vocative: str
    prefix: str
    first_name: str
    last_name: str
    reply_to: str
    company: str
    gender: str
    custom: Mapping[int, str]


class RecipientFields(PersonFields, total=False):
    """The optional members of a recipient."""

    nick_name: str
    country: str
    street: str
    state: str
    zip: str
    city: str
    mobile: str
    phone: str
    fax: str


class RecipientRow(TypedDict, total=False):
    """A recipient as Mailkit shows it. Dates are "YYYY-MM-DD HH:MM:SS"; ID_MAILING_LIST is not always there."""

    ID_EMAIL: int
    EMAIL: str
    ID_MAILING_LIST: int
    STATUS: str
    DATE: str
    CHANGE_DATE: str
    FIRST_NAME: str
    LAST_NAME: str
    PREFIX: str
    VOCATIVE: str
    NICK_NAME: str
    GENDER: str
    REPLY_TO: str
    COMPANY: str
    STREET: str
    CITY: str
    STATE: str
    COUNTRY: str
    ZIP: str
    PHONE: str
    MOBILE: str
    FAX: str
    CUSTOM_1: str
    CUSTOM_2: str
    CUSTOM_3: str
    CUSTOM_4: str
    CUSTOM_5: str
    CUSTOM_6: str
    CUSTOM_7: str
    CUSTOM_8: str
    CUSTOM_9: str
    CUSTOM_10: str
    CUSTOM_11: str
    CUSTOM_12: str
    CUSTOM_13: str
    CUSTOM_14: str
    CUSTOM_15: str
    CUSTOM_16: str
    CUSTOM_17: str
    CUSTOM_18: str
    CUSTOM_19: str
    CUSTOM_20: str
    CUSTOM_21: str
    CUSTOM_22: str
    CUSTOM_23: str
    CUSTOM_24: str
    CUSTOM_25: str


# Members of such a row that may come as text.
ROW = {"ID_EMAIL": ident, "ID_MAILING_LIST": ident}

# In the order of Mailkit's pages.
PERSONAL = ("vocative", "prefix", "first_name", "last_name", "reply_to", "company")
ADDRESS = ("nick_name", "country", "street", "state", "zip", "city", "mobile", "phone", "fax", "gender")
FIELDS = (*PERSONAL, *ADDRESS, "custom")


def branches(fields: Mapping[str, Any], personal: Iterable[str] = PERSONAL) -> list[dict[str, Any]]:
    """The three branches, Base64 inside; one without members is an empty struct.

    Args:
        fields: the members by their names, and ``custom``.
        personal: the names of the first branch, where a method has more than the usual ones there.

    Raises:
        EncodeError: for a value that is no text, or a custom field that is not numbered 1 to 25.
    """
    return [
        encoded(branch(fields, personal)),
        encoded(branch(fields, ADDRESS)),
        encoded(custom_fields(fields.get("custom"))),
    ]
