"""A world of shares of whole numbers of things, of figures that several releases print, and of several periods."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from world import Office, World

RULES = """heshu: 1
rules:
  - {code: ATT001, title: attainable, kind: attainable, with: {rates: {合格率: 批次}}}
  - {code: REV001, title: revision, kind: revision}
  - {code: STK001, title: streak, kind: streak}
"""


class Counted(World):
    """Shares of counts, figures that several releases print, and what is said of every one of several periods."""

    def counted(self, office: Office, area: str) -> None:
        number = self.rng.randint(1, self.rng.choice([5, 50, 500]))
        share = Fraction(self.rng.randint(0, number), number)
        keys = {"period": "2020", "release": office.release, "area": area}
        row = {"indicator": "批次", "measure": "level", "value": str(number), "unit": "批次", "nature": "count"}
        self.rows.append(row | keys)
        if self.rng.random() < 0.5:
            self.say(office, share, indicator="合格品", measure="share", of="批次", **keys)
        else:
            self.say(office, share, indicator="合格率", measure="ratio", **keys)

    def vintages(self, area: str, offices: Sequence[Office]) -> None:
        truth = self.level(signed=True)
        for office in self.rng.sample(offices, 3):
            status = self.rng.choice(["provisional", "final", "actual"])
            self.say(office, truth, indicator="产值", period="2020", area=area, status=status)

    def streak(self, office: Office, area: str) -> None:
        rates = [
            Fraction(self.rng.randint(self.rng.choice([-900, 0]), 3000), 10_000) for _ in range(self.rng.randint(2, 12))
        ]
        # A word beside a negative number is about its size: 下降2%以上 is a decline by 2 % or more.
        is_above = min(rates) >= 0
        near = (min(rates) * 100).__floor__() if is_above else max((max(rates) * 100).__ceil__(), 0)
        keys = {
            "indicator": "增加值",
            "measure": "growth",
            "comparison": "yoy",
            "release": office.release,
            "area": area,
        }
        claim = {
            "value": str(near),
            "unit": "%",
            "hedge": self.rng.choice(["超", "以上"] if is_above else ["低于", "以内"]),
        }
        period = f"each:2020-01/2020-{len(rates):02}"
        self.rows.append(keys | claim | {"period": period, "nature": "rate"})
        for month, rate in enumerate(rates, 1):
            self.say(office, rate, **keys | {"period": f"2020-{month:02}"})

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        for i in range(relations):
            if i % 4 == 1:
                self.counted(self.rng.choice(offices), f"区{i}")
            elif i % 4 == 3:
                self.streak(self.rng.choice(offices), f"区{i}")
            else:
                self.vintages(f"区{i}", offices)

    def rules(self) -> str:
        return RULES
