"""Series: units as printed, price and scope that growth rates and sums bear out, nature and sign.

What the data do not show is left out: unknown leads to a warning, a wrong declaration to a false alarm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from heshu import periods, units
from heshu.errors import Unreadable
from heshu.figure import UNKNOWN, Figure
from heshu.suggest import chance
from heshu.suggest.model import LONGEST, Material, Proposal, Remark
from heshu.suggest.trial import Outcome
from heshu.suggest.words import cases
from heshu.suggest.words import chance as told

#: Figures that must be positive before a series is taken to be so, and how much smaller than the largest the least is.
POSITIVE, SPREAD = 3, 20

#: Characters of names of what is a balance, so that it may be negative whatever has been printed of it.
BALANCES = ("净", "差", "利润", "盈", "亏", "损益", "余额", "变动", "变化", "增加额", "增减", "缺口", "增长")

#: The smallest rate that counts as itself when the chance of an agreement is told: 1 %.
LEAST_RATE = 0.01


def propose(material: Material) -> Iterator[Proposal]:
    """Yield an entry for every series of level figures that the manifest does not declare itself."""
    by_series: dict[str, list[Outcome]] = {}
    for outcome in material.trial.of_kind("growth"):
        by_series.setdefault(outcome.anchor[1], []).append(outcome)
    for name, figures in material.levels().items():
        if name in material.own or len(name) > LONGEST:
            continue
        known = material.registry.entry(name)
        body: dict[str, Any] = {}
        if known is not None:
            body = known.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        old = dict(body)
        remarks: list[Remark] = []
        for each in (_unit(figures), _nature(figures), _sign(name, figures), _basis(by_series.get(name, []), material)):
            for key, value in each[0].items():
                body.setdefault(key, value)
            remarks += [each[1]] if each[1] and (each[0].keys() - old.keys() or not each[0]) else []
        if body != old:
            yield Proposal("series", body, remarks, name=name, subjects=frozenset({name}))


Declared = tuple[dict[str, Any], Remark | None]


def _unit(figures: Sequence[Figure]) -> Declared:
    """Return the unit that is printed most, if all figures measure the same; counting nouns, if several are used."""
    printed = Counter(figure.unit for figure in figures if figure.unit)
    if not printed or len({figure.measured().dimension for figure in figures if figure.unit}) > 1:
        return {}, None
    unit = min(printed, key=lambda text: (-printed[text], text))
    try:
        units.find(unit)
    except Unreadable:
        return {}, None
    nouns = sorted({figure.measured().counter for figure in figures} - {""})
    declared: dict[str, Any] = {"unit": unit}
    if len(nouns) > 1:
        declared["counters"] = nouns
    return declared, ("suggest.unit", {"unit": unit, "count": str(printed[unit]), "of": str(len(figures))})


def _nature(figures: Sequence[Figure]) -> Declared:
    """Return stock for what is printed of points in time only, flow for what is cumulated over parts of years."""
    found = {figure.period: periods.parse(figure.period) for figure in figures}
    kinds = {period.kind for period in found.values()}
    if kinds <= {"end", "day"}:
        return {"nature": "stock"}, ("suggest.stock", {})
    if any("/" in code and period.kind == "span" for code, period in found.items()) and kinds == {"span"}:
        return {"nature": "flow"}, ("suggest.flow", {})
    return {}, None


def _sign(name: str, figures: Sequence[Figure]) -> Declared:
    """Return nonnegative for what is printed several times well above zero and is no balance by its name."""
    values = [measured.point for measured in (figure.measured() for figure in figures) if measured.hard.is_plain]
    if len(values) < POSITIVE or min(values) * SPREAD < max(values) or min(values) <= 0:
        return {}, None
    if any(mark in name for mark in BALANCES) or any(figure.sign == "any" for figure in figures):
        return {}, None
    return {"sign": "nonnegative"}, ("suggest.sign", {"count": str(len(values))})


def _basis(outcomes: Sequence[Outcome], material: Material) -> Declared:
    """Return fixed scope, and for money current prices, where growth follows from the levels too often for chance.

    Rates that do not follow stand on another basis, or are wrong: neither is declared.
    """
    held = [outcome for outcome in outcomes if outcome.finding is None]
    if not outcomes:
        return {}, None
    fields = {"held": str(len(held)), "judged": str(len(outcomes))}
    if len(held) < len(outcomes):
        return {}, ("suggest.other_basis", {**fields, "missed": str(len(outcomes) - len(held))})
    declared: dict[str, Any] = {}
    pairs = []
    for outcome in held:
        figures = [material.trial.figures[key] for key in outcome.keys]
        rate = material.trial.figures[outcome.anchor]
        levels = [figure for figure in figures if figure.measure == "level"]
        pairs.append((rate, levels))
        if any(figure.scope == UNKNOWN for figure in figures):
            declared["scope"] = "fixed"
        if any(figure.price == UNKNOWN for figure in levels) and _is_money(levels):
            declared["price"] = "current"
    digits = chance.digits_of_rates(pairs, LEAST_RATE)
    if len({outcome.anchor[2] for outcome in held}) < 2 or digits < material.min_evidence:
        return {}, None
    where = cases([outcome.anchor for outcome in held], material.lang)
    return declared, ("suggest.basis", {**fields, "where": where, "chance": told(digits)})


def _is_money(levels: Sequence[Figure]) -> bool:
    return all(figure.measured().dimension.startswith("currency") for figure in levels)
