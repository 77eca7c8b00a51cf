"""The vectorised filter: which relations surely hold, on floats, with a proven guard band.

Every end is the float nearest to an exact rational, so off by at most 2⁻⁵³ of itself. A ``lin`` row of m terms
adds at most m more such errors, a ``mul`` row three; the guards below are a multiple of that bound on the sum of
magnitudes (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, §§ 3.1, 4.2). What the filter lets
pass is proven to hold; what lies in the guard band or beyond is decided exactly elsewhere. On a common decimal
grid ends are small integers and float arithmetic on them is exact: there is no band.

A row's ``mark`` says what is known of it: it cannot be judged, must be decided exactly, holds and the points fit, or
holds thanks to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

import narwhals as nw

from heshu.engine.join import Joined
from heshu.kind import ASSUMED, Frame, Relations
from heshu.quantities import CONFLICT, GRID_LIMIT, MIXED, PLAIN
from heshu.relation import Equation

UNIT = 2.0**-53

#: Marks of relation rows.
CANNOT, CANDIDATE, EXACT, ROUNDED = range(4)

_STATES = (("conflict", CONFLICT), ("units", MIXED))


@dataclass(frozen=True, slots=True)
class Marked:
    """Relation rows with ``mark`` and ``because``: which of ``reasons`` the numbers give for not judging it, or NULL.

    Kept of the others are ``rel``, ``variant``, ``subject``, ``option``, the qids of the slots, and the assumptions
    that depend on more than the option.
    """

    rows: Frame
    reasons: tuple[str, ...]

    @property
    def has_option(self) -> bool:
        """Whether rows know their option; those of parts have none."""
        return "option" in self.rows.collect_schema().names()


def mark(joined: Joined) -> Marked:
    """Mark the relation rows."""
    rows, relations = joined.rows, joined.relations
    equation = relations.equation
    reasons = [("base", nw.col(f"{role}_lo") <= 0) for role in relations.positive]
    reasons += [("loss", nw.col(f"{role}_pt") < 0) for role in relations.gains]
    if joined.parts is not None:
        rows, reasons = _long(joined, joined.parts, equation)
    elif equation.op == "same":
        fits = nw.max_horizontal(nw.col("z_lo") - nw.col("z_pt"), nw.col("z_pt") - nw.col("z_hi"))
        size = nw.col("z_lo").abs() + nw.col("z_hi").abs() + nw.col("z_pt").abs()
        zero = nw.lit(0.0)
        rows = rows.with_columns((nw.col("files") > 1).alias("as_release"))
        # Copies that contradict each other are what this relation is about: its state excuses nothing.
        reasons = [("units", nw.col("z_state") == MIXED)]
        rows = _finish(rows, reasons, nw.col("z_state") != PLAIN, zero, fits, zero, size * (4 * UNIT))
    elif equation.op == "mul":
        reasons += _states(rows, "z_state", "x_state", "y_state")
        rows = _mul(rows, equation, relations, reasons)
    else:
        reasons += _states(rows, *[f"{role}_state" for role in _roles(equation)])
        rows = _lin(rows, equation, reasons)
    slots = [f"{role}_qid" for role in "zxy" if f"{role}_qid" in rows.columns]
    own = [name for name in ("option", *ASSUMED) if name in rows.columns]
    chosen = rows.select("rel", "variant", "subject", *own, *slots, "because", "mark")
    return Marked(chosen, tuple(reason for reason, _ in reasons))


def _finish(
    rows: Frame,
    reasons: list[tuple[str, nw.Expr]],
    is_wide: nw.Expr,
    margin: nw.Expr,
    miss: nw.Expr,
    guard: nw.Expr,
    miss_guard: nw.Expr,
) -> Frame:
    """``margin`` > 0: intervals lie apart; ``miss`` > 0: the computed point lies outside the anchor's interval."""
    rows = rows.with_columns(_number(reasons).alias("because"), miss.alias("miss"), miss_guard.alias("miss_guard"))
    miss, miss_guard = nw.col("miss"), nw.col("miss_guard")
    surely = (margin <= -guard).fill_null(False)
    fits, off = (miss <= -miss_guard).fill_null(False), (miss > miss_guard).fill_null(False)
    holds = nw.when(fits).then(nw.lit(EXACT)).otherwise(nw.when(off).then(nw.lit(ROUNDED)).otherwise(nw.lit(CANDIDATE)))
    verdict = nw.when(is_wide.fill_null(True) | ~surely).then(nw.lit(CANDIDATE)).otherwise(holds)
    cannot = nw.col("is_closed") | ~nw.col("because").is_null()
    return rows.with_columns(nw.when(cannot).then(nw.lit(CANNOT)).otherwise(verdict).alias("mark"))


def _number(reasons: list[tuple[str, nw.Expr]]) -> nw.Expr:
    """Return the number of the first reason that holds, else NULL."""
    result: nw.Expr = nw.lit(None, dtype=nw.Int64)
    for number, (_, condition) in reversed(list(enumerate(reasons))):
        result = nw.when(condition.fill_null(False)).then(nw.lit(number)).otherwise(result)
    return result


def _roles(equation: Equation) -> list[str]:
    return ["z", *(role for role, coef in (("x", equation.a), ("y", equation.b)) if coef)]


def _states(rows: Frame, *columns: str) -> list[tuple[str, nw.Expr]]:
    """Return the reasons that the states of slots give; rows of plain quantities have none."""
    if columns[0] not in rows.collect_schema().names():
        return []
    return [
        (reason, nw.any_horizontal(*[nw.col(name) == code for name in columns], ignore_nulls=True))
        for reason, code in _STATES
    ]


def _lin(rows: Frame, equation: Equation, reasons: list[tuple[str, nw.Expr]]) -> Frame:
    terms = [(role, coef) for role, coef in (("x", equation.a), ("y", equation.b)) if coef]
    roles = ["z", *(role for role, _ in terms)]

    def end(role: str, coef: int, name: str) -> nw.Expr:
        if coef < 0:
            name = {"lo": "hi", "hi": "lo", "pt": "pt"}[name]
        return nw.col(f"{role}_{name}") * float(coef)

    sums = {
        name: reduce(add, [end(role, coef, name) for role, coef in terms]) + float(equation.k)
        for name in ("lo", "hi", "pt")
    }
    size = reduce(add, [nw.col(f"{r}_lo").abs() + nw.col(f"{r}_hi").abs() for r in roles]) + abs(equation.k)
    weight = 8 * max(abs(coef) for _, coef in terms)
    return _finish(
        rows,
        reasons,
        _is_wide(rows, [f"{role}_state" for role in roles]),
        _apart(nw.col("z_lo"), nw.col("z_hi"), sums["lo"], sums["hi"], equation),
        _apart(nw.col("z_lo"), nw.col("z_hi"), sums["pt"], sums["pt"], equation),
        size * (weight * UNIT),
        size * (weight * UNIT),
    )


def _is_wide(rows: Frame, states: list[str]) -> nw.Expr:
    """Whether a slot's quantity is no plain one."""
    if states[0] not in rows.collect_schema().names():
        return nw.lit(False)
    return nw.max_horizontal(*[nw.col(name) for name in states]) != PLAIN


def _mul(rows: Frame, equation: Equation, relations: Relations, reasons: list[tuple[str, nw.Expr]]) -> Frame:
    """Ends of x·(a + b·y); other exponents are decided exactly.

    The hull of the four products; of two, where x is above 0 or the relation is not judged.
    """
    anchor = relations.anchor
    factor = {name: nw.col(f"y_{name}") * float(equation.b) + float(equation.a) for name in ("lo", "hi", "pt")}
    x_lo, x_hi = nw.col("x_lo"), nw.col("x_hi")
    if "x" in relations.positive and equation.b > 0:
        rows = rows.with_columns(factor["lo"].alias("f_lo"), factor["hi"].alias("f_hi"))
        f_lo, f_hi = nw.col("f_lo"), nw.col("f_hi")
        lo = nw.when(f_lo < 0).then(x_hi).otherwise(x_lo) * f_lo
        hi = nw.when(f_hi < 0).then(x_lo).otherwise(x_hi) * f_hi
        largest = x_hi
    else:
        products = [nw.col(f"x_{end}") * factor[other] for end in ("lo", "hi") for other in ("lo", "hi")]
        lo, hi = nw.min_horizontal(*products), nw.max_horizontal(*products)
        largest = nw.max_horizontal(x_lo.abs(), x_hi.abs())
    rate = nw.max_horizontal(nw.col("y_lo").abs(), nw.col("y_hi").abs()) * abs(equation.b) + abs(equation.a)
    size = largest * rate + nw.col("z_lo").abs() + nw.col("z_hi").abs()
    wide = _is_wide(rows, ["z_state", "x_state", "y_state"])
    if anchor == "y":
        quotient = nw.col("z_pt") / nw.col("x_pt")
        point = (quotient - float(equation.a)) / float(equation.b)
        miss = nw.max_horizontal(nw.col("y_lo") - point, point - nw.col("y_hi"))
        miss_guard = (quotient.abs() + rate) * (16 * UNIT)
    else:
        point = nw.col("x_pt") * factor["pt"]
        miss = _apart(nw.col("z_lo"), nw.col("z_hi"), point, point, equation)
        miss_guard = size * (16 * UNIT)
    return _finish(
        rows,
        reasons,
        wide | nw.lit(equation.n != 1),
        _apart(nw.col("z_lo"), nw.col("z_hi"), lo, hi, equation),
        miss,
        size * (16 * UNIT),
        miss_guard,
    )


def _apart(z_lo: nw.Expr, z_hi: nw.Expr, lo: nw.Expr, hi: nw.Expr, equation: Equation) -> nw.Expr:
    """Signed distance: positive if [z_lo, z_hi] and [lo, hi] (or [lo, ∞)) do not meet."""
    if equation.at_least:
        return lo - z_hi
    return nw.max_horizontal(lo - z_hi, z_lo - hi)


def _long(joined: Joined, parts: Frame, equation: Equation) -> tuple[Frame, list[tuple[str, nw.Expr]]]:
    """Add up the parts of each relation, as floats and, where all stand on one grid, as whole cells."""
    relations = joined.relations
    assumed = [name for name in ASSUMED if name in parts.columns]
    coef = nw.col("coef").cast(nw.Float64)
    is_plus = nw.col("coef") > 0
    parts = parts.with_columns(
        (nw.when(is_plus).then(nw.col("lo")).otherwise(nw.col("hi")) * coef).alias("t_lo"),
        (nw.when(is_plus).then(nw.col("hi")).otherwise(nw.col("lo")) * coef).alias("t_hi"),
        (nw.col("pt") * coef).alias("t_pt"),
        ((nw.col("lo").abs() + nw.col("hi").abs()) * coef.abs()).alias("size"),
    )
    cells = [(nw.col(f"t_{name}") / nw.col("grid")).round(0).alias(f"c_{name}") for name in ("lo", "hi", "pt")]
    sums = [nw.col(name).sum().alias(f"s_{name}") for name in ("t_lo", "t_hi", "t_pt", "c_lo", "c_hi", "c_pt", "size")]
    totals = parts.with_columns(*cells).group_by("rel", "variant").agg(
        *sums,
        nw.col("state").max().alias("x_state"),
        nw.col("grid").min().alias("grid_lo"),
        nw.col("grid").max().alias("grid_hi"),
        nw.col("grid").count().alias("grids"),
        nw.col("coef").count().alias("terms"),
        nw.col("qid").count().alias("printed"),
        nw.col("rank").min().alias("rank"),
        *[nw.col(name).max().alias(name) for name in assumed],
        *[nw.col(name).min().alias(f"{name}_lo") for name in ("alike", "file")],
        *[nw.col(name).max().alias(f"{name}_hi") for name in ("alike", "file")],
    )  # fmt: skip
    # A total without any printed part is no relation.
    rows = joined.rows.join(totals.filter(nw.col("printed") > 0), on=["rel", "variant"], how="inner")
    k = float(equation.k)
    guard = (nw.col("s_size") + nw.col("z_lo").abs() + nw.col("z_hi").abs() + abs(k)) * (
        (nw.col("terms").cast(nw.Float64) + 6.0) * 2 * UNIT
    )
    z_lo, z_hi = nw.col("z_lo"), nw.col("z_hi")
    margin = _apart(z_lo, z_hi, nw.col("s_t_lo") + k, nw.col("s_t_hi") + k, equation)
    miss = _apart(z_lo, z_hi, nw.col("s_t_pt") + k, nw.col("s_t_pt") + k, equation)
    if equation.k == 0:
        on_grid = (
            (nw.col("grids") == nw.col("terms"))
            & (nw.col("grid_lo") == nw.col("grid_hi"))
            & (nw.col("grid_lo") == nw.col("z_grid"))
            & (nw.col("s_size") / nw.col("grid_lo") < float(GRID_LIMIT))
        ).fill_null(False)
        c_lo, c_hi = ((end / nw.col("z_grid")).round(0) for end in (z_lo, z_hi))
        on_cells = _apart(c_lo, c_hi, nw.col("s_c_lo"), nw.col("s_c_hi"), equation)
        off_cells = _apart(c_lo, c_hi, nw.col("s_c_pt"), nw.col("s_c_pt"), equation)
        margin = nw.when(on_grid).then(on_cells).otherwise(margin)
        miss = nw.when(on_grid).then(off_cells).otherwise(miss)
        guard = nw.when(on_grid).then(nw.lit(0.0)).otherwise(guard)
    wide = nw.max_horizontal(nw.col("z_state"), nw.col("x_state")) != PLAIN
    reasons = [(name, nw.col("rank") == i) for i, name in enumerate(relations.priority)]
    reasons += [(relations.unlike, nw.col("alike_lo") != nw.col("alike_hi"))] if relations.unlike else []
    reasons += _states(rows, "z_state", "x_state")
    split = (nw.col("file_lo") != nw.col("file_hi")).fill_null(False)
    rows = rows.with_columns(
        *[(nw.col(name) > 0).alias(name) for name in assumed if name != "as_release"],
        (split | (nw.col("as_release") > 0) if "as_release" in assumed else split).alias("as_release"),
        nw.lit(False).alias("is_closed"),
    )
    return _finish(rows, reasons, wide, margin, miss, guard, guard), reasons
