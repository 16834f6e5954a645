"""A reader who follows README.md and the pages of docs/ word for word.

The reader has an empty folder, the programs of this Python's environment and those of `TOOLS`, and no variable that is
about Mailkit. All blocks of a page are followed in their order:

- ``sh`` and ``console``: one bash runs all of them. ``console`` shows commands after "$ " and what they print, where
  "..." stands for any text.
- ``sh`` with `mailkit-xmlrpc sandbox` alone: it runs in another terminal, and the variables that it prints are set for
  the commands that follow, and for Python.
- A block that starts with a comment such as ``# shop/orders.py``: the file of this name, for the commands that follow.
  ``# shop/settings.py, at the end`` is added to the file.
- ``python``: one interpreter runs all others. The text after ``print(...)  #`` is what the line prints.
- ``python`` with tests: also files, and one pytest runs all of a page's.

Nothing reaches Mailkit: `loopback` lets Python call this machine alone, and an attempt to call another is a failure. No
other program that could is on the PATH.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import loopback

__all__ = ["BLOCK", "Block", "Reader", "blocks_of"]

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# ([\w./-]+\.\w+)(, at the end)?\n")
SANDBOX = re.compile(r"(\S*/)?mailkit-xmlrpc sandbox\n")
PRINTS = re.compile(r"^ *print\(.*\)  # (.+)$", re.MULTILINE)
# The programs of this machine that the reader has beside Python's. None of them can call another machine.
TOOLS = ("cat", "mkdir")
# Much more than any page needs, also on a busy machine.
PATIENCE = 120

# Runs a step of the shell as if it were typed: what it exports stays, and $? is the exit code of the step before.
STEP = """\
(exit $code); {{
{command}
}} >{output}.out 2>&1 </dev/null; code=$?; echo $code >{output}.code
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `line` is the first one of its code."""

    document: Path
    language: str
    line: int
    code: str

    @property
    def file(self) -> re.Match[str] | None:
        """The comment that says in which file the reader saves it."""
        return FILE.match(self.code)

    @property
    def starts_sandbox(self) -> bool:
        return self.language == "sh" and SANDBOX.fullmatch(self.code) is not None

    @property
    def has_tests(self) -> bool:
        return re.search(r"^(def test_|@pytest)", self.code, re.MULTILINE) is not None

    @property
    def padded(self) -> str:
        """The code in the lines that it has in the page, so that a traceback names these."""
        return "\n" * (self.line - 1) + self.code

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


def blocks_of(document: Path) -> list[Block]:
    """All blocks of a page, in their order."""
    text = document.read_text(encoding="utf-8")
    return [
        Block(document, match[1], text.count("\n", 0, match.start()) + 2, match[2]) for match in BLOCK.finditer(text)
    ]


class Reader:
    """Somebody at a machine on which this package is installed, and nothing else is prepared.

    Args:
        folder: an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.home, self.folder, tools, guard = (folder / name for name in ("home", "work", "tools", "guard"))
        for each in (self.home, self.folder, tools, guard):
            each.mkdir()
        for name in TOOLS:
            (tools / name).symlink_to(_path_of(name))
        shutil.copy(loopback.__file__, guard / "sitecustomize.py")
        programs = dict.fromkeys([sysconfig.get_path("scripts"), str(Path(sys.executable).parent), str(tools)])
        self._variables = {
            "PATH": os.pathsep.join(programs),
            "PYTHONPATH": str(guard),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
        }
        self._sandbox: dict[str, str] = {}
        self._refused = guard / "refused"

    def runs_python(self, blocks: list[Block]) -> None:
        """Run the blocks in one interpreter, and compare what they print with what the page says."""
        page = self.home / blocks[0].document.name
        lines: list[str] = []
        for block in blocks:
            lines += [""] * (block.line - 1 - len(lines)) + block.code.splitlines()
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        ended = self._run({**self._variables, **self._sandbox}, sys.executable, str(page))
        assert ended.returncode == 0, ended.stdout
        printed = iter(ended.stdout.splitlines())
        for shown in PRINTS.findall("\n".join(lines)):
            assert shown in printed, f"{page.name} says that this is printed: {shown}\nIt printed:\n{ended.stdout}"

    def runs_tests(self, blocks: list[Block]) -> None:
        """Save each block in a folder of its own, and run pytest on all of them."""
        count = 0
        for block in blocks:
            folder = self.folder / f"line_{block.line}"
            folder.mkdir()
            tests = len(re.findall(r"^def test_", block.code, re.MULTILINE))
            if not tests:  # a conftest.py without a test that uses it would not be loaded
                (folder / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
            name = f"test_line_{block.line}.py" if tests else "conftest.py"
            (folder / name).write_text(block.padded, encoding="utf-8")
            count += tests or 1
        pytest = ("pytest", "-q", "-W", "error", "--import-mode=importlib", "-p", "no:cacheprovider")
        ended = self._run({**self._variables, **self._sandbox}, sys.executable, "-m", *pytest)
        assert ended.returncode == 0, ended.stdout
        passed = re.search(r"^(\d+) passed in ", ended.stdout, re.MULTILINE)
        assert int(passed[1] if passed else 0) >= count, ended.stdout

    def runs_commands(self, blocks: list[Block]) -> None:
        """Save the files and run the commands in one bash, and compare what they print with what the page shows."""
        steps = [step for block in blocks for step in self._steps(block)]
        outputs = [self.home / str(number) for number in range(len(steps))]
        script = "".join(STEP.format(command=step[1], output=output) for step, output in zip(steps, outputs))
        self._run(self._variables, _path_of("bash"), "--noprofile", "--norc", "-c", f"code=0\n{script}")
        for (block, command, shown), output in zip(steps, outputs):
            code = output.with_suffix(".code").read_text().strip()
            printed = output.with_suffix(".out").read_text(encoding="utf-8")
            what = f"{block}: {command}\nended with {code} and printed:\n{printed}"
            if shown is None:
                assert code == "0", what
            else:
                pattern = "".join(".*" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", shown))
                assert re.fullmatch(pattern, printed, re.DOTALL), what

    def _steps(self, block: Block) -> Iterator[tuple[Block, str, str | None]]:
        """The commands of a block, and what each prints if the page shows it."""
        if block.file:
            # In the shell, and not now: a command before may create the file.
            source = self.home / f"line_{block.line}"
            source.write_text(f"\n{block.code}", encoding="utf-8")
            folder, name = (shlex.quote(str(path)) for path in (Path(block.file[1]).parent, block.file[1]))
            yield block, f"mkdir -p {folder}; cat {source} {'>>' if block.file[2] else '>'}{name}", None
        elif block.starts_sandbox:
            yield block, "\n".join(f"export {name}={value}" for name, value in self._sandbox.items()), None
        elif block.language == "sh":
            yield block, block.code, None
        else:
            before, *commands = re.split(r"^\$ ", block.code, flags=re.MULTILINE)
            assert (before, bool(commands)) == ("", True), f"{block}: a transcript starts with a command"
            for step in commands:
                command, _, shown = step.partition("\n")
                yield block, command, shown

    @contextmanager
    def with_sandbox(self) -> Iterator[None]:
        """Run `mailkit-xmlrpc sandbox` in another terminal, and keep the variables that it prints."""
        command = [sys.executable, "-m", "mailkit_xmlrpc", "sandbox"]
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            assert process.stderr is not None
            printed = [line.rstrip("\n") for line in itertools.islice(process.stderr, 6)]
            exports = [line[len("export ") :].split("=", 1) for line in printed if line.startswith("export ")]
            try:
                assert len(exports) == 3, printed
                self._sandbox = dict(exports)
                yield
            finally:
                process.terminate()

    def _run(self, variables: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command and all that it starts, to the end."""
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            printed, _ = process.communicate(timeout=PATIENCE)
        finally:
            # A page's shell can leave something in the background, in the process group that nobody else is in.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        refused = self._refused.read_text(encoding="utf-8").splitlines() if self._refused.exists() else []
        assert not refused, f"a block calls another machine: {refused}\n{printed}"
        return subprocess.CompletedProcess(command, process.returncode, printed)


def _path_of(program: str) -> str:
    path = shutil.which(program)
    assert path is not None, f"there is no {program}"
    return path
