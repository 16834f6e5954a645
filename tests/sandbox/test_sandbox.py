"""`Sandbox`, as its users see it."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import mailkit_xmlrpc.sandbox
from mailkit_xmlrpc import AsyncClient, Client, ConfigError
from mailkit_xmlrpc.sandbox import FAULTS, Bounds, Event, InjectedFault, Message, ReceivedCall, Sandbox

MD5 = "abc123def456abc123def456abc12345"


def test_the_defaults():
    with Sandbox() as sandbox:
        assert sandbox.client_id == 12345678
        assert sandbox.client_md5 == MD5
        assert sandbox.url.startswith("http://127.0.0.1:")
        assert sandbox.url.endswith("/rpc.fcgi")
        assert sandbox.events == sandbox.calls == []


def test_the_port_may_be_chosen():
    with Sandbox() as free:
        port = int(free.url.rpartition(":")[2].partition("/")[0])
    assert Sandbox(port).url == free.url
    with Sandbox(port) as sandbox:
        assert sandbox.url == free.url


WRONG = [
    ({"port": -1}, "port must be"),
    ({"port": 65536}, "port must be"),
    ({"port": "80"}, "port must be"),
    ({"port": True}, "port must be"),
    ({"client_id": 0}, "client_id must be"),
    ({"client_id": "x"}, "client_id must be"),
    ({"client_id": None}, "client_id must be"),
    ({"client_md5": "secret"}, "client_md5 must be 32 hex digits"),
    ({"client_md5": None}, "client_md5 must be"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_invalid_settings_are_refused_at_construction(options, message):
    with pytest.raises(ConfigError, match=f"^{message}") as caught:
        Sandbox(**options)
    assert "secret" not in str(caught.value)


def test_there_is_no_url_before_the_start():
    with pytest.raises(ConfigError, match="with Sandbox"):
        _ = Sandbox().url


def test_the_representation_has_the_url_and_no_secret():
    sandbox = Sandbox()
    assert repr(sandbox) == "<Sandbox not started>"
    with sandbox:
        assert repr(sandbox) == f"<Sandbox at {sandbox.url}>"


def test_the_client_is_a_client_with_options(sandbox):
    with sandbox.client(timeout=3, retry=None) as mailkit:
        assert isinstance(mailkit, Client)
        assert mailkit.url == sandbox.url
    with pytest.raises(TypeError):
        sandbox.client(tiemout=3)


def test_the_async_client_is_an_async_client_with_options(sandbox):
    async def trigger():
        async with sandbox.async_client(timeout=3, retry=None) as mailkit:
            assert type(mailkit) is AsyncClient
            assert mailkit.options.timeout == 3
            return await mailkit.journeys.trigger("jane@example.com", "order_paid")

    assert asyncio.run(trigger()).ok
    sandbox.assert_triggered(email="jane@example.com", times=1)
    with pytest.raises(TypeError, match="tiemout"):
        sandbox.async_client(tiemout=3)


def test_a_client_from_the_environment(sandbox, monkeypatch):
    for name, value in sandbox.env.items():
        monkeypatch.setenv(name, value)
    with Client.from_env() as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_clear_deletes_the_records_and_heal_the_faults(sandbox):
    with sandbox.client(retry=None) as mailkit:
        mailkit.journeys.trigger("jane@example.com", "order_paid")
        sandbox.fail_every(1, InjectedFault.parse("refuse text=no"))
        sandbox.fail_next("unauthorized")
        sandbox.clear()
        assert sandbox.events == sandbox.calls == []
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").error == "Unauthorized"
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").error == "no"
        sandbox.heal()
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_wrong_faults_are_refused_at_once(sandbox):
    with pytest.raises(ConfigError, match="did you mean drop_after"):
        sandbox.fail_next("drop_aftr")
    with pytest.raises(ConfigError, match="n must be"):
        sandbox.fail_every(0, "drop_after")
    with pytest.raises(ConfigError, match="an InjectedFault has its options already"):
        sandbox.fail_next(InjectedFault.of("delay"), seconds=3)
    with sandbox.client() as mailkit:
        assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok


def test_what_it_exports():
    names = ["Bounds", "Event", "FAULTS", "InjectedFault", "Message", "ReceivedCall", "Sandbox"]
    assert sorted(mailkit_xmlrpc.sandbox.__all__) == names
    assert all([Bounds, Event, FAULTS, InjectedFault, Message, ReceivedCall, Sandbox])


def test_importing_it_starts_nothing():
    code = (
        "import sys, threading, socket\n"
        "socket.socket.__init__ = None\n"
        "import mailkit_xmlrpc.sandbox, mailkit_xmlrpc.pytest_plugin\n"
        "assert threading.active_count() == 1\n"
        "mailkit_xmlrpc.sandbox.Sandbox()\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_plugin_does_not_import_the_sandbox():
    code = "import sys, mailkit_xmlrpc.pytest_plugin; assert not any('.sandbox' in name for name in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_program_that_does_not_stop_it_still_ends():
    code = "from mailkit_xmlrpc.sandbox import Sandbox\ns = Sandbox().start()\nprint(s.url)"
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=20)
    assert ended.stderr == b""


def test_it_leans_on_codec_and_errors_alone():
    """And, in `Sandbox` itself, on what credentials look like and on the clients that it makes; the
    address has the same idea of a loopback address as the options of a client."""
    folder = Path(mailkit_xmlrpc.sandbox.__file__).parent
    paths = list(folder.rglob("*.py"))
    assert folder / "rules" / "base.py" in paths
    for path in paths:
        outside = 1 + len(path.relative_to(folder).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == outside:
                own = {"sandbox.py": {"aio", "client", "options"}, "address.py": {"options"}}
                allowed = {"codec", "errors"} | own.get(path.name, set())
                assert str(node.module).partition(".")[0] in allowed, path
            elif isinstance(node, ast.Import):
                assert not any(alias.name.startswith("mailkit") for alias in node.names), path
