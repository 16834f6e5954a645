"""`sandbox`: it runs until it is stopped, and prints the calls that it receives."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import signal
import subprocess
import threading
import time
import urllib.parse
from contextlib import contextmanager

import pytest

from mailkit_xmlrpc import Client, FaultError, HTTPStatusError, InDoubtError, NotSentError
from mailkit_xmlrpc.codec import encode_request
from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import MD5, PATIENCE, own_address, unused_port
from .conftest import COMMAND, Terminal, controls, environment

HOSTILE = "\x9b31m\x85\x7f\n\r\t\u202eabc\u2066\u2028\u061c\ufeff"


class Running:
    """A `mailkit-xmlrpc sandbox` that is ready.

    Attributes:
        introduction: the text on stderr.
        env: the variables in that text.
    """

    def __init__(self, process):
        self.process = process
        self.introduction = self._until(process.stderr, b"\n\n", 2).decode()
        self.env = dict(re.findall(r"^export (\w+)=(\S+)$", self.introduction, re.MULTILINE))

    def client(self, **options):
        """A client with the variables of the sandbox."""
        env = self.env
        return Client(env["MAILKIT_CLIENT_ID"], env["MAILKIT_CLIENT_MD5"], url=env["MAILKIT_URL"], **options)

    def lines(self, count):
        """The next lines of stdout."""
        data = self._until(self.process.stdout, b"\n", count)
        return data.decode().split("\n")[:-1]

    def stop(self, number=signal.SIGTERM):
        """Stop the sandbox. Returns the exit code and the rest of stdout and stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out.decode(), err.decode()

    def _until(self, stream, end, count):
        data, limit = b"", time.monotonic() + PATIENCE
        while data.count(end) < count:
            ready = select.select([stream], [], [], max(0, limit - time.monotonic()))[0]
            piece = os.read(stream.fileno(), 65536) if ready else b""
            assert piece, f"the output ended too early: {data!r}"
            data += piece
        return data


@contextmanager
def running(*arguments, **variables):
    process = subprocess.Popen(
        [*COMMAND, "sandbox", *map(str, arguments)],
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        with process:
            try:
                yield Running(process)
            finally:
                process.kill()
    finally:
        process.wait()


# Settings for a client


def test_the_printed_settings_work():
    with running() as sandbox:
        assert sandbox.introduction.startswith("The sandbox is running. It sends no e-mail. To use it, set:\n\n")
        assert list(sandbox.env) == ["MAILKIT_URL", "MAILKIT_CLIENT_ID", "MAILKIT_CLIENT_MD5"]
        with sandbox.client() as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "Dvořák"}).ok
            assert mailkit.journeys.trigger("jane@example.com", "").error == "Missing event_tag"
        first, second = sandbox.lines(2)
        assert re.fullmatch(
            r"\d\d:\d\d:\d\d DONE mailkit\.journeys\.trigger "
            r'\[\{"email": "jane@example\.com", "event_tag": "order_paid", "event_data": \{"order": "Dvořák"\}\}\]',
            first,
        )
        assert " REFUSED mailkit.journeys.trigger " in second
        assert sandbox.stop() == (0, "", "")


def test_the_lines_can_be_pasted_into_a_shell():
    with running() as sandbox:
        commands = sandbox.introduction + 'python -m mailkit_xmlrpc trigger "jane@example.com" order_paid'
        script = "\n".join(line for line in commands.split("\n") if not line.startswith("The sandbox"))
        path = f"{os.path.dirname(COMMAND[0])}:{os.environ['PATH']}"  # noqa: PTH120
        result = subprocess.run(
            ["bash", "-c", script], env=environment(PATH=path), capture_output=True, text=True, timeout=PATIENCE
        )
        assert (result.returncode, result.stdout) == (0, "DONE Added into scenario events queue\n")


def test_json_is_one_line_per_call():
    with running("--json") as sandbox, sandbox.client() as mailkit:
        mailkit.journeys.trigger("jane@example.com", "order_paid", {"file": b"\x00\xff"})
        mailkit.call("system.listMethods")
        first, second = map(json.loads, sandbox.lines(2))
        assert list(first) == ["time", "method", "params", "answer", "outcome", "elapsed"]
        assert (first["method"], first["outcome"]) == ("mailkit.journeys.trigger", "DONE")
        assert first["params"][0]["event_data"] == {"file": "AP8="}
        assert {"mailkit.journeys.trigger", "system.listMethods"} < set(second["answer"])


def test_the_port_can_be_chosen():
    port = unused_port()
    with running("--port", port) as sandbox:
        assert sandbox.env["MAILKIT_URL"] == f"http://127.0.0.1:{port}/rpc.fcgi"


# Other machines


def from_elsewhere(sandbox, token=None, host=None):
    """The URL of a sandbox as another machine has it; an address of this machine stands in for it."""
    parts = urllib.parse.urlsplit(sandbox.env["MAILKIT_URL"])
    return f"http://{host or own_address()}:{parts.port}{'/' + token if token else parts.path[:-9]}/rpc.fcgi"


def client_of(sandbox, url):
    return Client(sandbox.env["MAILKIT_CLIENT_ID"], sandbox.env["MAILKIT_CLIENT_MD5"], url=url, allow_http=True)


def test_without_a_host_only_this_machine_can_call():
    with running() as sandbox:
        assert "warning" not in sandbox.introduction
        assert urllib.parse.urlsplit(sandbox.env["MAILKIT_URL"]).path == "/rpc.fcgi"
        with client_of(sandbox, from_elsewhere(sandbox)) as mailkit, pytest.raises(NotSentError):
            mailkit.call("system.listMethods")


def test_other_machines_need_the_random_token():
    with running("--host", "0.0.0.0") as sandbox:
        first, second, *_ = sandbox.introduction.splitlines()
        assert first.startswith("warning: the sandbox listens on 0.0.0.0, so other machines can call it")
        assert "allow_http=True" in second
        url = sandbox.env["MAILKIT_URL"]
        token = re.fullmatch(r"http://127\.0\.0\.1:\d+/([0-9a-f]{32})/rpc\.fcgi", url)[1]
        with sandbox.client() as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        with client_of(sandbox, from_elsewhere(sandbox)) as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        for stranger in (url.replace(f"/{token}", ""), from_elsewhere(sandbox, token="0" * 32)):
            with client_of(sandbox, stranger) as mailkit, pytest.raises(HTTPStatusError, match="403"):
                mailkit.journeys.trigger("jane@example.com", "order_paid")
        code, out, err = sandbox.stop()
        assert (code, len(out.splitlines())) == (0, 2)
        assert [line.partition(": ")[0] for line in err.splitlines()] == [
            "refused a request from 127.0.0.1",
            f"refused a request from {own_address()}",
        ]
        assert "the URL does not have the token" in err
        assert token not in out + err


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("given", ["option", "variable", "both"])
def test_the_token_can_be_chosen(given, host):
    token = "the-token-of-this-test"
    arguments = () if given == "variable" else ("--token", token)
    variables = {} if given == "option" else {"MAILKIT_SANDBOX_TOKEN": token if given == "variable" else "x" * 20}
    with running("--host", host, *arguments, **variables) as sandbox:
        assert urllib.parse.urlsplit(sandbox.env["MAILKIT_URL"]).path == f"/{token}/rpc.fcgi"
        with sandbox.client() as mailkit:
            assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
        assert token not in "".join(map(str, sandbox.stop()))


def test_an_empty_variable_is_not_a_token():
    with running("--host", "0.0.0.0", MAILKIT_SANDBOX_TOKEN="") as sandbox:
        assert re.search(r"/[0-9a-f]{32}/rpc\.fcgi$", sandbox.env["MAILKIT_URL"])


def test_ipv6():
    with running("--host", "::1") as sandbox, sandbox.client() as mailkit:
        assert sandbox.env["MAILKIT_URL"].startswith("http://[::1]:")
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_state_and_ctrl_c_for_other_machines(tmp_path):
    arguments = ("--host", "0.0.0.0", "--state", tmp_path / "state", "--token", "the-token-of-this-test")
    for _ in range(2):
        with running(*arguments) as sandbox, sandbox.client() as mailkit:
            mailkit.journeys.trigger("jane@example.com", "order_paid")
            assert sandbox.stop(signal.SIGINT)[::2] == (130, "stopped\n")
    with Sandbox(state=tmp_path / "state") as kept:
        kept.assert_triggered(times=2)
    assert b"the-token-of-this-test" not in (tmp_path / "state").read_bytes()


# Errors at the start


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--allow-ip", "nowhere"), "allowed_ips: 'nowhere' does not appear to be an IPv4 or IPv6 network"),
        (("--next", "drop_aftr"), "there is no fault 'drop_aftr'; did you mean drop_after?"),
        (("--every", "2", "status"), "status needs status: "),
        (("--next", "'"), "the quotes of a fault are not balanced: '"),
        (("--token", "secret"), "token must be 16 to 128 letters, digits, - or _, because it is a part of the URL"),
        (("--token", ""), "token must be 16 to 128 letters"),
        (("--host", ""), "host must be an address or a hostname"),
        (("--host", "nowhere.invalid"), "cannot listen on nowhere.invalid port 0 ("),
        (("--host", "192.0.2.1"), "cannot listen on 192.0.2.1 port 0 (Cannot assign requested address); choose an ad"),
    ],
)
def test_an_invalid_option_is_refused_at_the_start(arguments, error, cli):
    result = cli("sandbox", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.error.startswith(error)


def test_a_port_that_is_in_use_is_refused(cli):
    with Sandbox() as other:
        port = urllib.parse.urlsplit(other.url).port
        result = cli("sandbox", "--port", port)
    assert result.code == 2
    assert result.error.startswith(f"cannot listen on 127.0.0.1 port {port} (Address already in use")


def test_an_unusable_state_file_is_refused(cli, tmp_path):
    foreign = tmp_path / "foreign"
    foreign.write_text("something else")
    for path in [tmp_path, tmp_path / "none" / "state", foreign]:
        result = cli("sandbox", "--state", path)
        assert result.code == 2
        assert result.error.startswith(f"cannot keep the sandbox's state in {path} (")
    assert foreign.read_text() == "something else"


# Options


def test_the_state_survives_a_restart(tmp_path):
    state = tmp_path / "state"
    for order in ("A-17", "A-18"):
        with running("--state", state) as sandbox, sandbox.client() as mailkit:
            mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": order})
            assert sandbox.stop()[0] == 0
    with Sandbox(state=state) as kept:
        assert [event.event_data for event in kept.events] == [{"order": "A-17"}, {"order": "A-18"}]
        assert len(kept.calls) == 2


def test_a_killed_sandbox_has_kept_the_answered_calls(tmp_path):
    state = tmp_path / "state"
    with running("--state", state) as sandbox, sandbox.client() as mailkit:
        mailkit.journeys.trigger("jane@example.com", "order_paid")
        sandbox.process.kill()
        sandbox.process.wait(PATIENCE)
    with Sandbox(state=state) as kept:
        kept.assert_triggered(email="jane@example.com", times=1)


def test_faults_are_injected_into_the_next_calls_and_every_nth():
    arguments = ("--next", "drop_after", "--next", "refuse 'Missing account'", "--every", 2, "status 500")
    with running(*arguments) as sandbox, sandbox.client(retry=None) as mailkit:
        with pytest.raises(InDoubtError):
            mailkit.journeys.trigger("jane@example.com", "1")
        assert mailkit.journeys.trigger("jane@example.com", "2").error == "Missing account"
        assert mailkit.journeys.trigger("jane@example.com", "3").ok
        with pytest.raises(HTTPStatusError):
            mailkit.journeys.trigger("jane@example.com", "4")
        assert mailkit.journeys.trigger("jane@example.com", "5").ok
        outcomes = [line.split()[1] for line in sandbox.lines(5)]
        assert outcomes == ["drop_after", "refuse", "DONE", "status", "DONE"]


def test_addresses_can_be_allowed():
    with running("--allow-ip", "192.0.2.0/24", "--allow-ip", "2001:db8::/32") as sandbox, sandbox.client() as mailkit:
        assert mailkit.call("system.listMethods").error == "Disallowed IP 127.0.0.1"
    with running("--allow-ip", "127.0.0.1") as sandbox, sandbox.client() as mailkit:
        assert mailkit.call("system.listMethods").ok


# The line about a call


def test_the_line_is_short_however_large_the_call_is(tmp_path):
    rows = [{"email": f"user{number}@example.com", "first_name": "Jana"} for number in range(300)]
    with running("--state", tmp_path / "state") as sandbox, sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        mailkit.mailinglist.import_(vip, rows)
        mailkit.journeys.trigger("jane@example.com", "x", {f"member{number}": "x" * 9999 for number in range(300)})
        mailkit.journeys.trigger("jane@example.com", "x" * 20_000_000)
        mailkit.call("mailkit.journeys.trigger", *range(10_000))
        with pytest.raises(FaultError):
            mailkit.call("x" * 5000)
        lines = sandbox.lines(6)[1:]
        sandbox.stop()
    assert max(map(len, lines)) <= 200
    assert '300 rows: {"email": "user0@example.com", ' in lines[0]
    assert '"event_tag": "x", "event_data": {300 members}}]' in lines[1]
    assert '"event_tag": "xxx' in lines[2]
    assert '..." (20,000,000 characters)' in lines[2]
    assert "[10,000 values: 0, 1, " in lines[3]
    with Sandbox(state=tmp_path / "state") as kept:
        assert len(kept.events[1].event_tag) == 20_000_000
        assert len(kept.calls[1].params[1]) == 300


def test_a_line_of_json_is_complete():
    with running("--json") as sandbox, sandbox.client() as mailkit:
        mailkit.journeys.trigger("jane@example.com", "x" * 5000)
        assert json.loads(sandbox.lines(1)[0])["params"][0]["event_tag"] == "x" * 5000


# Stopping


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_call_in_progress_gets_its_answer(number, code):
    with running("--next", "drip 0.002") as sandbox, sandbox.client() as mailkit:
        results = []
        thread = threading.Thread(target=lambda: results.append(mailkit.journeys.trigger("jane@example.com", "x")))
        thread.start()
        sandbox.lines(1)  # the call was carried out, and its answer is still being sent
        assert sandbox.stop(number)[0] == code
        thread.join(PATIENCE)
    assert [result.ok for result in results] == [True]


def test_ctrl_c_prints_a_message():
    with running() as sandbox:
        assert sandbox.stop(signal.SIGINT) == (130, "", "stopped\n")


def test_ctrl_c_on_a_terminal():
    with Terminal("sandbox") as terminal:
        terminal.expect("export MAILKIT_CLIENT_MD5=")
        terminal.expect("\r\nstopped", press="\x03")
        assert terminal.end() == 130
        assert "Traceback" not in terminal.screen


def test_it_stops_when_stdout_is_closed():
    with running() as sandbox, sandbox.client() as mailkit:
        sandbox.process.stdout.close()
        assert mailkit.journeys.trigger("jane@example.com", "x").ok
        sandbox.process.stdout = None
        _, err = sandbox.process.communicate(timeout=PATIENCE)
        assert (sandbox.process.returncode, err) == (0, b"")


def test_it_runs_with_stdout_closed_at_the_start(tmp_path):
    script = '"$@" >&- 2>err & until grep -q MD5 err; do sleep 0.05; done; kill %1; wait %1'
    result = subprocess.run(
        ["bash", "-c", script, "bash", *COMMAND, "sandbox"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        timeout=PATIENCE,
    )
    assert (result.returncode, result.stdout) == (0, b"")


# Hostile and odd clients


def post(sandbox, body):
    parts = urllib.parse.urlsplit(sandbox.env["MAILKIT_URL"])
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        connection.request("POST", parts.path, body)
        return connection.getresponse().read()
    finally:
        connection.close()


def method_call(name):
    """A call of a method with an invalid name, which the encoder would refuse."""
    escaped = name.replace("\r", "&#13;")
    request = encode_request("NAME", [12345678, MD5]).decode()
    return request.replace("NAME", escaped).encode()


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_no_control_character_of_a_client_reaches_the_screen(flags):
    with running(*flags) as sandbox:
        with sandbox.client() as mailkit:
            mailkit.journeys.trigger(HOSTILE, HOSTILE, {HOSTILE: [HOSTILE]})
        post(sandbox, method_call(HOSTILE))
        post(sandbox, method_call("mailkit.x\n12:00:00 DONE mailkit.forged []"))
        post(sandbox, b"\x1b[31m rubbish \x9b")
        code, out, err = sandbox.stop()
        assert (code, err) == (0, "")
        assert not controls(out.replace("\n", ""))
        lines = out.splitlines()
        assert len(lines) == 4
        if flags:
            assert json.loads(lines[0])["params"][0]["email"] == HOSTILE
            assert all(json.loads(line) for line in lines)


def test_characters_that_the_encoding_lacks_are_escaped():
    with running(PYTHONIOENCODING="latin-1") as sandbox, sandbox.client() as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "x", {"name": "Dvo\u0159ak"}).ok
        assert '"Dvo\\u0159ak"' in sandbox.lines(1)[0]


def test_wrong_credentials_are_not_shown():
    with running() as sandbox:
        wrong = "0123456789abcdef0123456789abcdef"
        with Client(1, wrong, url=sandbox.env["MAILKIT_URL"]) as mailkit:
            assert mailkit.call("system.listMethods", wrong, MD5).error == "Unauthorized"
        with sandbox.client() as mailkit:
            assert not mailkit.call("mailkit.journeys.trigger", {"email": "", MD5: [MD5, {"a": MD5}]}, MD5).ok
        code, out, err = sandbox.stop()
        assert code == 0
        assert wrong not in out + err
        assert MD5 not in out + err
