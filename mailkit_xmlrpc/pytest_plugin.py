"""The fixtures `mailkit_sandbox`, a Mailkit on this machine for every test that asks for it, and `mailkit_env`, which
makes `Client.from_env` call it.

pytest loads this module at every start of every project that has the package installed, so the sandbox itself is
imported only where a test uses it. One server serves a whole test run; each test gets it empty and without faults.
"""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .sandbox import Sandbox

__all__ = ["mailkit_env", "mailkit_sandbox"]

# Set and not deleted: a library that reads a .env file leaves a variable alone that is set already.
_TIMEOUT = "30"


@pytest.fixture(scope="session")
def _mailkit_sandbox_of_the_run() -> Iterator[Sandbox]:
    from .sandbox import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def mailkit_sandbox(_mailkit_sandbox_of_the_run: Sandbox) -> Sandbox:
    """A running `mailkit_xmlrpc.sandbox.Sandbox` without events, calls or faults."""
    sandbox = _mailkit_sandbox_of_the_run
    sandbox.start()  # the test before may have stopped it
    sandbox.heal()
    sandbox.clear()
    return sandbox


@pytest.fixture
def mailkit_env(mailkit_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The `mailkit_sandbox`, and the environment variables that make `Client.from_env` call it during the test."""
    # With the monkeypatch of the test, the variables are restored in the right order if the test changes them too.
    for name, value in {**mailkit_sandbox.env, "MAILKIT_TIMEOUT": _TIMEOUT}.items():
        monkeypatch.setenv(name, value)
    # `Client` uses no proxy for http. Other clients may.
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if direct != "*":
        host = urllib.parse.urlsplit(mailkit_sandbox.url).hostname
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, f"{direct},{host}".lstrip(","))
    return mailkit_sandbox
