"""docs/conformance.md, made from what a run finds: ``python -m tests.peers.matrix`` writes it.

The page can only be written where every peer runs; the tests compare it with what is found, peer by peer.
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
# Conformance: who understands whom

XML-RPC is 26 years old, and every library reads its short specification in its own way. This page shows how this
package gets on with nine others, each run in its own language: every value of `tests/peers/values.py` in four
relations.

| relation | what happens |
|---|---|
| reads | the peer's codec reads what ours writes |
| writes | our codec reads what the peer's writes |
| serves | our `ServerProxy` sends the value to the peer's server, which sends it back |
| triggers | the peer's client calls the sandbox's `mailkit.journeys.trigger` with the value in `event_data` |

A value passes when it comes through to the letter, its type included. Under validator1 is how many calls of
UserLand's old test suite the peer's client makes right, against a server on our codec.

The page is written by `python -m tests.peers.matrix`. The tests find the same things anew and compare; a difference
that is not listed here fails them, and so does one that is gone. A peer that is not on a machine is skipped there.
The peers are those of Debian 12, `xmlrpc` 1.3.2 of npm and `aiohttp-xmlrpc` 1.5.0; each is used as a careful program
would use it, with the options that its manual has for UTF-8, typed values and nil.

## What follows for a call

- Text arrives, markup and Czech included. The exceptions: xmlrpc-c refuses emoji and makes CR an LF, aiohttp-xmlrpc
  strips white space at both ends. A CR does not survive the way back from PHP, Frontier, Ruby, Java and the standard
  library of Python.
- Keep markup out of the names of members: Frontier and Java write names without escaping.
- Integers beyond 32 bits are safe between this package and Perl's RPC::XML, Java and C. For the others, send them
  as strings.
- Leave a value out rather than send None: PHP and Ruby lose or refuse nil, and so does Frontier.
- PHP cannot tell an empty struct from an empty array, nor a struct with the names 0, 1, 2 from a list.
- JavaScript cannot tell 3.0 from 3, and Node and Java take dates for local time: an hour that summer time leaves out
  comes back as another.
- Frontier's server closes the connection after each answer without saying so. Call `proxy("close")()` after each call
  to it, or the next one may end in doubt.
- The server of RPC::XML serves one connection at a time. A `ServerProxy` keeps one, and threads that share it take
  turns; with `pool_size=` of more than one, those beyond the first would wait for that server in vain.

## Totals
"""

LEGEND = """\
## The differences

In each table, only values that differ are shown; an empty cell means that the value passes. "It refuses" is the
peer's doing: an error or a fault instead of a value. "We refuse what it writes" is ours: what the peer wrote is
not XML-RPC, or cannot be read without a guess.
"""


class Findings:
    """What became of each value, found at first request and remembered; the peers and servers that it takes."""

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
        """The peer of that name. Raises Missing where it cannot run."""
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
        """What became of a value: `SAME`, or a few words."""
        key = (name, relation, value)
        if (name, relation) in self._broken:
            raise Broken(f"{name} broke before: {self._broken[name, relation]}")
        if key not in self._outcomes:
            try:
                self._outcomes[key] = outcome(relation, self.peer(name), self.sandbox, VALUES[value])
            except Broken as broken:
                # Once is enough: each further value might have to be waited for.
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
    head = f"| peer | what it is | {' | '.join(RELATIONS)} | validator1 |\n" + "|---" * (3 + len(RELATIONS)) + "|\n"
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
