"""How the suite runs hypothesis: HYPOTHESIS_PROFILE=long looks for what nobody thought of, for hours."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from mailkit_xmlrpc import Client, ServerProxy

from . import servers
from .blocking import BlockingClient, BlockingProxy

# On CI the same examples every time: a change must not fail for what it did not bring. New examples are found
# by whoever runs the tests at home, and by the long profile.
settings.register_profile("default", max_examples=75, deadline=None, derandomize="CI" in os.environ)
settings.register_profile(
    "long",
    max_examples=200_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(params=[(Client, ServerProxy), (BlockingClient, BlockingProxy)], ids=["threads", "asyncio"])
def waiting(request, monkeypatch):
    """The kind of client and of proxy that `servers` makes; see `both`."""
    monkeypatch.setattr(servers, "client_type", request.param[0])
    monkeypatch.setattr(servers, "proxy_type", request.param[1])
