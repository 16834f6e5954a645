"""UserLand's validator1 suite, run by our ServerProxy and by every peer's client."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import FaultError, ServerProxy

from .peer import Fault
from .roster import ROSTER, Missing
from .validator import METHODS, NO_SUCH_METHOD, SUITE, UNKNOWN, ValidatorServer, passed

# The tests that a peer's client does not pass, and the reasons.
UNABLE = {("php", "nestedStructTest"): "names 1999 to 2001 become integer keys, and such an array goes as a list"}


# Peers that change a fault before their program gets it, and the reasons.
SPOILT_FAULTS = {"frontier": "with use_objects, its error shows the addresses of two objects instead of their values"}


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


@pytest.mark.parametrize("name", ROSTER)
def test_a_peers_client_reads_our_fault(name, findings):
    try:
        peer = findings.peer(name)
    except Missing as missing:
        pytest.skip(f"{name}: {missing}")
    with pytest.raises(Fault) as caught:
        peer.call(findings.validator.url, "validator1.noSuchTest", 1)
    # Some peers add words to the text.
    kept = caught.value.code == str(NO_SUCH_METHOD) and UNKNOWN in caught.value.text
    assert kept is (name not in SPOILT_FAULTS)


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("validator1.noSuchTest", [], NO_SUCH_METHOD),
        ("validator1.easyStructTest", [{"moe": 1}], -32602),
        ("validator1.easyStructTest", [], -32602),
    ],
    ids=["unknown method", "member missing", "no params"],
)
def test_any_other_call_is_a_fault(proxy, method, params, code):
    with pytest.raises(FaultError) as caught:
        getattr(proxy, method)(*params)
    assert caught.value.faultCode == code
