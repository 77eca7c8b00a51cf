"""Slips that figures suffer on their way into a dataset, one at a time: each operator makes mutants of a figure."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from heshu import periods
from heshu.figure import Figure
from heshu.registry import Classification, Registry

#: Most mutants that an operator makes of one figure where it could make many.
EACH = 3

#: 万 for 亿 and the like; of 万亿 the 万 is lost.
SLIPS = (("万亿", "亿"), ("亿", "万"), ("万", "亿"))

#: Measures whose sign is a verb in the text: 增长, 下降.
SIGNED = ("growth", "points", "change", "pull", "contribution", "average")
RATES = ("growth", "share", "ratio", "average", "contribution")
#: Measures that add up over a classification.
ADDING = ("level", "change", "share", "pull", "contribution")

#: Columns in which figures that belong together are alike.
SAME = ("area", "indicator", "period", "measure", "comparison", "of", "among", "price", "release", "dimensions")


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is changed, by position of the figure: its columns and their new texts."""

    operator: str
    changes: dict[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Truth:
    """The figures of a dataset as they are, and what is declared of them."""

    figures: Sequence[Figure]
    registry: Registry
    rng: random.Random

    def find(self, figure: Figure, **other: str | None) -> int | None:
        """Return the position of the first figure that differs in these columns only; None: whatever it has there."""
        wanted = {name: getattr(figure, name) for name in SAME} | other
        for i, each in enumerate(self.figures):
            if all(text is None or getattr(each, name) == text for name, text in wanted.items()):
                return i
        return None


#: A way to spoil a figure: yields what its columns become, or, of several figures, theirs by position.
Operator = Callable[[Truth, int], Iterator[dict[int, dict[str, str]]]]


def _values(change: Callable[[Truth, Figure], Iterator[str]]) -> Operator:
    """Return an operator that changes the number alone."""

    def mutate(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
        seen = {truth.figures[at].value}
        for value in change(truth, truth.figures[at]):
            if value not in seen:
                seen.add(value)
                yield {at: {"value": value}}

    return mutate


def unit_slip(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
    """万 for 亿, 亿 for 万亿."""
    unit = truth.figures[at].unit
    for before, after in SLIPS:
        if unit.startswith(before):
            yield {at: {"unit": after + unit.removeprefix(before)}}
            return


def transposed(truth: Truth, figure: Figure) -> Iterator[str]:
    """Two neighbouring digits in the wrong order."""
    text = figure.value
    for i in range(len(text) - 1):
        a, b = text[i : i + 2]
        if a.isdigit() and b.isdigit() and a != b:
            value = f"{text[:i]}{b}{a}{text[i + 2 :]}"
            if not _has_leading_zero(value):
                yield value


def times_ten(truth: Truth, figure: Figure) -> Iterator[str]:
    """The point one place to the right, or a 0 too many."""
    whole, _, digits = figure.value.partition(".")
    yield _plain(f"{whole}{digits[:1]}.{digits[1:]}" if digits else f"{whole}0")


def by_ten(truth: Truth, figure: Figure) -> Iterator[str]:
    """The point one place to the left."""
    whole, _, digits = figure.value.partition(".")
    sign, number = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    yield f"{sign}{number[:-1] or '0'}.{number[-1]}{digits}"


def sign(truth: Truth, figure: Figure) -> Iterator[str]:
    """下降 for 增长."""
    if figure.measure in SIGNED and Decimal(figure.value):
        yield figure.value.removeprefix("-") if figure.value.startswith("-") else f"-{figure.value}"


def digit(truth: Truth, figure: Figure) -> Iterator[str]:
    """One digit replaced by another one."""
    places = [i for i, char in enumerate(figure.value) if char.isdigit()]
    for i in truth.rng.sample(places, min(EACH, len(places))):
        others = [char for char in "0123456789" if char != figure.value[i]]
        value = figure.value[:i] + truth.rng.choice(others) + figure.value[i + 1 :]
        if not _has_leading_zero(value):
            yield value


def dropped(truth: Truth, figure: Figure) -> Iterator[str]:
    """One digit lost."""
    places = [i for i, char in enumerate(figure.value) if char.isdigit()]
    if len(places) < 2:
        return
    for i in truth.rng.sample(places, min(EACH, len(places))):
        value = _plain(figure.value[:i] + figure.value[i + 1 :])
        if value.lstrip("-")[:1].isdigit() and not _has_leading_zero(value):
            yield value


def last_digit(truth: Truth, figure: Figure) -> Iterator[str]:
    """The last digit one more or less."""
    number = Decimal(figure.value)
    step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    yield from (f"{number + step:f}", f"{number - step:f}")


def percent_for_points(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
    """个百分点 for %, and the reverse."""
    figure = truth.figures[at]
    if figure.unit == "%" and figure.measure in RATES:
        yield {at: {"unit": "个百分点"}}
    elif figure.unit == "个百分点":
        yield {at: {"unit": "%"}}


def refiled(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
    """提高0.76个百分点 filed as growth of 0.76 %, growth filed as points."""
    figure = truth.figures[at]
    if figure.measure == "growth" and figure.unit == "%":
        yield {at: {"unit": "个百分点", "measure": "points"}}
    elif figure.measure == "points":
        yield {at: {"unit": "%", "measure": "growth"}}


def swapped(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
    """Two parts of one classification in each other's place, as in a 分别 list."""
    figure = truth.figures[at]
    for entry in truth.registry.classifications:
        names = _parts(truth, entry)
        for name in names[names.index(figure.indicator) + 1 :] if figure.indicator in names else ():
            other = truth.find(figure, indicator=name)
            if other is not None:
                mine, its = ({"value": truth.figures[i].value, "unit": truth.figures[i].unit} for i in (at, other))
                if mine != its:
                    yield {at: its, other: mine}


def stale(truth: Truth, figure: Figure) -> Iterator[str]:
    """The value of the year before: printed, else the one that a level and its growth imply."""
    before = periods.parse(figure.period).shift(years=-1)
    found = None if before is None else truth.find(figure, period=before.code, release=None)
    if found is not None and truth.figures[found].unit == figure.unit:
        yield truth.figures[found].value
        return
    is_level = figure.measure == "level"
    growth = truth.find(figure, measure="growth", comparison="yoy", price=None) if is_level else None
    rate = None if growth is None else truth.figures[growth]
    if rate is not None and rate.unit == "%":
        yield _like(figure.value, Decimal(figure.value) / (1 + Decimal(rate.value) / 100))


def wrong_period(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
    """Filed under the year before, or a month or months to date under the next month."""
    period = periods.parse(truth.figures[at].period)
    moved = [period.shift(years=-1)]
    start, end = period.start, period.end
    if period.months is not None and period.months % 3 and start and end and end[1] < 12:
        last = f"{end[0]}-{end[1] + 1:02}"
        moved.append(periods.parse(last if start == end else f"{start[0]}-{start[1]:02}/{last}"))
    for other in moved:
        if other is not None:
            yield {at: {"period": other.code}}


def total_kept(truth: Truth, at: int) -> Iterator[dict[int, dict[str, str]]]:
    """A part revised by 10 %, its total not."""
    figure = truth.figures[at]
    is_part = any(
        figure.indicator in [truth.registry.name(part) for part in entry.parts] and not entry.overlapping
        for entry in truth.registry.classifications
    )
    if is_part and figure.measure in ADDING:
        value = _like(figure.value, Decimal(figure.value) * Decimal("1.1"))
        if value != figure.value:
            yield {at: {"value": value}}


def _parts(truth: Truth, entry: Classification) -> list[str]:
    return [truth.registry.name(name) for name in (*entry.parts, *entry.of_which)]


def _like(text: str, number: Decimal) -> str:
    """Return the number with as many decimals as ``text`` has."""
    return f"{number.quantize(Decimal(text), rounding=ROUND_HALF_UP):f}"


def _plain(text: str) -> str:
    """Return a number without a point at its end or zeros that nobody writes before it."""
    text = text.removesuffix(".")
    sign, number = ("-", text[1:]) if text.startswith("-") else ("", text)
    stripped = number.lstrip("0")
    return sign + (f"0{stripped}" if not stripped or stripped.startswith(".") else stripped)


def _has_leading_zero(text: str) -> bool:
    number = text.removeprefix("-")
    return len(number) > 1 and number[0] == "0" and number[1].isdigit()


#: The operators in the order of the page.
OPERATORS: dict[str, Operator] = {
    "unit slip 万/亿": unit_slip,
    "stale copy": _values(stale),
    "total not updated": total_kept,
    "digits transposed": _values(transposed),
    "×10": _values(times_ten),
    "÷10": _values(by_ten),
    "sign": _values(sign),
    "parts swapped": swapped,
    "digit dropped": _values(dropped),
    "digit replaced": _values(digit),
    "last digit ±1": _values(last_digit),
    "% ↔ 个百分点": percent_for_points,
    "growth ↔ points": refiled,
    "wrong period": wrong_period,
}


def mutants(figures: Sequence[Figure], registry: Registry, seed: int = 0) -> Iterator[tuple[int, Mutant]]:
    """Yield the mutants of every figure, with its position; the same ones for the same seed."""
    for operator, mutate in OPERATORS.items():
        for at, figure in enumerate(figures):
            if not figure.value:
                continue
            # One that other figures have no part in: a dataset that grows keeps its mutants.
            rng = random.Random(f"{seed}{operator}{figure.key}{figure.value}{figure.occurrence}")  # noqa: S311  # slips to repeat, no secrets
            for changes in mutate(Truth(figures, registry, rng), at):
                yield at, Mutant(operator, changes)
