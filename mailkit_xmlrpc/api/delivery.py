"""Delivery: one message, many messages, one SMS."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["Sendmail", "SendmailMass", "Sendsms"]

SPECS: tuple[Spec, ...] = ()


class Sendmail(Namespace):
    """The method ``mailkit.sendmail``, as `Client.sendmail`."""

    _path = "sendmail"


class SendmailMass(Namespace):
    """The method ``mailkit.sendmail_mass``, as `Client.sendmail_mass`."""

    _path = "sendmail_mass"


class Sendsms(Namespace):
    """The method ``mailkit.sendsms``, as `Client.sendsms`."""

    _path = "sendsms"
