"""What the methods ``mailkit.email.*`` answer."""

from __future__ import annotations

from typing import Any, TypedDict

from ..refusals import NOBODY, NOT_MOVED
from ..result import Certainty, Spec
from .listing import listing
from .recipient import ROW
from .shapes import count, flag, ident, only, row, rows

__all__ = [
    "DELETE",
    "GETSTATUS",
    "HISTORY",
    "MOVE",
    "REVALIDATE",
    "SPECS",
    "TOPICS",
    "UNSUBSCRIBE",
    "UNSUBSCRIBE_GETSTATUS",
    "WIPE",
    "DeliveryRow",
    "ResponseRow",
    "WipeAnswer",
]

_PAGES = "https://mailkit.com/resources/api/mailing-list-management/"


class ResponseRow(TypedDict, total=False):
    """What a recipient did with a message; the page's list of members is cut."""

    URL: str
    COUNTRY: str
    REGION_CODE: str
    CITY: str
    DATE: str


class DeliveryRow(TypedDict, total=False):
    """A message that was sent to a recipient."""

    MESSAGE_NAME: str
    ID_MESSAGE: int
    SUBJECT: str
    PREVIEW: str
    READ_COUNT: int
    ID_EMAIL: int
    ID_SEND: int
    DATE_SEND: str
    EMAIL_FROM: str
    CLICK_COUNT: int
    ID_SEND_MESSAGE: int
    NAME_FROM: str
    ID_USER_LIST: int
    TYPE_MESSAGE: str
    RESPONSE_DATA: list[ResponseRow]


class WipeAnswer(TypedDict):
    """The recipient whose data will be erased; error is the word "OK"."""

    ID_email: int
    email: str
    error: str
    error_status: int


def _ids(value: Any) -> Any:
    """One id is an int; several stand in one string."""
    if isinstance(value, str):
        value = value.split(",")
    return [ident(each) for each in (value if isinstance(value, list) else [value])]


GETSTATUS = listing(
    "mailkit.email.getstatus",
    ROW,
    "https://www.mailkit.com/cz/podpora/api/sprava-seznamu-prijemcu/mailkitemailgetstatus",
    Certainty.PARTIAL,
    successes=(),
    refusals={"": NOBODY},
)
HISTORY = listing(
    "mailkit.email.getstatus.history",
    {
        **dict.fromkeys(("ID_MESSAGE", "ID_EMAIL", "ID_SEND", "ID_SEND_MESSAGE", "ID_USER_LIST"), ident),
        **dict.fromkeys(("READ_COUNT", "CLICK_COUNT"), count),
        "RESPONSE_DATA": rows({}),
    },
    f"{_PAGES}mailkitemailgetstatushistory",
    Certainty.PARTIAL,
)
UNSUBSCRIBE = Spec(
    "mailkit.email.unsubscribe",
    matches=r"[0-9]+",
    kinds=(int,),
    shape=ident,
    page=f"{_PAGES}mailkitemailunsubscribe",
    certainty=Certainty.PARTIAL,
)
UNSUBSCRIBE_GETSTATUS = Spec(
    "mailkit.email.unsubscribe.getstatus",
    successes=("TRUE", "FALSE"),
    kinds=(bool,),
    shape=flag,
    reads=True,
    page=f"{_PAGES}mailkitemailunsubscribegetstatus",
    certainty=Certainty.PARTIAL,
)
REVALIDATE = Spec(
    "mailkit.email.revalidate",
    successes=("Email has been revalidated", "Sent subscribe email"),
    kinds=(),
    page="https://www.mailkit.com/resources/api/mailing-list-management/mailkitemailrevalidate",
    certainty=Certainty.PARTIAL,
)
MOVE = Spec(
    "mailkit.email.move",
    successes=("1",),
    kinds=(int,),
    refusals={0: NOT_MOVED, "0": NOT_MOVED},
    shape=only(True),
    page=f"{_PAGES}mailkitemailmove",
)
DELETE = Spec(
    "mailkit.email.delete",
    matches=r"[0-9]+(,[0-9]+)*",
    kinds=(int, list),
    shape=_ids,
    page=f"{_PAGES}mailkitemaildelete",
)
WIPE = Spec(
    "mailkit.email.wipe",
    kinds=(dict,),
    needs=("ID_email",),
    shape=row({"ID_email": ident, "error_status": count}),
    page=f"{_PAGES}mailkitemailwipe",
)
TOPICS = Spec(
    "mailkit.email.topics",
    successes=("OK", "TRUE", ""),
    page=f"{_PAGES}mailkitemailtopics",
    certainty=Certainty.PARTIAL,
)
SPECS = (GETSTATUS, HISTORY, UNSUBSCRIBE, UNSUBSCRIBE_GETSTATUS, REVALIDATE, MOVE, DELETE, WIPE, TOPICS)
