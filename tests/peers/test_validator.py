"""UserLand's validator1 suite, run by our ServerProxy and by every peer's client."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import FaultError, ServerProxy

from .roster import ROSTER, Missing
from .validator import METHODS, SUITE, ValidatorServer, passed

# What a peer's client cannot do, and why.
UNABLE = {("php", "nestedStructTest"): "names 1999 to 2001 become integer keys, and such an array goes as a list"}


@pytest.fixture(scope="module")
def validator():
    with ValidatorServer() as server:
        yield server


@pytest.fixture
def proxy(validator):
    with ServerProxy(validator.url, use_builtin_types=True, timeout=15.0, proxy="") as proxy:
        yield proxy


def test_the_suite_is_complete():
    assert {f"validator1.{test}" for test in SUITE} == METHODS.keys()
    assert len(SUITE) == 8


@pytest.mark.parametrize("test", SUITE)
def test_our_proxy_passes(proxy, test):
    assert passed(test, lambda method, *params: getattr(proxy, method)(*params))


@pytest.mark.parametrize("test", SUITE)
@pytest.mark.parametrize("name", ROSTER)
def test_a_peers_client_passes(name, test, findings):
    try:
        validated = findings.validated(name)
    except Missing as missing:
        pytest.skip(f"{name}: {missing}")
    assert validated[test] is ((name, test) not in UNABLE)


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("validator1.noSuchTest", [], -32601),
        ("validator1.easyStructTest", [{"moe": 1}], -32602),
        ("validator1.easyStructTest", [], -32602),
    ],
    ids=["unknown method", "member missing", "no params"],
)
def test_what_is_no_call_of_the_suite_is_a_fault(proxy, method, params, code):
    with pytest.raises(FaultError) as caught:
        getattr(proxy, method)(*params)
    assert caught.value.faultCode == code
