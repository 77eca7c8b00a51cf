"""A figure: one printing of a number, with its keys, its attributes and the place where it stands.

This module is the single description of the figures table; the reader, the pandera contract and the docs
are made from :data:`COLUMNS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from heshu import literal, numerals, rounding, units
from heshu.errors import Place, Unreadable
from heshu.interval import INFINITY, Interval
from heshu.literal import Literal
from heshu.rounding import UNDECLARED, Printed, Rounding, Style, Zeros

UNKNOWN = "unknown"


class Measure(StrEnum):
    """What a figure states about its indicator."""

    LEVEL = "level"
    GROWTH = "growth"
    POINTS = "points"
    CHANGE = "change"
    SHARE = "share"
    RATIO = "ratio"
    MULTIPLE = "multiple"
    RANK = "rank"
    CONTRIBUTION = "contribution"
    PULL = "pull"
    AVERAGE = "average"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the figures table: its role, its meaning, and the closed list of values if it has one.

    ``origin`` columns say where a figure stood before its table was made; ``derived`` ones what follows from the
    others: they are written, and on reading recomputed and not believed.
    """

    name: str
    doc: str
    role: str = "attribute"  # key | value | attribute | place | origin | derived
    values: tuple[str, ...] = ()
    required: bool = False
    sdmx: str = ""


COLUMNS: tuple[Column, ...] = (
    Column("area", "Reference area, as printed", "key", sdmx="REF_AREA"),
    Column("indicator", "What is measured; a series name or alias", "key", required=True, sdmx="INDICATOR"),
    Column(
        "period", "2020, 2020-Q3, 2020-01/2020-10, 2020年1—10月, each:2020-06/2020-10, …", "key", required=True,
        sdmx="TIME_PERIOD",
    ),
    Column("measure", "What the figure states; default level", "key", tuple(Measure)),
    Column("comparison", "yoy, previous, since:P, average:2019/2021", "key"),
    Column("of", "Whole or denominator of a share, points, contribution, pull, ratio", "key"),
    Column("among", "Field of a rank: 全国, 中部, 长三角", "key"),
    Column("value", "Number text as printed, with the sign of its verb", "value", required=True, sdmx="OBS_VALUE"),
    Column("unit", "Unit as printed: 亿元", "value", sdmx="UNIT_MEASURE"),
    Column("hedge", "Hedge as printed: 超, 近, 约, 余, 以上, 不足, …", "value"),
    Column("decimals", "Digits shown after the point, where the file has lost them", "value", sdmx="DECIMALS"),
    Column("rounding", "How the number was shortened; default the publisher's style", "attribute",
           (*Rounding, UNKNOWN)),
    Column("zeros", "Whether trailing zeros are written; default the publisher's style", "attribute", tuple(Zeros)),
    Column("price", "current, constant, constant:2020, comparable", "key"),
    Column("scope", "Statistical scope over time", "key", ("fixed", "comparable", UNKNOWN)),
    Column("nature", "Nature of the series", "attribute", ("flow", "stock", "count", "rate", UNKNOWN)),
    Column("adjustment", "Adjustment for calendar or season", "key", ("none", "ca", "sa", "saar", UNKNOWN)),
    Column("sign", "Whether true values can be negative", "attribute", ("nonnegative", "any", UNKNOWN)),
    Column(
        "status", "Kind of statement", "key",
        ("actual", "provisional", "revised", "final", "estimate", "target"), sdmx="OBS_STATUS",
    ),
    Column("release", "Publication that said it", "key"),
    Column("source", "Document", "place"),
    Column("quote", "Words as printed", "place"),
    Column("span", "Offsets of the quote in the document", "place"),
    Column("occurrence", "1 for the first printing, 2 for the second, …", "place"),
    Column("note", "Footnotes of the figure and its headings, as printed", "place"),
    Column("file", "File that the figure was read from, below the folder of its dataset", "origin"),
    Column("line", "Line of that file", "origin"),
    Column("cell", "Cell of that worksheet, Sheet1!C7, or the heading above the number", "origin"),
    Column("point", "The number as printed, in the base unit of its dimension", "derived"),
    Column("lower", "Lower end of the true values that the words allow, in the base unit", "derived"),
    Column("lower_open", "Whether that end is left out", "derived", ("true", "false")),
    Column("upper", "Upper end", "derived"),
    Column("upper_open", "Whether that end is left out", "derived", ("true", "false")),
    Column("soft_lower", "Lower end of what a hedge ordinarily means", "derived"),
    Column("soft_lower_open", "Whether that end is left out", "derived", ("true", "false")),
    Column("soft_upper", "Upper end of what a hedge ordinarily means", "derived"),
    Column("soft_upper_open", "Whether that end is left out", "derived", ("true", "false")),
    Column("base_unit", "Unit of these numbers", "derived"),
    Column("dimension", "What is measured by the unit: currency:CNY, mass, ratio, …", "derived"),
)  # fmt: skip

#: Columns that say something of a figure: what rules, defaults and layouts may name.
NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.role not in ("origin", "derived"))
BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}
KEY: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.role == "key")


class Origin(NamedTuple):
    """Where a figure stood before its table was made, as the columns of that name have it."""

    file: str = ""
    line: str = ""
    cell: str = ""


NOWHERE = Origin()


@dataclass(slots=True)
class Figure:
    """One printing, resolved: aliases replaced, defaults applied, period and comparison in canonical code.

    ``cell`` is the header of the column its number stands in; ``style`` how its publisher prints; ``origin`` the place
    that its table says it comes from, else where it stands.
    """

    id: int
    place: Place
    indicator: str
    period: str
    value: str
    area: str = ""
    measure: str = Measure.LEVEL.value
    comparison: str = ""
    of: str = ""
    among: str = ""
    unit: str = ""
    hedge: str = ""
    decimals: int | None = None
    price: str = UNKNOWN
    scope: str = UNKNOWN
    nature: str = UNKNOWN
    adjustment: str = UNKNOWN
    sign: str = UNKNOWN
    status: str = "actual"
    release: str = ""
    source: str = ""
    quote: str = ""
    span: str = ""
    occurrence: str = ""
    note: str = ""
    dimensions: tuple[str, ...] = ()
    cell: str = ""
    style: Style = field(default=UNDECLARED)
    origin: Origin = NOWHERE
    _measured: Measured | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def rounding(self) -> str:
        """How the number was shortened, ``unknown`` if nobody declared it."""
        return self.style.rounding.value if self.style.declared else UNKNOWN

    @property
    def zeros(self) -> str:
        """Whether trailing zeros are written."""
        return self.style.zeros.value

    @property
    def printed(self) -> str:
        """The number with its words as they were filed: 超5.56万个. What is judged is shown, not the quote."""
        if self.hedge in _BETWEEN:
            return f"{self.value}{self.hedge}{self.unit_shown}"
        if self.hedge in _BEHIND:
            return f"{self.value}{self.unit_shown}{self.hedge}"
        before, _, after = self.hedge.partition("…")
        return f"{before}{self.value}{self.unit_shown}{after}"

    @property
    def unit_shown(self) -> str:
        """The unit as a reader sees it: the pure number's is not written."""
        if "=" in self.unit:
            return f"({self.unit})"
        return "" if self.unit == "1" else self.unit

    @property
    def key(self) -> tuple[str, ...]:
        """The quantity this figure is a printing of (the key columns), dimensions last."""
        return (
            self.area, self.indicator, self.period, self.measure, self.comparison, self.of, self.among,
            self.price, self.scope, self.adjustment, self.status, self.release, *self.dimensions,
        )  # fmt: skip

    @property
    def is_nonnegative(self) -> bool:
        """Whether true values below 0 are excluded by declaration."""
        return self.sign == "nonnegative" and self.measure in (Measure.LEVEL, Measure.SHARE)

    def measured(self, style: Style | None = None) -> Measured:
        """Return what the figure says in base units, under its own or another ``style``.

        :raises Unreadable: if its value, hedge or unit cannot be read.
        """
        if self._measured is not None and (style is None or style is self.style):
            return self._measured
        found = measure(
            self.value, self.unit, self.hedge, self.measure, style or self.style, self.decimals,
            self.nature == "count" and self.measure == Measure.LEVEL, self.is_nonnegative,
        )  # fmt: skip
        if style is None:
            self._measured = found
        return found

    def set_measured(self, measured: Measured) -> None:
        """Take what the figure says from one who has measured it by its form."""
        self._measured = measured

    def moved(
        self, number: int, place: Place, value: str, area: str, dimensions: tuple[str, ...], origin: Origin
    ) -> Figure:
        """Return a figure that says the same of another subject with another number, elsewhere."""
        said = list(_SAID(self))
        for at, own in zip(_OWN, (number, place, value, area, dimensions, origin), strict=True):
            said[at] = own
        return Figure(*said)


_SAID_BY = tuple(name for name, own in Figure.__dataclass_fields__.items() if own.init)
_SAID = attrgetter(*_SAID_BY)
#: Where what is each figure's own stands among it.
_OWN = tuple(map(_SAID_BY.index, ("id", "place", "value", "area", "dimensions", "origin")))

#: Hedges that stand between number and unit, and those behind both.
_BETWEEN = frozenset({"余", "多", "来"})
_BEHIND = frozenset({"以上", "以下", "左右", "上下", "及以上", "及以下", "以内"})


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure in the base unit of its dimension: 3.9 % is 39/1000, 1.6亿元 is 160 000 000.

    ``loose`` is the other common reading of 增长N倍 (to N times, not by N times), else None.
    """

    point: Fraction
    hard: Interval
    soft: Interval | None
    step: Fraction
    dimension: str
    counter: str
    loose: Interval | None = None

    @property
    def tight(self) -> Interval:
        """SOFT where the figure carries a hedge, else HARD."""
        return self.hard if self.soft is None else self.soft


@lru_cache(maxsize=65536)
def measure(
    value: str,
    unit: str,
    hedge: str,
    kind: str,
    style: Style,
    decimals: int | None,
    is_count: bool,
    nonnegative: bool,
) -> Measured:
    """Return what a value, its unit and hedge say, in base units.

    A unit inside ``value`` is used if ``unit`` is empty; an empty unit leaves the number without dimension.

    :raises Unreadable: with ``what`` = number, hedge or unit.
    """
    if kind == Measure.RANK and not hedge and (not unit or units.find(unit, measure=kind).dimension == "rank"):
        return _rank(value)
    read = literal.read(value)
    if hedge:
        words = tuple(literal.hedge(word) for word in hedge.split("…") if word)
        read = Literal(read.numeral, words + read.hedges, read.unit, read.below_unit)
    text = unit or read.unit
    if unit and read.unit and not _same(unit, read.unit, kind):
        raise Unreadable("unit", read.unit, "unit.contradicts", inside=read.unit, beside=unit)
    found = units.find(text, measure=kind) if text else None
    # 5万个 is not an exact count, whether the 万 stands with the number or in the unit.
    is_exact = is_count and (found is None or found.multiplier == 1)
    printed = rounding.read(read, style, decimals=decimals, is_count=is_exact, nonnegative=nonnegative)
    if found is None:
        return Measured(printed.point, printed.hard, printed.soft, printed.step, "", "")
    if found.dimension == "doublings":
        return _doublings(printed, kind)
    factor = found.factor
    hard, soft = printed.hard.scale(factor), None if printed.soft is None else printed.soft.scale(factor)
    loose = None
    if found.symbol == "倍" and kind == Measure.GROWTH:
        # 增长N倍 is by N times the base; much common use means to N times (GB/T 15835 has no rule on it).
        loose = hard.shift(-1)
    return Measured(printed.point * factor, hard, soft, printed.step * factor, found.dimension, found.counter, loose)


def _same(left: str, right: str, kind: str) -> bool:
    a, b = units.find(left, measure=kind), units.find(right, measure=kind)
    return (a.dimension, a.factor) == (b.dimension, b.factor)


def _doublings(printed: Printed, kind: str) -> Measured:
    """翻n番: the new value is 2ⁿ times the old; as loose as a statement of 2ⁿ rounded to a whole number.

    A hedge acts on n: 翻一番以上 is at least double, 近翻一番 at most.
    """
    if printed.point.denominator != 1 or not 0 < printed.point < 64:
        raise Unreadable("number", str(printed.point), "number.doublings")
    base = 1 if kind == Measure.GROWTH else 0
    n = int(printed.point)
    point = Fraction(2) ** n
    half = Fraction(1, 2)
    if printed.soft is None:
        return Measured(point - base, Interval(point - half, point + half).shift(-base), None, Fraction(1), "ratio", "")
    # One doubling more or less is what an ordinary writer would have said instead.
    is_over, is_under = printed.hard.hi == INFINITY, printed.hard.lo != printed.point
    hard = Interval(point if not is_under else -INFINITY, INFINITY if is_over else point)
    soft = Interval(point if not is_under else point / 2, point if not is_over else point * 2)
    return Measured(point - base, hard.shift(-base), soft.shift(-base), Fraction(1), "ratio", "")


def _rank(value: str) -> Measured:
    """第六, 6, 首位: an ordinal, exact."""
    text = value.strip().removeprefix("第").removesuffix("名").removesuffix("位")
    number = numerals.parse("1" if text in ("首", "榜首") else text)
    if not number.is_plain_integer or number.value < 1:
        raise Unreadable("number", value, "number.rank")
    return Measured(number.value, Interval.point(number.value), None, Fraction(1), "rank", "")
