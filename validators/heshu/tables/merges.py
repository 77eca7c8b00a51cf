"""Merged areas of a worksheet (ECMA-376 Part 1, §18.3.1.55): they may not overlap, and hide all but their first cell.

Areas may be as large as the sheet, and there may be thousands: nothing here walks over their cells.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from heshu.tables.sheet import Span


class Area(NamedTuple):
    """A merged area: 1-based rows, 0-based columns, both ends included, and its name in the file."""

    left: int
    top: int
    right: int
    bottom: int
    name: str


class _Sweep:
    """The areas that a row, going down, crosses, from left to right."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.crossed: list[Area] = []
        self._ends: list[tuple[int, Area]] = []
        self._coming = iter(sorted(areas, key=lambda area: area.top))
        self._next = next(self._coming, None)

    def leave(self, line: int) -> None:
        """Forget what ends above a row."""
        while self._ends and self._ends[0][0] < line:
            area = heapq.heappop(self._ends)[1]
            del self.crossed[bisect_left(self.crossed, area)]

    def entered(self, line: int) -> Iterator[Area]:
        """Enter the areas that begin at or above a row, one by one, each given before it is entered."""
        while self._next and self._next.top <= line:
            area, self._next = self._next, next(self._coming, None)
            self.leave(area.top)
            yield area
            insort(self.crossed, area)
            heapq.heappush(self._ends, (area.bottom, area))
        self.leave(line)


def overlapping(areas: Iterable[Area]) -> tuple[Area, Area] | None:
    """Return two areas that overlap, if any do."""
    sweep = _Sweep(areas)
    for area in sweep.entered(1 << 30):
        at = bisect_left(sweep.crossed, area)
        for other in sweep.crossed[max(at - 1, 0) : at + 1]:
            if other.left <= area.right and area.left <= other.right:
                return other, area
    return None


def uncover(areas: Iterable[Area], rows: list[list[str]], lines: list[int]) -> None:
    """Empty the cells that merged areas hide."""
    sweep = _Sweep(areas)
    for cells, line in zip(rows, lines, strict=True):
        for _ in sweep.entered(line):
            pass
        for area in sweep.crossed:
            if area.left >= len(cells):
                break
            first = area.left + (line == area.top)
            stop = min(area.right + 1, len(cells))
            cells[first:stop] = [""] * (stop - first)


def spans(areas: Iterable[Area], lines: list[int], width: int) -> tuple[Span, ...]:
    """Return the areas as positions, as far as there are rows and columns; those of one cell are none."""
    found = []
    for area in areas:
        top, bottom = bisect_left(lines, area.top), bisect_right(lines, area.bottom) - 1
        span = Span(top, area.left, bottom, min(area.right, width - 1))
        if top <= bottom and span.left <= span.right and (span.top, span.left) != (span.bottom, span.right):
            found.append(span)
    return tuple(sorted(found))
