"""What the generated figures are made of: indicators in groups of a total and four parts, units, measures, errors."""

from __future__ import annotations

from collections.abc import Iterable

GROUPS, SIZE = 10, 5
FIRST_YEAR, YEARS = 2001, 20

#: Base unit → (unit, factor, decimals): the usual unit of levels, then the one that 3 % of them are printed in.
SCALES: dict[str, tuple[tuple[str, float, int], tuple[str, float, int]]] = {
    "元": (("亿元", 1e8, 2), ("万元", 1e4, 0)),
    "吨": (("万吨", 1e4, 1), ("吨", 1.0, 0)),
    "千瓦时": (("亿千瓦时", 1e8, 2), ("万千瓦时", 1e4, 0)),
    "台": (("万台", 1e4, 2), ("台", 1.0, 0)),
    "个": (("个", 1.0, 0), ("万个", 1e4, 2)),
}
#: Base unit → the usual size of a part.
SIZES = {"元": 2e11, "吨": 3e6, "千瓦时": 5e10, "台": 4e5, "个": 300.0}
WHOLE_NUMBERS = ("台", "个")
BASES = tuple(SCALES)

#: The unit that is none, and those of rates.
UNKNOWN_UNIT, PERCENT, POINTS = "亿员", "%", "个百分点"

#: Unit → (what it measures, factor).
UNITS: dict[str, tuple[str, float]] = {
    **{unit: (base, factor) for base, scales in SCALES.items() for unit, factor, _ in scales},
    PERCENT: ("ratio", 0.01),
    POINTS: ("points", 0.01),
}
#: Decimals → half of the last place.
HALF = {0: 0.5, 1: 0.05, 2: 0.005}

MEASURES = ("level", "growth", "points", "share")

#: Code of an injected error → what was done.
ERRORS = {
    1: "unknown unit",
    2: "unit of another dimension",
    3: "unit of another scale",
    4: "digits of a level slipped",
    5: "growth below -100 %",
    6: "growth off",
    7: "share outside 0 to 100 %",
    8: "points off",
}


def name(number: int) -> str:
    """Return the name of an indicator."""
    return f"指标{number:02d}"


def base(number: int) -> str:
    """Return the base unit of an indicator."""
    return BASES[number // SIZE % len(BASES)]


#: Indicator → base unit.
INDICATORS = {name(number): base(number) for number in range(GROUPS * SIZE)}


def total(number: int) -> str:
    """Return the name of the total of a part."""
    return name(number // SIZE * SIZE)


def period(number: int, year: int) -> str:
    """Return the period of an indicator: years in half of the groups, January to October in the others."""
    return f"{year}-01/{year}-10" if number // SIZE % 2 else str(year)


def next_year(text: str) -> str:
    """Return the period a year later."""
    return text.replace(text[:4], str(int(text[:4]) + 1))


def allowed() -> Iterable[tuple[str, str, str]]:
    """Yield each (measure, indicator, unit) that goes together."""
    for indicator, dimension in INDICATORS.items():
        for unit, (of, _) in UNITS.items():
            if of == dimension:
                yield "level", indicator, unit
        yield "growth", indicator, PERCENT
        yield "share", indicator, PERCENT
        yield "points", indicator, POINTS
