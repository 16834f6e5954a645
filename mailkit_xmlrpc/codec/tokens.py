"""The tokens of the usual answers as compiled patterns: each takes a member with a scalar, the beginning of an array
or struct, or its end, whole."""

from __future__ import annotations

import re

__all__ = ["ENDS", "EPILOG", "ITEM", "MEMBER", "PROLOG", "UnusualError", "unescaped"]

_S = r"[ \t\n]*"
_SCALAR = r"<(string|int|i4|i8|boolean|double|dateTime\.iso8601|base64)>([^<]*)</\{}>"
_OPENING = rf"{_S}<(struct)>|{_S}<array>{_S}<(data)>"

# No two runs of white space stand next to each other in any pattern: a long one would take quadratic time.
PROLOG = re.compile(rf"{_S}(?:<\?xml[^>]*\?>{_S})?<methodResponse>{_S}<params>{_S}<param>")
EPILOG = re.compile(rf"{_S}</param>{_S}</params>{_S}</methodResponse>{_S}")
# Groups of both, from the type on: type, text; text without a type; struct; data.
MEMBER = re.compile(
    rf"{_S}<member>{_S}<name>([^<]*)</name>{_S}<value>"
    rf"(?:{_S}{_SCALAR.format(2)}{_S}</value>{_S}</member>|([^<]*)</value>{_S}</member>|{_OPENING})"
)
ITEM = re.compile(rf"{_S}<value>(?:{_S}{_SCALAR.format(1)}{_S}</value>|([^<]*)</value>|{_OPENING})")
ENDS = {
    (True, False): re.compile(rf"{_S}</struct>{_S}</value>"),
    (True, True): re.compile(rf"{_S}</struct>{_S}</value>{_S}</member>"),
    (False, False): re.compile(rf"{_S}</data>{_S}</array>{_S}</value>"),
    (False, True): re.compile(rf"{_S}</data>{_S}</array>{_S}</value>{_S}</member>"),
}

_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class UnusualError(Exception):
    """This is no document for patterns."""


def unescaped(text: str) -> str:
    """Text with its references replaced by what they stand for; only those that XML itself has can occur."""
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(match: re.Match[str]) -> str:
    hexadecimal, decimal, entity = match.groups()
    if entity:
        return _ENTITIES[entity]
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
