"""The top-level command, and the conversion of click's exceptions to exit codes."""

from __future__ import annotations

import sys

import click

from .._version import __version__
from .calls import call, trigger
from .campaigns import campaign
from .completion import completion
from .doctor import doctor
from .group import Group
from .lists import lists
from .methods import methods
from .output import INTERRUPTED, USAGE, Screen
from .reports import report
from .safe_stream import drop
from .send import send
from .serve import sandbox
from .users import user
from .wire import decode, encode

__all__ = ["app", "run"]

_PROGRAM = "mailkit-xmlrpc"


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=_PROGRAM)
def app() -> None:
    """Call Mailkit's XML-RPC API.

    Credentials are read from a file (--credentials), from MAILKIT_CLIENT_ID and MAILKIT_CLIENT_MD5, or from a
    prompt. Data is written to stdout, everything else to stderr.

    Exit codes: 0 done, 1 refused, 2 usage or configuration error, 3 partly done, 4 credentials or IP address
    refused, 5 in doubt (the call may have been carried out), 6 not sent, 130 interrupted.
    """


for _command in (
    trigger,
    send,
    user,
    lists,
    campaign,
    report,
    methods,
    call,
    sandbox,
    encode,
    decode,
    doctor,
    completion,
):
    app.add_command(_command)


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    try:
        code = app.main(arguments, prog_name=_PROGRAM, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.UsageError as error:
        hint = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
        # click puts each choice on its own line; an error is one line.
        Screen().problem(" ".join(error.format_message().split()).rstrip(".") + hint)
        return error.exit_code
    except click.ClickException as error:
        Screen().problem(error.format_message())
        return error.exit_code
    except OSError as error:
        # The commands report their own errors. click writes the help and the version.
        Screen().problem(f"cannot write to stdout ({error.strerror})")
        drop(sys.stdout)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        Screen().problem("interrupted")
        return INTERRUPTED
