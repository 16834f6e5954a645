"""``sandbox``: run a sandbox on this machine until it is stopped, and print the calls that it receives."""

from __future__ import annotations

import shlex
import signal
import threading
from pathlib import Path
from typing import Any

import click

from ..errors import ConfigError
from ..options import is_loopback
from ..sandbox import InjectedFault, ReceivedCall, Sandbox
from .brief import brief, cut
from .completion import fault_names
from .output import DONE, INTERRUPTED, Screen, json_value, printable

__all__ = ["add_faults", "sandbox"]

# Characters in the line about a call. A call can have 128 MiB.
_LINE = 200

_WARNING = (
    "warning: the sandbox listens on {}, so other machines can call it if they know the token in its URL. There,\n"
    "replace the host in the URL by the name of this machine, and allow plain http: allow_http=True or --allow-http.\n"
)


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Address to listen on, such as 0.0.0.0 for all IPv4 addresses; default: 127.0.0.1, for this machine only.",
)
@click.option(
    "--token",
    envvar="MAILKIT_SANDBOX_TOKEN",
    metavar="VALUE",
    help="Token in the URL; default: MAILKIT_SANDBOX_TOKEN, or else a random one if other machines can call.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; default: any free one.")
@click.option("--state", type=click.Path(path_type=Path), metavar="FILE", help="Keep the state in this file.")
@click.option("--allow-ip", multiple=True, metavar="IP", help="Allow only this address or network; may be repeated.")
@click.option(
    "--next",
    "faults",
    multiple=True,
    metavar="FAULT",
    shell_complete=fault_names,
    help="Inject a fault into the next call; may be repeated.",
)
@click.option(
    "--every",
    nargs=2,
    multiple=True,
    type=(click.IntRange(1), str),
    metavar="N FAULT",
    help="Inject a fault into every N-th call; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each call as a line of JSON.")
@click.pass_context
def sandbox(
    context: click.Context,
    /,
    host: str,
    token: str | None,
    port: int,
    state: Path | None,
    allow_ip: tuple[str, ...],
    faults: tuple[str, ...],
    every: tuple[tuple[int, str], ...],
    as_json: bool,
) -> None:
    """Run a sandbox of Mailkit on this machine. It sends no e-mail. Stop it with Ctrl-C.

    A FAULT is a name and its options, such as "drop_after" or "status 503 retry_after=2".
    """
    screen = Screen(as_json=as_json)
    stopped = threading.Event()

    def show(call: ReceivedCall) -> None:
        if as_json:
            screen.json(_as_json(call), indent=None)
        else:
            screen.line(_line(call))
        if not screen.can_write:
            stopped.set()

    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        with Sandbox(port, host=host, token=token, allowed_ips=allow_ip or None, state=state, on_call=show) as server:
            add_faults(server, faults)
            for n, text in every:
                server.fail_every(n, _fault(text))
            screen.write_stderr(_introduction(server, host))
            stopped.wait()
    except KeyboardInterrupt:
        screen.after_ctrl_c()
        screen.note("stopped")
        context.exit(INTERRUPTED)
    except ConfigError as error:
        context.exit(screen.failure(error))
    context.exit(DONE)


def add_faults(server: Sandbox, texts: tuple[str, ...]) -> None:
    """Inject the faults into the next calls, one fault each. Raises ConfigError."""
    for text in texts:
        server.fail_next(_fault(text))


def _fault(text: str) -> InjectedFault:
    """Parse a fault. Quotes keep words together: refuse "Missing email". Raises ConfigError."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise ConfigError(f"the quotes of a fault are not balanced: {text}") from None
    return InjectedFault.parse(words)


def _introduction(server: Sandbox, host: str) -> str:
    return (
        f"{'' if is_loopback(host) else _WARNING.format(printable(host))}"
        "The sandbox is running. It sends no e-mail. To use it, set:\n\n"
        f"export MAILKIT_URL={server.url}\n"
        f"export MAILKIT_CLIENT_ID={server.client_id}\n"
        f"export MAILKIT_CLIENT_MD5={server.client_md5}\n\n"
    )


def _line(call: ReceivedCall) -> str:
    """One line about a call, of at most `_LINE` characters; control characters are escaped."""
    head = cut(printable(f"{call.time:%H:%M:%S} {call.outcome} {call.method}"), _LINE // 2)
    return f"{head} {brief(call.params, _LINE - len(head) - 1)}"


def _as_json(call: ReceivedCall) -> dict[str, Any]:
    return {
        "time": call.time.isoformat(),
        "method": call.method,
        "params": json_value(list(call.params)),
        "answer": json_value(call.answer),
        "outcome": str(call.outcome),
        "elapsed": call.elapsed,
    }
