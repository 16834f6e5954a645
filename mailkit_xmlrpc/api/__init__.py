"""Mailkit's methods, one module per group of Mailkit's own documentation.

`methods` is what `Client` inherits; `catalogue` lists all; `namespace`, `params`, `shapes` and `paging` are what the
groups are built from; `invoke` is what they need from the client.
"""

from .catalogue import CATALOGUE, function
from .journeys import Journeys, TriggerAnswer
from .methods import Methods

__all__ = ["CATALOGUE", "Journeys", "Methods", "TriggerAnswer", "function"]
