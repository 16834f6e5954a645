"""`Methods`: every group of Mailkit's methods as an attribute; `Client` inherits them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..result import Result, Spec
from .campaigns import Campaigns
from .delivery import Sendmail, SendmailMass, Sendsms
from .email import Email
from .filemanager import FileManager
from .journeys import Journeys
from .mailinglist import MailingList
from .namespace import unknown_name
from .profile import Profile
from .report import Report

__all__ = ["Methods"]


class Methods:
    """Mailkit's methods by their own names: ``mailkit.email.move`` is ``.email.move``."""

    def _invoke(self, spec: Spec, params: Sequence[Any], timeout: float | None) -> Result[Any]:
        raise NotImplementedError

    @property
    def campaigns(self) -> Campaigns:
        """The methods ``mailkit.campaigns.*``."""
        return Campaigns(self._invoke)

    @property
    def mailinglist(self) -> MailingList:
        """The methods ``mailkit.mailinglist.*``."""
        return MailingList(self._invoke)

    @property
    def email(self) -> Email:
        """The methods ``mailkit.email.*``."""
        return Email(self._invoke)

    @property
    def sendmail(self) -> Sendmail:
        """The method ``mailkit.sendmail``."""
        return Sendmail(self._invoke)

    @property
    def sendmail_mass(self) -> SendmailMass:
        """The method ``mailkit.sendmail_mass``."""
        return SendmailMass(self._invoke)

    @property
    def sendsms(self) -> Sendsms:
        """The method ``mailkit.sendsms``."""
        return Sendsms(self._invoke)

    @property
    def report(self) -> Report:
        """The methods ``mailkit.report`` and ``mailkit.report.*``."""
        return Report(self._invoke)

    @property
    def profile(self) -> Profile:
        """The methods ``mailkit.profile.*``."""
        return Profile(self._invoke)

    @property
    def filemanager(self) -> FileManager:
        """The methods ``mailkit.filemanager.*``."""
        return FileManager(self._invoke)

    @property
    def journeys(self) -> Journeys:
        """The methods ``mailkit.journeys.*``."""
        return Journeys(self._invoke)

    if not TYPE_CHECKING:  # a type checker would take any name for known

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raise AttributeError(unknown_name(Methods, "", name))
