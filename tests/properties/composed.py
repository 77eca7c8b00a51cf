"""A world of true values of relations with several factors: averages, deflators, weighted growth, ranges, ranks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from world import Office, World

RULES = """heshu: 1
rules:
  - {code: AVG001, title: average of rates, kind: average, with: {of: rates}}
  - {code: AVG002, title: average and growth, kind: average, with: {of: since}}
  - {code: AVG003, title: average and levels, kind: average, with: {of: levels}}
  - {code: DEF001, title: deflator, kind: deflator, with: {deflators: {DEFLATORS}}}
  - {code: WGR001, title: weighted growth, kind: weighted_growth}
  - {code: BTW001, title: between, kind: between}
  - {code: RNK001, title: rank, kind: rank}
"""

AREAS = ("甲省", "乙省", "丙省", "丁省", "戊省")


class Composed(World):
    """Figures of the kinds with parts beyond sums."""

    def rules(self) -> str:
        """The rules, with the price index of each series that has one."""
        return RULES.replace("{DEFLATORS}", "{" + ", ".join(f"{a}: {b}" for a, b in self.deflators) + "}")

    @property
    def deflators(self) -> list[tuple[str, str]]:
        names = {row["indicator"] for row in self.rows if row["indicator"].endswith("价")}
        return sorted((name.removesuffix("价"), name) for name in names) or [("无", "无价")]

    def rate(self) -> Fraction:
        return Fraction(self.rng.randint(-4000, 9000), 10**4)

    def average(self, office: Office) -> None:
        """A mean that is rational: its root is drawn, the last year follows."""
        indicator, years = self.name(), self.rng.choice([2, 2, 3, 5])
        mean, base = self.rate(), self.level()
        rates = [self.rate() for _ in range(years - 1)]
        whole, last = (1 + mean) ** years, (1 + mean) ** years
        for rate in rates:
            last /= 1 + rate
        comparison = f"average:{2020 - years}/2020"
        self.say(office, mean, indicator=indicator, period="2020", measure="average", comparison=comparison)
        for i, rate in enumerate([*rates, last - 1]):
            keys = {"period": str(2020 - years + 1 + i), "measure": "growth", "comparison": "yoy"}
            self.say(office, rate, indicator=indicator, **keys)
        since = {"period": "2020", "measure": "growth", "comparison": f"since:{2020 - years}"}
        self.say(office, whole - 1, indicator=indicator, **since)
        self.say(office, base, indicator=indicator, period=str(2020 - years), sign="nonnegative")
        self.say(office, base * whole, indicator=indicator, period="2020", sign="nonnegative")

    def deflator(self, office: Office) -> None:
        indicator, real, prices = self.name(), self.rate(), self.rate()
        same = {"period": "2020", "comparison": "yoy"}
        nominal = (1 + real) * (1 + prices) - 1
        self.say(office, nominal, indicator=indicator, measure="growth", price="current", **same)
        self.say(office, real, indicator=indicator, measure="growth", price="constant", **same)
        if self.rng.random() < 0.5:
            self.say(office, prices, indicator=f"{indicator}价", measure="growth", **same)
        else:
            self.say(office, 1 + prices, indicator=f"{indicator}价", measure="index", period="2020")

    def weighted(self, office: Office) -> None:
        """Levels and growth of a whole and its parts: two relations, weighted growth and the range of growth."""
        whole, *names = [self.name() for _ in range(self.rng.randint(2, 6) + 1)]
        bases, rates = [self.level() for _ in names], [self.rate() for _ in names]
        levels = [base * (1 + rate) for base, rate in zip(bases, rates, strict=True)]
        figures = [(whole, sum(levels, Fraction(0)), sum(levels, Fraction(0)) / sum(bases, Fraction(0)) - 1)]
        for name, level, rate in [*figures, *zip(names, levels, rates, strict=True)]:
            self.say(office, level, indicator=name, period="2020", sign="nonnegative")
            keys = {"period": "2020", "measure": "growth", "comparison": "yoy", "sign": "nonnegative"}
            self.say(office, rate, indicator=name, **keys)
        self.classifications.append({"total": whole, "parts": names})

    def regions(self, office: Office) -> None:
        """The same of a nation and its areas."""
        indicator, bases, rates = self.name(), [self.level() for _ in AREAS], [self.rate() for _ in AREAS]
        levels = [base * (1 + rate) for base, rate in zip(bases, rates, strict=True)]
        total = sum(levels, Fraction(0))
        keys = {"indicator": indicator, "period": "2020", "sign": "nonnegative", "nature": "flow"}
        figures = [("全国", total, total / sum(bases, Fraction(0)) - 1), *zip(AREAS, levels, rates, strict=True)]
        for area, level, rate in figures:
            self.say(office, level, area=area, **keys)
            self.say(office, rate, area=area, measure="growth", comparison="yoy", **keys)

    def rank(self, office: Office) -> None:
        indicator = self.name()
        values = [self.level() if self.rng.random() < 0.7 else Fraction(100) for _ in AREAS]
        for area, value in zip(AREAS, values, strict=True):
            self.say(office, value, indicator=indicator, area=area, period="2020")
        area, value = self.rng.choice(list(zip(AREAS, values, strict=True)))
        place = 1 + sum(other > value for other in values)
        row = {"area": area, "indicator": indicator, "period": "2020", "measure": "rank", "among": "全国"}
        self.rows.append(row | {"value": str(place), "unit": "位", "release": office.release})

    def block(self, offices: Sequence[Office]) -> dict[str, Any]:
        field = {"total": "全国", "parts": list(AREAS), "dimension": "area", "additive": True}
        return super().block(offices) | {"classifications": [*self.classifications, field]}

    def makers(self) -> list[Callable[[Office], None]]:
        return [self.average, self.deflator, self.weighted, self.regions, self.rank]

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        makers = self.makers()
        for i in range(relations):
            makers[i % len(makers)](self.rng.choice(offices))
