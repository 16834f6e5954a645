"""Tables that fit a terminal.

If a table is wider than the terminal, text in its last column is wrapped at spaces, or columns at the right are left
out. If not even two columns fit, each row is a block with one member per line. Words, dates, numbers and addresses are
never broken. Without a width, each row is one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

__all__ = ["block", "hanging", "layout"]

# Columns with text that can be wrapped, and the least width that is worth it.
_PROSE = frozenset({"DESCRIPTION", "what it does"})
_LEAST = 24
_GAP = 2

Row = Sequence[str]


def layout(columns: Row, rows: Sequence[Row], width: int | None, fewest: int = 2) -> tuple[list[Text], Row]:
    """The lines of a table, and the columns that were left out.

    Args:
        columns: the names of the columns.
        rows: the cells of each row. They are printable.
        width: the width of the terminal; None to leave out and wrap nothing.
        fewest: if fewer columns than this fit, each row is a block.
    """
    widths = [max(map(cell_len, column)) for column in zip(columns, *rows)]
    if width is None:
        return _table(columns, rows, widths), ()
    fewest = min(fewest if rows else 1, len(columns))
    for shown in range(len(columns), fewest - 1, -1):
        room = width - sum(widths[: shown - 1]) - _GAP * (shown - 1)
        if _fits(columns[shown - 1], [row[shown - 1] for row in rows], widths[shown - 1], room):
            fitted = [*widths[: shown - 1], min(room, widths[shown - 1])]
            return _table(columns[:shown], [row[:shown] for row in rows], fitted), columns[shown:]
    return _blocks(columns, rows, width) if rows else _table(columns[:1], (), widths[:1]), ()


def block(columns: Row, row: Row, width: int | None) -> list[Text]:
    """The lines of one row, with one member per line."""
    names = max(map(cell_len, columns))
    lines: list[Text] = []
    for name, cell in zip(columns, row):
        lines += hanging(Text.assemble((name, "bold"), " " * (names - cell_len(name) + _GAP)), cell, width)
    return lines


def hanging(lead: Text, text: str, width: int | None) -> list[Text]:
    """The lines of `text` behind `lead`, wrapped at spaces to this width. They all begin in the same column."""
    indent = " " * lead.cell_len
    first, *others = [text] if width is None else _wrapped(text, width - len(indent))
    lines = [lead.copy().append(first), *(Text(indent + other) for other in others)]
    for line in lines:
        line.rstrip()
    return lines


def _fits(name: str, cells: Row, widest: int, room: int) -> bool:
    """Whether the last column fits into the room that is left, wrapped if it may be."""
    if widest <= room or name not in _PROSE:
        return widest <= room
    return room >= max([_LEAST, *(cell_len(word) for cell in cells for word in cell.split(" "))])


def _table(columns: Row, rows: Sequence[Row], widths: Sequence[int]) -> list[Text]:
    head = Text()
    for name, width in zip(columns, widths):
        head.append(name, style="bold").append(" " * (width - cell_len(name) + _GAP))
    head.rstrip()
    lines = [head]
    for row in rows:
        cells = [cell + " " * (width - cell_len(cell) + _GAP) for cell, width in zip(row, widths[:-1])]
        lines += hanging(Text("".join(cells)), row[-1], sum(widths) + _GAP * len(cells))
    return lines


def _blocks(columns: Row, rows: Sequence[Row], width: int) -> list[Text]:
    lines: list[Text] = []
    for row in rows:
        lines += [*([Text()] if lines else []), *block(columns, row, width)]
    return lines


def _wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a text that is wrapped at spaces. A longer word has a line of its own."""
    line = ""
    for word in text.split(" ") if cell_len(text) > width else [text]:
        if line and cell_len(line) + 1 + cell_len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
