"""Values lie in a range.

Rows: a figure whose interval lies outside of the range as a whole: −0.0 may be a true 0.04. Exact, because ends are
compared as rationals. Bounds are in the unit given (default: plain numbers, so that 100 % is 1).

Not evaluable: figures without a value, of another dimension than the bounds' unit (if one is given), and of another
measure or sign than asked for, are not looked at.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import narwhals as nw
from pydantic import Field, model_validator

from heshu import numerals, units
from heshu.errors import Misdeclared, Unreadable
from heshu.kind import Context, Flags, Kind
from heshu.messages import unreadable
from heshu.registry import Strict


class Options(Strict):
    """Options of ``range``: closed bounds as number texts, at least one."""

    min: str | int | float | None = Field(None, description="Smallest possible value")
    max: str | int | float | None = Field(None, description="Largest possible value")
    unit: str | None = Field(None, description="Unit of the bounds: %, 亿元, …")
    measures: tuple[str, ...] = Field((), description="Only figures of these measures")
    sign: Literal["nonnegative", "any", "unknown"] | None = Field(None, description="Only series of this sign")

    @model_validator(mode="after")
    def _readable(self) -> Options:
        if self.min is None and self.max is None:
            raise Misdeclared("no_bound")
        try:
            for text in (self.min, self.max):
                if text is not None:
                    numerals.parse(str(text))
            if self.unit:
                units.find(self.unit)
        except Unreadable as error:
            raise ValueError(unreadable(error)) from None
        return self

    def bound(self, text: str | float | None) -> float | None:
        """Return a bound in base units."""
        if text is None:
            return None
        factor = units.find(self.unit).factor if self.unit else Fraction(1)
        return float(numerals.parse(str(text)).value * factor)


def build(ctx: Context, options: Options) -> list[Flags]:
    """Flag each figure whose interval lies wholly outside the bounds."""
    forms = ctx.forms
    if options.measures:
        forms = forms.filter(nw.col("measure").is_in(list(options.measures)))
    if options.sign:
        forms = forms.filter(nw.col("sign") == options.sign)
    if options.unit:
        forms = forms.filter(nw.col("dim") == units.find(options.unit).dimension)
    rows = ctx.of_forms(forms).filter(nw.col("is_measured"))
    low, high = options.bound(options.min), options.bound(options.max)
    # Floats nearest to exact values keep their order, so comparing them is comparing the exact ones.
    below = nw.col("hi") < low if low is not None else nw.lit(False)
    above = nw.col("lo") > high if high is not None else nw.lit(False)
    reason = nw.when(below).then(nw.lit("range.below")).otherwise(nw.lit("range.above"))
    bounds = [nw.lit(f"{text}{options.unit or ''}") for text in (options.min, options.max)]
    flags = rows.filter(below | above).select(
        "fid",
        reason.alias("reason"),
        nw.when(below).then(bounds[0]).otherwise(bounds[1]).alias("detail"),
        nw.lit(False).alias("soft"),
    )
    size = ctx.size_of(forms)
    return [Flags(flags, rows.select("fid"), size=size and size.measured)]


KIND = Kind("range", Options, build, __doc__ or "")
