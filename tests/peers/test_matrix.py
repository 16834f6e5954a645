"""docs/conformance.md has the results of a run."""

from __future__ import annotations

import re

import pytest

from .matrix import INTRODUCTION, LEGEND, PAGE, section, totals
from .roster import ROSTER, Missing


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


def test_the_page_has_the_current_introduction_and_legend(text):
    assert text.startswith(INTRODUCTION)
    assert LEGEND in text


def test_the_page_has_every_peer_once(text):
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == list(ROSTER)


@pytest.mark.parametrize("name", ROSTER)
def test_the_page_has_the_results_of_a_peer(name, text, findings):
    try:
        line, differences = totals(findings, name), section(findings, name)
    except Missing as missing:
        pytest.skip(f"{name}: {missing}")
    again = "python -m tests.peers.matrix writes the page anew"
    assert line in text, again
    assert differences in text, again
