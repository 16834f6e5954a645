"""Where the command line finds client_id and client_md5. They are not arguments, because all users of a machine can
read the arguments of its processes."""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
from pathlib import Path

import click

from ..errors import ConfigError

__all__ = ["find_credentials"]

_LINE = re.compile(r"\s*(client_id|client_md5)\s*[=:]\s*[\"']?([^\"'\s]+)[\"']?\s*")


def find_credentials(path: Path | None) -> tuple[str, str]:
    """Return client_id and client_md5 from `path` if given, or else from the environment, or else from a prompt.

    Raises:
        ConfigError: if there are none, or if others have access to the file.
    """
    if path is not None:
        return _from_file(path)
    client_id, client_md5 = os.environ.get("MAILKIT_CLIENT_ID"), os.environ.get("MAILKIT_CLIENT_MD5")
    if client_id and client_md5:
        return client_id, client_md5
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigError(
            "no credentials: set MAILKIT_CLIENT_ID and MAILKIT_CLIENT_MD5, or name a file with --credentials"
        )
    return client_id or _ask("client_id"), client_md5 or _ask("client_md5", hidden=True)


def _ask(name: str, *, hidden: bool = False) -> str:
    try:
        return str(click.prompt(name, hide_input=hidden, err=True))
    except click.Abort:
        click.echo(err=True)  # the error that follows needs its own line
        raise


def _from_file(path: Path) -> tuple[str, str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise ConfigError(f"others have access to {path}; run: chmod 600 {shlex.quote(str(path))}")
            found = [(match[1], match[2]) for line in file if (match := _LINE.fullmatch(line))]
    except OSError as error:
        raise ConfigError(f"cannot read {path} ({error.strerror})") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text") from None
    values = dict(found)
    if len(found) != 2 or len(values) != 2:
        raise ConfigError(f"{path} must have one line client_id = 12345678 and one line client_md5 = (32 hex digits)")
    return values["client_id"], values["client_md5"]
