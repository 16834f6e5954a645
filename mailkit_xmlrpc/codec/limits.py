"""`Limits`: how much of a document is read, and how deep arrays and structs may be nested.

This is a module of its own because the encoder needs the depth as well, and the decoder imports the encoder.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ConfigError

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Bounds on one answer. An answer that exceeds them is refused while it is being read.

    Attributes:
        response_bytes: the size of the document in bytes, counted after decompression (128 MiB).
        depth: how many arrays and structs may be nested inside one another (128).
    """

    response_bytes: int = 128 << 20
    depth: int = 128

    def __post_init__(self) -> None:
        for name in ("response_bytes", "depth"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ConfigError(f"Limits.{name} must be an int of at least 1, got {value!r}")
