"""A relation of one's own between series, written as an equation, holds.

Equation: the `formula` of the rule, in every period, area and release in which its figures are printed: `利润总额 /
营业收入 = 营业收入利润率`, `A + B − C = D`. There are + − × ÷ (full-width forms too), parentheses, numbers (whole,
decimal, in %, with a unit: `1万人`), names (in quotes if they have spaces or signs in them), other measures
(`GDP:growth`, `GDP:growth(previous)`, `一产:share(GDP)`), earlier periods (`GDP[-1y]`, `[-1q]`, `[-1m]`) and the
parts of a classification (`sum(社会消费品零售总额 by 经营地)`). Values are in base units, so that units need no care
and a rate of 3.9 % is 0.039; what is added or equal must measure one thing, which declared units show before any
figure is read. Exact, because the formula is brought into a shape in which each figure occurs once: a sum, a product,
or a sum of products with second factors of one form. A formula in which a figure stands twice, or that has none of
these shapes, is an error in the rulebook.

Example: `GDP = GDP[-1y] * (1 + GDP:growth)`. The figure that stands alone makes the claim; what is of an earlier
period is of its release, else of the latest earlier one.

Not evaluable: a figure not printed, unless it is of a sum(…) and `missing` says what of it; units that do not make
one equation, or of numbers that are multiplied or have a constant added to them, are not declared; different price
bases (unless the rule says that they are meant), adjustments or scopes; sums at constant (chain-linked) prices or
adjusted for the season, unless `additive`; a declared break in between; a divisor or a factor that may be 0 or below.

At most a warning: over time, or with rates of change, undeclared price, scope or release; of a sum or a product of
several, figures of an earlier release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
from pydantic import Field, field_validator, model_validator

from heshu import algebra, basis, dimensions, pairs, periods, small, units, wholes
from heshu.algebra import Part, Shape
from heshu.errors import InputError, Misdeclared
from heshu.expression import Formula, Leaf, Series, Total, fault, parse
from heshu.figure import UNKNOWN, Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict, Text
from heshu.small import Table, distinct

#: Measures that say how something changes: what they are held against must be on their basis.
CHANGES = (Measure.GROWTH, Measure.POINTS, Measure.MULTIPLE, Measure.INDEX, Measure.PULL, Measure.CONTRIBUTION)


class Options(Strict):
    """Options of ``formula``."""

    formula: Text = Field(description="The equation")
    additive: bool = Field(False, description="Levels add up even at constant prices, or adjusted")
    mixed_prices: bool = Field(False, description="Its figures are meant to be on different price bases")
    per_head: bool = Field(False, description="What is per head is printed without its denominator: 元 for 元/人")

    missing: wholes.Missing = Field("not_evaluable", description=wholes.MISSING + " (of sum(…) only)")

    @field_validator("formula")
    @classmethod
    def _has_a_shape(cls, formula: str) -> str:
        algebra.shape(parse(formula))
        return formula

    @model_validator(mode="after")
    def _has_parts(self) -> Options:
        parts = algebra.shape(parse(self.formula)).parts
        if self.missing != "not_evaluable" and not any(isinstance(part.x, Total) for part in parts):
            raise Misdeclared("formula.not_missing", ("missing",), missing=self.missing)
        return self


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join the figure that makes the claim with the others, in the slots that the formula's shape has."""
    formula = parse(options.formula)
    shape = _named(ctx, algebra.shape(formula))
    _refuse_units(ctx, formula, options)
    claims = _printed(ctx.anchors, shape.claim)
    if claims.is_empty():
        return []
    keys = ["period", "release", "release_rank", "status"]
    frame = basis.carry(claims, shape.anchor, *keys)
    make = _product if shape.equation.op == "mul" else _parts
    relations = make(ctx, shape, frame, formula, options)
    return [] if relations is None else [replace(relations, labels=(formula.text,))]


def _named(ctx: Context, shape: Shape) -> Shape:
    """Return the shape with series by canonical names, and sums as their parts.

    :raises InputError: if a classification is not declared, or a figure stands in the formula twice after all.
    """
    name = ctx.registry.name

    def series(found: Any) -> Any:
        return replace(found, name=name(found.name), of=name(found.of)) if isinstance(found, Series) else found

    parts: list[Part] = []
    for part in shape.parts:
        if isinstance(part.x, Total):
            parts += [replace(part, x=own, is_listed=True) for own in _expanded(ctx, part.x)]
        else:
            parts.append(replace(part, x=series(part.x), y=series(part.y)))
    found = replace(shape, z=series(shape.z), w=series(shape.w), parts=tuple(parts))
    leaves = [found.claim, *found.leaves]
    seen = {leaf.key for leaf in leaves if isinstance(leaf, Series)}
    if len(seen) < len(leaves):
        repeated = [leaf.name for leaf in leaves if isinstance(leaf, Series)]
        raise InputError("formula.repeated", names=", ".join(sorted({n for n in repeated if repeated.count(n) > 1})))
    return found


def _expanded(ctx: Context, total: Total) -> Iterator[Series]:
    """Yield the parts of a declared classification."""
    name = ctx.registry.name
    entries = [c for c in ctx.registry.classifications if c.parts and name(c.total) == name(total.whole.name)]
    of_all = {c.by: c for c in entries if not c.overlapping and c.dimension == "indicator"}
    by = next(iter(of_all), "") if total.by is None and len(of_all) == 1 else total.by or ""
    if by not in of_all:
        known = ", ".join(f"{name(c.total)} by {c.by}" for c in entries)
        raise InputError("formula.no_classification", whole=total.whole.name, by=by, known=known)
    for part in dict.fromkeys(map(name, of_all[by].parts)):
        yield replace(total.whole, name=part, of=name(total.whole.of))


def _printed(statements: Table, series: Series) -> Table:
    """Return the statements of a series in a formula, of every period."""
    said = [series.comparison]
    if not series.comparison and series.measure in (Measure.INDEX, Measure.PULL, Measure.CONTRIBUTION):
        said.append("yoy")
    return statements.filter(
        nw.col("indicator") == series.name,
        nw.col("measure") == series.measure,
        nw.col("comparison").is_in(said),
        nw.col("of") == series.of,
        nw.col("among") == "",
    )


def _attached(
    ctx: Context, frame: Table, series: Series, role: str, by: Sequence[str], shape: Shape, options: Options
) -> Table:
    """Attach what is printed of a series in the claim's period, or so much earlier; ``<role>_broken`` beside it."""
    moved: dict[str, list[object]] = {"period": [], "then": []}
    for (period,) in distinct(frame, ["period"]):
        if (then := _shifted(period, series)) is not None:
            moved["period"].append(period)
            moved["then"].append(then)
    frame = frame.join(small.table(moved), on="period", how="inner")
    anchor = "" if options.mixed_prices else shape.anchor
    if not series.shift:
        on = {"then": "period", "release": "release", "status": "status"}
        frame = basis.attach(frame, _printed(ctx.statements, series), role, by=by, anchor=anchor, on=on)
        return frame.drop("then").with_columns(nw.lit(False).alias(f"{role}_broken"))
    earlier = _printed(ctx.statements, series).filter(nw.col("status") != "target")
    frame = basis.attach(frame, earlier, role, by=by, anchor=anchor, on={"then": "period"}, is_latest=True)
    own = frame.select("period", nw.col("then").alias("base_period"), nw.lit(series.name).alias("indicator")).unique()
    broken = basis.breaks(ctx, own).select("period", nw.col("is_broken").alias(f"{role}_broken"))
    frame = frame.join(broken, on="period", how="left").drop("then")
    return frame.with_columns(nw.col(f"{role}_broken").fill_null(False))


def _shifted(period: str, series: Series) -> str | None:
    """Return the period that a series stands in; None if months are moved by what is no month, and so on."""
    own = periods.parse(period)
    if not series.shift:
        return period
    if own.kind == "span" and series.step < 12 and own.months != series.step:
        return None
    moved = own.shift(months=series.shift)
    return None if moved is None else moved.code


def _product(ctx: Context, shape: Shape, frame: Table, formula: Formula, options: Options) -> Relations | None:
    """z = x · (a + b·y)."""
    slots = {"z": shape.z, "x": _one(shape.parts[0].x), "y": _one(shape.parts[1].x)}
    others = {role: series for role, series in slots.items() if role != shape.anchor}
    for role, series in others.items():
        frame = _attached(ctx, frame, series, role, [f"{shape.anchor}_sid"], shape, options)
    frame = frame.filter(nw.any_horizontal(*[~nw.col(f"{role}_sid").is_null() for role in others], ignore_nulls=True))
    if frame.is_empty():
        return None
    equation = shape.equation
    frame = _fitted(frame, shape, formula, options)
    names = frame.with_columns(*[nw.lit(series.label).alias(f"{role}_label") for role, series in others.items()])
    missing = basis.first_text(*[(nw.col(f"{role}_sid").is_null(), f"{role}_label") for role in others])
    why = basis.first_reason(*_reasons(shape, others, options))
    shifted = [role for role, series in others.items() if series.shift]
    across = [nw.col(f"{role}_release_rank") < nw.col("release_rank") for role in shifted]
    rows = names.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            why,
            missing=missing,
            across=nw.any_horizontal(*across, ignore_nulls=True) if across else None,
            **_assumed(shape, others, options),
        ),
    )
    roles = ("claim", "operand", "operand") if shape.anchor == "z" else ("operand", "operand", "claim")
    return Relations(equation, rows, roles, anchor=shape.anchor, positive=("x",), compares_periods=_is_over_time(shape))


def _parts(ctx: Context, shape: Shape, frame: Table, formula: Formula, options: Options) -> Relations | None:
    """A sum, with weights or without, or a product of several."""
    equation, claim = replace(shape.equation, absent=wholes.ABSENT[options.missing]), f"{shape.anchor}_sid"
    beside = {role: s for role, s in (("z", shape.z), ("w", shape.w)) if s is not None and role != shape.anchor}
    for role, series in beside.items():
        frame = _attached(ctx, frame, series, role, [claim], shape, options)
        # Without a figure beside the claim nothing is claimed that could be checked.
        frame = frame.filter(~nw.col(f"{role}_sid").is_null())
    if frame.is_empty():
        return None
    made = []
    for position, part in enumerate(shape.parts):
        labels = [leaf.label for leaf in (_one(part.x), part.y) if leaf is not None]
        own = frame.with_columns(
            nw.lit(position, dtype=nw.Int64).alias("position"),
            nw.lit(" · ".join(labels)).alias("name"),
            nw.lit(part.coef, dtype=nw.Int64).alias("coef"),
            nw.lit(part.factor, dtype=nw.Int64).alias("factor"),
            nw.lit(part.is_listed).alias("is_listed"),
            nw.lit(_one(part.x).name).alias("series"),
            nw.lit(wholes.has_sign(ctx, _one(part.x))).alias("has_sign"),
        )
        for role, leaf in (("x", _one(part.x)), ("y", part.y)):
            if leaf is not None:
                own = _attached(ctx, own, leaf, role, [claim, "position"], shape, options)
        made.append(own.with_columns(*[nw.col(n).cast(nw.Int64) for n in own.columns if n.endswith("_order")]))
    slots: dict[str, Series] = dict(beside) | {"x": _one(shape.parts[0].x)}
    slots |= {"y": shape.parts[0].y} if shape.parts[0].y else {}
    rows = nw.concat([own.select(*made[0].columns) for own in made])
    rows = rows.filter(nw.col(claim).is_in(_complete(made, claim)))
    if rows.is_empty():
        return None
    rows = _fitted(rows, shape, formula, options)
    is_absent = nw.col("is_listed") & nw.col("x_sid").is_null()
    needed = [nw.col(f"{role}_sid").is_null() for role in slots if role != "x"]
    needed.append(nw.col("x_sid").is_null() & ~is_absent)
    reasons = [
        ("missing", nw.any_horizontal(*needed, ignore_nulls=True)),
        *wholes.gaps(ctx, options.missing, nw.col("series"), is_absent, nw.col("has_sign")),
        *_reasons(shape, slots, options)[1:],
    ]
    is_own = equation.op == "lin" and not options.mixed_prices
    alike = nw.when(nw.col("x_price_class") != UNKNOWN).then(nw.col("x_price")) if is_own else nw.lit("")
    rows = rows.with_columns(
        nw.lit(0).alias("variant"),
        alike.alias("alike"),
        *basis.outline(basis.first_reason(*reasons), **_assumed(shape, slots, options)),
    )
    roles = ("claim", "operand") if equation.weight is None else ("claim", "operand", "operand", "operand")
    roles = roles[::-1] if shape.anchor == "w" else roles
    return Relations(
        equation,
        rows if equation.op == "prod" else rows.drop("factor"),
        roles,
        anchor=shape.anchor,
        priority=tuple(dict.fromkeys(reason for reason, _ in reasons)),
        unlike="basis.price" if is_own else "",
        compares_periods=_is_over_time(shape),
    )


def _one(leaf: Leaf | None) -> Series:
    if not isinstance(leaf, Series):
        raise TypeError("sums are expanded before they are joined")
    return leaf


def _complete(made: list[Table], claim: str) -> list[int]:
    """Return the claims whose period can be moved for every part."""
    kept = [set(own[claim].to_list()) for own in made]
    return sorted(set.intersection(*kept))


def _is_over_time(shape: Shape) -> bool:
    """Whether periods are compared, or figures that compare them."""
    return any(leaf.shift or leaf.measure in CHANGES for leaf in map(_one, (shape.claim, *shape.leaves)))


def _reasons(shape: Shape, slots: Mapping[str, Series], options: Options) -> list[tuple[str, nw.Expr]]:
    """Return why figures cannot be held against each other, in order."""
    roles = (shape.anchor, *slots)
    scopes = [f"{role}_scope" for role in roles]
    adds = shape.equation.op == "lin" and len(shape.parts) > 1 and not options.additive
    is_level = nw.lit(adds and shape.z.measure == Measure.LEVEL)
    comparable = basis.any_of(scopes, "comparable")
    is_shifted = any(leaf.shift for leaf in map(_one, shape.leaves))
    mixed = nw.lit(_is_over_time(shape)) & (nw.lit(is_shifted) | basis.any_of(scopes, "fixed"))
    clashes = basis.clash(*roles)
    return [
        ("missing", nw.any_horizontal(*[nw.col(f"{role}_sid").is_null() for role in slots], ignore_nulls=True)),
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.any_horizontal(*[nw.col(f"{role}_tied") for role in slots], ignore_nulls=True)),
        ("chained", is_level & basis.real(*roles)),
        ("seasonal", is_level & basis.seasonal(*roles)),
        ("basis.scope", comparable & mixed),
        *(clash for clash in clashes if not (options.mixed_prices and clash[0] == "basis.price")),
        ("break", nw.any_horizontal(*[nw.col(f"{role}_broken") for role in slots], ignore_nulls=True)),
        ("units", ~nw.col("fits")),
    ]


def _assumed(shape: Shape, slots: Mapping[str, Series], options: Options) -> dict[str, nw.Expr]:
    """Return where usual assumptions stand in for declarations."""
    roles = (shape.anchor, *slots)
    over_time = nw.lit(_is_over_time(shape))
    leaves = [*map(_one, shape.leaves)]
    is_shifted = nw.lit(any(leaf.shift for leaf in leaves))
    has_season = nw.lit(any(leaf.shift % 12 for leaf in leaves))
    floating = nw.any_horizontal(*[basis.floats(role) for role in roles], ignore_nulls=True)
    later = nw.any_horizontal(
        *[nw.col(f"{role}_release_rank") < nw.col("release_rank") for role in slots], ignore_nulls=True
    )
    is_split = pairs.files_differ(*roles) | is_shifted
    found = {
        "scope": over_time & basis.any_of([f"{role}_scope" for role in roles], UNKNOWN),
        "release": (is_split & (nw.col("release") == "")) | later,
        "adjustment": has_season & basis.any_of([f"{role}_adjustment" for role in roles], UNKNOWN),
    }
    if not options.mixed_prices:
        unknown = basis.any_of([f"{role}_price" for role in roles], UNKNOWN)
        found["price"] = over_time & (unknown | (is_shifted & floating))
    return found


def _fitted(rows: Table, shape: Shape, formula: Formula, options: Options) -> Table:
    """Say of each claim whether the dimensions of its figures make an equation, whichever of several is taken."""
    claim, is_long = f"{shape.anchor}_sid", "position" in rows.columns
    roles = [role for role in ("z", "w", "x", "y") if f"{role}_dim" in rows.columns]
    columns = [nw.col(f"{role}_dim").fill_null("?") for role in roles]
    frame = rows.select(claim, (nw.col("position") if is_long else nw.lit(0)).alias("position"), *columns)
    dims: dict[int, dict[int, set[str]]] = {}
    for sid, position, *found in distinct(frame, frame.columns):
        part = shape.parts[position]
        y = part.y if is_long else shape.parts[1].x
        slots = {"z": shape.z, "w": shape.w, "x": part.x, "y": y}
        own = dims.setdefault(sid, {})
        for role, dim in zip(roles, found, strict=True):
            if dim != "?" and (leaf := slots[role]) is not None:
                own.setdefault(leaf.at, set()).add(dim)
    equal = dimensions.alike(formula)
    unfit = [sid for sid, own in dims.items() if not _fits(equal, own, options)]
    return rows.with_columns((~nw.col(claim).is_in(unfit)).alias("fits"))


def _fits(equal: list[dimensions.Alike], dims: Mapping[int, set[str]], options: Options) -> bool:
    if any(len(several) > 1 for several in dims.values()):
        return False
    known = {at: dim for at, several in dims.items() for dim in several}
    return all(each.fits(known, per_head=options.per_head) for each in equal)


def _refuse_units(ctx: Context, formula: Formula, options: Options) -> None:
    """Check the formula against the units that its series are declared with.

    :raises InputError: at the first term that measures something else than what it is added or equal to.
    """
    known: dict[int, tuple[str, str]] = {}
    for leaf in formula.leaves():
        found = _declared(ctx, leaf)
        if found is not None:
            known[leaf.at] = (found.dimension, f"{(leaf.whole if isinstance(leaf, Total) else leaf).name} {found.text}")
    for each in dimensions.alike(formula):
        if not each.fits({at: dim for at, (dim, _) in known.items()}, per_head=options.per_head):
            named = [known[key][1] for key, _ in each.powers if isinstance(key, int)]
            wrong = fault("formula.units", formula.source, each.at)
            raise InputError("formula.units", None, named=", ".join(named), **wrong.fields)


def _declared(ctx: Context, leaf: Leaf) -> units.Unit | None:
    """Return the declared unit of a level, of other measures %; None if it is not declared, or parts are not alike."""
    if isinstance(leaf, Total):
        found = {(own := _declared(ctx, part)) and own.dimension: own for part in _expanded(ctx, leaf)}
        return next(iter(found.values())) if len(found) == 1 else None
    if leaf.measure not in (Measure.LEVEL, Measure.CHANGE, Measure.RATIO):
        return units.find("%")
    entry = ctx.registry.entry(ctx.registry.name(leaf.name)) if leaf.measure != Measure.RATIO else None
    return units.find(entry.unit) if entry is not None and entry.unit else None


KIND = Kind("formula", Options, build, __doc__ or "")
