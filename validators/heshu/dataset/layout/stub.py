"""Row headings as a hierarchy: by the column they stand in, indentation, numbering, and 其中 or #."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from heshu.dataset.layout import marks
from heshu.tables.sheet import Sheet

#: Half-width columns that one level of a cell's own indentation stands for.
INDENT = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A row heading: as printed, taken apart, the row of the one it belongs to, and the names from the outermost."""

    row: int
    text: str
    name: marks.Name
    parent: int | None
    path: tuple[str, ...]
    is_of_which: bool
    level: tuple[int, ...]


def entries(sheet: Sheet, rows: Iterable[int], columns: Sequence[int]) -> dict[int, Entry]:
    """Return the heading of each row that has one, in any of ``columns``; the rightmost counts."""
    found: dict[int, Entry] = {}
    open_ones: list[tuple[tuple[int, ...], Entry]] = []
    aligned: tuple[int, int, tuple[int, ...]] | None = None
    for row in rows:
        column = next((c for c in reversed(columns) if sheet.text(row, c).strip()), None)
        if column is None:
            continue
        name = marks.take_apart(sheet.text(row, column))
        width = name.width + INDENT * sheet.indents.get((row, column), 0)
        level: tuple[int, ...] = (columns.index(column), width, name.rank, int(name.is_of_which))
        is_of_which = name.is_of_which
        if is_of_which:
            aligned = (columns.index(column), width + name.mark_width, level)
        elif aligned and (columns.index(column), width) == aligned[:2]:
            # What stands below the name behind 其中： goes on with the list.
            level, is_of_which = aligned[2], True
        elif aligned and level <= aligned[2]:
            aligned = None
        while open_ones and open_ones[-1][0] >= level:
            open_ones.pop()
        parent = open_ones[-1][1] if open_ones else None
        path = (*(parent.path if parent else ()), name.text)
        entry = Entry(row, sheet.text(row, column), name, parent.row if parent else None, path, is_of_which, level)
        if name.text:
            found[row] = entry
            open_ones.append((level, entry))
    return found
