"""A Mailkit that runs on this machine, for tests and for trying things out.

>>> from mailkit_xmlrpc.sandbox import Sandbox
>>> with Sandbox() as sandbox, sandbox.client() as mailkit:
...     result = mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
...     result.ok, sandbox.events[0].event_tag
(True, 'order_paid')

The rooms, from the wire up: `bounds` and `reader` (HTTP requests), `reply` (HTTP answers), `server` (sockets and
threads), `service` (one call: credentials, rule, record), `rules` with one module per group of Mailkit's
documentation (`journeys`, `mailinglist`, `report` ...), `recipients` and `sends` (what several of these share),
`happenings` (what people do with messages), `store` (the account's tables), `faults` with `bombs` and `plan` (what
can go wrong on demand), `records`, `expect` and `state` (what came in, assertions about it, and where it is kept),
`sandbox` (all of it as one object).
"""

from .bounds import Bounds
from .faults import FAULTS
from .plan import Fault
from .records import Call, Event
from .sandbox import Sandbox

__all__ = ["FAULTS", "Bounds", "Call", "Event", "Fault", "Sandbox"]
