"""A world of true values of relations that rules write as formulas: each relation in an area of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from world import Office, World

FORMULAS = {
    "FML001": "利润 / 收入 = 利润率:ratio(收入)",
    "FML002": "期初 + 增加 − 减少 = 期末",
    "FML003": "(一 + 二) ÷ 2 = 三 × 50% + 四",
    "FML004": "产值 = 产值[-1y] * (1 + 产值:growth)",
    "FML005": "得数 = 甲 * 甲:ratio(得数) + 乙 * 乙:ratio(得数)",
    "FML006": "sum(总 by 类) / 人 = 比:ratio(人)",
    "FML007": "和 / (1 + 和:growth) = 子 / (1 + 子:growth) + 丑 / (1 + 丑:growth)",
    "FML008": "1 + 名义:growth = (1 + 实际:growth) * (1 + 价格:growth)",
    "FML009": "上 / 下 = 左 / 右",
    "FML010": "sum(总) = 总",
    "FML011": "早 = 0.3 * 晚[-1y]",
    "FML012": "净 = (毛 − 5000元) * 3%",
    "FML013": "每百 = 支 / 入 * 100元",
}
RULES = "heshu: 1\nrules:\n" + "".join(
    f'  - {{code: {code}, title: formula, kind: formula, with: {{formula: "{text}"}}}}\n'
    for code, text in FORMULAS.items()
)


class Formulas(World):
    """Figures of the series that the formulas name."""

    def put(self, office: Office, area: str, **figures: Fraction) -> None:
        """Print levels of one year."""
        for name, truth in figures.items():
            self.say(office, truth, indicator=name, period="2020", area=area)

    def rate(self) -> Fraction:
        return Fraction(self.rng.randint(-4000, 9000), 10**4)

    def state(self, office: Office, area: str, name: str, truth: Fraction, measure: str, **keys: str) -> None:
        self.say(office, truth, indicator=name, period="2020", area=area, measure=measure, **keys)

    def quotient(self, office: Office, area: str) -> None:
        below = self.level()
        above = below * Fraction(self.rng.randint(-300, 3000), 1000)
        self.put(office, area, 利润=above, 收入=below)
        self.state(office, area, "利润率", above / below, "ratio", of="收入")

    def balance(self, office: Office, area: str) -> None:
        a, b, c = (self.level(signed=True) for _ in range(3))
        self.put(office, area, 期初=a, 增加=b, 减少=c, 期末=a + b - c)

    def half(self, office: Office, area: str) -> None:
        a, b, c = (self.level(signed=True) for _ in range(3))
        self.put(office, area, 一=a, 二=b, 三=c, 四=(a + b - c) / 2)

    def grown(self, office: Office, area: str) -> None:
        base, rate = self.level(), self.rate()
        self.say(office, base, indicator="产值", period="2019", area=area)
        self.put(office, area, 产值=base * (1 + rate))
        self.state(office, area, "产值", rate, "growth", comparison="yoy")

    def weighted(self, office: Office, area: str) -> None:
        a, b = self.level(signed=True), self.level()
        p, q = self.rate(), self.rate()
        self.put(office, area, 甲=a, 乙=b, 得数=a * p + b * q)
        self.state(office, area, "甲", p, "ratio", of="得数")
        self.state(office, area, "乙", q, "ratio", of="得数")

    def summed(self, office: Office, area: str) -> None:
        a, b, c = self.level(signed=True), self.level(), self.level()
        self.put(office, area, 城=a, 乡=b, 总=a + b, 人=c)
        self.state(office, area, "比", (a + b) / c, "ratio", of="人")

    def bases(self, office: Office, area: str) -> None:
        levels, rates = [self.level(), self.level()], [self.rate(), self.rate()]
        whole = sum(levels, Fraction(0))
        base = sum((level / (1 + rate) for level, rate in zip(levels, rates, strict=True)), Fraction(0))
        self.put(office, area, 和=whole, 子=levels[0], 丑=levels[1])
        for name, rate in zip(("和", "子", "丑"), (whole / base - 1, *rates), strict=True):
            self.state(office, area, name, rate, "growth", comparison="yoy")

    def chain(self, office: Office, area: str) -> None:
        real, prices = self.rate(), self.rate()
        for name, rate in (("名义", (1 + real) * (1 + prices) - 1), ("实际", real), ("价格", prices)):
            self.state(office, area, name, rate, "growth", comparison="yoy")

    def proportion(self, office: Office, area: str) -> None:
        a, b, c = self.level(), self.level(), self.level()
        self.put(office, area, 上=a * b, 下=c * b, 左=a, 右=c)

    def earlier(self, office: Office, area: str) -> None:
        level = self.level(signed=True)
        self.say(office, level, indicator="晚", period="2019", area=area)
        self.put(office, area, 早=level * 3 / 10)

    def levied(self, office: Office, area: str) -> None:
        gross = self.level(signed=True)
        self.put(office, area, 毛=gross, 净=(gross - 5000) * 3 / 100)

    def per_hundred(self, office: Office, area: str) -> None:
        above, below = self.level(signed=True), self.level()
        self.put(office, area, 支=above, 入=below, 每百=above / below * 100)

    def block(self, offices: Sequence[Office]) -> dict[str, Any]:
        return super().block(offices) | {"classifications": [{"total": "总", "by": "类", "parts": ["城", "乡"]}]}

    def makers(self) -> list[Callable[[Office, str], None]]:
        return [
            self.quotient, self.balance, self.half, self.grown, self.weighted, self.summed, self.bases, self.chain,
            self.proportion, self.earlier, self.levied, self.per_hundred,
        ]  # fmt: skip

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        makers = self.makers()
        for i in range(relations):
            makers[i % len(makers)](self.rng.choice(offices), f"区{i}")

    def rules(self) -> str:
        return RULES
