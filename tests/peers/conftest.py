"""Each peer is prepared and started once per session, and stopped at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .matrix import Findings


@pytest.fixture(scope="session")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Findings]:
    with Findings(tmp_path_factory.mktemp("peers")) as findings:
        yield findings
