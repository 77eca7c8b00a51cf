"""A world of true values in which figures are derived from others: ratios, multiples, changes, indices and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from world import Office, World

RULES = """heshu: 1
rules:
  - {code: RAT001, title: ratio, kind: ratio}
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

    def makers(self) -> list[Callable[[Office], None]]:
        return [self.ratio]

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        makers = self.makers()
        for i in range(relations):
            makers[i % len(makers)](self.rng.choice(offices))
