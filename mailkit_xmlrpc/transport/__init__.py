"""HTTP for XML-RPC: one attempt, one deadline, TLS, proxies, limits, and connections shared by threads.

The rooms, from the wire up: `deadline`, `stream` (a socket under a deadline), `connect` (addresses, proxy,
TLS), `pool` (idle connections), `answer` (reading an answer), `transport` (the attempt itself).
"""

from .deadline import Deadline, checked_seconds
from .transport import Exchange, SafeTransport, Transport, url_secrets

__all__ = ["Deadline", "Exchange", "SafeTransport", "Transport", "checked_seconds", "url_secrets"]
