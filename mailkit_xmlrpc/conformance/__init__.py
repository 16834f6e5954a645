"""The wire vectors of this package as tables, and runners that test any XML-RPC codec with them.

There are three tables: `answers` are documents that a client reads, `calls` are documents that a server reads, and
`requests` are values that a client writes. There are two runners: `run` gives each document to a decoder, and
`run_encode` gives each value to an encoder. Both return a `Report` that names each failed case and the reason.

>>> from mailkit_xmlrpc import ResponseError, codec, conformance
>>> conformance.run(codec.decode_response, refusals=ResponseError, charset=True)
<Report: 534 of 534 passed: 277 of 277 to accept, 257 of 257 to refuse>

A decoded value passes if it is exactly the expected one: 1 is not True and not 1.0, and 0.0 is not -0.0. What the wire
does not distinguish is not compared: list or tuple, bytes or Binary, the order of a struct's members.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from .report import Failure, Report
from .runner import run, run_encode
from .tables import Case, ExpectedFault, Request, answers, calls, from_notation, requests

__all__ = [
    "Case",
    "ExpectedFault",
    "Failure",
    "Report",
    "Request",
    "answers",
    "calls",
    "from_notation",
    "requests",
    "run",
    "run_encode",
]

if TYPE_CHECKING:
    Fault = ExpectedFault
else:
    # Type checkers do not see this function, or every misspelt name would have the type Any.
    def __getattr__(name):
        if name == "Fault":
            message = "conformance.Fault is deprecated; use conformance.ExpectedFault"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return ExpectedFault
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
