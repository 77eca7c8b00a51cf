"""Bulletins made with the figures that are read from them: sentences of statistical Chinese, each with one figure."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

NAMES = (
    *(
        "工业增加值",
        "社会消费品零售总额",
        "固定资产投资",
        "进出口总额",
        "发电量",
        "粮食产量",
        "旅客运输量",
        "软件业务收入",
    ),
    *("研发经费", "专利授权量", "新登记企业", "货物周转量", "原煤产量", "快递业务量", "商品房销售面积", "税收收入"),
)
UNITS = ("亿元", "万元", "万吨", "亿千瓦时", "万人次", "家", "亿美元", "万台", "公里", "万亿元")
BEFORE = ("超", "超过", "逾", "近", "接近", "约", "不足", "不低于", "低于", "不超过", "突破")
BEHIND = ("以上", "左右", "以下", "以内")
WITHIN = ("余", "多")
UP = ("增长", "上升", "提高", "增加", "上涨", "增", "多增")
DOWN = ("下降", "减少", "降低", "下跌", "回落", "降", "负增长", "少增")
#: What moves a rate, with the sign of the movement.
MOVES = (
    *(("增速比上月加快", 1), ("增速比上半年提高", 1), ("降幅比上月收窄", 1), ("降幅较1—9月缩小", 1), ("比全国高", 1)),
    *(("增速比上月放缓", -1), ("增速比上年回落", -1), ("降幅比上月扩大", -1), ("涨幅比上月收窄", -1), ("比全国低", -1)),
)
PLAIN = ("", "为", "达", "达到", "实现")
COLUMNS = ("indicator", "period", "measure", "comparison", "value", "unit", "hedge", "quote", "span", "occurrence")


@dataclass(frozen=True)
class Said:
    """A figure and the words that say it: ``before`` the number, its hedge, what ends the sentence."""

    name: str
    year: int
    measure: str
    number: str
    unit: str
    sign: int = 1
    hedge: str = ""
    before: str = ""

    @property
    def printed(self) -> str:
        if self.hedge in WITHIN:
            scale = self.unit[: len(self.unit) - len(self.unit.lstrip("万亿"))]
            return f"{self.number}{scale}{self.hedge}{self.unit.removeprefix(scale)}"
        if self.hedge in BEHIND:
            return f"{self.number}{self.unit}{self.hedge}"
        return f"{self.hedge}{self.number}{self.unit}"

    @property
    def sentence(self) -> str:
        return f"{self.year}年{self.name}{self.before}{self.printed}"

    def row(self, quote: str, span: str, occurrence: str = "") -> dict[str, str]:
        comparison = {"level": "", "growth": "yoy", "points": "previous"}[self.measure]
        value = f"-{self.number}" if self.sign < 0 else self.number
        cells = (
            self.name,
            str(self.year),
            self.measure,
            comparison,
            value,
            self.unit,
            self.hedge,
            quote,
            span,
            occurrence,
        )
        return dict(zip(COLUMNS, cells, strict=True))


def number(rng: random.Random, digits: int = 5) -> str:
    whole, decimals = rng.randint(1, 10 ** rng.randint(1, digits) - 1), rng.choice((0, 0, 1, 2))
    return f"{whole}.{rng.randint(0, 10**decimals - 1):0{decimals}d}" if decimals else str(whole)


def hedge(rng: random.Random) -> str:
    return rng.choice((*BEFORE, *BEHIND, *WITHIN)) if rng.random() < 0.4 else ""


def said(rng: random.Random, name: str, year: int) -> Said:
    measure = rng.choice(("level", "level", "growth", "points"))
    if measure == "level":
        words = hedge(rng)
        unit = rng.choice(UNITS)
        if words in WITHIN:
            return Said(name, year, measure, str(rng.randint(2, 99) * 10), unit, 1, words, rng.choice(PLAIN))
        return Said(name, year, measure, number(rng), unit, 1, words, rng.choice(PLAIN))
    if measure == "growth":
        sign = rng.choice((1, -1))
        return Said(name, year, measure, number(rng, 2), "%", sign, "", "同比" + rng.choice(UP if sign > 0 else DOWN))
    words, sign = rng.choice(MOVES)
    return Said(name, year, measure, number(rng, 1), "个百分点", sign, "", words)


def bulletin(rng: random.Random, size: int) -> list[Said]:
    names = rng.sample(NAMES, min(size, len(NAMES)))
    return [said(rng, name, 2000 + i) for i, name in enumerate(names)]


def text(sentences: list[Said]) -> str:
    return "。".join(one.sentence for one in sentences) + "。\n"


def changed(one: Said, what: str, rng: random.Random) -> Said | None:
    """Return the same sentence with another value, unit, hedge or sign; None if it has none to change."""
    if what == "value":
        at = rng.choice([i for i, digit in enumerate(one.number) if digit.isdigit()])
        first = at == 0 and len(one.number) > 1
        digit = rng.choice([d for d in "123456789" if d != one.number[at]] if first else
                           [d for d in "0123456789" if d != one.number[at]])  # fmt: skip
        changed = one.number[:at] + digit + one.number[at + 1 :]
        return replace(one, number=changed) if float(changed) else None
    if what == "precision":
        return replace(one, number=f"{one.number}0" if "." in one.number else f"{one.number}.0")
    if what == "unit":
        others = {"%": ("个百分点", "‰"), "个百分点": ("%",)}.get(one.unit, UNITS)
        return replace(one, unit=rng.choice([unit for unit in others if unit != one.unit]))
    if what == "hedge":
        if one.measure != "level":
            return None
        return replace(one, hedge="" if one.hedge else rng.choice(("近", "约", "超", "不足", "以上")))
    if one.measure == "growth":
        return replace(one, before="同比" + rng.choice(DOWN if one.sign > 0 else UP))
    if one.measure == "points":
        return replace(one, before=rng.choice([words for words, sign in MOVES if sign != one.sign]))
    return None
