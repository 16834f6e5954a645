"""The rules of ``mailkit.report`` and ``mailkit.report.*``."""

from __future__ import annotations

from .rule import Rule

__all__ = ["RULES"]

RULES: dict[str, Rule] = {}
