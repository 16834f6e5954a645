"""Output that cannot be written changes nothing about the exit code."""

from __future__ import annotations

import io
import shlex
import subprocess
from pathlib import Path

import pytest

from mailkit_xmlrpc.cli.outlet import Outlet

from ..servers import PATIENCE
from .conftest import COMMAND, environment

TRIGGER = ("trigger", "jane@example.com", "order_paid", "--sandbox")
REFUSED = ("trigger", "jane@example.com", "", "--sandbox")


needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def shell(command, *arguments, **variables):
    """Exit code, stdout and stderr of a bash command in which $CLI stands for the command line."""
    ended = subprocess.run(
        ["bash", "-c", command.replace("$CLI", shlex.join([*COMMAND, *arguments]))],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    return ended.returncode, ended.stdout, ended.stderr


# Nobody reads


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (TRIGGER, 0),
        ((*TRIGGER, "--json"), 0),
        ((*REFUSED, "--json"), 1),
        (("doctor", "--sandbox"), 0),
        # Here the output is all there is to do.
        (("encode", "system.listMethods"), 2),
        (("completion", "zsh"), 2),
    ],
)
def test_a_reader_that_has_gone_is_no_failure_of_the_call(arguments, code):
    _, out, err = shell("$CLI | head -0; echo ${PIPESTATUS[0]}", *arguments)
    assert out == f"{code}\n"
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_a_help_text_that_nobody_reads_ends_without_a_traceback():
    assert shell("$CLI | true", "--help")[2] == ""


# What was closed from the beginning


@pytest.mark.parametrize(
    ("streams", "arguments", "code"),
    [
        (">&-", TRIGGER, 0),
        (">&-", (*TRIGGER, "--json"), 0),
        (">&-", ("encode", "system.listMethods"), 0),
        ("2>&-", REFUSED, 1),
        (">&- 2>&-", REFUSED, 1),
        ("<&- >&- 2>&-", ("doctor", "--sandbox"), 0),
        ("<&- >&- 2>&-", ("call", "system.listMethods"), 2),
    ],
)
def test_closed_streams_are_done_without(streams, arguments, code):
    ended, out, err = shell(f"$CLI {streams}", *arguments)
    assert (ended, out, err.replace("error: mailkit.journeys.trigger was refused: Missing event_tag\n", "")) == (
        code,
        "",
        "",
    )


# A full disk


@needs_dev_full
@pytest.mark.parametrize(
    ("arguments", "code"), [(TRIGGER, 0), ((*TRIGGER, "--json"), 0), (("encode", "system.listMethods"), 2)]
)
def test_a_full_disk_is_said_and_does_not_hide_what_became_of_the_call(arguments, code):
    assert shell("$CLI > /dev/full", *arguments) == (
        code,
        "",
        "error: cannot write to stdout (No space left on device)\n",
    )


@needs_dev_full
def test_where_even_errors_cannot_be_written_the_code_is_left():
    assert shell("$CLI 2> /dev/full", *REFUSED) == (1, "", "")


# Encodings


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_letters_that_the_encoding_lacks_are_escaped(encoding, process):
    arguments = (
        "trigger",
        "",
        "x",
        "--sandbox",
        "--fault",
        "refuse P\u0159\xed\u0161ern\u011b\u017elu\u0165ou\u010dk\xfd",
    )
    ended = process(*arguments, encoding=encoding, PYTHONIOENCODING=encoding)
    assert ended.code == 1
    assert "P\\u0159" in ended.err


def test_a_plain_c_locale_does_no_harm(process):
    ended = process(
        "trigger",
        "jane@example.com",
        "order_paid",
        "name=P\u0159emysl",
        "--sandbox",
        PYTHONIOENCODING=None,
        LC_ALL="C",
    )
    assert (ended.code, ended.out) == (0, "DONE Added into scenario events queue\n")


def test_an_outlet_writes_what_it_can():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    outlet = Outlet(stream)
    outlet.write("\xed \u0159")
    outlet.write_bytes("\u0159".encode())
    assert stream.buffer.getvalue() == b"\xed \\u0159\xc5\x99"
    assert outlet.heard


def test_an_outlet_to_nowhere_takes_everything():
    outlet = Outlet(None)
    outlet.write("text")
    outlet.write_bytes(b"bytes")
    assert (outlet.isatty(), outlet.encoding, outlet.heard) == (False, "utf-8", True)


def test_an_outlet_tells_once_why_it_ended():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    reasons = []
    outlet = Outlet(Full(), reasons.append)
    outlet.write("text")
    outlet.write("more")
    assert (reasons, outlet.heard) == (["No space left on device"], False)


def test_an_outlet_does_not_complain_of_a_reader_that_has_gone():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError(32, "Broken pipe")

    reasons = []
    outlet = Outlet(Gone(), reasons.append)
    outlet.write("text")
    assert (reasons, outlet.heard) == ([], False)
