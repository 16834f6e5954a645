"""The fixture `mailkit_sandbox`: a Mailkit on this machine for every test that asks for it.

pytest loads this module at every start of every project that has the package installed, so the sandbox itself is
imported only where a test uses it. One server serves a whole test run; each test gets it empty and without faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .sandbox import Sandbox

__all__ = ["mailkit_sandbox"]


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
