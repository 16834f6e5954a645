"""HTTP for XML-RPC: one attempt, one deadline, TLS, proxies, limits, and connections shared by threads.

The rooms, from the wire up: `deadline`, `stream` (a socket under a deadline), `connect` (addresses, proxy,
TLS), `pool` (idle connections), `ordinary` and `answer` (reading an answer), `route` (what a URL says),
`transport` (the attempt itself).
"""

from .deadline import Deadline, checked_seconds
from .route import url_secrets
from .transport import Exchange, SafeTransport, Transport

__all__ = ["Deadline", "Exchange", "SafeTransport", "Transport", "checked_seconds", "url_secrets"]
