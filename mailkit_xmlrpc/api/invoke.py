"""What a namespace of methods needs from the client: one function that carries a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable, Optional

from ..result import Result, Spec

__all__ = ["Invoke"]

# Takes what is known of the method, the parameters after the credentials, and the timeout in seconds.
Invoke = Callable[[Spec, Sequence[Any], Optional[float]], Result[Any]]
