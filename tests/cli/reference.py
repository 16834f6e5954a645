"""Generates docs/cli.md: ``python -m tests.cli.reference`` writes it.

Names, arguments, options and help are read from click's objects, because the help texts that click formats differ
between its versions. The rest of the page is below.
"""
# ruff: noqa: E501  (the output of a command is not wrapped)

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from mailkit_xmlrpc.cli.app import app
from mailkit_xmlrpc.sandbox import FAULTS

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"

# The commands for daily use first.
ORDER = (
    *("trigger", "send", "user", "list", "campaign", "report", "methods", "call"),
    *("sandbox", "doctor", "encode", "decode", "completion"),
)

INTRODUCTION = """\
# The command line

`mailkit-xmlrpc` calls Mailkit from a shell, runs a sandbox of Mailkit on this machine, and finds out why a call does
not work. It needs the extra `cli`: run `pip install '.[cli]'` in this directory.

This page is generated from the command line by `python -m tests.cli.reference`. A test checks that it is up to date.

## A first call

With `--sandbox`, the call goes to a sandbox that runs inside the command. It needs no credentials and no network, and
sends no e-mail.

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid order=A-17 --sandbox
DONE Added into scenario events queue
$ mailkit-xmlrpc trigger jane@example.com "" --sandbox
error: mailkit.journeys.trigger was refused: Missing event_tag
$ mailkit-xmlrpc call mailkit.mailinglist.create name=customers --sandbox
DONE {"data": 1}
```

Without `--sandbox`, the examples on this page need your account, or a sandbox that keeps its data from one command to the
next. Start one in another terminal, and paste the three lines that it prints into the terminal of the examples:

```sh
mailkit-xmlrpc sandbox
```

## Exit codes

The exit code is stable, so that scripts can rely on it. It reports the outcome of the call even if stdout cannot be
written to, because a disk is full or a reader such as `head` has exited. Only `encode` and `completion` exit with 2
then, and an export ends there, with 3 if rows were written. If the disk is full, the error says how many, and how to
continue. An export with stdout closed (`>&-`) makes no call.

| code | meaning | what to do in a script |
|---|---|---|
| 0 | done | continue |
| 1 | refused by Mailkit, by a fault or by the HTTP server; not carried out | correct the data; the same call would be refused again |
| 2 | usage or configuration error, or a value that cannot be sent; nothing was sent | correct the command |
| 3 | partly done: some of several calls were carried out, or some rows were written | read on stderr what is missing |
| 4 | credentials or IP address refused; not carried out | run `mailkit-xmlrpc doctor` |
| 5 | in doubt: the call may have been carried out | check before sending it again |
| 6 | not sent; not carried out | try again later |
| 130 | interrupted by Ctrl-C; a call in progress may have been carried out | as for 5 |

For example:

```sh
email=jane@example.com order=A-17
mailkit-xmlrpc trigger "$email" order_paid order="$order"
case $? in
    0) ;;
    6) echo "$email $order" >> try-again ;;
    5|130) echo "$email $order" >> check-first ;;
    *) echo "$email $order" >> correct ;;
esac
```

HTTP status 503 is in doubt (5), because caches send it also when the server behind them has already received the call.
A call that changes data is not sent again after a 503, nor after HTTP status 429 (1). A call that only reads is sent again
after the time that the server asks for, if the timeout allows it.

`decode` exits with the code of the call that the answer belongs to: 5 for an answer that cannot be read. `doctor` exits
with the code of the first check that failed. `sandbox` exits with 0 after SIGTERM and with 130 after Ctrl-C.

## Credentials

The MD5 code is a password. There is no option for it, because all users of a machine can read the arguments of its
processes. The command line uses the first of these sources:

1. the file that `--credentials` names;
2. the variables MAILKIT_CLIENT_ID and MAILKIT_CLIENT_MD5;
3. a prompt for missing values, if stdin is a terminal. It does not show the MD5 code while you type.

The file must contain these two lines; other lines are ignored. Only its owner may have access to it. Otherwise it is
refused, and the error shows the command to run (`chmod 600 FILE`).

```text
client_id = 12345678
client_md5 = ...
```

To use a password manager without a file, write `mailkit-xmlrpc doctor --credentials <(pass show mailkit)` in bash or
zsh.

The MD5 code is shown in two places only: `sandbox` prints its own, and `encode --show-md5` prints yours. Everywhere
else it is replaced by `***`, also in a server's text. On stderr, this applies to everything that looks like an MD5 code.

MAILKIT_URL and MAILKIT_TIMEOUT (in seconds) are the defaults of `--url` and `--timeout`. `--url` does not accept a
password either.

## Output

- Data is written to stdout. Errors, remarks, prompts and the log of `--verbose` are written to stderr.
- An error is one line that begins with `error: `. `--verbose` adds the log and the details of the error.
- `--json` prints one JSON document, also for a call that failed; `sandbox --json` prints one line per call. Dates and
  times are text, bytes are base64. For a call, the document always has the keys shown below.
- Control characters in a server's text, and characters that reverse or hide text, are escaped, such as `\\x1b`. In JSON
  they are JSON escapes. A server therefore cannot manipulate your terminal.
- A table that is wider than the terminal has fewer columns, and a remark on stderr names the others; `--wide` shows all.
  On a very narrow terminal each row is a block of lines. In a pipe or a file, a row is one line with all columns. A tab
  in a cell is shown as `\\t`. COLUMNS sets another width than the terminal's.
- A table or an export without rows has its header, and "no rows" is written to stderr.
- Colours are used on a terminal, unless TERM is dumb. NO_COLOR turns them off, and FORCE_COLOR on, also in a pipe; if both
  are set, there are none.
- Characters that the encoding of stdout lacks are escaped, such as `\\u0159`. JSON is ASCII unless that encoding is
  UTF-8. The output of `encode` is always UTF-8, as on the wire, and so is the input of `--data-json`.

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --json
{
  "ok": true,
  "outcome": "DONE",
  "method": "mailkit.journeys.trigger",
  "message": "Added into scenario events queue",
  "status": "OK",
  "error": null,
  "error_status": 0,
  "value": {
    "message": "Added into scenario events queue",
    "status": "OK",
    "error_status": 0
  }
}
$ mailkit-xmlrpc trigger jane@example.com "" --sandbox --json
{
  "ok": false,
  "outcome": "REFUSED",
  "method": "mailkit.journeys.trigger",
  "message": null,
  "status": null,
  "error": "Missing event_tag",
  "error_status": 1,
  "value": null
}
error: mailkit.journeys.trigger was refused: Missing event_tag
```

## Faults on demand

With `--sandbox`, `--fault` injects a fault into the call, so that you can test how your script handles it. If the
option is repeated, each attempt gets the next fault. Unused faults are discarded.

In the first example, the connection breaks after the call was carried out. The command cannot know that, so it does not
send the call again (5):

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault drop_after
error: mailkit.journeys.trigger: the server closed the connection before its answer was complete; the call may have been carried out, so check before sending it again
```

With status 429 a call that changes data is refused (1), and one that only reads is sent again, and then succeeds (0):

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault "status 429 retry_after=0"
error: mailkit.journeys.trigger: HTTP 429 Too Many Requests; the body begins 'HTTP 429'
$ mailkit-xmlrpc call mailkit.mailinglist.list --sandbox --fault "status 429 retry_after=0"
DONE []
```

Further examples are an answer that is not XML-RPC (5), refused credentials or a refused IP address (4), and a timeout
(5):

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault html
error: mailkit.journeys.trigger: ...; the call may have been carried out, so check before sending it again
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault unauthorized
error: mailkit.journeys.trigger was refused: Unauthorized; check client_id and client_md5 (menu Profile / Integration)
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault "disallowed_ip 192.0.2.7"
error: mailkit.journeys.trigger was refused: Disallowed IP 192.0.2.7; allow it in the menu Profile / Integration
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault "delay 60" --timeout 1
error: mailkit.journeys.trigger: ...; the call may have been carried out, so check before sending it again
```

`sandbox` takes the same faults with `--next` and `--every`. A FAULT is a name and its options. The options are given in
the order of this table or as `name=value`. Quotes keep words together, as in `--fault 'refuse "Missing email"'`:

"""

COMPLETION = """\
Add this line to the file that your shell reads when it starts:

| shell | file | line |
|---|---|---|
| bash | `~/.bashrc` | `eval "$(mailkit-xmlrpc completion bash)"` |
| zsh | `~/.zshrc`, after `compinit` | `eval "$(mailkit-xmlrpc completion zsh)"` |
| fish | `~/.config/fish/config.fish` | `mailkit-xmlrpc completion fish \\| source` |

bash must be version 4.4 or newer. After that, Tab completes `mailkit-xmlrpc tr` to `mailkit-xmlrpc trigger`, and also
the names of Mailkit's methods and of faults.
"""

# The text after the options of a command.
MORE = {
    "trigger": """\
Use `--data-json` for values that are not text, and for nested values. It can be combined with NAME=VALUE pairs, but a
name must not be given twice. The JSON must be strict: an object with a duplicate name is refused, and so are NaN and more
than 128 arrays and objects inside one another.

```console
$ echo '{"order": {"id": 17, "items": ["ring", "chain"]}}' | mailkit-xmlrpc trigger jane@example.com order_paid shop=main --data-json - --sandbox
DONE Added into scenario events queue
```
""",
    "call": """\
The arguments of Mailkit's methods have names. With NAME=VALUE, the command calls the library's function for the method,
which encodes values (in Base64, for instance) and adds empty structs. A VALUE that is valid JSON is decoded:
`name=17` is a number, and `'name="17"'` is text.

```console
$ mailkit-xmlrpc call mailkit.email.unsubscribe email_id=jane@example.com --sandbox
error: mailkit.email.unsubscribe was refused: Invalid ID_email or email
```

Without names, each parameter is JSON, so text needs double quotes inside the quotes of the shell:

```console
$ mailkit-xmlrpc call mailkit.journeys.trigger '{"email": "jane@example.com", "event_tag": "order_paid"}' --sandbox
DONE Added into scenario events queue
$ mailkit-xmlrpc call mailkit.journeys.trigger jane@example.com --sandbox
error: parameter 1 is not JSON (Expecting value: line 1 column 1 (char 0)); text needs double quotes inside the shell's quotes: '"text"' (see mailkit-xmlrpc call --help)
```

If a value cannot be sent, the error names its path, such as `params[2].event_data.name`. Parameters are counted from 0
and include the two credentials. For a method that the library does not know, an answer that is a bare string is a
refusal, because that is how Mailkit refuses a call.
""",
    "send": """\
```console
$ mailkit-xmlrpc send jane@example.com name=Jane --list 1 --campaign 1 --sandbox
error: mailkit.sendmail was refused: Invalid ID_mailing_list
```

The sandbox inside the command starts empty, so this list does not exist. `mailkit-xmlrpc sandbox --state FILE` keeps
its data.
""",
    "campaign create": """\
A campaign needs a sender that Mailkit has verified. `send` can then send it to one recipient:

```console
$ mailkit-xmlrpc call mailkit.profile.emails.list --sandbox
DONE ...
$ mailkit-xmlrpc campaign create "Order paid" --sender 1 --subject "Your order" google_analytics=true --sandbox
DONE campaign 1 created
```
""",
    "list import": """\
```console
$ printf 'email;first_name;custom1\\njana@example.cz;Jana;gold\\n' > customers.csv
$ mailkit-xmlrpc list create customers
DONE list 1 created
$ mailkit-xmlrpc list import customers.csv --list 1
count_all  count_new  count_updated  count_bad
1          1          0              0
```

Columns are separated by commas, semicolons or tabs. Empty cells, and null in JSON, are left out, so that they do not
clear a stored value. A file from `list export` can be imported without changes: EMAIL is read as email and CUSTOM_1 as
custom1, and the columns that Mailkit sets (ID_EMAIL, ID_MAILING_LIST, DATE, CHANGE_DATE) are left out. A file that was
exported with `--safe-cells` has apostrophes, which are imported as a part of the text. An unknown column is an error, and
nothing is sent. If a call fails after others were carried out, the exit code is 3, and stderr names the lines that are
in doubt or were refused. The exit code is also 3 if Mailkit finds invalid e-mail addresses.
""",
    "report raw messages": """\
```text
$ mailkit-xmlrpc report raw messages --to messages.csv --pause 5
DONE 25,000 rows in messages.csv
```

Rows are written as they arrive, with one page in memory at a time. They are written to a file beside FILE, which takes
the name FILE when it is complete: a file that exists is replaced only by a complete export. If the export fails, the rows
stay in the file beside it, and stderr shows the command that adds the others. After that, rename it:

```text
$ mailkit-xmlrpc report raw messages --to messages.csv
error: mailkit.report.raw.messages: boom; 12,000 rows are in messages.part.csv; to add the others, use --to messages.part.csv --append
$ mailkit-xmlrpc report raw messages --to messages.part.csv --append
DONE 13,000 rows added to messages.part.csv
```

`--append` reads the id of the last row in FILE and adds the rows that follow it, without a second header. It can be
repeated, also days later for the rows that are new. A file with other columns is refused and not changed. An export
without rows says "no rows"; its CSV file has the header.

Recipients choose many of the texts in an export, such as their names. Excel, LibreOffice and other spreadsheets take a
text that begins with `=`, `+`, `-` or `@` for a formula, which can send the other cells elsewhere or start a program. Add
`--safe-cells` to a CSV file that somebody opens in a spreadsheet. Such a text is then written with an apostrophe before it
(`'+420 123`), also if it follows a semicolon, a tab, a line break or a quote inside of a cell, because some spreadsheets
begin a cell there. A text that begins with a tab or a line break has one too, and so have the names of columns. A number
is left: the number -5 is written as `-5`, but the text -5 as `'-5`. With `--append`, the option applies to the rows that
are added, so give it each time; the names of columns in FILE may have apostrophes or not. JSON has no formulas, and the
option is refused there. `list import` stores the apostrophes, so import a file without them.

A new file has the mode that your umask gives it, and one that replaces a file has the mode of that file. Run `umask 077`
before the command if others must not read the rows.
""",
    "methods": """\
```console
$ mailkit-xmlrpc methods email.move
method              what it does                                                         arguments
mailkit.email.move  Move a recipient into another mailing list, where it has another id  (email_id, ID_mailing_list)
```
""",
    "sandbox": """\
It prints the settings for a client to stderr, and a line to stdout for each call that it receives:

```text
$ mailkit-xmlrpc sandbox --port 8080 --every 3 "status 503"
The sandbox is running. It sends no e-mail. To use it, set:

export MAILKIT_URL=http://127.0.0.1:8080/rpc.fcgi
export MAILKIT_CLIENT_ID=12345678
export MAILKIT_CLIENT_MD5=abc123def456abc123def456abc12345

14:02:11 DONE mailkit.journeys.trigger [{"email": "jane@example.com", "event_tag": "order_paid"}]
14:02:12 DONE mailkit.mailinglist.import [12, [300 rows: {"email": "jane@example.com"}, ...]]
```

Such a line has at most 200 characters, whatever the size of the call. With `--json` it has the whole call.

With `--host 0.0.0.0`, other machines and containers can call the sandbox too. They need a token, which is a part of the
URL that the sandbox prints. `--token` or MAILKIT_SANDBOX_TOKEN sets it; prefer the variable, because all users of a
machine can read the arguments of its processes. A request without the token is refused with HTTP status 403 and a line
on stderr. [testing.md](testing.md#from-another-container) has a recipe for Docker Compose.

Calls that are in progress when it is stopped still get their answers. With `--state FILE` it keeps its data over a
restart. Only its owner can read a FILE that the sandbox creates; a FILE that exists keeps its mode.
[testing.md](testing.md) shows how to use the sandbox in your own tests.
""",
    "doctor": """\
The checks follow the steps of a call and stop at the first one that would make the call fail. The last check calls
journeys.trigger without an e-mail address, which Mailkit must refuse.

```console
$ mailkit-xmlrpc doctor
ok      configuration  client_id 12345678, md5 of 32 hex digits, http://127.0.0.1:.../rpc.fcgi
ok      proxy          none
ok      name           127.0.0.1 resolves to 127.0.0.1
ok      connection     connected, without TLS
skipped clock          ...
ok      call           credentials and IP address are accepted (a trigger without e-mail was refused)
$ mailkit-xmlrpc doctor --url http://127.0.0.1:1/
ok      configuration  client_id 12345678, md5 of 32 hex digits, http://127.0.0.1:1/
ok      proxy          none
ok      name           127.0.0.1 resolves to 127.0.0.1
FAILED  connection     cannot connect to 127.0.0.1:1 (Connection refused); is the server running?
```
""",
    "encode": """\
Use it to inspect a request, or to send one with another HTTP client. client_id is read from MAILKIT_CLIENT_ID.

```console
$ mailkit-xmlrpc encode mailkit.mailinglist.list
<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>mailkit.mailinglist.list</methodName><params><param><value><int>12345678</int></value></param><param><value><string>********************************</string></value></param></params></methodCall>
$ mailkit-xmlrpc encode system.listMethods --bare
<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>system.listMethods</methodName><params></params></methodCall>
```
""",
    "decode": """\
Use it for an answer that another program received, or that is in a log:

```console
$ echo '<methodResponse><params><param><value>Missing email</value></param></params></methodResponse>' | mailkit-xmlrpc decode -
error: the call was refused: Missing email
$ echo '<methodResponse><params><param><value>Missing em' | mailkit-xmlrpc decode -
error: ...
```
""",
    "completion": COMPLETION,
}


def page() -> str:
    """The text of the page."""
    parts = [INTRODUCTION, *_faults(), "\n"]
    for name in ORDER:
        parts += _command((name,), app.commands[name])
    return "".join(parts).rstrip("\n") + "\n"


def _faults() -> Iterator[str]:
    yield "| fault | what happens | carried out | options |\n|---|---|---|---|\n"
    for kind in FAULTS.values():
        options = "; ".join(_fault_option(option) for option in kind.options)
        names = {option.name for option in kind.options}
        processed = "depends on `processed`" if "processed" in names else _shown(kind.processed)
        yield f"| `{kind.name}` | {kind.summary} | {processed} | {options} |\n"


def _fault_option(option) -> str:
    wants = re.sub(r"( from -1000000000000)? to 1000000000000|, 0 or more", "", option.wants)
    default = "" if option.required or option.default is None else f", default {_shown(option.default)}"
    return f"`{option.name}`: {wants}{', required' if option.required else default}"


def _shown(value) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _command(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    name = " ".join(path)
    if isinstance(command, click.Group):
        yield f"{'#' * (len(path) + 1)} {name}\n\n{_help(command)}\n\n"
        for each, inner in command.commands.items():
            yield from _command((*path, each), inner)
        return
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    options = [param for param in command.params if isinstance(param, click.Option)]
    usage = ["mailkit-xmlrpc", *path, *(["[OPTION]..."] if options else []), *map(_argument, arguments)]
    yield f"{'#' * (len(path) + 1)} {name}\n\n```text\n{' '.join(usage)}\n```\n\n{_help(command)}\n"
    if options:
        own = [option for option in options if _is_own(path, option)]
        if own:
            yield "\n| option | |\n|---|---|\n"
            yield from (f"| `{_option(option)}` | {_cell(option.help)} |\n" for option in own)
        if len(path) > 1:
            also = "also " if own else ""
            yield f"\nThe command {also}has the options that all commands that call Mailkit share; see [trigger](#trigger).\n"
    if name in MORE:
        yield f"\n{MORE[name]}"
    yield "\n"


def _is_own(path: tuple[str, ...], option: click.Option) -> bool:
    """Whether to list an option. Subcommands do not repeat the shared options."""
    shared = {each.name for each in app.commands["trigger"].params if isinstance(each, click.Option)} - {"data_json"}
    return len(path) == 1 or option.name not in shared


def _argument(argument: click.Argument) -> str:
    if isinstance(argument.type, click.Choice):
        return "|".join(argument.type.choices)
    return argument.metavar or argument.name.upper()


def _option(option: click.Option) -> str:
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {option.metavar or option.name.upper()}"


def _help(command: click.Command) -> str:
    """The help of a command, wrapped to the width of the page."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in command.help.split("\n\n"))
    return "\n\n".join(click.wrap_text(paragraph, 119) for paragraph in paragraphs)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
