"""Ranges: powers of ten around what a series has shown, wide enough for growth, too narrow for 亿 read as 万."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from heshu import units
from heshu.errors import Unreadable
from heshu.suggest.model import LONGEST, Material, Proposal

#: Figures that must be there, and the factor that the largest may be above the smallest: of what varies more little
#: can be said.
FEWEST, SPREAD = 5, 20

#: Codes that are free for proposals.
PREFIX, MOST = "SUG", 200


def propose(material: Material) -> Iterator[Proposal]:
    """Yield a range, as a warning, for each series with enough positive levels of one order of magnitude."""
    number = 0
    for name, figures in material.levels().items():
        printed = {figure.unit for figure in figures}
        if len(figures) < FEWEST or len(printed) > 1 or "" in printed or len(name) > LONGEST:
            continue
        [unit] = printed
        try:
            factor = units.find(unit).factor
        except Unreadable:
            continue
        values = [figure.measured().point / factor for figure in figures]
        if min(values) <= 0 or max(values) > SPREAD * min(values):
            continue
        low, high = _power(float(min(values)) / 10, up=False), _power(float(max(values)) * 10, up=True)
        number += 1
        if number > MOST:
            return
        ordered = sorted(figures, key=lambda figure: figure.measured().point)
        fields = {"count": str(len(values)), "low": ordered[0].printed, "high": ordered[-1].printed}
        body = {
            "code": f"{PREFIX}{number:03}",
            "title": name,
            "kind": "range",
            "severity": "warning",
            "where": {"indicator": name},
            "with": {"min": low, "max": high, "unit": unit, "measures": ["level"]},
        }
        yield Proposal("rules", body, [("suggest.range", fields)], subjects=frozenset({name}))


def _power(value: float, *, up: bool) -> int | str:
    """Return the power of ten at or beyond a value, as a number or its text."""
    exponent = (math.ceil if up else math.floor)(math.log10(value))
    return 10**exponent if exponent >= 0 else format(Decimal(10) ** exponent, "f")
