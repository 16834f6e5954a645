"""The rules of ``mailkit.profile.*``, in a module of their own as each group of Mailkit's documentation has one.

The account has one sender, which is active, and no stored query.
"""

from __future__ import annotations

from typing import Any

from ..state import State
from .base import Rule

__all__ = ["RULES", "SENDER"]

SENDER: dict[str, Any] = {
    "NAME": "Sandbox",
    "ID_ALLOW_EMAIL": 1,
    "STATUS": "active",
    "EMAIL": "sandbox@example.com",
    "SPF": "TRUE",
}
"""The only sender. Its id is a valid ID_allow_email of a campaign."""


def _emails(state: State, params: tuple[Any, ...]) -> Any:
    return [SENDER]


def _queries(state: State, params: tuple[Any, ...]) -> Any:
    return {"error_status": 0, "data": []}


RULES = {"mailkit.profile.emails.list": Rule(_emails), "mailkit.profile.queries.list": Rule(_queries)}
