"""docs/from-php.md: each task's PHP block sends the same calls to a sandbox as its Python block."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
from pathlib import Path

import pytest

from mailkit_xmlrpc import php
from mailkit_xmlrpc.sandbox import Sandbox

from .live import missing

DOCUMENT = Path(__file__).parents[2] / "docs" / "from-php.md"
TASK = re.compile(r"^## (\d+\. .*?)$(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TASKS = [(title, dict(BLOCK.findall(text))) for title, text in TASK.findall(DOCUMENT.read_text(encoding="utf-8"))]


def received(sandbox):
    return [(call.method, call.params, call.answer) for call in sandbox.calls]


@pytest.fixture
def sandbox(monkeypatch):
    with Sandbox() as sandbox:
        for name, value in sandbox.env.items():
            monkeypatch.setenv(name, value)
        yield sandbox


def test_there_are_ten_tasks_in_both_languages():
    assert [title.partition(".")[0] for title, _ in TASKS] == [str(number) for number in range(1, 11)]
    assert all(set(blocks) == {"php", "python"} for _, blocks in TASKS)


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
@pytest.mark.parametrize(("title", "blocks"), TASKS, ids=[title for title, _ in TASKS])
def test_both_blocks_send_the_same_calls(title, blocks, sandbox, capsys):
    ended = subprocess.run(
        ["php", "-d", "display_errors=stderr", "-d", "error_reporting=-1"],
        input="<?php " + blocks["php"],
        capture_output=True,
        encoding="utf-8",
        env=dict(os.environ),
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout
    from_php = received(sandbox)
    sandbox.clear()
    exec(compile(blocks["python"], str(DOCUMENT), "exec"), {"__name__": "block"})
    assert received(sandbox) == from_php
    assert len(from_php) == (0 if title.startswith("10.") else 1)


def test_the_example_of_the_package():
    ran = doctest.testmod(php)
    assert (ran.failed, ran.attempted) == (0, 2)
