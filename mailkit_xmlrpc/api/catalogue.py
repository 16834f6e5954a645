"""ONE table: every method of Mailkit that this package knows, by its name."""

from __future__ import annotations

from ..result import Spec
from . import campaigns, delivery, email, filemanager, journeys, mailinglist, profile, report

__all__ = ["CATALOGUE"]

_GROUPS = (campaigns, mailinglist, email, delivery, report, profile, filemanager, journeys)

CATALOGUE: dict[str, Spec] = {spec.method: spec for group in _GROUPS for spec in group.SPECS}
