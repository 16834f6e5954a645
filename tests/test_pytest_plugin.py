"""The fixtures, as somebody else's tests use it: pytest runs in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mailkit_xmlrpc
from mailkit_xmlrpc.sandbox import Sandbox

TESTS = {
    "a running sandbox": """
        def test(mailkit_sandbox):
            with mailkit_sandbox.client() as mailkit:
                assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
            mailkit_sandbox.assert_triggered(email="jane@example.com", event_tag="order_paid", times=1)
    """,
    "a client for asyncio": """
        import asyncio

        async def order_paid(mailkit):
            async with mailkit:
                return await mailkit.journeys.trigger("jane@example.com", "order_paid")

        def test(mailkit_sandbox):
            assert asyncio.run(order_paid(mailkit_sandbox.async_client())).ok
            mailkit_sandbox.assert_triggered(times=1)

        def test_from_the_environment(mailkit_env):
            from mailkit_xmlrpc import AsyncClient

            assert asyncio.run(order_paid(AsyncClient.from_env())).ok
            mailkit_env.assert_triggered(times=1)
    """,
    "one server, empty and healthy for each test": """
        urls = set()

        def leave_traces(sandbox):
            urls.add(sandbox.url)
            assert sandbox.events == sandbox.calls == []
            with sandbox.client(retry=None) as mailkit:
                assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
            sandbox.fail_next("drop_after")
            sandbox.fail_every(1, "unauthorized")

        def test_one(mailkit_sandbox):
            leave_traces(mailkit_sandbox)

        def test_two(mailkit_sandbox):
            leave_traces(mailkit_sandbox)

        def test_it_was_one_server():
            assert len(urls) == 1
    """,
    "a test may stop it": """
        import pytest
        from mailkit_xmlrpc import NotSentError

        def test_dead(mailkit_sandbox):
            mailkit_sandbox.stop()
            with mailkit_sandbox.client(retry=None) as mailkit, pytest.raises(NotSentError):
                mailkit.journeys.trigger("jane@example.com", "order_paid")

        def test_alive(mailkit_sandbox):
            with mailkit_sandbox.client(retry=None) as mailkit:
                assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
    """,
    "nothing is imported or started for those who do not ask": """
        import sys, threading

        def test():
            assert not [name for name in sys.modules if name.startswith("mailkit_xmlrpc.sandbox")]
            assert threading.active_count() == 1
    """,
}


_DISTURBING = re.compile("PYTEST_.*|MAILKIT_.*|.*_proxy", re.IGNORECASE)


def run(tmp_path, code, *options, **variables):
    lines = code.splitlines()
    (tmp_path / "test_shop.py").write_text("\n".join(line[8:] for line in lines), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    environment = {
        **{name: value for name, value in os.environ.items() if not _DISTURBING.fullmatch(name)},
        "PYTHONPATH": str(Path(mailkit_xmlrpc.__file__).parent.parent),
        # The package may be installed, and have announced the plugin, or not.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONWARNINGS": "error",
        **variables,
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mailkit_xmlrpc.pytest_plugin", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *options], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=60
    )


@pytest.mark.parametrize("code", TESTS.values(), ids=TESTS)
def test_the_fixture(tmp_path, code):
    ended = run(tmp_path, code)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "warning" not in ended.stdout
    assert ended.stderr == ""


def test_a_failure_is_readable(tmp_path):
    code = """
        def test(mailkit_sandbox):
            with mailkit_sandbox.client() as mailkit:
                mailkit.journeys.trigger("jane@example.com", "order_paid", {"order": "A-17"})
            mailkit_sandbox.assert_triggered(event_tag="order_paid", event_data={"order": "A-18"})
    """
    ended = run(tmp_path, code)
    assert ended.returncode == 1
    assert "E       AssertionError: no event was triggered with" in ended.stdout
    assert "event_data.order: wanted 'A-18', but it is 'A-17'" in ended.stdout
    # The traceback ends in the test, not in the sandbox.
    assert "assertions.py" not in ended.stdout
    assert "sandbox.py:" not in ended.stdout


def test_the_fixture_is_listed_with_what_it_is(tmp_path):
    ended = run(tmp_path, "", "--fixtures")
    assert "mailkit_sandbox" in ended.stdout
    assert "without events, calls or faults" in ended.stdout
    assert "mailkit_env" in ended.stdout
    assert "make `Client.from_env` call it during the test" in ended.stdout
    assert "_mailkit_sandbox_of_the_run" not in ended.stdout


# mailkit_env

SHOP = """
        import os
        from mailkit_xmlrpc import Client

        def order_paid(email):
            with Client.from_env() as mailkit:
                return mailkit.journeys.trigger(email, "order_paid").ok
"""


@pytest.fixture
def real():
    """It stands in for Mailkit itself, which no test may call."""
    with Sandbox(client_id=99, client_md5="f" * 32) as real:
        yield real
        assert real.calls == []


def passes(tmp_path, code, *options, **variables):
    ended = run(tmp_path, SHOP + code, *options, **variables)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def test_a_client_from_the_environment_calls_the_sandbox(tmp_path):
    code = """
        def test(mailkit_env, mailkit_sandbox):
            assert mailkit_env is mailkit_sandbox
            assert order_paid("jane@example.com")
            mailkit_env.assert_triggered(email="jane@example.com", times=1)

        def test_the_next_one_is_empty(mailkit_env):
            mailkit_env.assert_not_triggered()
            assert order_paid("john@example.com")

        def test_it_is_over():
            assert not [name for name in os.environ if name.startswith("MAILKIT_")]
    """
    passes(tmp_path, code)


def test_real_settings_are_not_used_and_come_back(tmp_path, real):
    code = """
        before = dict(os.environ)

        def test(mailkit_env):
            assert order_paid("jane@example.com")
            assert os.environ["MAILKIT_CLIENT_MD5"] == mailkit_env.client_md5
            mailkit_env.assert_triggered(times=1)

        def test_a_process_of_the_test(mailkit_env):
            import subprocess, sys

            program = "from mailkit_xmlrpc import Client; Client.from_env().journeys.trigger('a@example.com', 'x')"
            subprocess.run([sys.executable, "-c", program], check=True)
            mailkit_env.assert_triggered(email="a@example.com")

        def test_a_test_that_fails(mailkit_env):
            raise KeyError("on purpose")

        def test_they_are_back():
            after = dict(os.environ)
            after["PYTEST_CURRENT_TEST"] = before.get("PYTEST_CURRENT_TEST")
            before["PYTEST_CURRENT_TEST"] = before.get("PYTEST_CURRENT_TEST")
            assert after == before
    """
    ended = run(tmp_path, SHOP + code, **real.env, MAILKIT_TIMEOUT="0.000001", NO_PROXY="intranet")
    assert "1 failed, 3 passed" in ended.stdout, ended.stdout
    assert "on purpose" in ended.stdout


def test_a_test_may_change_the_variables_too(tmp_path, real):
    code = """
        import pytest

        def change(monkeypatch):
            monkeypatch.setenv("MAILKIT_CLIENT_MD5", "0" * 32)
            monkeypatch.setenv("MAILKIT_TIMEOUT", "5")
            assert not order_paid("jane@example.com")

        def test_first(monkeypatch, mailkit_env):
            change(monkeypatch)

        def test_last(mailkit_env, monkeypatch):
            change(monkeypatch)

        @pytest.fixture
        def own(monkeypatch):
            monkeypatch.setenv("MAILKIT_URL", "http://127.0.0.1:9/")

        def test_with_a_fixture_before(own, mailkit_env):
            assert order_paid("jane@example.com")

        def test_they_are_back():
            assert os.environ["MAILKIT_CLIENT_MD5"] == "f" * 32
            assert "MAILKIT_TIMEOUT" not in os.environ
    """
    passes(tmp_path, code, **real.env)


@pytest.mark.parametrize("bypass", [{}, {"NO_PROXY": "intranet"}, {"no_proxy": "intranet,.example"}, {"NO_PROXY": "*"}])
def test_a_proxy_does_not_matter(tmp_path, bypass):
    code = """
        import urllib.request

        def test(mailkit_env):
            assert order_paid("jane@example.com")
            with urllib.request.urlopen(mailkit_env.url.replace("rpc.fcgi", ""), timeout=5) as answer:
                assert answer.status == 200
            for name in filter(None, os.environ.get("BYPASS", "").split(",")):
                assert urllib.request.proxy_bypass(name.lstrip(".") if name != "*" else "any.example")
    """
    proxies = dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"], "http://127.0.0.1:9")
    passes(tmp_path, code, **proxies, **bypass, BYPASS="".join(bypass.values()))


def test_a_dotenv_file_that_is_read_in_the_test_does_not_matter(tmp_path, real):
    """Such a library sets only the variables that are not set."""
    lines = {**real.env, "MAILKIT_TIMEOUT": "0.000001"}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    code = """
        def test(mailkit_env):
            from pathlib import Path

            for line in Path(".env").read_text(encoding="utf-8").split():
                os.environ.setdefault(*line.split("=", 1))
            assert order_paid("jane@example.com")
            mailkit_env.assert_triggered(times=1)
    """
    passes(tmp_path, code)


def test_it_can_be_used_for_every_test(tmp_path, real):
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture(autouse=True)\ndef _no_real_mailkit(mailkit_env):\n    pass\n"
    )
    code = """
        def test():
            assert order_paid("jane@example.com")
    """
    passes(tmp_path, code, **real.env)
