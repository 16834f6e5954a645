"""docs/conformance.md, generated from the results of a run: ``python -m tests.peers.matrix`` writes it.

Writing the page needs every peer; the tests compare it with the results of those peers that can run.
"""

from __future__ import annotations

import sys
import tempfile
import textwrap
from pathlib import Path
from types import TracebackType

from mailkit_xmlrpc.sandbox import Sandbox

from .differences import DIFFERENCES
from .peer import Broken, Peer
from .relations import RELATIONS, SAME, outcome
from .roster import ROSTER, Missing
from .validator import SUITE, ValidatorServer, passed
from .values import VALUES

__all__ = ["PAGE", "Findings", "page", "section", "totals"]

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"

INTRODUCTION = """\
# Compatibility with other XML-RPC implementations

XML-RPC has a short specification, and every library interprets it in its own way. This page shows how this package
works with nine other implementations, each running in its own language. Every value of `tests/peers/values.py` is
exchanged in four ways.

| relation | what happens |
|---|---|
| reads | the peer's codec reads a document that our codec wrote |
| writes | our codec reads a document that the peer's codec wrote |
| serves | our `ServerProxy` sends the value to the peer's server, which sends it back |
| triggers | the peer's client calls the sandbox's `mailkit.journeys.trigger` with the value in `event_data` |

A value passes if it arrives unchanged, including its type. The column validator1 shows how many calls of UserLand's
validator suite the peer's client makes correctly, with a server that uses our codec.

`python -m tests.peers.matrix` writes this page. The tests compare it with their own results: a new difference fails
them, and so does a difference that no longer occurs. Peers that are not installed are skipped. The peers are the
versions in Debian 12, `xmlrpc` 1.3.2 from npm and `aiohttp-xmlrpc` 1.5.0. Each is used with the options that its manual
recommends for UTF-8, typed values and nil.

## Recommendations

- Text arrives unchanged, including markup and Czech, with these exceptions: xmlrpc-c refuses emoji and changes CR to
  LF, and aiohttp-xmlrpc removes white space at both ends. PHP, Frontier, Ruby, Java and Python's standard library lose
  a CR in the text that they write.
- Do not use markup in the names of members: Frontier and Java do not escape names.
- Integers beyond 32 bits work with Perl's RPC::XML, Java and C. Send them as strings to all others.
- Leave a value out instead of sending None: PHP loses nil, Ruby and Frontier refuse it.
- PHP cannot distinguish an empty struct from an empty array, or a struct with the names 0, 1, 2 from a list.
- JavaScript cannot distinguish 3.0 from 3. Node and Java read dates as local time, so a time that does not exist
  because of daylight saving time arrives as another time.
- Frontier's server closes the connection after each answer without announcing it. Call `proxy("close")()` after each
  call to it, or pass `headers=[("Connection", "close")]`. Otherwise the outcome of the next call may be unknown.
- The server of RPC::XML serves one connection at a time. Keep the default `pool_size=1`, with which threads that share
  a `ServerProxy` take turns. With a larger pool, calls on a second connection wait until the first one is closed.

## Totals
"""

LEGEND = """\
## Differences

Each table shows only the values that differ. An empty cell means that the value passes. "It refuses" means that the
peer reports an error or a fault. "We refuse what it writes" means that the peer's document is not XML-RPC, or is
ambiguous.
"""


class Findings:
    """The result for each value, computed at the first request and then kept, with the peers and servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._peers: dict[str, Peer | Missing] = {}
        self._outcomes: dict[tuple[str, str, str], str] = {}
        self._broken: dict[tuple[str, str], str] = {}
        self._validated: dict[str, dict[str, bool]] = {}
        self.sandbox = Sandbox()
        self.validator = ValidatorServer()

    def __enter__(self) -> Findings:
        self.sandbox.start()
        self.validator.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for peer in self._peers.values():
            if isinstance(peer, Peer):
                peer.close()
        self.validator.stop()
        self.sandbox.stop()

    def peer(self, name: str) -> Peer:
        """The peer of that name. Raises Missing if it cannot run."""
        if name not in self._peers:
            folder = self._folder / name
            folder.mkdir()
            try:
                self._peers[name] = Peer(ROSTER[name], ROSTER[name].prepare(folder))
            except Missing as missing:
                self._peers[name] = missing
        peer = self._peers[name]
        if isinstance(peer, Missing):
            raise Missing(str(peer))
        return peer

    def outcome(self, name: str, relation: str, value: str) -> str:
        """The result for a value: `SAME`, or a few words."""
        key = (name, relation, value)
        if (name, relation) in self._broken:
            raise Broken(f"{name} failed before: {self._broken[name, relation]}")
        if key not in self._outcomes:
            try:
                self._outcomes[key] = outcome(relation, self.peer(name), self.sandbox, VALUES[value])
            except Broken as broken:
                # The peer is not asked again, because each further value might run into a timeout.
                self._broken[name, relation] = f"{value}: {broken}"
                raise
        return self._outcomes[key]

    def validated(self, name: str) -> dict[str, bool]:
        """Which tests of the validator suite the peer's client passes."""
        if name not in self._validated:
            peer = self.peer(name)
            self._validated[name] = {
                test: passed(test, lambda method, *params: peer.call(self.validator.url, method, *params))
                for test in SUITE
            }
        return self._validated[name]


def relations(name: str) -> list[str]:
    """The relations that a peer takes part in."""
    return [relation for relation in RELATIONS if relation != "serves" or ROSTER[name].serves]


def totals(findings: Findings, name: str) -> str:
    """The peer's line in the table of totals."""
    cells = []
    for relation in RELATIONS:
        if relation in relations(name):
            same = sum(findings.outcome(name, relation, value) == SAME for value in VALUES)
            cells.append(f"{same} of {len(VALUES)}")
        else:
            cells.append("-")
    validated = findings.validated(name)
    cells.append(f"{sum(validated.values())} of {len(validated)}")
    return f"| {name} | {ROSTER[name].title} | {' | '.join(cells)} |\n"


def section(findings: Findings, name: str) -> str:
    """The peer's differences."""
    lines = [f"### {name}", ""]
    rows = []
    for value in VALUES:
        cells = [findings.outcome(name, relation, value) for relation in relations(name)]
        if set(cells) != {SAME}:
            rows.append(f"| {value} | {' | '.join('' if cell == SAME else cell for cell in cells)} |")
    if not rows:
        return f"### {name}\n\nNone: every value passes.\n"
    lines += [
        f"| value | {' | '.join(relations(name))} |",
        "|---" * (1 + len(relations(name))) + "|",
        *rows,
        "",
    ]
    for difference in DIFFERENCES[name]:
        values = ", ".join(f"`{pattern}`" for pattern in difference.values.split())
        line = f"- {values} ({', '.join(difference.relations.split())}): {difference.reason}."
        lines.append(textwrap.fill(line, 118, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))
    return "\n".join(lines) + "\n"


def page(findings: Findings) -> str:
    """The whole page."""
    head = f"| peer | implementation | {' | '.join(RELATIONS)} | validator1 |\n" + "|---" * (3 + len(RELATIONS)) + "|\n"
    table = head + "".join(totals(findings, name) for name in ROSTER)
    return "\n".join([INTRODUCTION, table, LEGEND, *(section(findings, name) for name in ROSTER)])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Findings(Path(folder)) as findings:
        try:
            text = page(findings)
        except Missing as missing:
            sys.exit(f"the page needs every peer: {missing}")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
