"""``list``: show, create, import and export."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess

import pytest

from ..servers import PATIENCE
from .conftest import COMMAND, Terminal, environment

CSV = "email;first_name;custom1\njana@example.cz;Žofie;x\neva@example.cz;;\n"


@pytest.fixture
def vip(cli, sandbox):
    assert cli("list", "create", "vip", "--description", "the best").out == "DONE list 1 created\n"
    return 1


@pytest.fixture
def recipients(sandbox, vip):
    """The recipients in the list, by address."""

    def shown():
        with sandbox.client() as mailkit:
            return {row["EMAIL"]: row for row in mailkit.mailinglist.getstatus(vip).unwrap()}

    return shown


def test_lists_are_a_table(cli, vip):
    assert cli("list", "show").out == (
        "ID_USER_LIST  NAME  STATUS   DESCRIPTION\n1             vip   enabled  the best\n"
    )
    assert cli("list", "show", "--json").json["value"][0]["NAME"] == "vip"


def test_without_lists_there_is_the_header_alone(cli, sandbox):
    result = cli("list", "show")
    assert (result.code, result.err) == (0, "no rows\n")
    assert result.out == "ID_USER_LIST  NAME  STATUS  DESCRIPTION\n"
    assert cli("list", "show", "--json").json["value"] == []


def test_a_name_that_is_taken_is_refused(cli, vip):
    result = cli("list", "create", "vip")
    assert (result.code, result.error) == (1, "mailkit.mailinglist.create was refused: Mailing list exist")


class TestImport:
    def test_of_csv(self, cli, recipients, tmp_path):
        (tmp_path / "r.csv").write_text("\ufeff" + CSV, encoding="utf-8")
        result = cli("list", "import", tmp_path / "r.csv", "--list", 1)
        assert (result.code, result.out.splitlines()[1].split()) == (0, ["2", "2", "0", "0"])
        assert recipients()["jana@example.cz"]["FIRST_NAME"] == "Žofie"
        assert recipients()["jana@example.cz"]["CUSTOM_1"] == "x"

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_of_csv_with_any_separator(self, separator, cli, recipients):
        text = CSV.replace(";", separator).encode()
        assert cli("list", "import", "-", "--format", "csv", "--list", 1, stdin=text).code == 0
        assert list(recipients()) == ["jana@example.cz", "eva@example.cz"]

    def test_of_json_lines(self, cli, recipients, tmp_path):
        rows = [{"email": "a@example.com", "custom": {"3": "x"}}, {"email": "b@example.com", "city": None}]
        rows[0]["custom3"] = rows[0].pop("custom")["3"]
        (tmp_path / "r.jsonl").write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
        assert cli("list", "import", tmp_path / "r.jsonl", "--list", 1).code == 0
        assert recipients()["a@example.com"]["CUSTOM_3"] == "x"

    def test_an_empty_cell_does_not_clear_a_value(self, cli, recipients):
        for text in (CSV, "email,first_name,city\njana@example.cz,,Brno\n"):
            cli("list", "import", "-", "--format", "csv", "--list", 1, stdin=text.encode())
        row = recipients()["jana@example.cz"]
        assert (row["FIRST_NAME"], row["CITY"]) == ("Žofie", "Brno")

    def test_is_split_into_batches(self, cli, sandbox, vip):
        text = "email\n" + "".join(f"u{number}@example.com\n" for number in range(7))
        result = cli("list", "import", "-", "--format", "csv", "--list", 1, "--batch", 3, "--json", stdin=text.encode())
        assert result.json == {
            "invalid_emails": [],
            "count_all": 7,
            "count_new": 7,
            "count_updated": 0,
            "count_bad": 0,
            "calls": 3,
            "calls_done": 3,
        }
        assert [len(call.params[1]) for call in sandbox.calls[1:]] == [3, 3, 1]

    @pytest.mark.parametrize(("form", "text"), [("csv", "email\n"), ("csv", ""), ("jsonl", ""), ("jsonl", "\n")])
    def test_of_no_rows_says_so(self, form, text, cli, sandbox, vip):
        result = cli("list", "import", "-", "--format", form, "--list", 1, stdin=text.encode())
        assert (result.code, result.err) == (0, "no rows\n")
        assert result.out.splitlines()[1].split() == ["0", "0", "0", "0"]
        assert [call.method for call in sandbox.calls] == ["mailkit.mailinglist.create"]

    def test_shows_its_progress_on_a_terminal(self, sandbox, vip, tmp_path):
        path = tmp_path / "r.csv"
        path.write_text("email\n" + "".join(f"u{number}@example.com\n" for number in range(4)), encoding="utf-8")
        for _ in range(3):
            sandbox.fail_next("delay", 0.5)
        arguments = ("list", "import", str(path), "--list", "1", "--batch", "2")
        with Terminal(*arguments, **sandbox.env) as terminal:
            terminal.expect("2 recipients")
            assert terminal.end() == 0
            assert "count_all" in terminal.screen

    def test_on_a_terminal_that_is_lost_reports_its_outcome(self, sandbox, vip, tmp_path):
        path = tmp_path / "r.csv"
        path.write_text("email\n" + "".join(f"u{number}@example.com\n" for number in range(6)), encoding="utf-8")
        sandbox.fail_every(1, "delay", 0.5)
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, "list", "import", str(path), "--list", "1", "--batch", "2"],
            # Unbuffered, as in many containers: then a failed write is noticed at once.
            env=environment(TERM="xterm", PYTHONUNBUFFERED="1", **sandbox.env),
            stdout=subprocess.PIPE,
            stderr=slave,
            start_new_session=True,  # without it, the loss of the terminal would also be a signal
        )
        os.close(slave)
        shown = b""
        while b"2 recipients" not in shown:
            shown += os.read(master, 65536)
        os.close(master)
        out, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert out.decode().splitlines()[1].split() == ["6", "6", "0", "0"]

    def test_with_an_invalid_address_is_partly_done(self, cli, vip):
        result = cli("list", "import", "-", "--format", "csv", "--list", 1, stdin=b"email\na@example.com\nnobody\n")
        assert (result.code, result.error) == (3, "not valid e-mail addresses: nobody")
        assert result.out.splitlines()[1].split() == ["2", "1", "0", "1"]

    @pytest.mark.parametrize(
        ("fault", "code", "words"), [("drop_after", 3, "may have been carried out"), ("refuse no", 3, "no")]
    )
    def test_that_fails_names_the_lines(self, fault, code, words, cli, sandbox, vip):
        name, *options = fault.split()
        sandbox.fail_every(2, name, *options)  # the second of these calls
        text = "email\n" + "".join(f"u{number}@example.com\n" for number in range(6))
        result = cli("list", "import", "-", "--format", "csv", "--list", 1, "--batch", 2, stdin=text.encode())
        assert result.code == code
        assert result.error.startswith("lines 4 to 5: mailkit.mailinglist.import: ")
        assert words in result.error
        assert result.error.endswith("1 of 3 calls were carried out before")
        assert len(sandbox.calls) == 3, "a call was made after the one that failed"

    def test_into_an_unknown_list_is_refused(self, cli, sandbox):
        result = cli("list", "import", "-", "--format", "csv", "--list", 9, stdin=b"email\na@example.com\n")
        assert result.code == 1
        assert result.out == ""
        assert result.error == "line 2: mailkit.mailinglist.import: Invalid ID_user_list"

    @pytest.mark.parametrize(
        ("form", "text", "problem"),
        [
            (
                "csv",
                "email,frst_name\na@b.cz,x\n",
                "line 1: Mailkit has no member 'frst_name'; did you mean first_name?",
            ),
            ("csv", "email,city,city\na@b.cz,x,y\n", "line 1: 'city' is given twice"),
            ("csv", "email,city\na@b.cz\n", "line 2: 1 cells, but the header has 2"),
            ("csv", "email,city\na@b.cz,x\n,Brno\n", "line 3: email is missing or empty"),
            ("csv", 'email,city\na@b.cz,"x\n', "line 2: not valid CSV"),
            ("csv", b"email\n\xff\n", "is not UTF-8 text"),
            ("jsonl", '{"email": "a@b.cz"}\n{"city": "Brno"}', "line 2: email is missing or empty"),
            ("jsonl", '{"email": "a@b.cz"}\n[]', "line 2: not a JSON object"),
            ("jsonl", "{", "line 1: the line is not JSON"),
            ("jsonl", '{"email": "a@b.cz", "x": 1}', "line 1: Mailkit has no member 'x'"),
        ],
    )
    def test_of_an_invalid_file_sends_nothing(self, form, text, problem, cli, sandbox):
        data = text if isinstance(text, bytes) else text.encode()
        result = cli("list", "import", "-", "--format", form, "--list", 1, stdin=data)
        assert result.code == 2
        assert problem in result.error
        assert sandbox.calls == []

    @pytest.mark.parametrize("to_file", [True, False], ids=["file", "stdin"])
    @pytest.mark.parametrize(
        ("form", "cell", "problem"),
        [
            ("csv", b"\x01", "city: U+0001"),
            ("csv", b'"\n\x1b"', "city: U+001B"),
            ("csv", b"\xef\xbf\xbe", "city: U+FFFE"),
            ("csv", b"\xed\xa0\x80", "is not UTF-8 text"),
            ("csv", b'"x', "not valid CSV"),
            ("jsonl", b'"\\u0001"', "city: U+0001"),
            ("jsonl", b'"\\ud800"', "city: U+D800"),
            ("jsonl", b"NaN", "NaN is not a number"),
            ("jsonl", b"1e999", "city must be text or an integer"),
            ("jsonl", b"9223372036854775808", "city: an int beyond 64 bits"),
            ("jsonl", b"1" * 5000, "a number has 5,000 digits"),
            ("jsonl", b"[" * 60_000 + b"]" * 60_000, "nested too deeply"),
            ("jsonl", b"[" * 60_000, "nested too deeply"),
            ("jsonl", b"[[1]]", "city must be text or an integer"),
            ("jsonl", b"{}", "city must be text or an integer"),
            ("jsonl", b"true", "city must be text or an integer"),
        ],
        ids=lambda each: str(each)[:20],
    )
    def test_of_a_value_in_a_later_batch_that_cannot_be_sent_sends_nothing(
        self, form, cell, problem, to_file, cli, sandbox, tmp_path
    ):
        row = b"%s,%s\n" if form == "csv" else b'{"email": "%s", "city": %s}\n'
        data = b"email,city\n" * (form == "csv") + row % (b"a@b.cz", b'"x"') * 5 + row % (b"b@b.cz", cell)
        path = tmp_path / "r"
        path.write_bytes(data)
        file, stdin = (path, b"") if to_file else ("-", data)
        result = cli("list", "import", file, "--format", form, "--list", 1, "--batch", 2, stdin=stdin)
        assert (result.code, sandbox.calls) == (2, [])
        assert problem in result.error
        line = 7 if form == "csv" else 6
        assert f"{file}, line {line}: " in result.error or "is not UTF-8 text" in result.error

    def test_of_an_unknown_extension_needs_the_format(self, cli, sandbox, tmp_path):
        assert "give --format csv" in cli("list", "import", "-", "--list", 1).error
        assert "cannot read" in cli("list", "import", tmp_path / "none.csv", "--list", 1).error


class TestExport:
    @pytest.fixture(autouse=True)
    def _filled(self, cli, vip):
        cli("list", "import", "-", "--format", "csv", "--list", 1, stdin=CSV.encode())

    def test_into_csv(self, cli, tmp_path):
        result = cli("list", "export", 1, "--to", tmp_path / "x.csv", "--limit", 2)
        assert (result.code, result.out) == (0, f"DONE 2 rows in {tmp_path / 'x.csv'}\n")
        with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["EMAIL"], row["FIRST_NAME"]) for row in rows] == [
            ("jana@example.cz", "Žofie"),
            ("eva@example.cz", ""),
        ]

    def test_into_json_lines_on_stdout(self, cli):
        rows = [json.loads(line) for line in cli("list", "export", 1).out.splitlines()]
        assert [row["EMAIL"] for row in rows] == ["jana@example.cz", "eva@example.cz"]
        assert rows[0]["ID_EMAIL"] == 1

    @pytest.mark.parametrize("to_file", [True, False])
    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_keeps_line_separators_in_values(self, form, to_file, cli, sandbox, tmp_path):
        city = "Brno\u2028eva@example.cz\x85Praha\r\n"
        with sandbox.client() as mailkit:
            mailkit.mailinglist.adduser(1, email="u@example.cz", city=city)
            mailkit.mailinglist.create("copy")
        path = tmp_path / f"x.{form}"
        exported = cli("list", "export", 1, "--start", 3, *(("--to", path) if to_file else ()))
        if not to_file:
            form = "jsonl"
            path.write_bytes(exported.out.encode())
        assert cli("list", "import", path, "--list", 2, "--format", form).code == 0
        with sandbox.client() as mailkit:
            (row,) = mailkit.mailinglist.getstatus(2).unwrap()
        assert (row["EMAIL"], row["CITY"]) == ("u@example.cz", city)

    def test_can_be_filtered(self, cli):
        assert cli("list", "export", 1, "--status", "disabled").out == ""
        assert cli("list", "export", 1, "--changed-since", "2100-01-01 00:00:00").out == ""
        assert len(cli("list", "export", 1, "--start", 2).out.splitlines()) == 1

    @pytest.mark.parametrize("text", ["yesterday", "2026-11-27", "2026-13-45 00:00:00", "01.01.2020", ""])
    def test_a_date_that_is_none_is_a_usage_error(self, text, cli, sandbox):
        before = len(sandbox.calls)
        result = cli("list", "export", 1, "--changed-since", text)
        assert result.code == 2
        assert f'{text!r} is not a date like "YYYY-MM-DD HH:MM:SS"' in result.error
        assert len(sandbox.calls) == before

    @pytest.mark.parametrize("ending", ["csv", "jsonl"])
    def test_can_be_imported_without_changes(self, ending, cli, sandbox, tmp_path):
        path = tmp_path / f"x.{ending}"
        cli("list", "export", 1, "--to", path)
        cli("list", "create", "copy")
        assert cli("list", "import", path, "--list", 2).code == 0
        with sandbox.client() as mailkit:
            first, second = (mailkit.mailinglist.getstatus(each).unwrap() for each in (1, 2))
        kept = [name for name in first[0] if name not in ("ID_EMAIL", "DATE", "CHANGE_DATE")]
        assert [[row[name] for name in kept] for row in second] == [[row[name] for name in kept] for row in first]
