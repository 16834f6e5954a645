"""What the methods ``mailkit.mailinglist.*`` answer."""

from __future__ import annotations

from typing import Any, TypedDict

from ..refusals import FAULT
from ..result import Certainty, Spec
from .listing import listing
from .recipient import ROW
from .shapes import amount, count, ident, many, row, text

__all__ = [
    "ADDUSER",
    "CREATE",
    "DELETE",
    "EDITUSER",
    "ENGAGEMENT",
    "GETSTATUS",
    "IMPORT",
    "LIST",
    "SPECS",
    "UNSUBSCRIBED",
    "AddedRecipient",
    "CreatedList",
    "DeletedList",
    "EngagementRow",
    "ImportAnswer",
    "MailingListRow",
    "UnsubscribedRow",
]

_PAGES = "https://mailkit.com/resources/api/mailing-list-management/"


class MailingListRow(TypedDict):
    """A mailing list. STATUS is "enabled" or "disabled"."""

    NAME: str
    ID_USER_LIST: int
    STATUS: str
    DESCRIPTION: str


class CreatedList(TypedDict):
    """The id of a list that was made."""

    data: int


class DeletedList(TypedDict):
    """The word "OK"."""

    data: str


class AddedRecipient(TypedDict):
    """data is the recipient's ID_email; status 0 updated, 1 inserted, 2 inserted but unsubscribed, 3 updated but
    unsubscribed. Both are None while the recipient has yet to confirm."""

    data: int | None
    status: int | None


class ImportAnswer(TypedDict):
    """What became of an import. Mailkit has been seen to count 0 after imports that succeeded."""

    invalid_emails: list[str]
    count_all: int
    count_new: int
    count_updated: int
    count_bad: int


class EngagementRow(TypedDict, total=False):
    """A recipient's score, as Mailkit computes it once a day; further members are not documented."""

    SCORE: float
    ID_EMAIL: int


class UnsubscribedRow(TypedDict):
    """An address, or a phone number, that was unsubscribed; from everything where there are no topics."""

    DATE: str
    EMAIL: str
    ID_UNSUBSCRIBE_GROUP: list[int]


def _topics(value: Any) -> Any:
    """0 and "" are none; one is an int; several stand in one string."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    topics = many(ident)(value)
    return [] if topics in ([0], [None]) else topics


def _added(value: Any) -> Any:
    if isinstance(value, str):
        return {"data": None, "status": None}
    return row({"data": ident, "status": ident})(value)


LIST = listing(
    "mailkit.mailinglist.list",
    {"ID_USER_LIST": ident, "DESCRIPTION": text},
    "https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistlist",
    Certainty.CLIENT,
)
CREATE = Spec(
    "mailkit.mailinglist.create",
    kinds=(dict,),
    needs=("data",),
    shape=row({"data": ident}),
    page=f"{_PAGES}mailkitmailinglistcreate",
)
DELETE = Spec("mailkit.mailinglist.delete", kinds=(dict,), needs=("data",), certainty=Certainty.CLIENT)
ADDUSER = Spec(
    "mailkit.mailinglist.adduser",
    successes=("Sent subscribe email",),
    kinds=(dict,),
    needs=("data",),
    statuses=FAULT,
    shape=_added,
    page=f"{_PAGES}mailkitmailinglistadduser",
    certainty=Certainty.PARTIAL,
)
EDITUSER = Spec(
    "mailkit.mailinglist.edituser",
    successes=("OK",),
    kinds=(dict,),
    needs=("data",),
    shape=lambda value: value["data"] if isinstance(value, dict) else value,
    page=f"{_PAGES}mailkitmailinglistedituser",
    certainty=Certainty.PARTIAL,
)
IMPORT = Spec(
    "mailkit.mailinglist.import",
    kinds=(dict,),
    shape=row(
        {"invalid_emails": many(text), **dict.fromkeys(("count_all", "count_new", "count_updated", "count_bad"), count)}
    ),
    page=f"{_PAGES}mailkitmailinglistimport",
    certainty=Certainty.PARTIAL,
)
GETSTATUS = listing("mailkit.mailinglist.getstatus", ROW, f"{_PAGES}mailkitmailinglistgetstatus", Certainty.PARTIAL)
ENGAGEMENT = listing(
    "mailkit.mailinglist.engagement",
    {"SCORE": amount, "ID_EMAIL": ident},
    "https://www.mailkit.com/resources/api/mailing-list-management/mailkitmailinglistengagement",
    Certainty.PARTIAL,
)
UNSUBSCRIBED = listing(
    "mailkit.mailinglist.unsubscribed",
    {"ID_UNSUBSCRIBE_GROUP": _topics},
    f"{_PAGES}mailkitmailinglistunsubscribed",
    Certainty.PARTIAL,
    keep_bad_scalars=True,  # the page has <i4>27,29,35</i4>
)
SPECS = (LIST, CREATE, DELETE, ADDUSER, EDITUSER, IMPORT, GETSTATUS, ENGAGEMENT, UNSUBSCRIBED)
