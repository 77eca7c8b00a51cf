"""The filter of relations with parts: sums, products, ranges and places."""

from __future__ import annotations

from functools import reduce

import narwhals as nw

from heshu.engine.join import Joined
from heshu.engine.marks import UNIT, apart, finish, states
from heshu.interval import Interval
from heshu.kind import ASSUMED, Frame, Relations
from heshu.quantities import GRID_LIMIT, PLAIN
from heshu.relation import Equation, Factor

#: Reasons with their conditions.
_Reasons = list[tuple[str, nw.Expr]]


def mark(joined: Joined, parts: Frame) -> tuple[Frame, _Reasons]:
    """Mark relations with parts; the reasons are those that their numbers give for not judging them."""
    relations = joined.relations
    op = relations.equation.op
    if op == "prod":
        return _products(joined, parts)
    if op == "hull":
        return _ranges(joined, parts)
    if op == "rank":
        return _places(joined, parts)
    return _sums(joined, _with_absent(parts, relations.equation.absent))


def _with_absent(parts: Frame, absent: Interval | None) -> Frame:
    """Put 0 for each part that is not printed, where the rule says what to take; ``up``, ``down``: it may be more.

    ``up`` says so of parts that are added, ``down`` of those that are taken off.
    """
    if absent is None:
        return parts
    is_absent = nw.col("qid").is_null()
    slots = [nw.when(is_absent).then(nw.lit(0.0)).otherwise(nw.col(name)).alias(name) for name in ("lo", "hi", "pt")]
    sides = {"up": nw.col("coef") > 0, "down": nw.col("coef") < 0}
    is_more = nw.lit(absent.hi > 0)
    return parts.with_columns(
        *slots, *[(is_absent & side & is_more).cast(nw.Int64).alias(name) for name, side in sides.items()]
    )


def _off(z_lo: nw.Expr, z_hi: nw.Expr, lo: nw.Expr, hi: nw.Expr, equation: Equation) -> nw.Expr:
    """How far apart the sides are; one that may be more, or less, by what is not printed is open at that end."""
    if equation.absent is None or equation.absent.hi == 0:
        return apart(z_lo, z_hi, lo, hi, equation)
    up, down = nw.col("up") > 0, nw.col("down") > 0
    one_sided = nw.when(up).then(lo - z_hi).otherwise(nw.when(down).then(z_lo - hi).otherwise(None))
    both = nw.when(up & down).then(nw.lit(0.0)).otherwise(one_sided)
    return nw.when(up | down).then(both).otherwise(apart(z_lo, z_hi, lo, hi, equation))


def _gathered(joined: Joined, parts: Frame, *sums: nw.Expr) -> tuple[Frame, _Reasons]:
    """Return relations with what is gathered of their parts, and the reasons that parts give."""
    relations, there = joined.relations, parts.collect_schema().names()
    assumed = [name for name in ASSUMED if name in there]
    gains = [name for name in relations.gains if name in ("z", "x")]
    least = [nw.col("pt").min().alias("x_least")] if "x" in gains else []
    least += [nw.col(name).max().alias(name) for name in ("up", "down") if name in there]
    beside = [nw.col("y_state").max().alias("y_state"), nw.col("y_qid").count().alias("y_printed")]
    totals = parts.group_by("rel", "variant").agg(
        *sums,
        nw.col("state").max().alias("x_state"),
        nw.col("coef").count().alias("terms"),
        nw.col("qid").count().alias("printed"),
        nw.col("rank").min().alias("rank"),
        *(beside if "y_qid" in there else []),
        *least,
        *[nw.col(name).max().alias(name) for name in assumed],
        *[nw.col(name).min().alias(f"{name}_lo") for name in ("alike", "file")],
        *[nw.col(name).max().alias(f"{name}_hi") for name in ("alike", "file")],
    )  # fmt: skip
    # A total without any printed part is no relation.
    rows = joined.rows.join(totals.filter(nw.col("printed") > 0), on=["rel", "variant"], how="inner")
    names = rows.collect_schema().names()
    found: _Reasons = [(name, nw.col("rank") == i) for i, name in enumerate(relations.priority)]
    found += [(relations.unlike, nw.col("alike_lo") != nw.col("alike_hi"))] if relations.unlike else []
    found += [("loss", nw.col({"z": "z_pt", "x": "x_least"}[name]) < 0) for name in gains]
    found += states(rows, *[name for name in ("z_state", "x_state", "y_state", "w_state") if name in names])
    split = (nw.col("file_lo") != nw.col("file_hi")).fill_null(False)
    rows = rows.with_columns(
        *[(nw.col(name) > 0).alias(name) for name in assumed if name != "as_release"],
        (split | (nw.col("as_release") > 0) if "as_release" in assumed else split).alias("as_release"),
        nw.lit(False).alias("is_closed"),
    )
    return rows, found


def _is_wide(rows: Frame) -> nw.Expr:
    """Whether a figure is no plain one."""
    names = rows.collect_schema().names()
    own = [nw.col(name) for name in ("z_state", "x_state", "y_state", "w_state") if name in names]
    return nw.max_horizontal(*own) != PLAIN


def _is_unknown(rows: Frame) -> nw.Expr:
    """Whether a factor may be 0 or below by plain figures; what words leave open is decided exactly."""
    return ((nw.col("known") != nw.col("terms")) | nw.col("l_lo").is_null()) & ~_is_wide(rows)


def _value(factor: Factor, role: str) -> tuple[dict[str, nw.Expr], nw.Expr]:
    """Return the ends and the point of a factor of the slot ``role``, and how inexact they are, in units of 2⁻⁵³.

    Where its denominator may be 0 they are NULL: such relations are decided exactly.
    """
    a, b, c, d = map(float, factor)
    slot = {name: nw.col(f"{role}_{name}") for name in ("lo", "hi", "pt")}
    size = nw.max_horizontal(slot["lo"].abs(), slot["hi"].abs())
    if not d:
        ends = {name: (value * b + a) / c for name, value in slot.items()}
        return (ends if b * c > 0 else _swapped(ends)), (size * abs(b) + abs(a)) / abs(c)
    below = {name: value * d + c for name, value in slot.items()}
    least = nw.min_horizontal(below["lo"], below["hi"])
    ends = {name: nw.when(least > 0).then(value * b + a).otherwise(None) / below[name] for name, value in slot.items()}
    scale = (size * abs(b) + abs(a)) / least
    return (ends if b * c - a * d > 0 else _swapped(ends)), scale * ((size * abs(d) + abs(c)) / least + 1.0)


def _swapped(ends: dict[str, nw.Expr]) -> dict[str, nw.Expr]:
    return {"lo": ends["hi"], "hi": ends["lo"], "pt": ends["pt"]}


def _sums(joined: Joined, parts: Frame) -> tuple[Frame, _Reasons]:
    """Add up the parts of each relation, as floats and, where all stand on one grid, as whole cells."""
    equation = joined.relations.equation
    if equation.weight is not None:
        return _weighted(joined, parts, equation.weight)
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
    rows, reasons = _gathered(
        joined,
        parts.with_columns(*cells),
        *sums,
        nw.col("grid").min().alias("grid_lo"),
        nw.col("grid").max().alias("grid_hi"),
        nw.col("grid").count().alias("grids"),
    )
    k, times = float(equation.k), float(equation.head.b)
    z_lo, z_hi = (nw.col(name) if times == 1 else nw.col(name) * times for name in ("z_lo", "z_hi"))
    guard = (nw.col("s_size") + z_lo.abs() + z_hi.abs() + abs(k)) * (
        (nw.col("terms").cast(nw.Float64) + 6.0) * 2 * UNIT
    )
    margin = _off(z_lo, z_hi, nw.col("s_t_lo") + k, nw.col("s_t_hi") + k, equation)
    miss = _off(z_lo, z_hi, nw.col("s_t_pt") + k, nw.col("s_t_pt") + k, equation)
    if equation.k == 0 and times == 1:
        on_grid = (
            (nw.col("grids") == nw.col("printed"))
            & (nw.col("grid_lo") == nw.col("grid_hi"))
            & (nw.col("grid_lo") == nw.col("z_grid"))
            & (nw.col("s_size") / nw.col("grid_lo") < float(GRID_LIMIT))
        ).fill_null(False)
        c_lo, c_hi = ((end / nw.col("z_grid")).round(0) for end in (z_lo, z_hi))
        on_cells = _off(c_lo, c_hi, nw.col("s_c_lo"), nw.col("s_c_hi"), equation)
        off_cells = _off(c_lo, c_hi, nw.col("s_c_pt"), nw.col("s_c_pt"), equation)
        margin = nw.when(on_grid).then(on_cells).otherwise(margin)
        miss = nw.when(on_grid).then(off_cells).otherwise(miss)
        guard = nw.when(on_grid).then(nw.lit(0.0)).otherwise(guard)
    return finish(rows, reasons, _is_wide(rows), margin, miss, guard, guard), reasons


def _products_of(left: dict[str, nw.Expr], right: dict[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Return the ends of a product: the least and the largest of the four."""
    four = [left[one] * right[other] for one in ("lo", "hi") for other in ("lo", "hi")]
    return {"lo": nw.min_horizontal(*four), "hi": nw.max_horizontal(*four), "pt": left["pt"] * right["pt"]}


def _weighted(joined: Joined, parts: Frame, weight: Factor) -> tuple[Frame, _Reasons]:
    """Add up weighted parts."""
    coef = nw.col("coef").cast(nw.Float64)
    is_plus = nw.col("coef") > 0
    own = {
        "lo": nw.when(is_plus).then(nw.col("lo")).otherwise(nw.col("hi")) * coef,
        "hi": nw.when(is_plus).then(nw.col("hi")).otherwise(nw.col("lo")) * coef,
        "pt": nw.col("pt") * coef,
    }
    equation = joined.relations.equation
    terms, size = own, (nw.col("lo").abs() + nw.col("hi").abs()) * coef.abs()
    if equation.weighs_right:
        factor, scale = _value(weight, "y")
        terms, size = _products_of(own, factor), size * scale
    parts = parts.with_columns(*[value.alias(f"t_{name}") for name, value in terms.items()], size.alias("size"))
    sums = [nw.col(name).sum().alias(f"s_{name}") for name in ("t_lo", "t_hi", "t_pt", "size")]
    rows, reasons = _gathered(joined, parts, *sums, nw.col("t_lo").count().alias("known"))
    times = float(equation.head.b)
    side = {name: nw.col(f"z_{name}") * times for name in ("lo", "hi", "pt")}
    size = nw.col("z_lo").abs() * times + nw.col("z_hi").abs() * times
    if equation.weighs_left:
        factor, scale = _value(weight, "w")
        side, size = _products_of(side, factor), size * scale
    rows = rows.with_columns(*[value.alias(f"l_{name}") for name, value in side.items()])
    size = nw.col("s_size") + size
    guard = size * ((nw.col("terms").cast(nw.Float64) + 16.0) * 4 * UNIT)
    k = float(equation.k)
    guard = guard + abs(k) * (64 * UNIT)
    low, high = nw.col("s_t_lo") + k, nw.col("s_t_hi") + k
    margin = _off(nw.col("l_lo"), nw.col("l_hi"), low, high, equation)
    reasons = [*reasons, ("base", _is_unknown(rows))]
    low, high = _claim(joined.relations, weight)
    point = nw.col("s_t_pt") + k
    miss = _off(low, high, point, point, equation)
    is_open = _is_wide(rows) | (nw.col("known") != nw.col("terms"))
    return finish(rows, reasons, is_open, margin, miss, guard, guard), reasons


def _claim(relations: Relations, weight: Factor) -> tuple[nw.Expr, nw.Expr]:
    """Return the ends of the left side where only the figure that makes the claim is an interval."""
    times = float(relations.equation.head.b)
    if not relations.equation.weighs_left:
        return nw.col("z_lo") * times, nw.col("z_hi") * times
    point, _ = _value(weight, "w")
    z = nw.col("z_pt") * times if relations.anchor == "w" else None
    ends = [nw.col(f"z_{name}") * times * point["pt"] if z is None else z * point[name] for name in ("lo", "hi")]
    return nw.min_horizontal(*ends), nw.max_horizontal(*ends)


def _products(joined: Joined, parts: Frame) -> tuple[Frame, _Reasons]:
    """Multiply the parts of each relation, as sums of logarithms; with what may not be above 0 it is not judged.

    A logarithm is off by the relative error of its argument and a few units of its own.
    """
    equation = joined.relations.equation
    slots = [nw.col(name).alias(f"f_{name}") for name in ("lo", "hi", "pt")]
    parts = parts.with_columns(*slots)
    values = [_value(factor, "f") for factor in equation.factors]
    chosen = {name: _chosen([value[name] for value, _ in values]) for name in ("lo", "hi", "pt")}
    parts = parts.with_columns(
        *[value.alias(f"v_{name}") for name, value in chosen.items()],
        _chosen([scale for _, scale in values]).alias("scale"),
    )
    is_positive = nw.col("v_lo") > 0
    logs = [nw.when(is_positive).then(nw.col(f"v_{name}")).log().alias(f"g_{name}") for name in ("lo", "hi", "pt")]
    size = nw.col("scale") / nw.col("v_lo") + 1.0
    parts = parts.with_columns(*logs, nw.when(is_positive).then(size).alias("size"))
    size = nw.col("size") + nw.col("g_lo").abs() + nw.col("g_hi").abs()
    sums = [nw.col(name).sum().alias(f"s_{name}") for name in ("g_lo", "g_hi", "g_pt", "size")]
    rows, reasons = _gathered(
        joined, parts.with_columns(size.alias("size")), *sums, nw.col("g_lo").count().alias("known")
    )
    head, head_scale = _value(equation.head, "z")
    rows = rows.with_columns(*[value.alias(f"h_{name}") for name, value in head.items()], head_scale.alias("h_size"))
    is_positive = nw.col("h_lo") > 0
    n = float(equation.n)
    rows = rows.with_columns(
        *[
            (nw.when(is_positive).then(nw.col(f"h_{name}")).log() * n).alias(f"l_{name}")
            for name in (("lo", "hi") if n > 0 else ("hi", "lo"))
        ]
    )
    size = nw.col("s_size") + (nw.col("h_size") / nw.col("h_lo") + nw.col("l_lo").abs() + nw.col("l_hi").abs()) * abs(n)
    guard = (size + 1.0) * ((nw.col("terms").cast(nw.Float64) + 16.0) * 8 * UNIT)
    margin = nw.max_horizontal(nw.col("s_g_lo") - nw.col("l_hi"), nw.col("l_lo") - nw.col("s_g_hi"))
    miss = nw.max_horizontal(nw.col("l_lo") - nw.col("s_g_pt"), nw.col("s_g_pt") - nw.col("l_hi"))
    reasons = [*reasons, ("base", _is_unknown(rows))]
    is_open = _is_wide(rows) | (nw.col("known") != nw.col("terms"))
    return finish(rows, reasons, is_open, margin, miss, guard, guard), reasons


def _chosen(values: list[nw.Expr]) -> nw.Expr:
    """Return the value of the factor that a part has chosen."""
    *rest, last = values
    numbered = list(enumerate(rest))
    return reduce(
        lambda found, entry: nw.when(nw.col("factor") == entry[0]).then(entry[1]).otherwise(found),
        reversed(numbered),
        last,
    )


def _ranges(joined: Joined, parts: Frame) -> tuple[Frame, _Reasons]:
    """Find the least and the largest of the parts."""
    rows, reasons = _gathered(
        joined,
        parts,
        nw.col("lo").min().alias("s_lo"),
        nw.col("hi").max().alias("s_hi"),
        nw.col("pt").min().alias("p_lo"),
        nw.col("pt").max().alias("p_hi"),
    )
    z_lo, z_hi, equation = nw.col("z_lo"), nw.col("z_hi"), joined.relations.equation
    size = z_lo.abs() + z_hi.abs() + nw.col("s_lo").abs() + nw.col("s_hi").abs()
    margin = apart(z_lo, z_hi, nw.col("s_lo"), nw.col("s_hi"), equation)
    miss = apart(z_lo, z_hi, nw.col("p_lo"), nw.col("p_hi"), equation)
    return finish(rows, reasons, _is_wide(rows), margin, miss, size * (4 * UNIT), size * (4 * UNIT)), reasons


def _places(joined: Joined, parts: Frame) -> tuple[Frame, _Reasons]:
    """Count the peers that are surely ahead, and those that may be; a doubt counts against the relation."""
    own = joined.rows.select("rel", "variant", "w_lo", "w_hi", "w_pt")
    parts = parts.join(own, on=["rel", "variant"], how="left")
    x_lo, x_hi, w_lo, w_hi = (nw.col(name) for name in ("lo", "hi", "w_lo", "w_hi"))
    band = (x_lo.abs() + x_hi.abs() + w_lo.abs() + w_hi.abs()) * (4 * UNIT)
    is_up = nw.col("coef") > 0
    surely = nw.when(is_up).then(x_lo - w_hi).otherwise(w_lo - x_hi) > -band
    perhaps = nw.when(is_up).then(x_hi - w_lo).otherwise(w_hi - x_lo) > band
    ahead = nw.when(is_up).then(nw.col("pt") - nw.col("w_pt")).otherwise(nw.col("w_pt") - nw.col("pt"))
    flags = {"surely": surely, "perhaps": perhaps, "most": ahead > -band, "least": ahead > band}
    counted = [flag.cast(nw.Int64).alias(name) for name, flag in flags.items()]
    sums = [nw.col(name).sum().cast(nw.Float64).alias(name) for name in flags]
    rows, reasons = _gathered(joined, parts.with_columns(*counted), *sums)
    low, high = nw.col("surely") + 1.0, nw.col("perhaps") + 1.0
    margin = nw.max_horizontal(low - nw.col("z_hi"), nw.col("z_lo") - high)
    # The place among the points; where two may be equal it is found exactly.
    is_known = nw.col("most") == nw.col("least")
    miss = nw.when(is_known).then((nw.col("z_pt") - nw.col("most") - 1.0).abs() - 0.5)
    zero, is_open = nw.lit(0.0), _is_wide(rows) | (nw.col("printed") < nw.col("terms"))
    return finish(rows, reasons, is_open, margin, miss, zero, zero), reasons
