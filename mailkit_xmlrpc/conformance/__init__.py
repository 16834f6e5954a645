"""The wire vectors of this package as a table, and runners that measure any XML-RPC codec with it.

Three tables: `answers` are documents that a client reads, `calls` documents that a server reads, `requests`
values that a client writes. Two runners: `run` gives each document to a decoder, `run_encode` each value to an
encoder. Both return a `Report` that names what failed and why.

>>> from mailkit_xmlrpc import codec, conformance
>>> conformance.run(codec.decode_response, charset=True).failed
()

A value counts as read when it is the same to the letter: 1 is not True and not 1.0, 0.0 is not -0.0. What the
wire does not tell apart is not compared: list or tuple, bytes or Binary, the order of a struct's members.
"""

from .measure import Failure, Report, run, run_encode
from .notation import from_notation
from .tables import Case, Fault, Request, answers, calls, requests

__all__ = [
    "Case",
    "Failure",
    "Fault",
    "Report",
    "Request",
    "answers",
    "calls",
    "from_notation",
    "requests",
    "run",
    "run_encode",
]
