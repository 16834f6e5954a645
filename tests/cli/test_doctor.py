"""`doctor`: each problem is found, named and has its exit code. No e-mail is sent."""

from __future__ import annotations

import email.utils
import re
import time

import pytest

from mailkit_xmlrpc.sandbox import Sandbox

from ..servers import MD5, ConnectProxy, ScriptedServer, answer, certificates, drip, hang, http, unused_port
from .test_output import ANSWERS

FINE = "credentials and IP address are accepted (a trigger without e-mail was refused)"
REFUSED = answer("Missing email")
QUICK = ("--timeout", "0.4")


@pytest.fixture
def doctor(cli):
    """Run `doctor` with and without --json, and compare the two. Returns the exit code and {check: (ok, found)}."""

    def examine(*flags):
        plain = cli("doctor", *flags)
        result = cli("doctor", "--json", *flags)
        checks = {check["check"]: (check["ok"], check["found"]) for check in result.json}
        failed = [f"error: {name}: {found}" for name, (ok, found) in checks.items() if ok is False]
        assert result.err.splitlines() == failed
        marks = {True: "ok", False: "FAILED", None: "skipped"}
        assert [line.split()[:2] for line in plain.out.splitlines()] == [
            [marks[ok], name] for name, (ok, _) in checks.items()
        ]
        assert plain.err == "", "a failure is printed twice"
        assert plain.code == result.code
        return result.code, checks

    return examine


@pytest.fixture
def trusted(monkeypatch, tmp_path):
    """Trust the certificate authority of the tests."""
    path = tmp_path / "authority.pem"
    certificates().authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def server_of(*answers, **options):
    """A server that gives these answers twice, because a test runs `doctor` twice."""
    return ScriptedServer(*answers * 2, **options)


# No problems


def test_the_sandbox_passes_all_checks(doctor):
    code, checks = doctor("--sandbox")
    assert code == 0
    assert list(checks) == ["configuration", "proxy", "name", "connection", "clock", "call"]
    assert all(ok for name, (ok, _) in checks.items() if name != "clock")  # the sandbox sends no Date
    assert checks["configuration"][1].startswith("client_id 12345678, md5 of 32 hex digits, http://127.0.0.1:")
    assert checks["call"][1] == FINE


def test_no_email_is_sent(doctor, sandbox):
    assert doctor()[0] == 0
    assert sandbox.events == []
    assert {(call.method, str(call.params), call.answer) for call in sandbox.calls} == {
        ("mailkit.journeys.trigger", "({'email': '', 'event_tag': ''},)", "Missing email")
    }


def test_tls_is_described(doctor, trusted, point_at):
    with server_of(http(), REFUSED, tls=certificates().good()) as server:
        point_at(server.url)
        code, checks = doctor()
    assert code == 0
    ok, found = checks["TLS"]
    assert ok
    assert found.startswith("TLSv1.3, certificate valid until ")


# Configuration


def test_without_credentials_nothing_else_is_checked(doctor):
    code, checks = doctor()
    assert (code, list(checks)) == (2, ["configuration"])
    assert checks["configuration"][1].startswith("no credentials: set MAILKIT_CLIENT_ID and MAILKIT_CLIENT_MD5")


@pytest.mark.parametrize(
    ("variable", "value", "found"),
    [
        ("MAILKIT_CLIENT_MD5", MD5[:31], "client_md5 must be 32 hex digits (menu Profile / Integration)"),
        ("MAILKIT_CLIENT_ID", "me", "client_id must be a positive int or a string of digits"),
        ("MAILKIT_URL", "api.mailkit.eu", "the URL must be like https://"),
        ("MAILKIT_URL", "http://example.com/", "over plain http the md5 is not encrypted"),
        ("MAILKIT_TIMEOUT", "soon", "MAILKIT_TIMEOUT must be a number of seconds"),
    ],
)
def test_a_bad_variable_is_named(variable, value, found, doctor, point_at, monkeypatch):
    point_at("https://127.0.0.1:1/")
    monkeypatch.setenv(variable, value)
    code, checks = doctor()
    assert (code, list(checks)) == (2, ["configuration"])
    assert checks["configuration"][1].startswith(found)


def test_a_file_that_others_have_access_to_is_found(doctor, tmp_path):
    path = tmp_path / "credentials"
    path.write_text(f"client_id = 12345678\nclient_md5 = {MD5}\n")
    path.chmod(0o644)
    code, checks = doctor("--credentials", str(path))
    assert (code, checks["configuration"]) == (2, (False, f"others have access to {path}; run: chmod 600 {path}"))


# Name and connection


def test_a_dead_port_is_found(doctor, point_at):
    port = unused_port()
    point_at(f"http://127.0.0.1:{port}/")
    code, checks = doctor(*QUICK)
    assert code == 6
    assert checks["name"] == (True, "127.0.0.1 resolves to 127.0.0.1")
    refused = f"cannot connect to 127.0.0.1:{port} (Connection refused); is the server running?"
    assert checks["connection"] == (False, refused)
    assert "call" not in checks  # it would fail for the same reason


@pytest.mark.parametrize("host", ["nothing.invalid", "x" * 64 + ".example.com"])
def test_an_unknown_host_is_found(host, doctor, point_at):
    point_at(f"https://{host}/rpc.fcgi")
    code, checks = doctor(*QUICK)
    assert code == 6
    ok, found = checks["name"]
    assert not ok
    assert found.startswith(f"{host} does not resolve (")
    assert found.endswith("); check the URL and DNS")
    assert "TLS" not in checks


def test_a_server_that_does_not_answer_is_found_in_time(cli, point_at):
    with ScriptedServer(ever_after=hang) as server:
        point_at(server.url)
        started = time.monotonic()
        result = cli("doctor", *QUICK)
        assert time.monotonic() - started < 6
    assert result.code == 5
    assert (
        "skipped clock          not checked: the server did not send a valid Date header\nFAILED  call " in result.out
    )


def test_a_server_that_answers_slowly_is_found_in_time(cli, point_at):
    with ScriptedServer(ever_after=drip(http(b"", "X-Long: " + "x" * 10_000))) as server:
        point_at(server.url)
        started = time.monotonic()
        assert cli("doctor", *QUICK).code == 5
        assert time.monotonic() - started < 6


# TLS


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("expired", "certificate has expired"),
        ("wrong_host", "IP address mismatch"),
        ("unknown_authority", "unable to get local issuer certificate"),
        ("self_signed", "self-signed certificate"),
    ],
)
def test_a_bad_certificate_is_found(kind, reason, doctor, trusted, point_at):
    with ScriptedServer(tls=getattr(certificates(), kind)()) as server:
        point_at(server.url)
        code, checks = doctor(*QUICK)
    assert code == 6
    ok, found = checks["TLS"]
    assert not ok
    assert "is not trusted" in found
    assert reason in found.replace("self signed", "self-signed")
    assert "clock" not in checks


def test_a_server_without_tls_is_found(doctor, point_at):
    with ScriptedServer(ever_after=http()) as server:
        point_at(server.url.replace("http:", "https:"))
        code, checks = doctor(*QUICK)
    assert (code, checks["TLS"][0]) == (6, False)
    assert checks["TLS"][1].startswith("TLS with 127.0.0.1:")


# Clock


@pytest.mark.parametrize(("off", "ok"), [(0, True), (100, True), (-3600, False), (3600, False), (-(10**9), False)])
def test_the_clock_is_compared(off, ok, doctor, point_at):
    date = email.utils.formatdate(time.time() - off, usegmt=True)
    with server_of(http(b"", f"Date: {date}"), REFUSED) as server:
        point_at(server.url)
        code, checks = doctor()
    assert code == (0 if ok else 2)
    assert checks["clock"][0] == ok
    if not ok:
        assert checks["clock"][1].endswith(" s; synchronize it with NTP")
        match = re.match(r"this machine's clock is off by ([+-][0-9]+) s;", checks["clock"][1])
        assert int(match[1]) == pytest.approx(off, abs=2)


@pytest.mark.parametrize(
    "date", ["", "now", "Mon, 31 Feb 2026 00:00:00 GMT", "Mon, 99 Foo 2026 00:00:00 GMT", "0", "\x1b[31m"]
)
def test_an_invalid_date_is_not_a_failure(date, doctor, point_at):
    with server_of(http(b"", f"Date: {date}"), REFUSED) as server:
        point_at(server.url)
        assert doctor()[0] == 0


# The call


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("Unauthorized", 4, "Mailkit answered Unauthorized; see the menu Profile / Integration"),
        ("Disallowed IP 192.0.2.7", 4, "Mailkit answered Disallowed IP 192.0.2.7; see the menu Profile / Integration"),
        ("Missing account", 1, "Mailkit answered Missing account"),
        ({"message": "Added", "status": "OK", "error_status": 0}, 1, "Mailkit answered Added"),
    ],
)
def test_another_answer_of_mailkit_is_reported(text, code, found, doctor, point_at):
    with server_of(http(), answer(text)) as server:
        point_at(server.url)
        assert doctor()[0] == code
    with server_of(http(), answer(text)) as server:
        point_at(server.url)
        assert doctor()[1]["call"] == (False, found)


def test_wrong_credentials_are_found(doctor, sandbox, monkeypatch):
    monkeypatch.setenv("MAILKIT_CLIENT_MD5", "0" * 32)
    code, checks = doctor()
    assert (code, checks["call"][0]) == (4, False)
    assert "Unauthorized" in checks["call"][1]


def test_an_address_that_is_not_allowed_is_found(doctor, point_at):
    with Sandbox(allowed_ips=["192.0.2.0/24"]) as sandbox:
        point_at(sandbox.url)
        code, checks = doctor()
    assert (code, checks["call"]) == (
        4,
        (False, "Mailkit answered Disallowed IP 127.0.0.1; see the menu Profile / Integration"),
    )


@pytest.mark.parametrize(("fault", "code"), [("drop_after", 5), ("status 404", 1), ("html", 5), ("fault 3", 1)])
def test_any_other_failure_is_reported(fault, code, doctor):
    assert doctor("--sandbox", "--fault", fault)[0] == code


def test_the_first_check_that_failed_gives_the_code(doctor, point_at):
    date = email.utils.formatdate(time.time() - 3600, usegmt=True)
    with server_of(http(b"", f"Date: {date}"), answer("Unauthorized")) as server:
        point_at(server.url)
        assert doctor()[0] == 2


# Proxy


def test_a_proxy_is_named_and_used(doctor, trusted, point_at, monkeypatch):
    with server_of(http(), REFUSED, tls=certificates().good()) as server, ConnectProxy(auth="user:secret") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url_as("user:secret"))
        point_at(server.url)
        code, checks = doctor()
        assert code == 0
        assert checks["proxy"] == (True, f"HTTPS_PROXY is {proxy.address}")
        assert "name" not in checks  # the proxy resolves it
        assert checks["TLS"][0]
        assert len(proxy.tunnels) == 6  # of each run: to try the proxy, TLS, and the call


def test_no_proxy_is_respected(doctor, trusted, point_at, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with server_of(http(), REFUSED, tls=certificates().good()) as server:
        point_at(server.url)
        code, checks = doctor()
    assert (code, checks["proxy"]) == (0, (True, "none"))


@pytest.mark.parametrize("url", ["socks5://user:secret@127.0.0.1:1", "http://", "http://127.0.0.1:99999"])
def test_a_proxy_that_cannot_be_used_is_found(url, doctor, point_at, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", url)
    point_at("https://127.0.0.1:1/")
    code, checks = doctor(*QUICK)
    assert (code, checks["proxy"][0]) == (2, False)
    assert "secret" not in str(checks)


@pytest.mark.parametrize("answer_with", [None, "407", b"\x1b[31m rubbish\r\n\r\n"])
def test_a_proxy_that_does_not_open_a_tunnel_is_found(answer_with, doctor, point_at, monkeypatch):
    rubbish = answer_with if isinstance(answer_with, bytes) else None
    with ConnectProxy(auth="user:other" if answer_with == "407" else None, rubbish=rubbish) as proxy:
        url = f"http://127.0.0.1:{unused_port()}" if answer_with is None else proxy.url_as("user:secret")
        monkeypatch.setenv("HTTPS_PROXY", url)
        point_at("https://mailkit.example.com/")
        code, checks = doctor(*QUICK)
    assert (code, checks["proxy"][0]) == (6, False)
    assert checks["proxy"][1].count("the proxy 127.0.0.1:") == 1
    assert checks["proxy"][1].endswith("; check HTTPS_PROXY")
    assert list(checks) == ["configuration", "proxy"]
    assert "secret" not in str(checks)


# Hostile servers


@pytest.mark.parametrize("flags", [(), ("--json",), ("--verbose",)], ids=" ".join)
@pytest.mark.parametrize("name", ANSWERS)
def test_no_control_character_of_a_server_reaches_the_screen(name, flags, cli, point_at):
    with ScriptedServer(ever_after=ANSWERS[name]) as server:
        point_at(server.url)
        result = cli("doctor", *flags)
        assert result.code
        assert "\nerror: forged" not in f"\n{result.out}\n{result.err}"


def test_markup_in_an_answer_is_text(doctor, point_at):
    with server_of(http(), answer("[bold]no[/bold] :smile: [/x]")) as server:
        point_at(server.url)
        assert doctor()[1]["call"][1] == "Mailkit answered [bold]no[/bold] :smile: [/x]"


def test_an_md5_in_an_answer_is_not_shown(cli, point_at):
    with server_of(http(b"", f"Date: {MD5}"), answer(MD5)) as server:
        point_at(server.url)
        cli("doctor", "--verbose")  # `cli` checks the output for the md5
