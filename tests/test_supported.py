"""docs/supported.md is up to date."""

from __future__ import annotations

from mailkit_xmlrpc.api.catalogue import CATALOGUE

from .supported import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.supported"


def test_every_method_is_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    for method in CATALOGUE:
        assert f"| `{method}` |" in text
