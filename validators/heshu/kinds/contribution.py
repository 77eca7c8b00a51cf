"""Contributions to growth of all parts add up to 100 %.

Equation: 1 = Σ contribution over a declared classification, of one whole, period, comparison, release and price basis
(三大需求贡献率76.2%、32.4%、−8.6%). Exact, because each figure occurs once. A contribution may be negative or above
100 %. Where the levels of the parts do not add up, as those of GDP by expenditure, the classification says
``measures: [contribution, pull]``. That contribution · growth = pull is checked by the kind `pull`.

At most a warning: figures that name no release and stand in different files.

Not evaluable: a part that is not printed (unless ``missing: as_zero`` says that it contributes nothing) or printed
twice on different bases. Overlapping parts are not added.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from heshu import wholes
from heshu.figure import Measure
from heshu.kind import Context, Kind, Relations
from heshu.registry import Strict


class Options(Strict):
    """Options of ``contribution``."""

    missing: Literal["not_evaluable", "as_zero"] = Field(
        "not_evaluable", description="Parts not printed: not_evaluable; as_zero: they contribute nothing"
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join the contributions of all parts of a whole."""
    entries = [c for c in wholes.adding(ctx, [Measure.CONTRIBUTION]) if c.dimension == "indicator"]
    groups = wholes.groups(ctx, entries)
    return wholes.total_one(ctx, groups, Measure.CONTRIBUTION, "contribution", options.missing) if groups else []


KIND = Kind("contribution", Options, build, __doc__ or "")
