"""Faults by name, and the calls that get them."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import ConfigError
from mailkit_xmlrpc.sandbox import FAULTS, InjectedFault
from mailkit_xmlrpc.sandbox.injection import Plan

DROP, DELAY, HTML = InjectedFault.of("drop_after"), InjectedFault.of("delay", 0), InjectedFault.of("html")

SAME = [
    (InjectedFault.of("status", 503, retry_after=2), "status 503 retry_after=2"),
    (InjectedFault.of("status", 503, None, 2), "status retry_after=2 status=503"),
    (InjectedFault.of("delay", seconds=0.5), "delay 0.5"),
    (InjectedFault.of("delay"), ["delay", "seconds=1"]),
    (InjectedFault.of("html", True), "html yes"),
    (InjectedFault.of("refuse", "Missing email = x"), ["refuse", "text=Missing email = x"]),
    (InjectedFault.of("refuse", "Missing email"), ["refuse", "Missing email"]),
]


@pytest.mark.parametrize(("fault", "words"), SAME)
def test_a_fault_from_python_and_from_a_command_line(fault, words):
    assert InjectedFault.parse(words) == fault
    assert hash(InjectedFault.parse(words)) == hash(fault)


WRONG = [
    (("drop_afer",), {}, "there is no fault 'drop_afer'; did you mean drop_after?"),
    (("",), {}, "there is no fault ''; there are delay, drip, drop_before, .*"),
    ((None,), {}, "there is no fault None; there are delay, .*"),
    (("delay",), {"second": 1}, "delay: there is no option 'second'; did you mean seconds?"),
    (("delay",), {"x": 1}, "delay: there is no option 'x'; there are seconds"),
    (("drop_after",), {"x": 1}, "drop_after: there is no option 'x'; it has none"),
    (("drop_after", 1), {}, "drop_after takes no options, got 1 values"),
    (("delay", 1, 2), {}, "delay takes seconds at most, got 2 values"),
    (("delay", 1), {"seconds": 2}, "delay: seconds is given twice"),
    (("delay", "soon"), {}, "delay: seconds must be a number of seconds, 0 or more, got 'soon'"),
    (("status",), {}, "status needs status: a whole number from 100 to 599"),
    (("status", 1000), {}, "status: status must be a whole number from 100 to 599, got 1000"),
    (("wrong_type", "float"), {}, "wrong_type: answer must be one of int, string, .*, got 'float'"),
    (("redirect", "a\nb"), {}, "redirect: location must be one line of Latin-1 text, got .*"),
]


@pytest.mark.parametrize(("values", "options", "message"), WRONG)
def test_an_error_names_the_mistake(values, options, message):
    with pytest.raises(ConfigError, match=f"^{message}$".replace("?$", r"\?$")):
        InjectedFault.of(*values, **options)


@pytest.mark.parametrize(
    "words", ["", [], "nothing", "delay a=1", "delay seconds=1 seconds=2", "status x", "delay name=1", "delay cls=1"]
)
def test_invalid_words(words):
    with pytest.raises(ConfigError):
        InjectedFault.parse(words)


def test_the_table_is_consistent():
    for name, kind in FAULTS.items():
        assert kind.name == name
        assert kind.summary
        assert all(option.wants for option in kind.options)
        # A required option never comes after an optional one.
        required = [option.required for option in kind.options]
        assert required == sorted(required, reverse=True)


def test_the_kind_or_its_option_decides_what_is_processed():
    assert DROP.processed
    assert not HTML.processed
    assert InjectedFault.of("html", processed=True).processed


def taken(plan, count):
    return [plan.take() for _ in range(count)]


def test_next_faults_are_used_in_order():
    plan = Plan()
    plan.add_next(DROP)
    plan.add_next(DELAY)
    assert taken(plan, 4) == [DROP, DELAY, None, None]


def test_every_nth_call():
    plan = Plan()
    plan.add_every(3, DROP)
    assert taken(plan, 7) == [None, None, DROP, None, None, DROP, None]


def test_every_single_call():
    plan = Plan()
    plan.add_every(1, DROP)
    assert taken(plan, 3) == [DROP] * 3


def test_the_next_comes_before_the_nth_and_the_count_goes_on():
    plan = Plan()
    plan.add_every(2, DROP)
    plan.add_every(4, HTML)
    assert taken(plan, 1) == [None]
    plan.add_next(DELAY)
    assert taken(plan, 3) == [DELAY, None, DROP]


def test_clear():
    plan = Plan()
    plan.add_next(DROP)
    plan.add_every(1, DROP)
    plan.clear()
    assert taken(plan, 3) == [None] * 3


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", True, None])
def test_every_how_many(n):
    with pytest.raises(ConfigError, match="fail_every: n must be"):
        Plan().add_every(n, DROP)
