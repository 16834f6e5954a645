"""`Methods`: every group of Mailkit's methods as an attribute, and `Namespace`: what a group is.

The functions of a group build a `Call` and hand it to the owner of the group. A `Client` sends it, `Calls` returns it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from ..call import Call
from ..result import Result
from .paging import Cursor, Pages

if TYPE_CHECKING:
    from .campaigns import Campaigns
    from .delivery import Sendmail, SendmailMass, Sendsms
    from .email import Email
    from .filemanager import FileManager
    from .journeys import Journeys
    from .mailinglist import MailingList
    from .profile import Profile
    from .report import Report

__all__ = ["Methods", "Namespace"]

T = TypeVar("T")
Row = TypeVar("Row")

if TYPE_CHECKING:
    _group = property
else:

    class _group(property):  # noqa: N801 (for a type checker, it is one of Python's own)
        """A property that gives a group of methods. It calls its function once and keeps the class: the import in there
        takes as long as to check the parameters of a call."""

        _class = None

        def __get__(self, owner: Any, owner_type: Any = None) -> Any:
            if owner is None:
                return self
            if self._class is None:
                self._class = type(super().__get__(owner, owner_type))
            return self._class(owner)


class Methods:
    """Mailkit's methods by their own names: ``mailkit.email.move`` is ``.email.move``.

    A group is imported at its first use: to make the TypedDicts of all groups takes as long as the rest of an import.
    """

    def send(self, call: Call[T], *, timeout: float | None = None) -> Result[T]:
        """Carry out a call; what that means is for the owner of the methods to say."""
        raise NotImplementedError

    def _rows(self, pages: Pages[Row], *, timeout: float | None) -> Iterator[Row]:
        """The rows of all pages."""
        cursor = Cursor(pages)
        while fresh := cursor.take(self.send(cursor.call, timeout=timeout).unwrap()):
            while fresh:
                yield fresh.pop()
            time.sleep(pages.pause)

    @_group
    def campaigns(self) -> Campaigns:
        """The methods ``mailkit.campaigns.*``."""
        from .campaigns import Campaigns

        return Campaigns(self)

    @_group
    def mailinglist(self) -> MailingList:
        """The methods ``mailkit.mailinglist.*``."""
        from .mailinglist import MailingList

        return MailingList(self)

    @_group
    def email(self) -> Email:
        """The methods ``mailkit.email.*``."""
        from .email import Email

        return Email(self)

    @_group
    def sendmail(self) -> Sendmail:
        """The method ``mailkit.sendmail``."""
        from .delivery import Sendmail

        return Sendmail(self)

    @_group
    def sendmail_mass(self) -> SendmailMass:
        """The method ``mailkit.sendmail_mass``."""
        from .delivery import SendmailMass

        return SendmailMass(self)

    @_group
    def sendsms(self) -> Sendsms:
        """The method ``mailkit.sendsms``."""
        from .delivery import Sendsms

        return Sendsms(self)

    @_group
    def report(self) -> Report:
        """The methods ``mailkit.report`` and ``mailkit.report.*``."""
        from .report import Report

        return Report(self)

    @_group
    def profile(self) -> Profile:
        """The methods ``mailkit.profile.*``."""
        from .profile import Profile

        return Profile(self)

    @_group
    def filemanager(self) -> FileManager:
        """The methods ``mailkit.filemanager.*``."""
        from .filemanager import FileManager

        return FileManager(self)

    @_group
    def journeys(self) -> Journeys:
        """The methods ``mailkit.journeys.*``."""
        from .journeys import Journeys

        return Journeys(self)

    if not TYPE_CHECKING:  # a type checker would take any name for a known one

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raise AttributeError(_unknown_name(Methods, "", name))


class Namespace:
    """Methods of Mailkit that share the beginning of their names; some namespaces are methods themselves.

    Every method takes `timeout`: seconds for this call, retries included; None for the client's own.
    """

    # How it is reached from a client, such as "report.message".
    _path = ""

    def __init__(self, owner: Methods) -> None:
        self._owner = owner

    def __repr__(self) -> str:
        return f"<mailkit.{self._path}.*>"

    if not TYPE_CHECKING:  # a type checker would take any name for a known one

        def __getattr__(self, name: str) -> object:
            raise AttributeError(_unknown_name(type(self), self._path, name))


def _unknown_name(owner: type, path: str, name: str) -> str:
    """The message for a name that `owner` does not have."""
    from .fields import suggestion

    known = [each for each in dir(owner) if not each.startswith("_") and each != "send"]
    full = ".".join(filter(None, ("mailkit", path, name)))
    return f"Mailkit has no method {full}; {suggestion(name, known)}"
