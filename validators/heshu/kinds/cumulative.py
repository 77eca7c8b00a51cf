"""What is cumulated over time is the sum of its months, quarters or years, and does not fall within a year.

Equations: of levels of one series, with ``of: steps``, cumulated = cumulated before + latest month, quarter or half
(1—10月 = 1—9月 + 10月; 全年 = 前三季度 + 四季度); with ``of: parts``, cumulated = Σ parts (a year of its quarters or
months, 二季度 of three months, “十三五” of its years); with ``of: rising``, cumulated ≥ cumulated before, since what
comes after cannot be negative. Exact, because each figure occurs once. Month and parts are of the cumulated figure's
own release; what was cumulated before too if it is printed there, else of the latest earlier one.

Example: 309834亿元 in 1—10月, 274299 in 1—9月, 35534 in October.

Not evaluable: a series not declared a flow, or in %, as an index or per day or month; steps and parts at constant
(chain-linked) prices, or seasonally adjusted or annualised; a comparable scope; a declared break within; a figure not
printed; of series that may be negative (profits), rising, and steps and parts too, since their earlier months are
revised without notice; January and February alone, unless ``months: apart``: many series print them together only
(1—2月), which is a part of its own.

At most a warning: what was cumulated before in an earlier release (``revision``: earlier months are revised in
passing); undeclared scope, release, adjustment or sign, and price of what is measured in money.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import narwhals as nw
from pydantic import Field

from heshu import basis, pairs, periods, small
from heshu.figure import UNKNOWN
from heshu.kind import Context, Kind, Relations
from heshu.period import Period
from heshu.registry import Strict
from heshu.relation import Equation
from heshu.small import Table, distinct

STEPS = Equation("lin", a=1, b=1)
PARTS = Equation("lin")
RISING = Equation("lin", a=1, at_least=True)

#: What tells a series from others; its periods are what is added.
SERIES = ("indicator", "of", "among")

#: Lengths of what is added last, in months: the variants of a step.
LAST = (1, 3, 6)


class Options(Strict):
    """Options of ``cumulative``."""

    of: Literal["steps", "parts", "rising"] = Field(
        "steps",
        description="steps: before and latest; parts: all months, quarters or years; rising: never less than before",
    )
    months: Literal["combined", "apart"] = Field(
        "combined", description="Whether January and February are published apart, or may be combined"
    )


def build(ctx: Context, options: Options) -> list[Relations]:
    """Join what is cumulated with what it is made of, or with what was cumulated before."""
    levels = pairs.levels(ctx).filter(~nw.col("nature").is_in(["stock", "rate"]))
    keys = [*SERIES, "period", "release", "release_rank", "status"]
    wholes = basis.carry(ctx.anchors.filter(nw.col("sid").is_in(levels["sid"].to_list())), "z", *keys)
    printed: dict[tuple[str, ...], set[str]] = {}
    for *series, period in distinct(levels, [*SERIES, "period"]):
        printed.setdefault(tuple(series), set()).add(period)
    make = {"steps": _steps, "parts": _parts, "rising": _rising}[options.of]
    table = small.table(_columns(make(printed, is_apart=options.months == "apart")))
    expected = wholes.join(table, on=[*SERIES, "period"], how="inner")
    if expected.is_empty():
        return []
    expected = expected.join(basis.breaks(ctx, expected), on=["indicator", "period", "base_period"], how="left")
    if options.of == "parts":
        return _related_parts(expected, levels)
    expected = expected.drop("position")
    on = {name: name for name in SERIES} | {"base_period": "period"}
    earlier = levels.filter(nw.col("status") != "target")
    frame = basis.attach(expected, earlier, "x", by=["z_sid", "variant"], anchor="z", on=on, is_latest=True)
    return _related_steps(frame, levels) if options.of == "steps" else _related_rising(frame)


Made = tuple[tuple[str, ...], str, str, int, int, str, str | None]


def _columns(made: Iterator[Made]) -> dict[str, list[object]]:
    names = (*SERIES, "period", "base_period", "variant", "position", "name", "lapse")
    columns: dict[str, list[object]] = {name: [] for name in names}
    for series, *rest in made:
        for name, value in zip(names, (*series, *rest), strict=True):
            columns[name].append(value)
    return columns


def _dated(printed: dict[tuple[str, ...], set[str]]) -> Iterator[tuple[tuple[str, ...], set[str], Period, int]]:
    """Yield each span of more than a month, with its length in months."""
    for series, codes in printed.items():
        for code in sorted(codes):
            period = periods.parse(code)
            if period.months is not None and period.months > 1:
                yield series, codes, period, period.months


def _slice(period: Period, start: int, length: int) -> str:
    """Return the code of ``length`` months of ``period``, from its month number ``start`` (0: the first)."""
    first = (period.first or 0) + start
    months = [f"{month // 12}-{month % 12 + 1:02}" for month in (first, first + length - 1)]
    return periods.parse("/".join(months)).code


def _is_from_january(period: Period) -> bool:
    return period.first is not None and period.first % 12 == 0


def _steps(printed: dict[tuple[str, ...], set[str]], *, is_apart: bool) -> Iterator[Made]:
    for series, codes, period, length in _dated(printed):
        for variant, last in enumerate(LAST):
            if not _is_from_january(period) or length > 12 or length <= last or length % last or (last == 6 > length):
                continue
            before, latest = _slice(period, 0, length - last), _slice(period, length - last, last)
            if latest in codes:
                lapse = "combined" if length == 2 and not is_apart else None
                yield series, period.code, before, variant, 0, latest, lapse


def _rising(printed: dict[tuple[str, ...], set[str]], *, is_apart: bool) -> Iterator[Made]:
    for series, codes, period, length in _dated(printed):
        if not _is_from_january(period) or length > 12:
            continue
        shorter = (_slice(period, 0, months) for months in range(length - 1, 0, -1))
        before = next((code for code in shorter if code in codes), None)
        if before is not None:
            yield series, period.code, before, 0, 0, before, None


def _parts(printed: dict[tuple[str, ...], set[str]], *, is_apart: bool) -> Iterator[Made]:
    for series, codes, period, length in _dated(printed):
        # What is made of two from January on is a step.
        fewest = 3 if _is_from_january(period) and length <= 12 else 2
        for variant, (sizes, lapse) in enumerate(_divisions(period, length, is_apart=is_apart)):
            starts = [sum(sizes[:i]) for i in range(len(sizes))]
            parts = [_slice(period, start, size) for start, size in zip(starts, sizes, strict=True)]
            if len(parts) >= fewest and codes.issuperset(parts):
                for position, part in enumerate(parts):
                    yield series, period.code, period.code, variant, position, part, lapse


def _divisions(period: Period, length: int, *, is_apart: bool) -> Iterator[tuple[list[int], str | None]]:
    """Yield the ways to divide a period, as lengths in months, each with why it may not be judged."""
    first = period.first or 0
    if length > 12:
        yield ([12] * (length // 12) if length % 12 == 0 and first % 12 == 0 else []), None
        return
    yield ([3] * (length // 3) if length % 3 == 0 and first % 3 == 0 else []), None
    calendar = [(first + i) % 12 for i in range(length)]
    yield [1] * length, "combined" if {0, 1} & set(calendar) and not is_apart else None
    at = calendar.index(0) if 0 in calendar[:-1] else None
    yield ([] if at is None else [*[1] * at, 2, *[1] * (length - at - 2)]), None


def _reasons(roles: tuple[str, ...], *, is_sum: bool) -> list[tuple[str, nw.Expr]]:
    """Return why what is cumulated and the others cannot be held against each other, in order."""
    dims = [nw.col("z_dim") != nw.col(f"{role}_dim") for role in roles[1:]]
    return [
        ("target", nw.col("status") == "target"),
        ("nature", (nw.col("z_nature") != "flow") | _is_rate()),
        ("revised_months" if is_sum else "sign", nw.col("z_sign") == "any"),
        ("combined", nw.col("lapse") == "combined"),
        ("chained", nw.lit(is_sum) & basis.real(*roles)),
        ("basis.scope", basis.any_of([f"{role}_scope" for role in roles], "comparable")),
        *basis.clash(*roles),
        ("basis.adjustment", nw.lit(is_sum) & basis.seasonal(*roles)),
        ("break", nw.col("is_broken")),
        ("units", nw.any_horizontal(*dims, ignore_nulls=True)),
    ]


def _is_rate() -> nw.Expr:
    """Whether it is a rate whatever it is declared as: %, an index, or an amount per day or month (万桶/日)."""
    dim = nw.col("z_dim")
    return dim.is_in(["ratio", "points"]) | dim.str.starts_with("index") | dim.str.contains("/time")


def _outline(why: nw.Expr, roles: tuple[str, ...], *, is_sum: bool, missing: nw.Expr | None = None) -> list[nw.Expr]:
    prices, scopes, adjustments = ([f"{role}_{name}" for role in roles] for name in ("price", "scope", "adjustment"))
    return basis.outline(
        why,
        missing=missing,
        across=nw.col("x_release_rank") < nw.col("release_rank"),
        price=nw.col("z_dim").str.starts_with("currency") & basis.any_of(prices, UNKNOWN),
        scope=basis.any_of(scopes, UNKNOWN),
        release=nw.col("release") == "",
        adjustment=nw.lit(is_sum) & basis.any_of(adjustments, UNKNOWN),
        sign=nw.col("z_sign") == UNKNOWN,
    )


def _related_steps(frame: Table, levels: Table) -> list[Relations]:
    on = {name: name for name in (*SERIES, "release", "status")} | {"name": "period"}
    frame = basis.attach(frame, levels, "y", by=["z_sid", "variant"], anchor="z", on=on)
    # Where the latest month is not printed, nothing is claimed.
    frame = frame.filter(~nw.col("y_sid").is_null())
    if frame.is_empty():
        return []
    reasons = _reasons(("z", "x", "y"), is_sum=True)
    is_tied, is_missing = nw.col("x_tied") | nw.col("y_tied"), nw.col("x_sid").is_null()
    why = basis.first_reason(("ambiguous", is_tied), *reasons[:4], ("missing", is_missing), *reasons[4:])
    missing = basis.first_text((is_missing, "base_period"))
    rows = frame.with_columns(*_outline(why, ("z", "x", "y"), is_sum=True, missing=missing))
    return [Relations(STEPS, rows, ("cumulated", "earlier", "latest"), compares_periods=True)]


def _related_rising(frame: Table) -> list[Relations]:
    frame = frame.filter(~nw.col("x_sid").is_null())
    if frame.is_empty():
        return []
    why = basis.first_reason(("ambiguous", nw.col("x_tied")), *_reasons(("z", "x"), is_sum=False))
    rows = frame.with_columns(*_outline(why, ("z", "x"), is_sum=False))
    return [Relations(RISING, rows, ("cumulated", "floor"), compares_periods=True)]


def _related_parts(expected: Table, levels: Table) -> list[Relations]:
    on = {name: name for name in (*SERIES, "release", "status")} | {"name": "period"}
    parts = basis.attach(expected, levels, "x", by=["z_sid", "variant", "name"], anchor="z", on=on)
    reasons = _reasons(("z", "x"), is_sum=True)
    ordered = [*reasons[:4], ("missing", nw.col("x_sid").is_null()), ("ambiguous", nw.col("x_tied")), *reasons[4:]]
    rows = parts.with_columns(nw.lit(1).alias("coef"), *_outline(basis.first_reason(*ordered), ("z", "x"), is_sum=True))
    priority = tuple(dict.fromkeys(reason for reason, _ in ordered))
    roles = ("cumulated", "part")
    return [Relations(PARTS, rows, roles, priority=priority, is_balance=True, compares_periods=True)]


KIND = Kind("cumulative", Options, build, __doc__ or "")
