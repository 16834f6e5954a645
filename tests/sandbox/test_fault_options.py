"""Options: from Python and from a command line."""

from __future__ import annotations

import pytest

from mailkit_xmlrpc import ConfigError
from mailkit_xmlrpc.sandbox.fault_options import choice, line, seconds, text, whole, yes_or_no

OPTIONS = {
    "seconds": seconds("x"),
    "whole": whole("x", -5, 5),
    "text": text("x"),
    "line": line("x"),
    "yes_or_no": yes_or_no("x"),
    "choice": choice("x", ("red", "blue")),
}

READ = [
    ("seconds", 0, 0.0),
    ("seconds", "0.5", 0.5),
    ("seconds", 3, 3.0),
    ("whole", 5, 5),
    ("whole", "-5", -5),
    ("text", "", ""),
    ("text", "Žluť\n", "Žluť\n"),
    ("line", "Gone fishing", "Gone fishing"),
    ("yes_or_no", True, True),
    ("yes_or_no", "yes", True),
    ("yes_or_no", "False", False),
    ("choice", "blue", "blue"),
]

REFUSED = [
    ("seconds", -1),
    ("seconds", "inf"),
    ("seconds", "nan"),
    ("seconds", "1s"),
    ("seconds", True),
    ("seconds", None),
    ("whole", 6),
    ("whole", -6),
    ("whole", 1.5),
    ("whole", "1_0"),
    ("whole", "٣"),
    ("whole", True),
    ("whole", "9" * 30),
    ("text", 5),
    ("text", "\x00"),
    ("line", "a\r\nb: c"),
    ("line", "€"),
    ("line", 5),
    ("yes_or_no", "perhaps"),
    ("yes_or_no", 1),
    ("choice", "green"),
    ("choice", []),
]


@pytest.mark.parametrize(("kind", "given", "value"), READ)
def test_read(kind, given, value):
    read = OPTIONS[kind].value(given, "fault")
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(("kind", "given"), REFUSED)
def test_refused(kind, given):
    with pytest.raises(ConfigError) as caught:
        OPTIONS[kind].value(given, "fault")
    assert str(caught.value).startswith(f"fault: x must be {OPTIONS[kind].wants}, got ")
    assert len(str(caught.value)) < 200


def test_none_stands_for_the_default():
    assert not seconds("x", 1.0).required
    assert seconds("x").required
    assert seconds("x", None).value(None, "fault") is None
    assert yes_or_no("x", False).value(None, "fault") is False
