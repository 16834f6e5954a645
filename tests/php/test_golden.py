"""fixtures/php: the bytes that two versions of PHP printed, and the values that they read."""

from __future__ import annotations

import warnings

import pytest

from mailkit_xmlrpc import EncodeError, php

from .notation import cases, document, noted, value

ENCODE = cases("encode.json")
DECODE = cases("decode.json")
REASONS = {
    "nul": "PHP cuts a string at its first NUL",
    "integer": "PHP keeps 32 bits of an int",
    "character": "is not allowed in XML 1.0|are not in the declared encoding utf-8",
}

both = pytest.mark.parametrize("profile", ["bundled", "debian"])


def printed(case, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", php.MojibakeWarning)
        if "method" not in case:
            return php.xmlrpc_encode(value(case["value"]), **options)
        return php.xmlrpc_encode_request(case["method"], value(case["value"]), case.get("options"), **options)


@both
@pytest.mark.parametrize("case", ENCODE, ids=lambda case: case["id"])
def test_php_printed_these_bytes(case, profile):
    expected = case.get(profile, case["bundled"])
    assert printed(case, profile=profile, strict=False) == document(expected)


@both
@pytest.mark.parametrize("case", ENCODE, ids=lambda case: case["id"])
def test_strict_refuses_three_things_and_changes_nothing_else(case, profile):
    reason = case.get("strict") or (case.get("strict_debian") if profile == "debian" else None)
    if reason is None:
        assert printed(case, profile=profile) == printed(case, profile=profile, strict=False)
    else:
        with pytest.raises(EncodeError, match=REASONS[reason]) as caught:
            printed(case, profile=profile)
        assert caught.value.path.startswith("params")


@both
@pytest.mark.parametrize("case", DECODE, ids=lambda case: case["id"])
def test_php_read_this_value(case, profile):
    xml = case["xml"] if "xml" in case else document(case)
    encoding = [case["encoding"]] if "encoding" in case else []
    assert noted(php.xmlrpc_decode(xml, *encoding, profile=profile)) == case.get(profile, case["value"])
