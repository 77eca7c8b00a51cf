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

from heshu.engine import parts
from heshu.engine.join import Joined
from heshu.engine.marks import UNIT, apart, finish, is_wide, states
from heshu.kind import ASSUMED, Frame, Relations
from heshu.quantities import MIXED, PLAIN
from heshu.relation import Equation


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
        rows, reasons = parts.mark(joined, joined.parts)
    elif equation.op == "same":
        fits = nw.max_horizontal(nw.col("z_lo") - nw.col("z_pt"), nw.col("z_pt") - nw.col("z_hi"))
        size = nw.col("z_lo").abs() + nw.col("z_hi").abs() + nw.col("z_pt").abs()
        zero = nw.lit(0.0)
        rows = rows.with_columns((nw.col("files") > 1).alias("as_release"))
        # Copies that contradict each other are what this relation is about: its state excuses nothing.
        reasons = [("units", nw.col("z_state") == MIXED)]
        # Copies that meet at one point, between them, are neighbours: 34.3 and 34.4. Exact counts meet at their own.
        is_between = (nw.col("z_lo") >= nw.col("z_hi")) & (nw.col("z_pt") != nw.col("z_lo"))
        is_open = (nw.col("z_state") != PLAIN) | is_between
        rows = finish(rows, reasons, is_open, zero, fits, zero, size * (4 * UNIT))
    elif equation.op == "mul":
        reasons += states(rows, "z_state", "x_state", "y_state")
        rows = _mul(rows, equation, relations, reasons)
    elif equation.op == "whole":
        reasons += states(rows, "z_state", "x_state")
        rows, reasons = _whole(rows, reasons)
    else:
        reasons += states(rows, *[f"{role}_state" for role in _roles(equation)])
        rows = _lin(rows, equation, reasons)
    # A kind of fixed arity may look at a fourth statement; the equation has three slots.
    roles = "zw" if joined.parts is not None else "zxy"
    slots = [f"{role}_qid" for role in roles if f"{role}_qid" in rows.columns]
    own = [name for name in ("option", *ASSUMED) if name in rows.columns]
    chosen = rows.select("rel", "variant", "subject", *own, *slots, "because", "mark")
    return Marked(chosen, tuple(reason for reason, _ in reasons))


def _roles(equation: Equation) -> list[str]:
    return ["z", *(role for role, coef in (("x", equation.a), ("y", equation.b)) if coef)]


def _lin(rows: Frame, equation: Equation, reasons: list[tuple[str, nw.Expr]]) -> Frame:
    terms = [(role, float(coef)) for role, coef in (("x", equation.a), ("y", equation.b)) if coef]
    roles = ["z", *(role for role, _ in terms)]

    def end(role: str, coef: float, name: str) -> nw.Expr:
        if coef < 0:
            name = {"lo": "hi", "hi": "lo", "pt": "pt"}[name]
        return nw.col(f"{role}_{name}") * coef

    sums = {
        name: reduce(add, [end(role, coef, name) for role, coef in terms]) + float(equation.k)
        for name in ("lo", "hi", "pt")
    }
    size = reduce(add, [nw.col(f"{r}_lo").abs() + nw.col(f"{r}_hi").abs() for r in roles]) + abs(equation.k)
    weight = 8 * max(abs(coef) for _, coef in terms)
    return finish(
        rows,
        reasons,
        is_wide(rows, [f"{role}_state" for role in roles]),
        apart(nw.col("z_lo"), nw.col("z_hi"), sums["lo"], sums["hi"], equation),
        apart(nw.col("z_lo"), nw.col("z_hi"), sums["pt"], sums["pt"], equation),
        size * (weight * UNIT),
        size * (weight * UNIT),
    )


def _whole(rows: Frame, reasons: list[tuple[str, nw.Expr]]) -> tuple[Frame, list[tuple[str, nw.Expr]]]:
    """Whether z·x holds a whole number; where it is as wide as 1 it always does, and nothing is claimed.

    In what is narrower it can only be the one that is nearest to the middle.
    """
    ends = [nw.col(f"z_{end}") * nw.col(f"x_{other}") for end in ("lo", "hi") for other in ("lo", "hi")]
    lo, hi = nw.min_horizontal(*ends), nw.max_horizontal(*ends)
    rows = rows.with_columns(((lo + hi) / 2).alias("middle"), ((hi - lo) / 2).alias("half"))
    middle, half = nw.col("middle"), nw.col("half")
    apart_by = (middle - middle.round(0)).abs() - half
    guard = (middle.abs() + half) * (32 * UNIT)
    wide = is_wide(rows, ["z_state", "x_state"])
    reasons = [*reasons, ("weak", ~(half < 0.5))]
    return finish(rows, reasons, wide, apart_by, apart_by, guard, guard), reasons


def _mul(rows: Frame, equation: Equation, relations: Relations, reasons: list[tuple[str, nw.Expr]]) -> Frame:
    """Ends of x·(a + b·y); other exponents are decided exactly.

    The hull of the four products; of two, where x is above 0 or the relation is not judged.
    """
    anchor, a, b = relations.anchor, float(equation.a), float(equation.b)
    factor = {name: nw.col(f"y_{name}") * b + a for name in ("lo", "hi", "pt")}
    x_lo, x_hi = nw.col("x_lo"), nw.col("x_hi")
    if "x" in relations.positive and b > 0:
        rows = rows.with_columns(factor["lo"].alias("f_lo"), factor["hi"].alias("f_hi"))
        f_lo, f_hi = nw.col("f_lo"), nw.col("f_hi")
        lo = nw.when(f_lo < 0).then(x_hi).otherwise(x_lo) * f_lo
        hi = nw.when(f_hi < 0).then(x_lo).otherwise(x_hi) * f_hi
        largest = x_hi
    else:
        products = [nw.col(f"x_{end}") * factor[other] for end in ("lo", "hi") for other in ("lo", "hi")]
        lo, hi = nw.min_horizontal(*products), nw.max_horizontal(*products)
        largest = nw.max_horizontal(x_lo.abs(), x_hi.abs())
    rate = nw.max_horizontal(nw.col("y_lo").abs(), nw.col("y_hi").abs()) * abs(b) + abs(a)
    size = largest * rate + nw.col("z_lo").abs() + nw.col("z_hi").abs()
    wide = is_wide(rows, ["z_state", "x_state", "y_state"])
    if anchor == "y":
        quotient = nw.col("z_pt") / nw.col("x_pt")
        point = (quotient - a) / b
        miss = nw.max_horizontal(nw.col("y_lo") - point, point - nw.col("y_hi"))
        miss_guard = (quotient.abs() + rate) * (16 * UNIT)
    else:
        point = nw.col("x_pt") * factor["pt"]
        miss = apart(nw.col("z_lo"), nw.col("z_hi"), point, point, equation)
        miss_guard = size * (16 * UNIT)
    return finish(
        rows,
        reasons,
        wide | nw.lit(equation.n != 1),
        apart(nw.col("z_lo"), nw.col("z_hi"), lo, hi, equation),
        miss,
        size * (16 * UNIT),
        miss_guard,
    )
