"""The values that are exchanged with every peer: each type of the codec's table, and its limits.

There is one table for all relations. Test ids and docs/conformance.md have the names of the values.
"""

from __future__ import annotations

import xmlrpc.client
from datetime import datetime
from typing import Any

__all__ = ["CZECH", "VALUES"]

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy"


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


VALUES: dict[str, Any] = {
    # Integers: 32 bits go as int, 64 as i8.
    "int-zero": 0,
    "int-negative": -42,
    "int-max": 2**31 - 1,
    "int-min": -(2**31),
    "i8-above-int": 2**31,
    "i8-below-int": -(2**31) - 1,
    "i8-past-double": 2**53 + 1,
    "i8-max": 2**63 - 1,
    "i8-min": -(2**63),
    "true": True,
    "false": False,
    # Doubles: the shortest digits that read back equal, never an exponent.
    "double-zero": 0.0,
    "double-minus-zero": -0.0,
    "double-whole": 3.0,
    "double-negative": -2.5,
    "double-tenth": 0.1,
    "double-17-digits": 0.30000000000000004,
    "double-large": 1e22,
    "double-small": 1.5e-10,
    "double-max": 1.7976931348623157e308,
    "double-min": 5e-324,
    # Strings
    "string-empty": "",
    "string-plain": "order_paid",
    "string-blank": "   ",
    "string-blank-around": "  a b  ",
    "string-digits": "007",
    "string-czech": CZECH,
    "string-emoji": "Děkujeme 💛👩‍👩‍👧",
    "string-decomposed": "z\u030ca\u0301",
    "string-markup": "<b>Tom & Jerry</b>",
    "string-entity": "&amp; &#65; &eacute;",
    "string-cdata-end": "a]]>b",
    "string-cdata": "<![CDATA[a]]>",
    "string-comment": "<!-- a --><?b?>",
    "string-quotes": '"it\'s"',
    "string-tab": "a\tb",
    "string-lf": "a\nb\n",
    "string-cr": "a\rb",
    "string-crlf": "\r\na\r\nb\r\n",
    "string-del": "a\x7fb",
    "string-c1": "a\x85b",
    "string-no-break-space": "\xa0a\xa0",
    "string-line-separator": "a\u2028b",
    "string-last-of-plane": "\ud7ff\ue000\ufffd",
    "string-last-of-all": "\U0010ffff",
    "string-long": "žluť " * 20_000,
    # Binary data
    "base64-empty": b"",
    "base64-every-byte": bytes(range(256)),
    "base64-text": CZECH.encode(),
    # Dates
    "datetime": datetime(2026, 11, 23, 16, 5, 9),
    "datetime-midnight": datetime(2024, 2, 29),
    "datetime-summer-gap": datetime(2026, 3, 29, 2, 30),
    "datetime-1969": datetime(1969, 12, 31, 23, 59, 59),
    "datetime-year-1": datetime(1, 1, 1),
    "datetime-year-9999": datetime(9999, 12, 31, 23, 59, 59),
    "datetime-zero": xmlrpc.client.DateTime("00000000T00:00:00"),
    "nil": None,
    # Arrays
    "array-empty": [],
    "array-one": ["a"],
    "array-mixed": [1, True, 1.5, "1", b"1", ""],
    "array-of-empty": [[], {}, "", [[]]],
    "array-of-nil": [None, 1],
    "array-of-structs": [{"id": 1, "name": "Jana"}, {"id": 2, "name": "Žofie"}],
    "array-long": list(range(2_000)),
    "nested-20": _nested(20),
    "nested-100": _nested(100),
    # Structs
    "struct-empty": {},
    "struct-one": {"email": "jana@example.com"},
    "struct-mixed": {"int": 1, "double": 2.5, "bool": False, "string": "ž", "list": [1, {"deep": "y"}], "struct": {}},
    "struct-names-count": {"0": "a", "1": "b"},
    "struct-names-number": {"12": "a", "-3": "b"},
    "struct-names-padded": {"007": "a"},
    "struct-name-empty": {"": "a"},
    "struct-name-czech": {"příjmení": "Nováková"},
    "struct-name-markup": {"a<b>&c": 1, "d]]>": 2},
    "struct-name-blank": {" a ": 1, " ": 2},
    "struct-like-a-fault": {"faultCode": 4, "faultString": "Too many parameters."},
}
