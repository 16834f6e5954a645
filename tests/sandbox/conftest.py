"""A sandbox for each test, and a check at its end that the next call is served."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc.sandbox import Sandbox


@pytest.fixture
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox
        serves_the_next_call(sandbox)


@pytest.fixture
def mailkit(sandbox):
    """A client of the sandbox."""
    with sandbox.client() as client:
        yield client


@pytest.fixture
def vip(mailkit):
    """The id of a mailing list."""
    return mailkit.mailinglist.create("vip").unwrap()["data"]


@pytest.fixture
def next_call_is_served():
    return serves_the_next_call


def serves_the_next_call(sandbox):
    sandbox.heal()
    with sandbox.client(timeout=5, retry=None) as mailkit:
        assert mailkit.journeys.trigger("next@example.com", "next").ok
    assert sandbox.events[-1].email == "next@example.com"
