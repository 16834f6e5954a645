"""Writing rows to files, and the id to continue with after a failure."""

from __future__ import annotations

import csv
import json
import os
import shlex
import stat
import subprocess
import time
from pathlib import Path

import pytest

from mailkit_xmlrpc.cli.output import DONE, Screen
from mailkit_xmlrpc.cli.rows import Export

from ..servers import PATIENCE
from .conftest import COMMAND, Terminal, environment


@pytest.fixture
def messages(sandbox):
    """Five messages that were sent."""
    with sandbox.client() as mailkit:
        vip = mailkit.mailinglist.create("vip").unwrap()["data"]
        campaign = mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()
        for number in range(5):
            mailkit.sendmail(vip, campaign, send_to=f"u{number}@example.com")
    return range(1, 6)


RAW = ("report", "raw", "messages")


def ids(text):
    return [json.loads(line)["ID_send_message"] for line in text.splitlines()]


def written(path):
    """The ids of the rows in a file."""
    if path.suffix == ".jsonl":
        return ids(path.read_text(encoding="utf-8"))
    with path.open(encoding="utf-8", newline="") as file:
        return [int(row["ID_send_message"]) for row in csv.DictReader(file)]


def files(path):
    """The names of the files where `path` is."""
    return sorted(each.name for each in path.parent.iterdir())


@pytest.mark.parametrize("ending", ["csv", "jsonl", "ndjson", "CSV"])
def test_a_file_has_every_row_once(ending, cli, messages, tmp_path):
    path = tmp_path / f"m.{ending}"
    assert cli(*RAW, "--to", path, "--limit", 2, "--json").json == {"rows": 5, "file": str(path)}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == (6 if ending.lower() == "csv" else 5)


def test_one_row_has_the_singular(cli, messages, tmp_path):
    assert "DONE 1 row in " in cli(*RAW, "--to", tmp_path / "m.csv", "--start", 5).out


def test_a_lost_page_is_requested_again(cli, sandbox, messages):
    sandbox.fail_every(2, "drop_after")
    assert ids(cli(*RAW, "--limit", 2).out) == list(messages)


def test_a_refusal_of_the_first_page_has_its_own_exit_code(cli, sandbox):
    sandbox.fail_every(1, "unauthorized")
    result = cli(*RAW)
    assert (result.code, result.out) == (4, "")
    assert "written" not in result.error


def test_an_invalid_file_is_reported_before_anything_is_sent(cli, sandbox, tmp_path):
    assert "must end in .csv or .jsonl" in cli(*RAW, "--to", tmp_path / "m.txt").error
    assert "cannot write to" in cli(*RAW, "--to", tmp_path / "none" / "m.csv").error
    assert "is a directory" in cli(*RAW, "--to", tmp_path).error
    os.mkfifo(tmp_path / "pipe.csv")
    for device in ("/dev/null", tmp_path / "pipe.csv"):
        result = cli(*RAW, "--to", device, "--format", "csv")
        assert result.error.startswith(f"{device} is not a regular file; use --to - and redirect stdout")
    assert "--append needs --to FILE" in cli(*RAW, "--append").error
    assert "limit" in cli(*RAW, "--limit", 1).error
    assert sandbox.calls == []
    assert Path("/dev/null").is_char_device()


def test_a_name_for_a_pipe_is_not_a_file(process, sandbox):
    result = process(*RAW, "--to", "/dev/stdout", "--format", "csv")
    assert (result.code, result.out) == (2, "")
    assert result.error.startswith("/dev/stdout is not a regular file")


def test_a_format_needs_no_ending(cli, messages, tmp_path):
    assert cli(*RAW, "--to", tmp_path / "m", "--format", "csv").code == 0
    assert (tmp_path / "m").read_text(encoding="utf-8").startswith("ID_message,")


class TestAnExistingFile:
    """A file that exists is replaced only by a complete export."""

    @pytest.fixture(params=["csv", "jsonl"])
    def old(self, request, tmp_path):
        path = tmp_path / f"m.{request.param}"
        path.write_text("old", encoding="utf-8")
        return path

    @pytest.mark.parametrize("fault", ["unauthorized", "drop_after", "malformed"])
    def test_is_kept_if_the_first_call_fails(self, fault, old, cli, sandbox, messages):
        sandbox.fail_every(1, fault)
        result = cli(*RAW, "--to", old)
        assert result.code != 0
        assert "rows" not in result.error
        assert (old.read_text(encoding="utf-8"), files(old)) == ("old", [old.name])

    def test_is_kept_if_a_later_call_fails_and_the_rows_have_another_name(self, old, cli, sandbox, messages):
        sandbox.fail_every(2, "refuse", "Something is wrong")
        result = cli(*RAW, "--to", old, "--limit", 2)
        part = old.with_name(f"m.part{old.suffix}")
        assert result.code == 3
        assert result.error.endswith(
            f"Something is wrong; 2 rows are in {part}; to add the others, use --to {part} --append"
        )
        assert (old.read_text(encoding="utf-8"), written(part)) == ("old", [1, 2])

    def test_is_replaced_by_the_finished_one(self, old, cli, messages):
        old.chmod(0o640)
        assert cli(*RAW, "--to", old).code == 0
        assert (written(old), files(old)) == (list(messages), [old.name])
        assert stat.S_IMODE(old.stat().st_mode) == 0o640

    def test_is_not_read_by_others_through_the_rows_of_a_failure(self, old, cli, sandbox, messages):
        old.chmod(0o600)
        sandbox.fail_every(2, "refuse", "no")
        cli(*RAW, "--to", old, "--limit", 2)
        assert stat.S_IMODE(old.with_name(f"m.part{old.suffix}").stat().st_mode) == 0o600

    def test_is_replaced_through_a_symbolic_link(self, old, cli, messages, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        link = tmp_path / "elsewhere" / old.name
        link.symlink_to(old)
        assert cli(*RAW, "--to", link).code == 0
        assert link.is_symlink()
        assert written(old) == list(messages)

    def test_and_the_rows_of_a_failure_before_are_kept(self, old, cli, sandbox, messages):
        sandbox.fail_every(2, "refuse", "no")
        for number in ("", 2, 3):
            part = old.with_name(f"m.part{number}{old.suffix}")
            assert f"--to {part} --append" in cli(*RAW, "--to", old, "--limit", 2).error
            assert written(part) == [1, 2]

    def test_is_kept_if_there_is_no_space(self, old, sandbox, messages):
        with sandbox.client() as mailkit:
            for number in range(40):
                mailkit.sendmail(1, 1, send_to=f"v{number}@example.com")
        result = subprocess.run(
            # A block has 1,024 bytes. Python would write its bytecode within the same limit.
            ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash", *COMMAND, *RAW, "--to", str(old)],
            env=environment(PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            timeout=PATIENCE,
        )
        assert (result.returncode, old.read_text(encoding="utf-8")) == (3, "old")
        part = old.with_name(f"m.part{old.suffix}")
        rows = "1 row" if len(written(part)) == 1 else f"{len(written(part))} rows"
        assert f"(File too large); {rows} are in {part}".encode() in result.stderr
        assert part.stat().st_size <= 4096

    def test_is_kept_if_the_process_is_killed(self, old, sandbox, messages):
        command = [*COMMAND, *RAW, "--to", str(old), "--limit", "2", "--pause", "60"]
        part = old.with_name(f"m.part{old.suffix}")
        limit = time.monotonic() + PATIENCE
        lines = 3 if old.suffix == ".csv" else 2
        with subprocess.Popen(command, env=environment()) as process:
            try:
                # Lines are counted: rows can be read only after the last byte of the second one is there.
                while not (part.exists() and part.read_bytes().count(b"\n") == lines):
                    assert time.monotonic() < limit, "the rows are not written"
                    time.sleep(0.02)
            finally:
                process.kill()
        assert (old.read_text(encoding="utf-8"), written(part)) == ("old", [1, 2])


class TestAppend:
    """``--append`` adds the rows that follow the last one of the file."""

    @pytest.fixture(params=["csv", "jsonl"])
    def part(self, request, cli, sandbox, messages, tmp_path):
        """The first two rows, after a failure."""
        sandbox.fail_every(2, "refuse", "no")
        cli(*RAW, "--to", tmp_path / f"m.{request.param}", "--limit", 2)
        sandbox.heal()
        return tmp_path / f"m.part.{request.param}"

    def test_adds_the_others(self, part, cli, messages):
        assert cli(*RAW, "--to", part, "--append", "--limit", 2).out == f"DONE 3 rows added to {part}\n"
        assert written(part) == list(messages)

    def test_gives_what_one_export_gives(self, part, cli, tmp_path):
        cli(*RAW, "--to", part, "--append")
        whole = tmp_path / f"whole{part.suffix}"
        cli(*RAW, "--to", whole)
        assert part.read_bytes() == whole.read_bytes()

    def test_adds_nothing_twice(self, part, cli, messages):
        for _ in range(2):
            result = cli(*RAW, "--to", part, "--append")
        assert (result.code, result.out, result.err) == (0, f"DONE 0 rows added to {part}\n", "no rows\n")
        assert written(part) == list(messages)

    def test_can_fail_and_be_repeated(self, part, cli, sandbox, messages):
        sandbox.fail_every(2, "refuse", "no")
        command = (*RAW, "--to", part, "--append", "--limit", 2)
        result = cli(*command)
        assert (result.code, written(part)) == (3, [1, 2, 3])
        assert result.error.endswith(f"1 row added to {part}; repeat the command to add the others")
        sandbox.heal()
        cli(*command)
        assert written(part) == list(messages)

    def test_of_a_new_file_is_an_export(self, part, cli, messages):
        new = part.with_name(f"new{part.suffix}")
        assert cli(*RAW, "--to", new, "--append").code == 0
        assert written(new) == list(messages)

    def test_that_fails_leaves_no_new_file(self, part, cli, sandbox):
        sandbox.fail_every(1, "unauthorized")
        new = part.with_name(f"new{part.suffix}")
        assert cli(*RAW, "--to", new, "--append").code == 4
        assert not new.exists()

    @pytest.mark.parametrize(
        ("ending", "text", "problem"),
        [
            ("csv", "a,b\n1,2\n", "the header has no column ID_send_message (columns are separated by commas)"),
            ("csv", "ID_send_message;b\n1;2\n", "the header has no column ID_send_message"),
            ("csv", '{"ID_send_message": 1}\n', "the header has no column ID_send_message"),
            ("csv", "\n", "the header has no column ID_send_message"),
            ("csv", "ID_send_message\n1\nx\n", "row 2 needs a number as ID_send_message"),
            ("csv", "ID_send_message\n1\n\n", "row 2 needs a number as ID_send_message"),
            ("csv", f"ID_send_message\n1\n1{'0' * 5000}\n", "row 2 needs a number as ID_send_message"),
            ("csv", 'ID_send_message\n"1\n', "line 2: not valid CSV (unexpected end of data)"),
            ("csv", "ID_send_message\n\xff\n", "it is not UTF-8 text"),
            ("jsonl", "{}\n", "row 1 needs a number as ID_send_message"),
            ("jsonl", "[1]\n", "row 1 needs a number as ID_send_message"),
            ("jsonl", '{"ID_send_message": 1}\n{"ID_send_message": true}\n', "row 2 needs a number as ID_send_message"),
            ("jsonl", '{"ID_send_message": 1}\n{"ID_send_message": 1.5}\n', "row 2 needs a number as ID_send_message"),
            ("jsonl", '{"ID_send_message": 1e999}\n', "row 1 needs a number as ID_send_message"),
            ("jsonl", "ID_send_message\n1\n", "row 1 is not JSON ("),
            ("jsonl", '{"ID_send_message": 1}\n\n', "row 2 is not JSON ("),
            ("jsonl", '{"ID_send_message": 1}\n' + "[" * 60_000 + "\n", "row 2 is not JSON (it is nested too deeply"),
            ("jsonl", "[" * 300 + "]" * 300 + "\n", "row 1 is not JSON (it is nested too deeply"),
            ("jsonl", f'{{"ID_send_message": 1{"0" * 5000}}}\n', "row 1 is not JSON (a number has 5,001 digits"),
            ("jsonl", "\xff\n", "it is not UTF-8 text"),
        ],
    )
    def test_to_another_file_is_refused_and_leaves_it(self, ending, text, problem, cli, sandbox, tmp_path):
        path, data = tmp_path / f"x.{ending}", text.encode("latin-1")
        path.write_bytes(data)
        result = cli(*RAW, "--to", path, "--append")
        assert (result.code, path.read_bytes()) == (2, data)
        assert result.error.startswith(f"{path} does not have the rows of this export: {problem}")
        assert sandbox.calls == []

    @pytest.mark.parametrize("ending", ["csv", "jsonl"])
    def test_to_a_file_whose_last_line_is_not_complete_is_refused(self, ending, cli, sandbox, tmp_path):
        path = tmp_path / f"x.{ending}"
        path.write_text("1", encoding="utf-8")
        result = cli(*RAW, "--to", path, "--append")
        assert (result.code, path.read_text(encoding="utf-8")) == (2, "1")
        assert result.error.startswith(f"the last line of {path} is not complete; remove it")

    def test_to_a_file_without_a_column_of_the_rows_is_refused(self, cli, messages, tmp_path):
        path = tmp_path / "m.csv"
        path.write_text("ID_send_message\n1\n", encoding="utf-8")
        result = cli(*RAW, "--to", path, "--append")
        assert (result.code, path.read_text(encoding="utf-8")) == (2, "ID_send_message\n1\n")
        assert result.error.startswith("a row has ")

    def test_to_a_file_with_a_column_that_no_row_has_is_refused(self, cli, messages, tmp_path):
        path = tmp_path / "m.csv"
        cli(*RAW, "--to", path)
        text = path.read_text(encoding="utf-8").splitlines()
        path.write_text(f"{text[0]},CITY\n{text[1]},Brno\n", encoding="utf-8")
        result = cli(*RAW, "--to", path, "--append")
        assert (result.code, result.error) == (
            2,
            "the file has CITY, which the rows do not have; use another file",
        )

    def test_takes_a_file_that_a_spreadsheet_saved(self, cli, messages, tmp_path):
        path = tmp_path / "m.csv"
        cli(*RAW, "--to", path)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert cli(*RAW, "--to", path, "--append").out == f"DONE 0 rows added to {path}\n"

    def test_continues_after_a_long_text(self, part, cli, sandbox, tmp_path):
        """A recipient's text can be longer than the module csv reads by default."""
        with sandbox.client() as mailkit:
            for number in range(4):
                mailkit.mailinglist.adduser(1, email=f"v{number}@example.com", first_name="x" * 200_000)
        sandbox.fail_every(2, "refuse", "no")
        export = ("list", "export", 1, "--start", 6, "--limit", 2)
        path = tmp_path / f"x.part{part.suffix}"
        assert cli(*export, "--to", tmp_path / f"x{part.suffix}").error.endswith(f"use --to {path} --append")
        sandbox.heal()
        assert cli("list", "export", 1, "--to", path, "--append").out == f"DONE 2 rows added to {path}\n"
        cli("list", "create", "copy")
        assert cli("list", "import", path, "--list", 2).code == 0
        with sandbox.client() as mailkit:
            assert [len(row["FIRST_NAME"]) for row in mailkit.mailinglist.getstatus(2).unwrap()] == [200_000] * 4


class TestSafeCells:
    """``--safe-cells`` keeps a spreadsheet from taking text for formulas."""

    @pytest.fixture
    def _named(self, sandbox, messages):
        with sandbox.client() as mailkit:
            for email, name in (("a@example.com", "=1+1"), ("b@example.com", "Eva")):
                mailkit.mailinglist.adduser(1, email=email, first_name=name, mobile="+420123456789")

    EXPORT = ("list", "export", 1, "--format", "csv", "--start", 6)

    def names(self, lines):
        return [(row["FIRST_NAME"], row["MOBILE"]) for row in csv.DictReader(lines)]

    @pytest.mark.usefixtures("_named")
    def test_are_an_option(self, cli, tmp_path):
        plain = [("=1+1", "+420123456789"), ("Eva", "+420123456789")]
        safe = [("'=1+1", "'+420123456789"), ("Eva", "'+420123456789")]
        assert self.names(cli(*self.EXPORT).out.splitlines()) == plain
        assert self.names(cli(*self.EXPORT, "--safe-cells").out.splitlines()) == safe
        path = tmp_path / "x.csv"
        assert cli("list", "export", 1, "--start", 6, "--to", path, "--safe-cells").code == 0
        assert self.names(path.read_text(encoding="utf-8").splitlines()) == safe

    @pytest.mark.usefixtures("_named")
    @pytest.mark.parametrize("before", [(), ("--safe-cells",)])
    def test_of_rows_that_are_added_do_not_depend_on_the_file(self, before, cli, sandbox, tmp_path):
        path = tmp_path / "x.csv"
        cli("list", "export", 1, "--to", path, *before)
        first = path.read_bytes()
        with sandbox.client() as mailkit:
            mailkit.mailinglist.adduser(1, email="c@example.com", first_name="@c")
        for option, name in (((), "@c"), (("--safe-cells",), "'@c")):
            path.write_bytes(first)
            assert cli("list", "export", 1, "--to", path, "--append", *option).out == f"DONE 1 row added to {path}\n"
            assert path.read_bytes().startswith(first)
            assert self.names(path.read_text(encoding="utf-8").splitlines())[-1][0] == name

    @pytest.mark.usefixtures("_named")
    def test_of_the_rows_that_a_failure_leaves_out_are_in_the_advice(self, cli, sandbox, tmp_path):
        sandbox.fail_every(2, "refuse", "no")
        result = cli("list", "export", 1, "--to", tmp_path / "x.csv", "--limit", 2, "--safe-cells")
        assert result.error.endswith(f"use --to {tmp_path / 'x.part.csv'} --append --safe-cells")

    @pytest.mark.parametrize("before", [True, False])
    @pytest.mark.parametrize("after", [True, False])
    def test_of_the_header_do_not_keep_a_file_from_being_continued(self, before, after, tmp_path):
        def export(rows, **options):
            target = Export(to=tmp_path / "x.csv", form=None, start=None, limit=None, pause=0, **options)
            return target.save(Screen(), "mailkit.mailinglist.getstatus", "ID_EMAIL", lambda **page: iter(rows))

        rows = [{"=x": "=1", "ID_EMAIL": number} for number in (1, 2)]
        assert export(rows[:1], safe_cells=before, append=False) == DONE
        assert export(rows, safe_cells=after, append=True) == DONE
        lines = (tmp_path / "x.csv").read_text(encoding="utf-8").split()
        assert lines == [f"{chr(39) * before}=x,ID_EMAIL", f"{chr(39) * before}=1,1", f"{chr(39) * after}=1,2"]

    @pytest.mark.usefixtures("_named")
    def test_are_imported_with_the_apostrophe(self, cli, sandbox, tmp_path):
        path = tmp_path / "x.csv"
        cli("list", "export", 1, "--to", path, "--safe-cells")
        cli("list", "create", "copy")
        assert cli("list", "import", path, "--list", 2).code == 0
        with sandbox.client() as mailkit:
            assert "'=1+1" in [row["FIRST_NAME"] for row in mailkit.mailinglist.getstatus(2).unwrap()]

    @pytest.mark.parametrize(
        "options", [(), ("--format", "jsonl"), ("--to", "x.jsonl"), ("--to", "x", "--format", "jsonl")]
    )
    def test_are_refused_for_json(self, options, cli, sandbox):
        result = cli(*RAW, "--safe-cells", *options)
        assert result.code == 2
        assert result.error.startswith("--safe-cells is for CSV, and the rows are JSON; add --format csv")
        assert sandbox.calls == []


class TestNoRows:
    def test_are_said_and_csv_has_its_header(self, cli, sandbox, tmp_path):
        result = cli(*RAW, "--to", tmp_path / "m.csv")
        assert (result.code, result.err) == (0, "no rows\n")
        header = (tmp_path / "m.csv").read_text(encoding="utf-8")
        assert header.startswith("ID_message,")
        assert header.count("\n") == 1

    def test_of_a_list_have_the_columns_of_a_list(self, cli, sandbox, tmp_path):
        cli("list", "create", "vip")
        cli("list", "export", 1, "--to", tmp_path / "x.csv")
        (header,) = csv.reader((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines())
        with sandbox.client() as mailkit:
            mailkit.mailinglist.adduser(1, email="u@example.com")
            (row,) = mailkit.mailinglist.getstatus(1).unwrap()
        assert set(row) <= set(header)

    def test_on_stdout(self, cli, sandbox):
        assert cli(*RAW).err == "no rows\n"
        assert cli(*RAW).out == ""
        assert cli(*RAW, "--format", "csv").out.startswith("ID_message,")

    def test_and_the_first_rows_after_them_can_be_added(self, cli, sandbox, tmp_path):
        path = tmp_path / "x.csv"
        cli("list", "create", "vip")
        cli("list", "export", 1, "--to", path)
        with sandbox.client() as mailkit:
            mailkit.mailinglist.adduser(1, email="u@example.com")
        assert cli("list", "export", 1, "--to", path, "--append").code == 0
        (row,) = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        assert row["EMAIL"] == "u@example.com"


class TestStdout:
    def test_csv(self, cli, messages):
        lines = cli(*RAW, "--format", "csv").out.splitlines()
        assert [row["ID_send_message"] for row in csv.DictReader(lines)] == ["1", "2", "3", "4", "5"]

    def test_after_a_failure_shows_how_to_continue(self, cli, sandbox, messages):
        sandbox.fail_every(2, "refuse", "no")
        result = cli(*RAW, "--limit", 2)
        assert (result.code, ids(result.out)) == (3, [1, 2])
        assert result.error.endswith("no; 2 rows written, continue with --start 2, which gives the last row once more")

    def test_that_is_closed_ends_the_export(self, sandbox, messages):
        command = " ".join(map(shlex.quote, [*COMMAND, *RAW, "--limit", "2", "--pause", "2"]))
        script = f"set -o pipefail; {command} | head -1"
        with subprocess.Popen(
            ["bash", "-c", script], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            out, err = process.communicate(timeout=PATIENCE)
        assert (ids(out.decode()), err, process.returncode) == ([1], b"", 3)

    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    @pytest.mark.parametrize("command", [RAW, ("list", "export", "1")], ids=["raw", "list"])
    def test_that_nobody_reads_ends_the_export_after_the_first_call(self, command, form, sandbox, messages):
        reading, writing = os.pipe()
        os.close(reading)
        before = len(sandbox.calls)
        result = subprocess.run(
            [*COMMAND, *command, "--format", form, "--limit", "2"],
            env=environment(),
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
        os.close(writing)
        assert (result.returncode, result.stderr) == (2, b"")
        assert len(sandbox.calls) - before == 1

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    @pytest.mark.parametrize("command", [RAW, ("list", "export", "1", "--to", "-")], ids=["raw", "list"])
    def test_that_is_full_is_an_error(self, command, form, unbuffered, sandbox, messages):
        with Path("/dev/full").open("wb") as full:
            result = subprocess.run(
                [*COMMAND, *command, "--format", form],
                env=environment(PYTHONUNBUFFERED=unbuffered),
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=PATIENCE,
            )
        assert (result.returncode, result.stderr.decode()) == (
            2,
            "error: cannot write to stdout (No space left on device)\n",
        )

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    @pytest.mark.parametrize("rest", [1, 60], ids=["after a byte", "in the middle"])
    def test_that_is_full_in_a_row_counts_the_rows_before(self, rest, form, unbuffered, sandbox, messages, tmp_path):
        path, command = tmp_path / "rows", [*COMMAND, *RAW, "--format", form]
        whole = subprocess.run(command, env=environment(), capture_output=True, timeout=PATIENCE).stdout
        # The disk ends in the last row: what is written before leaves less space than that.
        space = len(whole[: whole.rindex(b"\n", 0, -1) + 1]) + rest
        path.write_bytes(b"x" * (-space % 1024))
        with path.open("ab") as file:
            result = subprocess.run(
                ["bash", "-c", f'ulimit -f {-(-space // 1024)}; exec "$@"', "bash", *command],
                env=environment(PYTHONUNBUFFERED=unbuffered, PYTHONDONTWRITEBYTECODE="1"),
                stdout=file,
                stderr=subprocess.PIPE,
                timeout=PATIENCE,
            )
        assert result.returncode == 3
        assert result.stderr.decode() == (
            "error: cannot write to stdout (File too large); 4 rows written, continue with --start 4, which "
            "gives the last row once more; a part of the next row may follow them\n"
        )
        assert path.read_bytes().endswith(whole[:space])

    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_that_is_closed_at_the_start_is_an_error_before_anything_is_sent(self, form, sandbox, messages):
        before = len(sandbox.calls)
        result = subprocess.run(
            ["bash", "-c", 'exec "$@" >&-', "bash", *COMMAND, *RAW, "--format", form],
            env=environment(),
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
        assert (result.returncode, len(sandbox.calls)) == (2, before)
        assert b"error: cannot write to -, because stdout is closed" in result.stderr


class TestProgress:
    def test_counts_every_page(self, sandbox, messages, tmp_path):
        arguments = (*RAW, "--to", str(tmp_path / "m.csv"), "--limit", "2", "--pause", "0.5")
        with Terminal(*arguments, **sandbox.env) as terminal:
            for count in (2, 3, 4):
                terminal.expect(f"{count} rows")
            assert terminal.end() == 0
            assert "DONE 5 rows in" in terminal.screen

    @pytest.mark.parametrize("columns", ["0", "\u00b2", "20"])
    def test_does_not_depend_on_variables(self, columns, sandbox, messages, tmp_path):
        arguments = (*RAW, "--to", str(tmp_path / "m.csv"), "--limit", "2", "--pause", "0.2")
        with Terminal(*arguments, COLUMNS=columns, LINES=columns, **sandbox.env) as terminal:
            terminal.expect("2 rows")
            assert terminal.end() == 0

    def test_has_only_characters_that_every_encoding_has(self, sandbox, messages, tmp_path):
        with Terminal(*RAW, "--to", str(tmp_path / "m.csv"), PYTHONIOENCODING="ascii", **sandbox.env) as terminal:
            assert terminal.end() == 0
        assert "0 rows" in terminal.screen
        assert "\\u" not in terminal.screen

    def test_is_not_shown_where_rows_are(self, sandbox, messages):
        with Terminal(*RAW, **sandbox.env) as terminal:
            assert terminal.end() == 0
        assert " rows" not in terminal.screen
        assert ids(terminal.screen) == list(messages)

    def test_ctrl_c_keeps_the_written_rows_and_shows_how_to_continue(self, sandbox, messages, tmp_path):
        path = tmp_path / "m.jsonl"
        with Terminal(*RAW, "--to", str(path), "--limit", "2", "--pause", "60", **sandbox.env) as terminal:
            terminal.expect("2 rows")
            terminal.expect("interrupted; 2 rows are in", press="\x03")
            assert terminal.end() == 130
        assert files(path) == ["m.part.jsonl"]
        assert written(tmp_path / "m.part.jsonl") == [1, 2]
