"""docs/cli.md, made from the command line itself: ``python -m tests.cli.reference`` writes it.

What the commands say of themselves (names, arguments, options, help) is read from click's objects, not from the
help texts that click makes of them, which differ from version to version. The rest of the page is below.
"""
# ruff: noqa: E501  (what the commands print stands in one line)

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from mailkit_xmlrpc.cli.app import app
from mailkit_xmlrpc.sandbox import FAULTS

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"

# In the order in which one gets to know them.
ORDER = (
    *("trigger", "send", "user", "list", "report", "methods", "call"),
    *("sandbox", "doctor", "encode", "decode", "completion"),
)

INTRODUCTION = """\
# The command line

`mailkit-xmlrpc` calls Mailkit from a shell, runs a Mailkit on this machine to try things with, and finds out why a
call does not work. It comes with the extra `cli`: `pip install '.[cli]'` in this folder.

This page is made from the command line itself by `python -m tests.cli.reference`; a test compares the two.

## A first call

With `--sandbox` the call goes to a Mailkit inside the command: nothing leaves this machine, nothing is mailed, no
credentials are needed.

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid order=A-17 --sandbox
DONE Added into scenario events queue
$ mailkit-xmlrpc trigger jane@example.com "" --sandbox
error: mailkit.journeys.trigger was refused: Missing event_tag
$ mailkit-xmlrpc call mailkit.mailinglist.create name=customers --sandbox
DONE {"data": 1}
```

## Exit codes

These are a contract with scripts. The code says what became of the call, also when its output could not be
written: a full disk, or a reader such as `head` that has gone.

| code | meaning | what a script does |
|---|---|---|
| 0 | done | go on |
| 1 | refused by Mailkit, a fault or the HTTP server; not carried out | mend the data; the same call will be refused again |
| 2 | usage or configuration, or a value that cannot be sent; nothing was sent | mend the command |
| 3 | partly done: of many calls, some were carried out, or some rows written | read on stderr which were not |
| 4 | credentials or IP address refused; not carried out | `mailkit-xmlrpc doctor` |
| 5 | in doubt: it may have been carried out | look before sending it again |
| 6 | not sent; surely not carried out | try again later |
| 130 | interrupted by Ctrl-C; a call under way may have been carried out | as with 5 |

In a script, then:

```text
mailkit-xmlrpc trigger "$email" order_paid order="$order"
case $? in
    0) ;;
    6) echo "$email $order" >> try-again ;;
    5|130) echo "$email $order" >> look-first ;;
    *) echo "$email $order" >> mend ;;
esac
```

`decode` exits as the call would have: 5 for an answer that cannot be read. `doctor` exits with the code of the first
check that failed. `sandbox` ends with 0 after SIGTERM and with 130 after Ctrl-C.

## Credentials

The MD5 code is a password. There is no option for it, because every user of a machine can read the arguments of
every process. It comes, in this order, from

1. the file that `--credentials` names;
2. the variables MAILKIT_CLIENT_ID and MAILKIT_CLIENT_MD5;
3. a prompt, where stdin is a terminal; what you type for the MD5 code is not shown.

The file has two lines and may be read by nobody else, or it is refused with the command that mends that
(`chmod 600 FILE`). Other lines are ignored.

```text
client_id = 12345678
client_md5 = ...
```

A password manager needs no file: `mailkit-xmlrpc doctor --credentials <(pass show mailkit)` in bash and zsh.

No output shows the MD5 code, with two exceptions: `sandbox` introduces itself with the one of its own, and
`encode --show-md5` does what it says. Where a server sends it back, `***` stands in its place; on stderr that goes for
everything that looks like one.

MAILKIT_URL and MAILKIT_TIMEOUT, in seconds, stand for `--url` and `--timeout`. `--url` takes no password either.

## Output

- Data go to stdout, everything else to stderr: errors, remarks, prompts, the log of `--verbose`.
- An error is one line that begins with `error: `. `--verbose` adds the log and everything that is known about it.
- `--json` prints one JSON document, for a call that failed too; `sandbox --json` prints one line a call. Moments are
  text, bytes are base64. The keys for a call are always those below.
- Control characters in a server's text, and characters that reverse or hide text, are shown as `\\x1b` is, so that no
  server takes your terminal over; in JSON they are escapes.
- Colours appear on a terminal alone, and not where NO_COLOR is set.
- Text that stdout's encoding lacks is shown as `\\u0159` is; JSON is then ASCII. What `encode` prints is always UTF-8,
  as it would be sent, and so is what `--data-json` reads.

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

`--fault`, together with `--sandbox`, spoils the call, so that you can see what your script does then. Repeated, it
spoils the next attempts in turn; faults that are asked for and not used up are forgotten.

The connection breaks after the call was carried out. Nobody can tell from here, so it is not sent again (5):

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault drop_after
error: mailkit.journeys.trigger: the server closed the connection before its answer was complete; the call may have been carried out, so check before sending it again
```

The server has no time. That is surely not carried out, so it is tried again, and then succeeds (0):

```console
$ mailkit-xmlrpc trigger jane@example.com order_paid --sandbox --fault "status 429 retry_after=0"
DONE Added into scenario events queue
```

Something that is no XML-RPC comes back (5), credentials or address are refused (4), time is up (5):

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

`sandbox` takes the same faults with `--next` and `--every`. A FAULT is a name and its options, in this order or as
`name=value`; quotes keep words together, as in `--fault 'refuse "Missing email"'`:

"""

COMPLETION = """\
Once, in the file that your shell reads at its start:

| shell | file | line |
|---|---|---|
| bash | `~/.bashrc` | `eval "$(mailkit-xmlrpc completion bash)"` |
| zsh | `~/.zshrc`, after `compinit` | `eval "$(mailkit-xmlrpc completion zsh)"` |
| fish | `~/.config/fish/config.fish` | `mailkit-xmlrpc completion fish \\| source` |

bash needs version 4.4 or newer. Then `mailkit-xmlrpc tr` and Tab makes `mailkit-xmlrpc trigger`.
"""

# What is said about a command after its options.
MORE = {
    "trigger": """\
Values that are no text come from JSON, which may be nested; both may be used together, as long as no name is given
twice. JSON is read strictly: no name twice in an object, no NaN.

```text
$ echo '{"order": {"id": 17, "items": ["ring", "chain"]}}' | mailkit-xmlrpc trigger jane@example.com order_paid shop=main --data-json - --sandbox
DONE Added into scenario events queue
```
""",
    "call": """\
For Mailkit's own methods, arguments have names; the rest of what the library knows of a method (Base64, empty branches,
which answers are refusals) is seen to. A value that reads as JSON is that, `'name="17"'` the text 17.

```console
$ mailkit-xmlrpc call mailkit.email.unsubscribe email_id=jane@example.com --sandbox
error: mailkit.email.unsubscribe was refused: Invalid ID_email or email
```

Without names, each parameter is JSON, so text needs quotes of its own inside those of the shell:

```console
$ mailkit-xmlrpc call mailkit.journeys.trigger '{"email": "jane@example.com", "event_tag": "order_paid"}' --sandbox
DONE Added into scenario events queue
$ mailkit-xmlrpc call mailkit.journeys.trigger jane@example.com --sandbox
error: parameter 1 is not JSON (Expecting value: line 1 column 1 (char 0)); text needs quotes of its own: '"text"' (see mailkit-xmlrpc call --help)
```

Where a value cannot be sent, the error names its place, such as `params[2].event_data.name`: that counts from 0, and
counts the credentials. A bare string as answer counts as a refusal, because
that is how Mailkit refuses.
""",
    "send": """\
```console
$ mailkit-xmlrpc send jane@example.com name=Jane --list 1 --campaign 1 --sandbox
error: mailkit.sendmail was refused: Invalid ID_mailing_list
```

The sandbox inside the command begins empty, so there is no such list. One that stays (`mailkit-xmlrpc sandbox --state
FILE`) has what was put into it.
""",
    "list import": """\
```text
$ cat customers.csv
email;first_name;custom1
jana@example.cz;Jana;gold
$ mailkit-xmlrpc list import customers.csv --list 5
count_all  count_new  count_updated  count_bad
1          1          0              0
```

Columns are separated by commas, semicolons or tabs. Empty cells are left out, so that they empty nothing. A file that
`list export` made can be imported as it is: EMAIL means email, CUSTOM_1 custom1, and what Mailkit sets by itself
(ID_EMAIL, ID_MAILING_LIST, DATE, CHANGE_DATE) is left out. A column that Mailkit does not have is an error before
anything is sent. If some calls were carried out and one was not, the exit code is 3, and stderr says which lines are in
doubt or were refused; so it is if Mailkit took some for no address.
""",
    "report raw messages": """\
```text
$ mailkit-xmlrpc report raw messages --to messages.csv --pause 5
DONE 25,000 rows in messages.csv
```

Rows are written as they come, one page in memory at a time. Where that breaks off, stderr names the id to go on with.
""",
    "methods": """\
```console
$ mailkit-xmlrpc methods email.move
method              arguments                    what it does
mailkit.email.move  (email_id, ID_mailing_list)  Move a recipient into another mailing list, where it has another id
```
""",
    "sandbox": """\
It says on stderr how to point a client at it, and prints a line on stdout for each call that comes in:

```text
$ mailkit-xmlrpc sandbox --port 8080 --every 3 "status 503"
A Mailkit that mails nothing is running. Point a client at it:

export MAILKIT_URL=http://127.0.0.1:8080/rpc.fcgi
export MAILKIT_CLIENT_ID=12345678
export MAILKIT_CLIENT_MD5=abc123def456abc123def456abc12345

14:02:11 DONE mailkit.journeys.trigger [{"email": "jane@example.com", "event_tag": "order_paid"}]
```

Calls that are under way when it is stopped still get their answers. With `--state FILE` it remembers what came in when
it is started again. [testing.md](testing.md) shows the sandbox in tests of your own.
""",
    "doctor": """\
The checks go the way a call goes, as far as they get. The last one is a trigger without an address, which Mailkit must
refuse.

```console
$ mailkit-xmlrpc doctor
ok      configuration  client_id 12345678, md5 of 32 hex digits, http://127.0.0.1:.../rpc.fcgi
ok      proxy          none
ok      name           127.0.0.1 is 127.0.0.1
ok      connection     connected, without TLS
ok      clock          ...
ok      call           credentials and address are accepted (a trigger without e-mail was refused)
$ mailkit-xmlrpc doctor --url http://127.0.0.1:1/
ok      configuration  client_id 12345678, md5 of 32 hex digits, http://127.0.0.1:1/
ok      proxy          none
ok      name           127.0.0.1 is 127.0.0.1
FAILED  connection     cannot connect to 127.0.0.1:1 (Connection refused); is the server running?
error: connection: cannot connect to 127.0.0.1:1 (Connection refused); is the server running?
```
""",
    "encode": """\
For a look at the wire, or for another HTTP client. client_id comes from MAILKIT_CLIENT_ID.

```console
$ mailkit-xmlrpc encode mailkit.mailinglist.list
<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>mailkit.mailinglist.list</methodName><params><param><value><int>12345678</int></value></param><param><value><string>********************************</string></value></param></params></methodCall>
$ mailkit-xmlrpc encode system.listMethods --bare
<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>system.listMethods</methodName><params></params></methodCall>
```
""",
    "decode": """\
For an answer that another program got, or a log kept:

```text
$ echo '<methodResponse><params><param><value>Missing email</value></param></params></methodResponse>' | mailkit-xmlrpc decode -
error: the call was refused: Missing email
$ echo '<methodResponse><params><param><value>Missing em' | mailkit-xmlrpc decode -
error: ...
```
""",
    "completion": COMPLETION,
}


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, *_faults(), "\n"]
    for name in ORDER:
        parts += _command((name,), app.commands[name])
    return "".join(parts).rstrip("\n") + "\n"


def _faults() -> Iterator[str]:
    yield "| fault | what happens | carried out | options |\n|---|---|---|---|\n"
    for kind in FAULTS.values():
        options = "; ".join(_fault_option(option) for option in kind.options)
        names = {option.name for option in kind.options}
        processed = "as `processed` says" if "processed" in names else _shown(kind.processed)
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
            more = "And the" if own else "The"
            yield f"\n{more} options of every command that calls Mailkit, as for [trigger](#trigger).\n"
    if name in MORE:
        yield f"\n{MORE[name]}"
    yield "\n"


def _is_own(path: tuple[str, ...], option: click.Option) -> bool:
    """Those that all commands have are listed once."""
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
    """Its paragraphs, each in lines of the page's width."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in command.help.split("\n\n"))
    return "\n\n".join(click.wrap_text(paragraph, 119) for paragraph in paragraphs)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
