"""The table of refusals in docs/errors.md, made from the classes: ``python -m tests.refusals`` writes it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from mailkit_xmlrpc.errors.refused import KINDS, NO_RECIPIENT, NOT_MOVED, STATUS_TEXTS, RefusedError, Text

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
BEGIN = "<!-- refusals: written by python -m tests.refusals -->\n"
END = "<!-- end -->\n"
OURS = (NO_RECIPIENT, NOT_MOVED, *STATUS_TEXTS.values())


def page() -> str:
    """The whole page, with the table as it must be."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    return "".join((before, BEGIN, *table(), end, after))


def table() -> Iterator[str]:
    """The rows, and the head above them."""
    yield "| exception | texts | attributes | meaning |\n|---|---|---|---|\n"
    for kind in KINDS:
        if kind.texts:
            texts = ", ".join(dict.fromkeys(map(shown, kind.texts)))
            yield f"| `{kind.__name__}` | {texts} | {attributes(kind)} | {meaning(kind)} |\n"


def shown(text: Text) -> str:
    """A pattern as a person reads it."""
    words = re.sub(r"\(\?P<\w+>\\S\+\)|\\S\+", "...", text.pattern).replace("[ _]", " ")
    return f"*{words}*" if words in OURS else f'"{words}"'


def attributes(kind: type[RefusedError]) -> str:
    """Those that a plain refusal does not have."""
    own = inspect.signature(kind).parameters.keys() - inspect.signature(RefusedError).parameters - {"common"}
    return ", ".join(f"`{name}`" for name in sorted(own))


def meaning(kind: type[RefusedError]) -> str:
    """The first paragraph of its docstring."""
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
