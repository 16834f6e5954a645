"""HTTP for XML-RPC: one attempt, one deadline, TLS, proxies, limits, and connections shared by threads.

The modules, from the wire up: `deadline`, `request` (what is sent), `stream` (a socket under a deadline), `connect`
(addresses, proxy, TLS), `pool` (idle connections), `response` (reading an answer), `transport` (one attempt). This
file only says what the others offer.
"""

from .deadline import Deadline
from .request import Payload
from .stream import finished
from .transport import Attempt, SafeTransport, Transport

__all__ = ["Attempt", "Deadline", "Payload", "SafeTransport", "Transport", "finished"]
