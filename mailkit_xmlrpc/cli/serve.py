"""``sandbox``: a Mailkit on this machine that stays until it is stopped, and shows what comes in."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from ..errors import ConfigError
from ..sandbox import Call, Fault, Sandbox
from .output import DONE, INTERRUPTED, Screen, jsonable, printable

__all__ = ["add_faults", "sandbox"]


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; default: any free one.")
@click.option("--state", type=click.Path(path_type=Path), metavar="FILE", help="Keep what comes in, in this file.")
@click.option("--allow-ip", multiple=True, metavar="IP", help="Allow only this address or network; may be repeated.")
@click.option("--next", "faults", multiple=True, metavar="FAULT", help="Spoil the next call; may be repeated.")
@click.option(
    "--every",
    nargs=2,
    multiple=True,
    type=(click.IntRange(1), str),
    metavar="N FAULT",
    help="Spoil every N-th call.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each call as a line of JSON.")
@click.pass_context
def sandbox(
    context: click.Context,
    /,
    port: int,
    state: Path | None,
    allow_ip: tuple[str, ...],
    faults: tuple[str, ...],
    every: tuple[tuple[int, str], ...],
    as_json: bool,
) -> None:
    """Run a Mailkit on this machine: nothing is mailed. Stop it with Ctrl-C.

    A FAULT is a name with its options, such as "drop_after" or "status 503 retry_after=2".
    """
    screen = Screen(as_json=as_json)

    def show(call: Call) -> None:
        screen.line(_line(call, as_json))

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        with Sandbox(port, allowed_ips=allow_ip or None, state=state, on_call=show) as server:
            add_faults(server, faults)
            for n, text in every:
                server.fail_every(n, Fault.parse(text))
            _introduce(server)
            stopped.wait()
    except KeyboardInterrupt:
        screen.note("stopped")
        context.exit(INTERRUPTED)
    except ConfigError as error:
        context.exit(screen.failure(error))
    context.exit(DONE)


def add_faults(server: Sandbox, texts: tuple[str, ...]) -> None:
    """Let each of these faults hit one of the next calls. Raises ConfigError."""
    for text in texts:
        server.fail_next(Fault.parse(text))


def _introduce(server: Sandbox) -> None:
    sys.stderr.write(
        "A Mailkit that mails nothing is running. Point a client at it:\n\n"
        f"export MAILKIT_URL={server.url}\n"
        f"export MAILKIT_CLIENT_ID={server.client_id}\n"
        f"export MAILKIT_CLIENT_MD5={server.client_md5}\n\n"
    )
    sys.stderr.flush()


def _line(call: Call, as_json: bool) -> str:
    if as_json:
        return json.dumps(_as_json(call))
    params = json.dumps(jsonable(list(call.params)), ensure_ascii=False)
    return printable(f"{call.time:%H:%M:%S} {call.outcome} {call.method} {params}")


def _as_json(call: Call) -> dict[str, Any]:
    return {
        "time": call.time.isoformat(),
        "method": call.method,
        "params": jsonable(list(call.params)),
        "answer": jsonable(call.answer),
        "outcome": str(call.outcome),
        "elapsed": call.elapsed,
    }
