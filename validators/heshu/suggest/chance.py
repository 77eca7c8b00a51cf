"""How likely it is that figures fit by chance: what makes evidence of an agreement.

Parts that close once have had the chance (width of rounding) / (size of the second largest part): the largest is
taken to be near the total anyhow, as a total without its small parts is. A further period counts only by what has
changed in it besides the common growth: figures that all grow alike close again whatever they are. The chance of one
candidate is multiplied by the number of those that were looked at in its way of looking (Bonferroni), so that it
bounds the chance that a dataset without structure yields any.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from heshu.figure import Figure
from heshu.interval import Interval
from heshu.suggest.grid import Grid

#: Columns whose evidence is added up; more would only be more of the same.
COLUMNS = 40

#: Nobody needs more digits of evidence than these.
ENOUGH = 15.0


def digits_of_sum(grid: Grid, total: str, parts: Sequence[str]) -> float:
    """Return −log10 of the chance that these parts close as often as they do."""
    shared = grid.shared(total, parts)
    columns = shared[:: max(1, len(shared) // COLUMNS)][:COLUMNS]
    digits, before, missed = 0.0, None, 0
    for column in columns:
        if not grid.closes(total, parts, column):
            missed += 1
            continue
        values = [grid.cells[part][column].point for part in parts]
        whole = grid.cells[total][column]
        width = 2 * (whole.slack + sum(grid.cells[part][column].slack for part in parts)) + whole.step
        moved = values
        if before is not None:
            factor = whole.point / before[0] if before[0] else 1.0
            moved = [value - factor * old for value, old in zip(values, before[1], strict=True)]
        scale = sorted(map(abs, moved))[-2]
        digits += math.log10(max(1.0, scale / width)) if width else 0.0
        before = whole.point, values
    # Which of the columns do not close could be chosen, too.
    return min(ENOUGH, digits - math.log10(math.comb(len(columns), missed)))


def digits_of_rates(found: Sequence[tuple[Figure, Sequence[Figure]]], least: float) -> float:
    """Return −log10 of the chance that rates fit the levels they are printed with.

    The first counts by its width and theirs against its size (at least ``least``); another by how far it is from the
    nearest one before: shares that hardly move agree again. Hedged figures count nothing: they fit too much.
    """
    digits, before = 0.0, list[float]()
    for rate, levels in found:
        intervals = [figure.measured().hard for figure in (rate, *levels)]
        if not all(interval.is_plain for interval in intervals):
            continue
        value = _middle(intervals[0])
        loose = [_width(interval) / abs(_middle(interval)) for interval in intervals[1:] if _middle(interval)]
        width = _width(intervals[0]) + (1 + abs(value)) * sum(loose)
        size = min((abs(value - old) for old in before), default=max(abs(value), least))
        digits += math.log10(max(1.0, size / width)) if width else 0.0
        before.append(value)
    return min(ENOUGH, digits)


def _width(interval: Interval) -> float:
    return float(interval.hi - interval.lo)


def _middle(interval: Interval) -> float:
    return float(interval.hi + interval.lo) / 2
