"""What Mailkit keeps of a recipient: the members that adduser, edituser, import and sendmail share.

On the wire they stand in branches: a struct for the person, one for the address, one for the custom fields. Here they
are flat keywords, checked by their names, and `branches` puts each where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from .params import branch, custom_fields

__all__ = ["ADDRESS", "PERSONAL", "RecipientFields", "branches"]


class RecipientFields(TypedDict, total=False):
    """The optional members of a recipient. gender is "M" or "F"; custom is ``{1: "x"}`` for the member custom1."""

    vocative: str
    prefix: str
    first_name: str
    last_name: str
    reply_to: str
    company: str
    nick_name: str
    country: str
    street: str
    state: str
    zip: str
    city: str
    mobile: str
    phone: str
    fax: str
    gender: str
    custom: Mapping[int, str]


# In the order of Mailkit's pages.
PERSONAL = ("vocative", "prefix", "first_name", "last_name", "reply_to", "company")
ADDRESS = ("nick_name", "country", "street", "state", "zip", "city", "mobile", "phone", "fax", "gender")


def branches(fields: Mapping[str, Any], personal: Iterable[str] = PERSONAL) -> list[dict[str, Any]]:
    """The three branches, Base64 inside; one without members is an empty struct.

    Args:
        fields: the members by their names, and ``custom``.
        personal: the names of the first branch, where a method has more than the usual ones there.

    Raises:
        EncodeError: for a value that is no text, or a custom field that is not numbered 1 to 25.
    """
    return [
        branch(fields, personal, encoded=True),
        branch(fields, ADDRESS, encoded=True),
        custom_fields(fields.get("custom"), encoded=True),
    ]
