"""The rules of ``mailkit.sendmail``, ``mailkit.sendmail_mass`` and ``mailkit.sendsms``."""

from __future__ import annotations

from .rule import Rule

__all__ = ["RULES"]

RULES: dict[str, Rule] = {}
