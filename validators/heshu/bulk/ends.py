"""Ends of the numbers of a large dataset, by the rulers of their forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from heshu.bulk.forms import RULER
from heshu.kind import Frame


@dataclass(frozen=True, slots=True)
class Ends:
    """How the ends of numbers are computed; what is the same for all forms is not computed for each row.

    ``is_even``: ends are equally far off, and zero is like all others; ``gains``, ``parts``: whether there are any;
    ``cuts``: whether some true values are not below 0.
    """

    is_even: bool
    gains: bool
    parts: bool
    cuts: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a ruler that rows need."""
        uneven = () if self.is_even else ("above", "zero_lo", "zero_hi")
        some = {"gain": self.gains, "parts": self.parts, "cut": self.cuts}
        return ("times", "below", *uneven, *[name for name, is_used in some.items() if is_used])

    def measured(self, rows: Frame) -> Frame:
        """Return rows with ``lo``, ``hi`` and ``pt``, each rounded once, to the nearest float."""
        number = nw.col("number")
        rows = rows.with_columns((number * nw.col("times")).alias("size"))
        size, off, above = nw.col("size"), nw.col("below"), nw.col("below")
        if not self.is_even:
            off, above = (
                nw.when(number > 0).then(nw.col(one)).otherwise(nw.col(other))
                for one, other in (("below", "above"), ("above", "below"))
            )
        low, high = self._end(size - off), self._end(size + above)
        if not self.is_even:
            low = nw.when(number == 0).then(nw.col("zero_lo")).otherwise(low)
            high = nw.when(number == 0).then(nw.col("zero_hi")).otherwise(high)
        rows = rows.with_columns(low.alias("lo"), high.alias("hi"), self._end(size).alias("pt"))
        if not self.cuts:
            return rows
        # The larger of the end and 0, exactly, as half of itself and its size: a condition costs more.
        rows = rows.with_columns((nw.col("cut") * (number >= 0).cast(nw.Float64)).alias("cut"))
        return rows.with_columns(
            ((nw.col("lo") + nw.col("lo").abs() * nw.col("cut")) * (1 - nw.col("cut") / 2)).alias("lo")
        )

    def _end(self, value: nw.Expr) -> nw.Expr:
        value = value * nw.col("gain") if self.gains else value
        return value / nw.col("parts") if self.parts else value


def ends_of(ways: Mapping[str, Sequence[Any]]) -> Ends:
    """Return how the ends of all these forms are computed."""
    rulers = [ruler for ruler in zip(*(ways[name] for name in RULER), strict=True) if ruler[0] is not None]
    known = [dict(zip(RULER, ruler, strict=True)) for ruler in rulers]
    return Ends(
        is_even=all(r["below"] == r["above"] and -r["zero_lo"] in (-0.0, r["zero_hi"]) for r in known),
        gains=any(r["gain"] != 1 for r in known),
        parts=any(r["parts"] != 1 for r in known),
        cuts=any(r["cut"] for r in known),
    )
