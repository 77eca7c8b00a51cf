"""What is known of a relation row from floats: it surely holds, must be decided exactly, or cannot be judged.

Every end is the float nearest to an exact rational, so off by at most 2⁻⁵³ of itself; guards are a multiple of what
the arithmetic adds to that (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, §§ 3.1, 4.2).
"""

from __future__ import annotations

import narwhals as nw

from heshu.kind import Frame
from heshu.quantities import CONFLICT, MIXED, PLAIN
from heshu.relation import Equation

UNIT = 2.0**-53

#: Marks of relation rows.
CANNOT, CANDIDATE, EXACT, ROUNDED = range(4)

_STATES = (("conflict", CONFLICT), ("units", MIXED))


def finish(
    rows: Frame,
    reasons: list[tuple[str, nw.Expr]],
    is_open: nw.Expr,
    margin: nw.Expr,
    miss: nw.Expr,
    guard: nw.Expr,
    miss_guard: nw.Expr,
) -> Frame:
    """Return rows with ``mark`` and ``because``.

    ``margin`` > 0: intervals lie apart; ``miss`` > 0: the computed point lies outside the anchor's interval. What
    ``is_open`` is decided exactly.
    """
    rows = rows.with_columns(_number(reasons).alias("because"), miss.alias("miss"), miss_guard.alias("miss_guard"))
    miss, miss_guard = nw.col("miss"), nw.col("miss_guard")
    surely = (margin <= -guard).fill_null(False)
    fits, off = (miss <= -miss_guard).fill_null(False), (miss > miss_guard).fill_null(False)
    holds = nw.when(fits).then(nw.lit(EXACT)).otherwise(nw.when(off).then(nw.lit(ROUNDED)).otherwise(nw.lit(CANDIDATE)))
    verdict = nw.when(is_open.fill_null(True) | ~surely).then(nw.lit(CANDIDATE)).otherwise(holds)
    cannot = nw.col("is_closed") | ~nw.col("because").is_null()
    return rows.with_columns(nw.when(cannot).then(nw.lit(CANNOT)).otherwise(verdict).alias("mark"))


def _number(reasons: list[tuple[str, nw.Expr]]) -> nw.Expr:
    """Return the number of the first reason that holds, else NULL."""
    result: nw.Expr = nw.lit(None, dtype=nw.Int64)
    for number, (_, condition) in reversed(list(enumerate(reasons))):
        result = nw.when(condition.fill_null(False)).then(nw.lit(number)).otherwise(result)
    return result


def states(rows: Frame, *columns: str) -> list[tuple[str, nw.Expr]]:
    """Return the reasons that the states of slots give; rows of plain quantities have none."""
    if columns[0] not in rows.collect_schema().names():
        return []
    return [
        (reason, nw.any_horizontal(*[nw.col(name) == code for name in columns], ignore_nulls=True))
        for reason, code in _STATES
    ]


def is_wide(rows: Frame, states: list[str]) -> nw.Expr:
    """Whether a slot's quantity is no plain one."""
    if states[0] not in rows.collect_schema().names():
        return nw.lit(False)
    return nw.max_horizontal(*[nw.col(name) for name in states]) != PLAIN


def apart(z_lo: nw.Expr, z_hi: nw.Expr, lo: nw.Expr, hi: nw.Expr, equation: Equation) -> nw.Expr:
    """Signed distance: positive if [z_lo, z_hi] and [lo, hi] (or [lo, ∞)) do not meet."""
    if equation.at_least:
        return lo - z_hi
    return nw.max_horizontal(lo - z_hi, z_lo - hi)
