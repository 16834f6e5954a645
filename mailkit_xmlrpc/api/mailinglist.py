"""Mailing lists and the recipients in them."""

from __future__ import annotations

from ..result import Spec
from .namespace import Namespace

__all__ = ["MailingList"]

SPECS: tuple[Spec, ...] = ()


class MailingList(Namespace):
    """The methods ``mailkit.mailinglist.*``, as `Client.mailinglist`."""

    _path = "mailinglist"
