"""What methods that answer rows have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..result import Certainty, Spec
from .shapes import Convert, rows

__all__ = ["listing"]


def listing(method: str, members: Mapping[str, Convert], page: str, certainty: Certainty, **more: Any) -> Spec:
    """A method that reads and answers rows: a list; a lone struct for one row; an empty string for none.

    Args:
        method: its name.
        members: those members of a row that have to be converted.
        page: the address of its documentation.
        certainty: how much of it was seen.
        more: whatever else a `Spec` can say.
    """
    common: dict[str, Any] = {"successes": ("",), "kinds": (list, dict), "shape": rows(members), "reads": True}
    return Spec(method, page=page, certainty=certainty, **{**common, **more})
