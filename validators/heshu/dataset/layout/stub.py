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
    """A row heading: as printed, taken apart, the row of the one it belongs to, and the names from the outermost.

    ``is_loose``: it stands further right than 其中： above it and further left than the name behind that, so that it
    may be the next of the list, or a part of its first.
    """

    row: int
    text: str
    name: marks.Name
    parent: int | None
    path: tuple[str, ...]
    is_of_which: bool
    level: tuple[int, ...]
    is_loose: bool = False


def entries(sheet: Sheet, rows: Iterable[int], columns: Sequence[int]) -> dict[int, Entry]:
    """Return the heading of each row that has one, in any of ``columns``; the rightmost counts, below the others."""
    found: dict[int, Entry] = {}
    open_ones: list[tuple[tuple[int, ...], int | None, tuple[str, ...]]] = []
    aligned: tuple[int, int, tuple[int, ...]] | None = None
    for row in rows:
        filled = [(i, column) for i, column in enumerate(columns) if sheet.text(row, column).strip()]
        for place, column in filled:
            name = marks.take_apart(sheet.text(row, column))
            width = name.width + INDENT * sheet.indents.get((row, column), 0)
            level: tuple[int, ...] = (place, width, name.rank, int(name.is_of_which))
            is_of_which, is_loose = name.is_of_which, False
            if is_of_which:
                aligned = (place, width + name.mark_width, level)
            elif aligned and place == aligned[0] and aligned[2][1] < width <= aligned[1] + 1:
                # What stands below the name behind 其中： goes on with the list.
                level, is_of_which, is_loose = aligned[2], True, width < aligned[1] - 1
            elif aligned and level <= aligned[2]:
                aligned = None
            while open_ones and open_ones[-1][0] >= level:
                open_ones.pop()
            parent, outer = open_ones[-1][1:] if open_ones else (None, ())
            path = (*outer, name.text)
            if not name.text:
                continue
            if column == filled[-1][1]:
                text = sheet.text(row, column)
                found[row] = Entry(row, text, name, parent, path, is_of_which, level, is_loose)
                open_ones.append((level, row, path))
            else:
                # 城乡 | 城镇: the class has no row of its own, what stands in it belongs to what is above.
                open_ones.append((level, parent, path))
    return found
