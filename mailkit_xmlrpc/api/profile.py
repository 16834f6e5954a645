"""The account's senders and stored queries."""

from __future__ import annotations

from typing import TypedDict

from ..result import Certainty, Result, Spec
from .listing import listing
from .namespace import Namespace
from .shapes import flag, ident, member, rows

__all__ = ["Emails", "Profile", "Queries", "QueryRow", "SenderRow"]

_PAGES = "https://www.mailkit.com/cz/podpora/api/profil/"


class SenderRow(TypedDict):
    """An address that the account may send from, if STATUS is "active" and SPF is set."""

    NAME: str
    ID_ALLOW_EMAIL: int
    STATUS: str
    EMAIL: str
    SPF: bool


class QueryRow(TypedDict, total=False):
    """A stored query, that is a condition for recipients."""

    ID_QUERY: int
    NAME: str
    DESCRIPTION: str
    DATE: str
    CHANGE_DATE: str
    CHANGE_NAME: str
    CREATE_NAME: str


_EMAILS = listing(
    "mailkit.profile.emails.list",
    {"ID_ALLOW_EMAIL": ident, "SPF": flag},
    f"{_PAGES}mailkitprofileemailslist",
    Certainty.FULL,
)
_QUERIES = Spec(
    "mailkit.profile.queries.list",
    kinds=(dict,),
    needs=("data",),
    shape=member("data", rows({"ID_QUERY": ident})),
    reads=True,
    page=f"{_PAGES}mailkitprofilequerieslist",
    certainty=Certainty.PARTIAL,
)
SPECS = (_EMAILS, _QUERIES)


class Profile(Namespace):
    """The methods ``mailkit.profile.*``, as `Client.profile`."""

    _path = "profile"

    @property
    def emails(self) -> Emails:
        """The method ``mailkit.profile.emails.list``."""
        return Emails(self._invoke)

    @property
    def queries(self) -> Queries:
        """The method ``mailkit.profile.queries.list``."""
        return Queries(self._invoke)


class Emails(Namespace):
    """The method ``mailkit.profile.emails.list``."""

    _path = "profile.emails"

    def list(self, *, timeout: float | None = None) -> Result[list[SenderRow]]:
        """The addresses that the account may send from.

        Args:
            timeout: seconds for this call.

        Source: https://www.mailkit.com/cz/podpora/api/profil/mailkitprofileemailslist
        """
        return self._invoke(_EMAILS, (), timeout)


class Queries(Namespace):
    """The method ``mailkit.profile.queries.list``."""

    _path = "profile.queries"

    def list(self, *, timeout: float | None = None) -> Result[list[QueryRow]]:
        """The account's stored queries.

        Args:
            timeout: seconds for this call.

        Returns:
            a `Result` whose value is the rows; the struct around them is `Result.raw`.

        Source: https://www.mailkit.com/cz/podpora/api/profil/mailkitprofilequerieslist (seen in part).
        """
        return self._invoke(_QUERIES, (), timeout)
