"""`recipients`: reading a file line by line, and the errors for invalid lines."""

from __future__ import annotations

import json

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailkit_xmlrpc.cli.output import DONE, Screen
from mailkit_xmlrpc.cli.recipients_file import batches, recipients
from mailkit_xmlrpc.cli.rows import Export

from ..strategies import texts

# Characters that end a line for Unicode and str.splitlines, but not in CSV and JSON Lines.
NEW_LINES = ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"]


@pytest.fixture
def read(tmp_path):
    """Read the recipients from a file with this text."""

    def reading(text, form="csv"):
        path = tmp_path / f"recipients.{form}"
        path.write_bytes(text.encode())
        return recipients(path, None)

    return reading


class TestLines:
    @pytest.mark.parametrize("character", [each for each in NEW_LINES if each > "\x1f"], ids=ascii)
    def test_of_csv_do_not_end_at_other_line_breaks_of_unicode(self, character, read):
        city = f"Brno{character}eva@example.cz,Praha"
        assert read(f'email,city\na@example.cz,"{city}"\n') == [(2, {"email": "a@example.cz", "city": city})]
        city = f"Brno{character}Praha"
        assert read(f"email,city\na@example.cz,{city}\n") == [(2, {"email": "a@example.cz", "city": city})]

    @pytest.mark.parametrize("character", [each for each in NEW_LINES if each > "\x1f"], ids=ascii)
    def test_of_json_do_not_end_at_other_line_breaks_of_unicode(self, character, read):
        city = f"Brno{character}Praha"
        rows = read(f'{{"email": "a@example.cz", "city": "{city}"}}\n', "jsonl")
        assert rows == [(1, {"email": "a@example.cz", "city": city})]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
    def test_of_csv_end_at_cr_lf_or_crlf(self, end, read):
        rows = end.join(["email,city", "a@example.cz,Brno", "b@example.cz,Praha", ""])
        assert read(rows) == [
            (2, {"email": "a@example.cz", "city": "Brno"}),
            (3, {"email": "b@example.cz", "city": "Praha"}),
        ]

    @pytest.mark.parametrize("inside", ["\n", "\r\n", "\r"], ids=ascii)
    def test_of_csv_do_not_end_inside_quotes(self, inside, read):
        rows = read(f'email,city\na@example.cz,"Brno{inside}Praha"\nb@example.cz,x\n')
        assert rows[0] == (2, {"email": "a@example.cz", "city": f"Brno{inside}Praha"})
        assert rows[1] == (4, {"email": "b@example.cz", "city": "x"}), "lines must be counted as an editor counts them"

    @pytest.mark.parametrize("end", ["\n", "\r\n"], ids=ascii)
    def test_of_json_end_at_lf(self, end, read):
        rows = end.join(['{"email": "a@example.cz"}', "", '{"email": "b@example.cz"}', ""])
        assert read(rows, "jsonl") == [(1, {"email": "a@example.cz"}), (3, {"email": "b@example.cz"})]


class TestALineThatCannotBeImported:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (
                "email,city\na@example.cz,x\n a@example.cz,y\n",
                "line 3: white space around the email ' a@example.cz'; remove",
            ),
            ("email,city\na@example.cz\xa0,y\n", "line 2: white space around the email"),
            ("email,city\na@example.cz,x\n , \n", "line 3: the line has only white space; remove it"),
            ("ID_EMAIL,email\n , \n", "line 2: the line has only white space; remove it"),
            ("ID_EMAIL,email\n5, \n", "line 2: email is missing or empty"),
            ("ID_EMAIL,email\n5,\n", "line 2: email is missing or empty"),
            ("email,city\n  ,Brno\n", "line 2: email is missing or empty"),
            ("email,city\n,Brno\n", "line 2: email is missing or empty"),
            ('email,city\na@example.cz,"x\ny"\n,Brno\n', "line 4: email is missing or empty"),
            ("city\nBrno\n", "line 2: email is missing or empty"),
            ("ID_EMAIL,city\n5,\n", "line 2: email is missing or empty"),
            ("email\n\u200ba@example.cz\n", r"line 2: an invisible character in the email '\u200ba@example.cz'"),
            ("\ufeff\ufeffemail\na@example.cz\n", "line 1: Mailkit has no member"),
            ("\nemail\na@example.cz\n", "line 1: the line is empty; it must have the names of the columns"),
            ("email,custom\na@example.cz,x\n", "line 1: Mailkit has no member 'custom'; did you mean custom"),
            *(
                (f"email,city\na@example.cz,Brno{character}\n", "line 2: city: ")
                for character in ["\x01", *NEW_LINES]
                if character < "\x20"
            ),
        ],
    )
    def test_is_named(self, text, problem, read):
        with pytest.raises(click.UsageError) as caught:
            read(text)
        assert problem in caught.value.message

    def test_is_named_in_json_lines_too(self, read):
        for document, problem in (
            ('{"email": "a@example.cz "}', "line 1: white space around the email"),
            ("{}", "line 1: email is missing or empty"),
            ('{"email": null}', "line 1: email is missing or empty"),
            ('{"EMAIL": null, "city": "Brno"}', "line 1: email is missing or empty"),
            ('{"email": null, "city": " "}', "line 1: email is missing or empty"),
            ('{"email": ""}', "line 1: email is missing or empty"),
            ('{"email": " "}', "line 1: email is missing or empty"),
            ('{"email": "\\u00a0", "city": "Brno"}', "line 1: email is missing or empty"),
            ('{"ID_EMAIL": 5, "EMAIL": " "}', "line 1: email is missing or empty"),
            ('{"email": "a", "email": "b"}', "line 1: the line is not JSON ('email' is given twice)"),
            ('{"email": "a", "EMAIL": "b"}', "line 1: 'email' is given twice"),
            ('{"email": "a", "city": NaN}', "line 1: the line is not JSON"),
            ('{"email": ["a"]}', "line 1: email must be text or an integer, got list"),
            ('{"email": true}', "line 1: email must be text or an integer, got bool"),
            ('{"email": "a", "city": 1.5}', "line 1: city must be text or an integer, got float"),
            ('{"email": "a", "custom": {"1": "x"}}', "line 1: Mailkit has no member 'custom'"),
            ('{"email": "a", "city": "\\ud800"}', "line 1: city: "),
            (
                "[" * 100_000,
                "line 1: the line is not JSON (it is nested too deeply, more than 128 levels: line 1 column ",
            ),
        ):
            with pytest.raises(click.UsageError) as caught:
                read(document, "jsonl")
            assert problem in caught.value.message

    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    @pytest.mark.parametrize(
        ("name", "value", "problem"),
        [
            ("email", f" a{'x' * 200_000}", "white space around the email ' axxx"),
            ("email", f"\u200ba{'x' * 200_000}", r"an invisible character in the email '\u200baxxx"),
            ("x" * 200_000, "a", "Mailkit has no member 'xxx"),
        ],
        ids=["white space", "invisible", "name"],
    )
    def test_is_named_in_short(self, name, value, problem, form, read):
        text = f"city,{name}\nBrno,{value}\n" if form == "csv" else json.dumps({"city": "Brno", name: value})
        with pytest.raises(click.UsageError) as caught:
            read(text, form)
        assert problem in caught.value.message
        assert len(caught.value.message) < 1000

    def test_that_is_empty_is_left_out(self, read):
        assert read("email,city\n\na@example.cz,Brno\n,\n\n") == [(3, {"email": "a@example.cz", "city": "Brno"})]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_text_has_any_length(ending, read):
    text = "x" * 200_000
    document = f"email,city\na@example.cz,{text}\n"
    if ending == "jsonl":
        document = f'{{"email": "a@example.cz", "city": "{text}"}}\n'
    assert [row["city"] for _, row in read(document, ending)] == [text]


# A recipient as Mailkit returns it. White space around an address is refused, which is tested above.
READ_AS = {"EMAIL": "email", "FIRST_NAME": "first_name", "CITY": "city", "CUSTOM_1": "custom1", "CUSTOM_25": "custom25"}
ROW = st.fixed_dictionaries({name: st.emails() if name == "EMAIL" else texts() for name in READ_AS})


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@given(rows=st.lists(ROW, min_size=1, max_size=5))
@example(rows=[{"EMAIL": "a@example.cz", "FIRST_NAME": '"', "CITY": "\r", "CUSTOM_1": "\n\u2028", "CUSTOM_25": ";"}])
def test_import_reads_what_export_writes(ending, rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / f"x.{ending}"
    export = Export(to=path, form=None, safe_cells=False, append=False, start=None, limit=None, pause=0)
    assert export.save(Screen(), "mailkit.mailinglist.getstatus", "EMAIL", lambda **options: iter(rows)) == DONE
    wanted = [{READ_AS[name]: value for name, value in row.items() if value or ending == "jsonl"} for row in rows]
    assert [row for _, row in recipients(path, None)] == wanted


def test_batches_have_at_most_this_many_rows():
    rows = [(line, {}) for line in range(5)]
    assert list(batches(rows, 2)) == [rows[:2], rows[2:4], rows[4:]]
    assert list(batches([], 2)) == []
