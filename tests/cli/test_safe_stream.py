"""Output that cannot be written does not change the exit code."""

from __future__ import annotations

import io
import shlex
import subprocess
from pathlib import Path

import pytest

from mailkit_xmlrpc.cli.safe_stream import SafeStream

from ..servers import PATIENCE
from .conftest import COMMAND, environment

TRIGGER = ("trigger", "jane@example.com", "order_paid", "--sandbox")
REFUSED = ("trigger", "jane@example.com", "", "--sandbox")


needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def shell(command, *arguments, **variables):
    """Exit code, stdout and stderr of a bash command in which $CLI stands for the command line."""
    result = subprocess.run(
        ["bash", "-c", command.replace("$CLI", shlex.join([*COMMAND, *arguments]))],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    return result.returncode, result.stdout, result.stderr


# A closed pipe


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (TRIGGER, 0),
        ((*TRIGGER, "--json"), 0),
        ((*REFUSED, "--json"), 1),
        (("doctor", "--sandbox"), 0),
        # These commands only print, so a failed write is a failure.
        (("encode", "system.listMethods"), 2),
        (("completion", "zsh"), 2),
    ],
)
def test_a_closed_pipe_is_not_a_failure_of_the_call(arguments, code):
    _, out, err = shell("$CLI | head -0; echo ${PIPESTATUS[0]}", *arguments)
    assert out == f"{code}\n"
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_help_to_a_closed_pipe_ends_without_a_traceback():
    assert shell("$CLI | true", "--help")[2] == ""


# Streams that are closed at the start


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
def test_closed_streams_do_not_change_the_exit_code(streams, arguments, code):
    exit_code, out, err = shell(f"$CLI {streams}", *arguments)
    assert (exit_code, out, err.replace("error: mailkit.journeys.trigger was refused: Missing event_tag\n", "")) == (
        code,
        "",
        "",
    )


# A full disk


@needs_dev_full
@pytest.mark.parametrize(
    ("arguments", "code"), [(TRIGGER, 0), ((*TRIGGER, "--json"), 0), (("encode", "system.listMethods"), 2)]
)
def test_a_full_disk_is_reported_and_does_not_change_the_exit_code(arguments, code):
    assert shell("$CLI > /dev/full", *arguments) == (
        code,
        "",
        "error: cannot write to stdout (No space left on device)\n",
    )


@needs_dev_full
def test_the_exit_code_is_right_if_stderr_cannot_be_written_to():
    assert shell("$CLI 2> /dev/full", *REFUSED) == (1, "", "")


# Encodings


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_characters_that_the_encoding_lacks_are_escaped(encoding, process):
    arguments = (
        "trigger",
        "",
        "x",
        "--sandbox",
        "--fault",
        "refuse P\u0159\xed\u0161ern\u011b\u017elu\u0165ou\u010dk\xfd",
    )
    result = process(*arguments, encoding=encoding, PYTHONIOENCODING=encoding)
    assert result.code == 1
    assert "P\\u0159" in result.err


def test_the_c_locale_works(process):
    result = process(
        "trigger",
        "jane@example.com",
        "order_paid",
        "name=P\u0159emysl",
        "--sandbox",
        PYTHONIOENCODING=None,
        LC_ALL="C",
    )
    assert (result.code, result.out) == (0, "DONE Added into scenario events queue\n")


def test_a_stream_escapes_text_and_writes_bytes_as_they_are():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    safe = SafeStream(stream)
    safe.write("\xed \u0159")
    safe.write_bytes("\u0159".encode())
    assert stream.buffer.getvalue() == b"\xed \\u0159\xc5\x99"
    assert safe.can_write


def test_a_stream_without_a_target_discards_everything():
    safe = SafeStream(None)
    safe.write("text")
    safe.write_bytes(b"bytes")
    assert (safe.isatty(), safe.encoding, safe.can_write) == (False, "utf-8", True)


def test_a_stream_reports_once_why_writing_failed():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    reasons = []
    safe = SafeStream(Full(), reasons.append)
    safe.write("text")
    safe.write("more")
    assert (reasons, safe.can_write) == (["No space left on device"], False)


def test_a_stream_does_not_report_a_closed_pipe():
    class ClosedPipe(io.StringIO):
        def write(self, text):
            raise BrokenPipeError(32, "Broken pipe")

    reasons = []
    safe = SafeStream(ClosedPipe(), reasons.append)
    safe.write("text")
    assert (reasons, safe.can_write) == ([], False)
