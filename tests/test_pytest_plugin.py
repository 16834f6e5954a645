"""The fixture, as somebody else's tests use it: pytest runs in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import mailkit_xmlrpc

TESTS = {
    "a running sandbox": """
        def test(mailkit_sandbox):
            with mailkit_sandbox.client() as mailkit:
                assert mailkit.journeys.trigger("jane@example.com", "order_paid").ok
            mailkit_sandbox.assert_triggered(email="jane@example.com", event_tag="order_paid", times=1)
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


def run(tmp_path, code, *options):
    lines = code.splitlines()
    (tmp_path / "test_shop.py").write_text("\n".join(line[8:] for line in lines), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(mailkit_xmlrpc.__file__).parent.parent),
        # The package may be installed, and have announced the plugin, or not.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONWARNINGS": "error",
    }
    environment.pop("PYTEST_ADDOPTS", None)
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
    assert "_mailkit_sandbox_of_the_run" not in ended.stdout
