"""``encode`` and ``decode``: print the request of a call, and read an answer from a file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from .. import codec
from ..api.catalogue import find
from ..errors import FaultError, MailkitError
from ..options import checked_id
from .completion import method_names
from .connection import screen_options
from .inputs import parameters, read_input, success_option
from .output import DONE, USAGE, Screen

__all__ = ["decode", "encode"]

_EXAMPLE_ID = "12345678"
_MASK = "*" * 32


@click.command()
@click.argument("method", shell_complete=method_names)
@click.argument("params", nargs=-1, metavar="[JSON]...")
@click.option("--show-md5", is_flag=True, help="Print MAILKIT_CLIENT_MD5 instead of asterisks.")
@click.option("--bare", is_flag=True, help="Leave out client_id and client_md5.")
@click.pass_context
def encode(context: click.Context, method: str, params: tuple[str, ...], show_md5: bool, bare: bool) -> None:
    """Print the request that `call METHOD [JSON]...` sends."""
    values = parameters(params)
    screen = Screen()
    try:
        if not bare:
            md5 = os.environ.get("MAILKIT_CLIENT_MD5", _MASK) if show_md5 else _MASK
            values = [checked_id(os.environ.get("MAILKIT_CLIENT_ID", _EXAMPLE_ID)), md5, *values]
        request = codec.encode_request(method, values)
    except MailkitError as error:
        context.exit(screen.failure(error))
    screen.raw(request)
    context.exit(DONE if screen.can_write else USAGE)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE|-")
@click.option(
    "--method",
    default="",
    metavar="METHOD",
    shell_complete=method_names,
    help="The called method, which decides what a success is.",
)
@success_option
@screen_options
@click.pass_context
def decode(
    context: click.Context, file: Path, method: str, success: tuple[str, ...], as_json: bool, verbose: bool
) -> None:
    """Print the result of the answer in FILE.

    If the answer is invalid, print where.
    """
    screen = Screen(as_json=as_json, verbose=verbose)
    data, spec = read_input(file), find(method, success)
    try:
        raw = codec.decode_response(data, keep_bad_scalars=spec.answer.keep_bad_scalars)
    except FaultError as fault:
        fault.method = method or None
        code = screen.failure(fault)
    except MailkitError as error:
        code = screen.failure(error)
    else:
        code = screen.result(spec.judge(raw))
    context.exit(code)
