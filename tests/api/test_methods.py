"""Names: each method of Mailkit has a function of the same name; the error for an unknown name suggests one."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from mailkit_xmlrpc.api.methods import Namespace

from .wire import idle


@pytest.mark.parametrize(
    ("reach", "hint"),
    [
        (lambda c: c.emial, "Mailkit has no method mailkit.emial; did you mean email?"),
        (lambda c: c.nonsense, "Mailkit has no method mailkit.nonsense; there are campaigns, email, filemanager"),
        (lambda c: c.email.mvoe, "Mailkit has no method mailkit.email.mvoe; did you mean move?"),
        (lambda c: c.email.nonsense, "Mailkit has no method mailkit.email.nonsense; there are delete, getstatus, move"),
        (lambda c: c.email.unsubscribe.getstats, "mailkit.email.unsubscribe.getstats; did you mean getstatus?"),
        (lambda c: c.report.message.link, "mailkit.report.message.link; did you mean links?"),
        (lambda c: c.report.raw.mesages, "mailkit.report.raw.mesages; did you mean messages?"),
        (lambda c: c.sendmail.mass, "Mailkit has no method mailkit.sendmail.mass"),
    ],
)
def test_the_error_for_an_unknown_name_suggests_the_nearest(reach, hint):
    with idle() as client, pytest.raises(AttributeError) as caught:
        reach(client)
    assert hint in str(caught.value)


def test_looking_up_a_name_sends_nothing():
    with idle() as client:
        assert not hasattr(client, "nonsense")
        assert not hasattr(client.email, "nonsense")
        assert getattr(client, "nonsense", None) is None
        with pytest.raises(AttributeError, match="'Client' object has no attribute '_nonsense'"):
            client._nonsense  # noqa: B018


def test_the_representation_of_a_namespace():
    with idle() as client:
        assert repr(client.email) == "<mailkit.email.*>"
        assert repr(client.report.message.links) == "<mailkit.report.message.links.*>"


@pytest.mark.parametrize("name", ["email.unsubscribe", "email.getstatus", "report", "report.message", "sendmail"])
def test_a_method_that_is_also_a_namespace_can_be_called(name):
    with idle() as client:
        found = client
        for part in name.split("."):
            found = getattr(found, part)
        assert callable(found)
        assert isinstance(found, Namespace)
        assert inspect.getdoc(type(found).__call__)
        assert "timeout" in inspect.signature(found).parameters


def test_a_namespace_alone_cannot_be_called():
    with idle() as client:
        assert not callable(client.email)
        assert not callable(client.report.raw)
        assert not callable(client.campaigns.schedule)


def test_the_client_can_be_copied_and_pickled():
    with idle() as client, pickle.loads(pickle.dumps(client)) as other, copy.copy(client) as third:
        assert repr(other) == repr(third) == repr(client)
        assert other.email.move is not None


def test_completion_lists_the_groups():
    with idle() as client:
        assert {"campaigns", "email", "journeys", "mailinglist", "report", "sendmail"} <= set(dir(client))
        assert {"move", "unsubscribe"} <= set(dir(client.email))
