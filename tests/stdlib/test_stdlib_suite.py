"""The standard library's own tests of xmlrpc, with our ServerProxy, Transport and codec instead of its own.

Each test passes, or is listed below with the rule that it breaks. A listed test that passes is a failure too.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

NEVER_TWICE = "a call is sent once: what the standard library sends again is in doubt here"
ENCODE_ERROR = "what cannot be sent is an EncodeError, which is a ValueError, not a TypeError or OverflowError"
SIXTY_FOUR_BITS = "an int within 64 bits is sent as i8; beyond that it is an EncodeError, not an OverflowError"
UNREADABLE = "what cannot be read is a ResponseError, not a ValueError"
NO_DICT = "an object is never sent as its __dict__: that would give away what it holds"
NAMES = "a method name is one word of printable ASCII without quotes, <, > and &"
FRAGMENT = "a URL's fragment is not sent (RFC 9110, section 4.2.5)"
TARGET = "a request target begins with a slash: /RPC2 is put in front of a query alone"
HOOKS = "the test overrides send_content or parse_response, which our transport has no use for"
NO_PACKING = "requests are not packed: encode_threshold has no effect"
PRIVATE = "the test reads Transport._connection, which is private; ours has a pool"

LISTED = {
    "FaultTestCase.test_dump_fault": NO_DICT,
    "GzipServerTestCase.test_bad_gzip_request": HOOKS,
    "GzipServerTestCase.test_gzip_request": NO_PACKING,
    "GzipServerTestCase.test_gzip_response": HOOKS,
    "MultiPathServerTestCase.test_empty_path_fragment": FRAGMENT,
    "MultiPathServerTestCase.test_empty_path_query": TARGET,
    "MultiPathServerTestCase.test_path_fragment": FRAGMENT,
    "MultiPathServerTestCase.test_path_query_fragment": FRAGMENT,
    "SimpleServerTestCase.test_context_manager": PRIVATE,
    "SimpleServerTestCase.test_nonascii_methodname": NAMES,
    "XMLRPCTestCase.test_dump_bad_dict": ENCODE_ERROR,
    "XMLRPCTestCase.test_dump_big_int": SIXTY_FOUR_BITS,
    "XMLRPCTestCase.test_dump_big_long": SIXTY_FOUR_BITS,
    "XMLRPCTestCase.test_dump_encoding": NAMES,
    "XMLRPCTestCase.test_dump_none": ENCODE_ERROR,
    "XMLRPCTestCase.test_dump_recursive_dict": ENCODE_ERROR,
    "XMLRPCTestCase.test_dump_recursive_seq": ENCODE_ERROR,
    "XMLRPCTestCase.test_keepalive_disconnect": NEVER_TWICE,
    "XMLRPCTestCase.test_limit_int": UNREADABLE,
    "XMLRPCTestCase.test_newstyle_class": NO_DICT,
}


@pytest.fixture(scope="module")
def ended():
    """The result of each test: its name, and a pair of word and reason."""
    if importlib.util.find_spec("test") is None or importlib.util.find_spec("test.test_xmlrpc") is None:
        pytest.skip("this Python came without the standard library's tests")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("run.py"))], capture_output=True, encoding="utf-8", timeout=90
    )
    assert done.returncode == 0, done.stderr
    return {name.partition("test_xmlrpc.")[2]: result for name, result in json.loads(done.stdout).items()}


def test_each_test_passes_or_is_listed_with_its_reason(ended):
    failed = {name: reason for name, (word, reason) in ended.items() if word == "failed" and name not in LISTED}
    assert failed == {}


def test_every_listed_test_fails(ended):
    # Older releases of Python do not have all of the tests.
    assert {name for name in LISTED.keys() & ended.keys() if ended[name][0] != "failed"} == set()


def test_the_suite_was_run(ended):
    assert sum(word == "passed" for word, _ in ended.values()) >= 70
