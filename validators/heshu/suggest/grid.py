"""Level figures as rows of one axis and columns of all else, in floats that find candidates and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from heshu.errors import Unreadable
from heshu.figure import Figure

#: Units whose values are rates: they do not add up.
RATES = frozenset({"", "ratio", "rank", "doublings"})

#: What floats may be off by, relative to the largest of them.
NOISE = 1e-12


class Cell(NamedTuple):
    """A printed value in base units, how far the true one may lie from it, and the unit of its last digit."""

    point: float
    slack: float
    step: float


@dataclass(slots=True)
class Grid:
    """Rows in the order of the data, and cells by row and column; all of one dimension of units.

    ``axis`` is the column of the figures table that tells rows apart: ``indicator``, ``area`` or a dimension.
    """

    axis: str
    dimension: str
    rows: list[str]
    cells: dict[str, dict[tuple[str, ...], Cell]]

    def columns(self) -> list[tuple[str, ...]]:
        """Return the columns, the fullest first, then in the order of their keys."""
        count: dict[tuple[str, ...], int] = {}
        for cells in self.cells.values():
            for column in cells:
                count[column] = count.get(column, 0) + 1
        return sorted(count, key=lambda column: (-count[column], column))

    def shared(self, total: str, parts: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the columns that have a total and all of its parts, in order."""
        own = [self.cells[part] for part in parts]
        return sorted(column for column in self.cells[total] if all(column in cells for cells in own))

    def closes(self, total: str, parts: Sequence[str], column: tuple[str, ...]) -> bool:
        """Whether parts may add up to their total in a column."""
        whole, members = self.cells[total][column], [self.cells[part][column] for part in parts]
        slack = whole.slack + sum(cell.slack for cell in members)
        scale = abs(whole.point) + sum(abs(cell.point) for cell in members)
        return abs(whole.point - sum(cell.point for cell in members)) <= slack + NOISE * scale


def grids(figures: Sequence[Figure], dimensions: tuple[str, ...]) -> Iterator[Grid]:
    """Yield the grids of all axes and dimensions of units in which a whole and two parts can stand.

    Levels at constant prices are left out: they do not add up. So are hedged figures, which close with too much.
    """
    cells = [(figure, cell, dimension) for figure in figures for cell, dimension in _cell(figure)]
    for axis in ("indicator", "area", *dimensions):
        found: dict[str, Grid] = {}
        for figure, cell, dimension in cells:
            row, column = _split(figure, axis, dimensions)
            if not row:
                continue
            grid = found.setdefault(dimension, Grid(axis, dimension, [], {}))
            if row not in grid.cells:
                grid.rows.append(row)
            old = grid.cells.setdefault(row, {}).get(column)
            if old is None or cell.step < old.step:
                grid.cells[row][column] = cell
        yield from (grid for grid in found.values() if len(grid.rows) > 2)


def _cell(figure: Figure) -> Iterator[tuple[Cell, str]]:
    if figure.measure != "level" or not figure.value or figure.status == "target":
        return
    if figure.price.partition(":")[0] in ("constant", "comparable"):
        return
    try:
        measured = figure.measured()
    except Unreadable:
        return
    if measured.dimension in RATES or "/" in measured.dimension or not measured.hard.is_plain or measured.soft:
        return
    point, hard = measured.point, measured.hard
    slack = max(float(hard.hi - point), float(point - hard.lo))
    yield Cell(float(point), slack, float(measured.step)), measured.dimension


def _split(figure: Figure, axis: str, dimensions: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a figure's place on the axis, and everything else that figures of one sum have in common."""
    said = dict(zip(dimensions, figure.dimensions, strict=False))
    row = said[axis] if axis in said else str(getattr(figure, axis))
    file = "" if figure.release else f"{figure.origin.file or figure.place.path}\x1f{figure.source}"
    others = (figure.area if axis != "area" else "", figure.indicator if axis != "indicator" else "")
    rest = tuple("" if name == axis else text for name, text in said.items())
    # Periods first: columns in order are years in order.
    return row, (figure.period, *others, figure.comparison, figure.of, figure.among, figure.status, figure.release,
                 file, *rest)  # fmt: skip
