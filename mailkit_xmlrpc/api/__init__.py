"""Mailkit's methods, one module per group of Mailkit's own documentation."""

from .journeys import Journeys, TriggerAnswer

__all__ = ["Journeys", "TriggerAnswer"]
