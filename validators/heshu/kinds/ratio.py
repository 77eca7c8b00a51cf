"""A ratio agrees with the numerator and the denominator it relates.

Equation: numerator = denominator · ratio, all of one period and release; for the ratio of profits to revenue, of
liabilities to assets, of cost per 100元 of revenue, for what there is per head or per area. Exact, because each
figure occurs once. A ratio is filed under its numerator, with its denominator in `of`; where it has a name of its own
(人均国内生产总值), the rule names both under `quotients`. A numerator may be negative: so is the ratio then.

Example: profits 87092.1亿元, revenue 127.92万亿元, ratio 6.81 %; cost per 100元: ratio 83.74 in 元/百元.

Not evaluable: numerator or denominator not printed; a flow per stock, because its denominator is the average over the
period (人均国内生产总值 is not per year-end population), unless the quotient is `averaged`; a denominator that may be
0 or below; different price bases; a unit that is not the numerator's per denominator's.

At most a warning: undeclared natures (flow, stock), as the denominator may then be another than the one printed;
undeclared price of money per something else, or of that per money (energy and labour per GDP are printed at constant
prices beside a GDP at current ones); figures in different documents that name no release.
"""

from __future__ import annotations

import narwhals as nw
from pydantic import Field, field_validator

from heshu import basis, pairs, small
from heshu.errors import Misdeclared
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict, Text
from heshu.relation import Equation
from heshu.small import Table

EQUATION = Equation("mul", a=0, b=1)


class Quotient(Strict):
    """A series that is the quotient of two others."""

    ratio: Text = Field(description="Series of the ratio: 人均国内生产总值")
    numerator: Text = Field(description="Series above the line")
    denominator: Text = Field(description="Series below the line")
    averaged: bool = Field(False, description="The denominator is printed as an average over the period")
    per_head: bool = Field(False, description="The ratio is printed without its denominator: 元 for 元/人")


class Options(Strict):
    """Options of ``ratio``."""

    quotients: tuple[Quotient, ...] = Field((), description="Series that are ratios by name")

    @field_validator("quotients")
    @classmethod
    def _named_once(cls, quotients: tuple[Quotient, ...]) -> tuple[Quotient, ...]:
        names = [quotient.ratio for quotient in quotients]
        for name in names:
            if names.count(name) > 1:
                raise Misdeclared("quotient_twice", name=name)
        return quotients


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join each ratio with its numerator and its denominator."""
    ratios = _ratios(ctx, options)
    if ratios.is_empty():
        return []
    frame = pairs.of_series(ctx, ratios, {"z": "numerator", "x": "denominator"})
    flags = ratios.select(nw.col("sid").alias("y_sid"), "averaged", "per_head")
    frame = frame.join(flags, on="y_sid", how="left")
    why = basis.first_reason(
        ("target", nw.col("status") == "target"),
        ("ambiguous", nw.col("z_tied") | nw.col("x_tied") | (nw.col("z_sid") == nw.col("x_sid"))),
        ("missing", nw.col("z_sid").is_null() | nw.col("x_sid").is_null()),
        *basis.clash("y", "z", "x"),
        ("average", _is_per_average()),
        ("units", ~_fits()),
    )
    missing = basis.first_text((nw.col("z_sid").is_null(), "numerator"), (nw.col("x_sid").is_null(), "denominator"))
    is_alike = (nw.col("z_nature") == nw.col("x_nature")) & nw.col("z_nature").is_in(["flow", "stock", "count"])
    rows = frame.with_columns(
        nw.lit(0).alias("variant"),
        *basis.outline(
            why,
            missing=missing,
            price=_may_be_real(),
            release=(nw.col("release") == "") & pairs.files_differ("y", "z", "x"),
            nature=~is_alike & ~nw.col("averaged"),
        ),
    )
    return [Relations(EQUATION, rows, ("numerator", "denominator", "ratio"), anchor="y", positive=("x",))]


def _ratios(ctx: Context, options: Options) -> Table:
    """Return the ratios, those by measure and those by name, with their ``numerator`` and ``denominator``."""
    name = ctx.registry.name
    # An alias may name a series once more: the first quotient counts.
    by_name = {name(quotient.ratio): quotient for quotient in reversed(options.quotients)}
    named: dict[str, list[object]] = {
        "indicator": list(by_name),
        "above": [name(quotient.numerator) for quotient in by_name.values()],
        "below": [name(quotient.denominator) for quotient in by_name.values()],
        "averaged": [quotient.averaged for quotient in by_name.values()],
        "per_head": [quotient.per_head for quotient in by_name.values()],
    }
    is_ratio = (nw.col("measure") == "ratio") & ((nw.col("of") != "") | ~nw.col("above").is_null())
    is_named = (nw.col("measure") == "level") & (nw.col("of") == "") & ~nw.col("above").is_null()
    ratios = ctx.anchors.join(small.table(named), on="indicator", how="left")
    return ratios.filter(
        nw.col("comparison") == "", ~nw.col("of").is_in(basis.PLANS), is_ratio | is_named
    ).with_columns(
        nw.coalesce("above", "indicator").alias("numerator"),
        nw.when(nw.col("of") != "").then(nw.col("of")).otherwise(nw.col("below")).alias("denominator"),
        nw.col("averaged").fill_null(False),
        nw.col("per_head").fill_null(False),
    )


def _is_per_average() -> nw.Expr:
    """Whether a flow is divided by a stock, or the reverse: by convention by its average, not by its last value."""
    flows = [(nw.col(f"{a}_nature") == "flow") & (nw.col(f"{b}_nature") == "stock") for a, b in ("zx", "xz")]
    return (flows[0] | flows[1]) & ~nw.col("averaged")


def _may_be_real() -> nw.Expr:
    """Whether money is related to what is none, and nobody says at which prices: both cannot cancel."""
    is_money = {role: nw.col(f"{role}_dim").fill_null("").str.starts_with("currency") for role in "zx"}
    unsaid = {role: basis.any_of(["y_price", f"{role}_price"], UNKNOWN) for role in "zx"}
    return (is_money["z"] & ~is_money["x"] & unsaid["z"]) | (is_money["x"] & ~is_money["z"] & unsaid["x"])


def _fits() -> nw.Expr:
    """Whether the ratio's unit is the numerator's per denominator's."""
    z, x, y = (nw.col(f"{role}_dim") for role in "zxy")
    quotient = nw.concat_str(z.fill_null(""), x.fill_null(""), separator="/")
    per_head = nw.col("per_head") & (x == "person") & (y == z) & (z != x)
    return ((z == x) & (y == "ratio")) | ((z != x) & (y == quotient)) | per_head


KIND = Kind("ratio", Options, build, __doc__ or "")
