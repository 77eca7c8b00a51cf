"""A world of shares of whole numbers of things, and of figures that several releases print."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from world import Office, World

RULES = """heshu: 1
rules:
  - {code: ATT001, title: attainable, kind: attainable, with: {rates: {合格率: 批次}}}
  - {code: REV001, title: revision, kind: revision}
"""


class Counted(World):
    """Shares of counts, and figures that several releases print."""

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

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        for i in range(relations):
            if i % 2:
                self.counted(self.rng.choice(offices), f"区{i}")
            else:
                self.vintages(f"区{i}", offices)

    def rules(self) -> str:
        return RULES
