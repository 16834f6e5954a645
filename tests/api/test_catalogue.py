"""The table of methods: all methods that Mailkit documents, each with a typed function and a docstring."""

from __future__ import annotations

import inspect
import re

import pytest

from mailkit_xmlrpc.api.calls import calls
from mailkit_xmlrpc.api.catalogue import CATALOGUE, function
from mailkit_xmlrpc.call import Certainty

# The names in Mailkit's documentation, its PHP client and its navigation.
DOCUMENTED = """
    campaigns.list campaigns.create campaigns.update campaigns.single.schedule campaigns.schedule.list
    campaigns.schedule.timezones campaigns.schedule.cancel campaigns.history
    mailinglist.list mailinglist.create mailinglist.delete mailinglist.adduser mailinglist.edituser mailinglist.import
    mailinglist.getstatus mailinglist.engagement mailinglist.unsubscribed
    email.getstatus email.getstatus.history email.unsubscribe email.unsubscribe.getstatus email.revalidate email.move
    email.delete email.wipe email.topics
    sendmail sendmail_mass sendsms
    report report.campaign report.message report.message.recipients report.message.feedback report.message.links
    report.message.links.visitors report.message.bounces report.raw.messages report.raw.responses report.raw.bounces
    profile.emails.list profile.queries.list filemanager.list filemanager.upload filemanager.delete journeys.trigger
"""
METHODS = [f"mailkit.{name}" for name in DOCUMENTED.split()]

every_method = pytest.mark.parametrize("method", METHODS)


def document(method):
    target = function(calls, method)
    return inspect.getdoc(target if inspect.ismethod(target) else type(target).__call__) or ""


def test_all_methods_are_in_the_table():
    assert len(METHODS) == 46
    assert sorted(CATALOGUE) == sorted(METHODS)


@every_method
def test_a_method_has_a_typed_function_of_the_same_name(method):
    signature = inspect.signature(function(calls, method))
    assert str(signature.return_annotation).startswith("Result[")
    assert signature.parameters["timeout"].kind is inspect.Parameter.KEYWORD_ONLY
    for parameter in signature.parameters.values():
        assert parameter.annotation is not parameter.empty, parameter


@every_method
def test_a_method_explains_its_arguments_and_names_its_source(method):
    text, spec = document(method), CATALOGUE[method]
    for name in set(inspect.signature(function(calls, method)).parameters) - {"timeout"}:
        assert re.search(rf"^    {name}: ", text, re.MULTILINE), f"{name} is not explained"
    source = text.partition("Source: ")[2]
    assert source
    assert spec.doc.page in source


@every_method
def test_a_method_known_only_in_part_says_so(method):
    certainty, source = CATALOGUE[method].doc.certainty, document(method).partition("Source: ")[2]
    words = {
        Certainty.PARTIAL: "in part",
        Certainty.CLIENT: "PHP client",
        Certainty.NAMED: "name|none was found|guess",
        Certainty.FULL: "",
    }
    assert re.search(words[certainty], " ".join(source.split()))


def test_the_certainty_matches_the_source():
    count = dict.fromkeys(Certainty, 0)
    for spec in CATALOGUE.values():
        count[spec.doc.certainty] += 1
    assert list(count.values()) == [9, 33, 2, 2]


def test_exactly_the_methods_that_only_read_are_marked():
    reading = {name.partition(".")[2] for name, spec in CATALOGUE.items() if spec.reads}
    assert reading == {
        *("campaigns.list", "campaigns.schedule.list", "campaigns.schedule.timezones", "mailinglist.list"),
        *("mailinglist.getstatus", "mailinglist.engagement", "mailinglist.unsubscribed", "email.getstatus"),
        *("email.getstatus.history", "email.unsubscribe.getstatus", "profile.emails.list", "profile.queries.list"),
        "filemanager.list",
        *(name for name in DOCUMENTED.split() if name.startswith("report")),
    }
