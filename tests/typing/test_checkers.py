"""What two type checkers say of the public names, of the documents' code, and of the package in a user's project.

The code of README.md and docs/ is checked as strictly as the package, but for the functions that an example defines:
they need no annotations. mypy and pyright are in the group `dev`; pyright runs on Node.js.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..reader import FILE
from ..test_documents import ROOT, blocks, missing_for

API = Path(__file__).with_name("api.py")
UNTYPED_FUNCTIONS = ("--allow-untyped-defs", "--allow-incomplete-defs", "--allow-untyped-calls")


def run(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A checker's run that finds the package in this repository, and the modules of a folder."""
    found = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]), "MYPYPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=found, capture_output=True, encoding="utf-8", timeout=300
    )


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A module for each block of code, in which it has the lines of its document."""
    folder = tmp_path_factory.mktemp("documents")
    modules = []
    for parameters in blocks("python"):
        code, document, line = parameters.values
        if document.name == "django.md":
            continue  # Django has no annotations
        file = FILE.match(code)
        if file and missing_for(document):
            continue
        # Files import one another by their names.
        name = file[1] if file else f"{document.stem.lower().replace('-', '_')}_{line}.py"
        module = folder / name
        module.write_text("\n" * (line - 1) + code, encoding="utf-8")
        modules.append(str(module))
    assert len(modules) > 50
    return modules


@pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")
class TestMypy:
    def test_has_no_complaint_about_the_documents_code(self, documents: list[str], tmp_path: Path) -> None:
        ended = run("mypy", "--strict", *UNTYPED_FUNCTIONS, "--cache-dir", str(tmp_path), *documents)
        assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def pyright() -> None:
    if find_spec("pyright") is None:
        pytest.skip("pyright is not installed")
    started = run("pyright", "--version")
    if started.returncode != 0:
        pytest.skip(f"pyright does not start; it needs Node.js and downloads itself: {started.stderr[-200:]}")


@pytest.mark.usefixtures("pyright")
class TestPyright:
    def test_has_no_complaint_about_the_public_names_and_the_documents_code(self, documents: list[str]) -> None:
        folder = Path(documents[0]).parent
        ended = run("pyright", "--pythonpath", sys.executable, str(API), *documents, folder=folder)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def test_finds_every_mistake(self, tmp_path: Path) -> None:
        """mypy does, or it would complain of a comment that is not needed."""
        code = API.read_text(encoding="utf-8").replace("# type: ignore", "# mistake")
        (tmp_path / "api.py").write_text(code, encoding="utf-8")
        ended = run("pyright", "--pythonpath", sys.executable, "--outputjson", str(tmp_path / "api.py"))
        found = {1 + each["range"]["start"]["line"] for each in json.loads(ended.stdout)["generalDiagnostics"]}
        assert found == {number for number, line in enumerate(code.splitlines(), 1) if "# mistake" in line}

    def test_knows_the_type_of_every_public_name(self) -> None:
        ended = run(
            *("pyright", "--pythonpath", sys.executable),
            *("--verifytypes", "mailkit_xmlrpc", "--ignoreexternal", "--outputjson"),
        )
        report = json.loads(ended.stdout)["typeCompleteness"]
        unclear = [symbol for symbol in report["symbols"] if symbol["isExported"] and not symbol["isTypeKnown"]]
        found = [(symbol["name"], [each["message"] for each in symbol["diagnostics"]]) for symbol in unclear]
        assert (found, report["completenessScore"]) == ([], 1)
