"""`main` without the [cli] extra, and the imports of the library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mailkit_xmlrpc.cli import main

from ..servers import PATIENCE
from .conftest import environment


def python(code):
    return subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_the_error_names_the_packages(missing):
    result = python(f"import sys; sys.modules[{missing!r}] = None; from mailkit_xmlrpc.cli import main; main()")
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == "mailkit-xmlrpc needs two more packages: pip install 'mailkit_xmlrpc[cli]'\n"


def test_another_import_error_is_not_reported_as_a_missing_package():
    result = python("import sys; sys.modules['signal'] = None; from mailkit_xmlrpc.cli import main; main()")
    assert result.returncode == 1
    assert "import of signal halted" in result.stderr
    assert "pip install" not in result.stderr


def test_the_library_does_not_import_click_or_rich():
    result = python("import sys, mailkit_xmlrpc, mailkit_xmlrpc.cli; print({'click', 'rich'} & set(sys.modules))")
    assert result.stdout == "set()\n"


def test_main_exits_with_the_code_of_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mailkit-xmlrpc", "trigger", "jane@example.com", "", "--sandbox"])
    with pytest.raises(SystemExit) as result:
        main()
    assert result.value.code == 1
    assert capsys.readouterr().err == "error: mailkit.journeys.trigger was refused: Missing event_tag\n"


def test_the_package_runs_as_a_program(process):
    assert process("--version").out.startswith("mailkit-xmlrpc, version ")
