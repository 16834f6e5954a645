"""`php.call`: PHP's parameter arrays through a `Client`."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import ConfigError, EncodeError, Result, php
from mailkit_xmlrpc.sandbox import Sandbox

TRIGGER = "mailkit.journeys.trigger"
EVENT = {"email": "jana@example.com", "event_tag": "order_paid"}


@pytest.fixture(scope="module")
def shared():
    with Sandbox() as sandbox, sandbox.client() as client:
        yield sandbox, client


@pytest.fixture
def sandbox(shared):
    shared[0].clear()
    return shared[0]


@pytest.fixture
def client(shared):
    return shared[1]


def sent(sandbox, client, value):
    """The value that arrives in event_data."""
    assert php.call(client, TRIGGER, [{**EVENT, "event_data": {"value": value}}]).ok
    return sandbox.events[-1].event_data["value"]


@pytest.mark.parametrize(
    "credentials",
    [
        lambda sandbox: [],
        lambda sandbox: [sandbox.client_id, sandbox.client_md5],
        lambda sandbox: [str(sandbox.client_id), sandbox.client_md5.encode()],
        lambda sandbox: [sandbox.client_id, "0" * 32],
    ],
    ids=["none", "as-numbers", "as-strings", "with-an-old-md5"],
)
def test_credentials_in_the_array_are_left_to_the_client(sandbox, client, credentials):
    result = php.call(client, TRIGGER, [*credentials(sandbox), EVENT])
    assert isinstance(result, Result)
    assert (result.ok, result.message) == (True, "Added into scenario events queue")
    assert sandbox.calls[-1].params == (EVENT,)


def test_the_credentials_of_another_account_are_not_sent_as_parameters(sandbox, client):
    with pytest.raises(ConfigError, match="account 999; the client's is 12345678") as caught:
        php.call(client, TRIGGER, [999, "0123456789abcdef" * 2, EVENT])
    assert "0123456789abcdef" not in str(caught.value)
    assert sandbox.calls == []


@pytest.mark.parametrize(
    "params", [[12345678, "x" * 32], [True, "a" * 32], [1.5, "a" * 32], ["abc", "a" * 32], [12345678, 5], [12345678]]
)
def test_params_that_only_resemble_credentials_are_sent(sandbox, client, params):
    php.call(client, TRIGGER, params)
    assert list(sandbox.calls[-1].params) == params


def test_only_the_values_of_an_array_with_names_are_sent_as_in_the_sdk(sandbox, client):
    assert php.call(client, TRIGGER, {"event": EVENT}).ok
    assert sandbox.calls[-1].params == (EVENT,)
    assert php.call(client, TRIGGER, {0: sandbox.client_id, 1: sandbox.client_md5, 2: EVENT}).ok
    assert sandbox.calls[-1].params == (EVENT,)


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (None, ""),
        ({"": None}, {"": ""}),
        ([], []),
        ({}, []),
        ({0: "x", 1: "y"}, ["x", "y"]),
        ({"0": "x", "1": "y"}, ["x", "y"]),
        ({0: "x", 1: "y", 3: "z"}, {"0": "x", "1": "y", "3": "z"}),
        ({"a": 1, 0: 2}, {"a": 1, "0": 2}),
        (b"\xc5\xbe", "ž"),
        (php.Base64(b"\0\xff"), b"\0\xff"),
        ("TRUE", "TRUE"),
        (True, True),
        (2**40, 2**40),
        (0.1 + 0.2, 0.1 + 0.2),
        ("Žluťoučký kůň 😀", "Žluťoučký kůň 😀"),
    ],
)
def test_php_s_arrays_follow_php_s_rules_and_nothing_is_lost(sandbox, client, value, arrives):
    assert sent(sandbox, client, value) == arrives


def test_a_typed_date_arrives_as_a_date(sandbox, client):
    arrived = sent(sandbox, client, php.xmlrpc_set_type("20200102T03:04:05", "datetime"))
    assert f"{arrived:%Y-%m-%d %H:%M:%S}" == "2020-01-02 03:04:05"


def test_a_refusal_is_a_result(client):
    result = php.call(client, TRIGGER, [{"email": "jana@example.com", "event_tag": ""}])
    assert (result.ok, result.error) == (False, "Missing event_tag")


def test_bare_strings_that_are_successes_are_named_by_the_caller(client):
    assert php.call(client, TRIGGER, [{"event_tag": "x"}], success=["Missing email"]).ok


def test_text_that_is_not_utf8_is_refused_with_its_path_in_the_request(sandbox, client):
    with pytest.raises(EncodeError, match="the bytes from 3 on are not UTF-8; decode them first") as caught:
        php.call(client, TRIGGER, [{**EVENT, "event_data": {"name": b"caf\xe9"}}])
    assert caught.value.path == "params[2].event_data.name"
    with pytest.raises(EncodeError) as caught:
        php.call(client, TRIGGER, [{**EVENT, "event_data": {"name": "\x01"}}])
    assert caught.value.path == "params[2].event_data.name"
    assert sandbox.calls == []


@pytest.mark.parametrize("params", ["text", 5, None, {1}])
def test_params_are_an_array(client, params):
    with pytest.raises(TypeError, match="params must be"):
        php.call(client, TRIGGER, params)
