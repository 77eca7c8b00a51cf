"""A world of true values in which figures are derived from others: ratios, multiples, changes, indices and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from world import Office, World

RULES = """heshu: 1
rules:
  - {code: RAT001, title: ratio, kind: ratio}
  - {code: MUL001, title: multiple, kind: multiple}
  - {code: MUL002, title: multiple and growth, kind: multiple, with: {against: growth}}
  - {code: CHG001, title: change, kind: change}
  - {code: CUM001, title: steps, kind: cumulative, with: {of: steps, months: apart}}
  - {code: CUM002, title: parts, kind: cumulative, with: {of: parts, months: apart}}
  - {code: CUM003, title: rising, kind: cumulative, with: {of: rising}}
  - {code: PUL001, title: pulls, kind: pull}
  - {code: PUL002, title: pull, kind: pull, with: {of: contribution}}
  - {code: CTR001, title: contributions, kind: contribution}
  - {code: CMP001, title: completion, kind: completion}
  - {code: IDX001, title: index and rate, kind: index}
  - {code: IDX002, title: indices and growth, kind: index, with: {of: growth}}
  - {code: IDX003, title: indices and link, kind: index, with: {of: links}}
"""


class Derived(World):
    """Figures of the kinds that :class:`World` does not make."""

    def ratio(self, office: Office) -> None:
        above, below, denominator = self.name(), self.name(), self.level()
        numerator = denominator * self.rng.randint(-300, 3000) / 1000
        nature = self.rng.choice(["flow", "stock"])
        self.say(office, numerator, indicator=above, period="2020", nature=nature)
        self.say(office, denominator, indicator=below, period="2020", nature=nature)
        self.say(office, numerator / denominator, indicator=above, period="2020", measure="ratio", of=below)

    def multiple(self, office: Office) -> None:
        indicator, base = self.name(), self.level()
        multiple = Fraction(self.rng.randint(-500, 9000), 1000)
        self.say(office, base, indicator=indicator, period="2019")
        self.say(office, base * multiple, indicator=indicator, period="2020")
        self.say(office, multiple, indicator=indicator, period="2020", measure="multiple", comparison="yoy")
        self.say(office, multiple - 1, indicator=indicator, period="2020", measure="growth", comparison="yoy")

    def multiple_of(self, office: Office) -> None:
        indicator, other, base = self.name(), self.name(), self.level()
        multiple = Fraction(self.rng.randint(-500, 9000), 1000)
        self.say(office, base, indicator=other, period="2020")
        self.say(office, base * multiple, indicator=indicator, period="2020")
        self.say(office, multiple, indicator=indicator, period="2020", measure="multiple", of=other)

    def change(self, office: Office) -> None:
        indicator, base, level = self.name(), self.level(signed=True), self.level(signed=True)
        self.say(office, base, indicator=indicator, period="2019年末")
        self.say(office, level, indicator=indicator, period="2020年末")
        self.say(office, level - base, indicator=indicator, period="2020年末", measure="change", comparison="yoy")

    def index(self, office: Office) -> None:
        indicator, base = self.name(), self.level()
        link = Fraction(self.rng.randint(500, 3000), 1000)
        for period, index in (("2019", base), ("2020", base * link)):
            self.say(office, index, indicator=indicator, period=period, measure="fixed")
        self.say(office, link, indicator=indicator, period="2020", measure="index", comparison="yoy")
        self.say(office, link - 1, indicator=indicator, period="2020", measure="growth", comparison="yoy")
        for row in self.rows:
            row["measure"] = "index" if row["measure"] == "fixed" else row["measure"]

    def completion(self, office: Office) -> None:
        indicator, target = self.name(), self.level()
        rate = Fraction(self.rng.randint(-100, 2000), 1000)
        self.say(office, target, indicator=indicator, period="2020", status="target")
        self.say(office, target * rate, indicator=indicator, period="2020年1—10月")
        self.say(office, rate, indicator=indicator, period="2020年1—10月", measure="ratio", of="年度计划")

    def pull(self, office: Office) -> None:
        whole, *names = [self.name() for _ in range(self.rng.randint(2, 6) + 1)]
        growth = Fraction(self.rng.randint(-300, 3000), 10**4)
        weights = [self.rng.randint(-300, 1000) for _ in names]
        weights[0] += 1000 - sum(weights)
        self.say(office, growth, indicator=whole, period="2020", measure="growth", comparison="yoy")
        for name, weight in zip(names, weights, strict=True):
            keys = {"indicator": name, "period": "2020", "of": whole}
            self.say(office, Fraction(weight, 1000), measure="contribution", **keys)
            self.say(office, growth * weight / 1000, measure="pull", **keys)
        measures = {"measures": ["contribution", "pull"]} if self.rng.random() < 0.5 else {}
        self.classifications.append({"total": whole, "parts": names} | measures)

    def cumulative(self, office: Office) -> None:
        # Months of one magnitude: sums of others have digits enough to be taken for a program's.
        indicator, scale = self.name(), Fraction(10) ** self.rng.randint(-2, 6)
        months = [self.rng.randint(1, 10**6) * scale * self.rng.choice([0, 1, 1, 1]) for _ in range(12)]
        keys = {"indicator": indicator, "nature": "flow", "sign": "nonnegative"}
        quarters = [sum(months[i : i + 3], Fraction(0)) for i in (0, 3, 6, 9)]
        for i in range(12):
            self.say(office, months[i], period=f"2020年{i + 1}月", **keys)
            if 0 < i < 11:
                self.say(office, sum(months[: i + 1], Fraction(0)), period=f"2020年1—{i + 1}月", **keys)
        for i in range(1, 4):
            self.say(office, quarters[i], period=f"2020-Q{i + 1}", **keys)
        self.say(office, sum(quarters[2:], Fraction(0)), period="2020-S2", **keys)
        self.say(office, sum(quarters, Fraction(0)), period="2020", **keys)

    def makers(self) -> list[Callable[[Office], None]]:
        return [
            self.ratio,
            self.multiple,
            self.multiple_of,
            self.change,
            self.index,
            self.completion,
            self.pull,
            self.cumulative,
        ]

    def block(self, offices: Sequence[Office]) -> dict[str, Any]:
        block = super().block(offices)
        return block | {"defaults": block["defaults"] | {"adjustment": "none"}}

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        makers = self.makers()
        for i in range(relations):
            makers[i % len(makers)](self.rng.choice(offices))

    def rules(self) -> str:
        return RULES
