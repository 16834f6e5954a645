"""A Mailkit that runs on this machine, for tests and experiments.

>>> from mailkit_xmlrpc.sandbox import Sandbox
>>> with Sandbox() as sandbox, sandbox.client() as mailkit:
...     result = mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
...     result.ok, sandbox.events[0].event_tag
(True, 'order_paid')

The modules, from the wire up: `address` (host, URL, token), `http` (sockets, threads, bounds), `service` (one call:
credentials, rule, record), `rules` with one module per group of Mailkit's documentation (`journeys`, `mailinglist`,
`report` ...), `store` (the tables of the account), `records` and `state` (events, messages and calls, and where they
are kept), `faults`, `fault_options` and `injection` (replies, the faults that can be injected, and which call gets
one), `assertions` (what a test wants, and the texts of failed assertions), `sandbox` (all of it as one object).
"""

from .faults import FAULTS
from .http import Bounds
from .injection import InjectedFault
from .records import Event, Message, ReceivedCall
from .sandbox import Sandbox

__all__ = ["FAULTS", "Bounds", "Event", "InjectedFault", "Message", "ReceivedCall", "Sandbox"]
