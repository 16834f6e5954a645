"""Profile: the account's senders and stored queries."""

from __future__ import annotations

from typing import TypedDict

from ..answers import Rows
from ..call import Call, Certainty, Doc, MethodSpec
from ..result import Result
from .methods import Namespace

__all__ = ["SPECS", "Emails", "Profile", "Queries", "QueryRow", "SenderRow"]

_PAGES = "https://www.mailkit.com/cz/podpora/api/profil/"


class SenderRow(TypedDict):
    """An address that the account can send from, if STATUS is "active" and SPF is set."""

    NAME: str
    ID_ALLOW_EMAIL: int
    STATUS: str
    EMAIL: str
    SPF: bool


class QueryRow(TypedDict):
    """A stored query: a condition for recipients."""

    ID_QUERY: int
    NAME: str
    DESCRIPTION: str
    DATE: str
    CHANGE_DATE: str
    CHANGE_NAME: str
    CREATE_NAME: str


EMAILS = MethodSpec(
    "mailkit.profile.emails.list", Rows(SenderRow), reads=True, doc=Doc(f"{_PAGES}mailkitprofileemailslist")
)
QUERIES = MethodSpec(
    "mailkit.profile.queries.list",
    Rows(QueryRow, inside="data"),
    reads=True,
    doc=Doc(f"{_PAGES}mailkitprofilequerieslist", Certainty.PARTIAL),
)
SPECS = (EMAILS, QUERIES)


class Profile(Namespace):
    """The methods ``mailkit.profile.*``, as `Client.profile`."""

    _path = "profile"

    @property
    def emails(self) -> Emails:
        """The method ``mailkit.profile.emails.list``."""
        return Emails(self._owner)

    @property
    def queries(self) -> Queries:
        """The method ``mailkit.profile.queries.list``."""
        return Queries(self._owner)


class Emails(Namespace):
    """The method ``mailkit.profile.emails.list``."""

    _path = "profile.emails"

    def list(self, *, timeout: float | None = None) -> Result[list[SenderRow]]:
        """The addresses that the account can send from.

        Source: https://www.mailkit.com/cz/podpora/api/profil/mailkitprofileemailslist
        """
        return self._owner.send(Call(EMAILS), timeout=timeout)


class Queries(Namespace):
    """The method ``mailkit.profile.queries.list``."""

    _path = "profile.queries"

    def list(self, *, timeout: float | None = None) -> Result[list[QueryRow]]:
        """The account's stored queries.

        Returns:
            a `Result` whose value is the rows; the struct around them is `Result.raw`.

        Source: https://www.mailkit.com/cz/podpora/api/profil/mailkitprofilequerieslist (seen in part).
        """
        return self._owner.send(Call(QUERIES), timeout=timeout)
