"""From figures to quantities: one row per key, the intersection of its printed copies, in base units."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from heshu.errors import Unreadable
from heshu.figure import KEY, NAMES, Figure, Measured
from heshu.interval import INFINITY, Interval
from heshu.registry import Registry
from heshu.rounding import Style

#: States of a quantity: its ends are finite; infinite, hedged or read in two ways; its copies contradict each
#: other; its copies differ in dimension.
PLAIN, WIDE, CONFLICT, MIXED = range(4)

#: Integers on the grid stay exact in a float below this bound, with room for sums.
GRID_LIMIT = 2**50

#: Text columns of the figures, and those of the key.
TEXT = tuple(name for name in NAMES if name != "decimals")


@dataclass(slots=True)
class Quantities:
    """Figures and quantities as columns, and the way back from a quantity to its exact interval.

    ``figure_columns`` has one entry per figure (``fid`` = position in ``figures``; ``qid`` is None where the
    figure has no value or its unit is unknown); ``quantity_columns`` one per key (``qid`` = position).
    Numbers are floats nearest to the exact ends, in base units. ``unreadable`` says by ``fid`` why a printed
    figure was not measured.
    """

    figures: list[Figure]
    dimensions: tuple[str, ...]
    figure_columns: dict[str, list[Any]]
    quantity_columns: dict[str, list[Any]]
    members: list[list[int]]
    unreadable: dict[int, Unreadable] = field(default_factory=dict)

    def copies(self, qid: int) -> list[Figure]:
        """Return the printings of a quantity."""
        return [self.figures[fid] for fid in self.members[qid]]

    def hard(self, qid: int, style: Style | None = None) -> Interval:
        """Return the intersection of the printings' HARD intervals; ``style`` replaces undeclared ones."""
        return meet([_measured(figure, style).hard for figure in self.copies(qid)])

    def tight(self, qid: int) -> Interval:
        """Return the intersection of the printings' SOFT (where hedged) intervals."""
        return meet([figure.measured().tight for figure in self.copies(qid)])

    def loose(self, qid: int, style: Style | None = None) -> Interval | None:
        """Return the other common reading (增长N倍 for 增长到N倍) of a quantity, or None if no copy has one."""
        found = [_measured(figure, style) for figure in self.copies(qid)]
        if all(measured.loose is None for measured in found):
            return None
        return meet([measured.hard if measured.loose is None else measured.loose for measured in found])

    def is_declared(self, qid: int) -> bool:
        """Whether every printing's rounding style was declared."""
        return all(figure.style.declared for figure in self.copies(qid))

    def finest(self, qid: int) -> tuple[Figure, Measured]:
        """Return the printing with most digits."""
        pairs = [(figure, figure.measured()) for figure in self.copies(qid)]
        return min(pairs, key=_fineness)


def _fineness(pair: tuple[Figure, Measured]) -> tuple[bool, Fraction, str, str, str]:
    """Sort unhedged printings first, then those with most digits; among equals not by the order of rows."""
    figure, measured = pair
    return (measured.soft is not None, measured.step, figure.value, figure.unit, figure.hedge)


def _measured(figure: Figure, style: Style | None) -> Measured:
    return figure.measured(None if figure.style.declared else style)


def meet(intervals: list[Interval]) -> Interval:
    """Return the intersection of intervals, at least one."""
    result = intervals[0]
    for interval in intervals[1:]:
        result = result & interval
    return result


@lru_cache(maxsize=4096)
def _power_of_ten(value: Fraction) -> int | None:
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        digits = str(part)
        if part > 1 and digits.strip("0") == "1":
            return sign * (len(digits) - 1)
    return 0 if value == 1 else None


def grid(measured: Measured) -> float | None:
    """Return the largest power of ten that divides point and ends, as a float, or None.

    On a common grid sums are sums of small integers, which floats hold exactly: no guard band is needed.
    """
    if not measured.hard.is_plain:
        return None
    exponent = _power_of_ten(measured.step)
    if exponent is None:
        return None
    for candidate in (exponent, exponent - 1, exponent - 2):
        cell = Fraction(10) ** candidate
        ends = [Fraction(end) / cell for end in (measured.hard.lo, measured.hard.hi, measured.point)]
        if all(end.denominator == 1 and abs(end) < GRID_LIMIT for end in ends):
            return float(cell)
    return None


def gather(figures: list[Figure], registry: Registry, dimensions: tuple[str, ...] = ()) -> Quantities:
    """Measure every figure and merge the copies of each key."""
    columns: dict[str, list[Any]] = {name: [] for name in ("fid", "qid", "file", "dim", "counter")}
    columns |= {name: [] for name in ("lo", "hi", "pt")}
    unreadable: dict[int, Unreadable] = {}
    keys: dict[tuple[str, ...], int] = {}
    members: list[list[int]] = []
    measured: list[Measured | None] = []
    files: dict[tuple[str, str], int] = {}
    for figure in figures:
        found = None
        if figure.value:
            try:
                found = figure.measured()
            except Unreadable as error:
                unreadable[figure.id] = error
        measured.append(found)
        qid = None
        if found is not None:
            qid = keys.setdefault(figure.key, len(keys))
            if qid == len(members):
                members.append([])
            members[qid].append(figure.id)
        # Without `release`, what one document in one file says is one release.
        origin = (figure.origin.file or figure.place.path, figure.source)
        _append(columns, figure, qid, found, files.setdefault(origin, len(files)))
    columns |= {name: [getattr(figure, name) for figure in figures] for name in TEXT}
    columns["decimals"] = ["" if f.decimals is None else str(f.decimals) for f in figures]
    columns |= {f"dim:{name}": [f.dimensions[i] for f in figures] for i, name in enumerate(dimensions)}
    quantities = _quantity_columns(figures, measured, members, registry, columns["file"], dimensions)
    return Quantities(figures, dimensions, columns, quantities, members, unreadable)


def _append(
    columns: dict[str, list[Any]],
    figure: Figure,
    qid: int | None,
    found: Measured | None,
    file: int,
) -> None:
    columns["fid"].append(figure.id)
    columns["qid"].append(qid)
    columns["file"].append(file)
    columns["dim"].append(found.dimension if found else None)
    columns["counter"].append(found.counter if found else "")
    columns["lo"].append(float(found.hard.lo) if found else None)
    columns["hi"].append(float(found.hard.hi) if found else None)
    columns["pt"].append(float(found.point) if found else None)


def _quantity_columns(
    figures: list[Figure],
    measured: list[Measured | None],
    members: list[list[int]],
    registry: Registry,
    file_of: list[int],
    dimensions: tuple[str, ...],
) -> dict[str, list[Any]]:
    first = [figures[fids[0]] for fids in members]
    releases = sorted({figure.release for figure in first}, key=registry.release_order)
    rank = {release: i for i, release in enumerate(releases)}
    columns: dict[str, list[Any]] = {"qid": list(range(len(members)))}
    columns |= {name: [getattr(figure, name) for figure in first] for name in (*KEY, "sign", "nature")}
    columns |= {f"dim:{name}": [f.dimensions[i] for f in first] for i, name in enumerate(dimensions)}
    columns["price_class"] = [figure.price.partition(":")[0] for figure in first]
    columns["price_base"] = [figure.price.partition(":")[2] for figure in first]
    columns["release_rank"] = [rank[figure.release] for figure in first]
    columns["file"] = [file_of[fids[0]] for fids in members]
    columns["copies"] = [len(fids) for fids in members]
    columns["files"] = [len({file_of[fid] for fid in fids}) for fids in members]
    for name in ("lo", "hi", "pt", "grid", "state", "dim"):
        columns[name] = []
    for fids in members:
        pairs = [(figures[fid], m) for fid in fids if (m := measured[fid]) is not None]
        found = [m for _, m in pairs]
        hard = meet([m.hard for m in found])
        finest = min(pairs, key=_fineness)[1]
        mixed = len({m.dimension for m in found}) > 1
        grids = {grid(m) for m in found}
        if mixed or hard.is_empty:
            state = MIXED if mixed else CONFLICT
        else:
            state = PLAIN if all(_is_plain(m) for m in found) else WIDE
        columns["lo"].append(float(hard.lo))
        columns["hi"].append(float(hard.hi))
        columns["pt"].append(float(finest.point))
        columns["grid"].append(grids.pop() if len(grids) == 1 else None)
        columns["state"].append(state)
        columns["dim"].append("" if mixed else finest.dimension)
    return columns


def _is_plain(measured: Measured) -> bool:
    """Whether floats can settle it: finite, without a hedge and without a second reading."""
    ends = (measured.hard.lo, measured.hard.hi)
    return measured.soft is None and measured.loose is None and INFINITY not in ends and -INFINITY not in ends
