"""A world of true values and the figures that offices print of them, as a dataset on disk.

Every relation has indicators of its own, so that nothing is joined across relations. An office is a release
with a publisher whose style is declared, or with one of whom nothing is known.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import printing
from hypothesis import Phase, settings

import heshu
from heshu.report import Report


def datasets(examples: int) -> settings:
    """Return the settings of a test that checks a whole dataset per example: a seed is not worth shrinking.

    ``HESHU_EXAMPLES=20`` draws twenty times as many.
    """
    times = int(os.environ.get("HESHU_EXAMPLES", "1"))
    return settings(max_examples=examples * times, phases=(Phase.explicit, Phase.reuse, Phase.generate))


COLUMNS = (
    "area", "indicator", "period", "measure", "comparison", "of", "among", "value", "unit", "hedge", "decimals",
    "price", "sign", "nature", "release", "occurrence", "status",
)  # fmt: skip
RULES = """heshu: 1
rules:
  - {code: GRW001, title: growth, kind: growth}
  - {code: PTS001, title: points, kind: points}
  - {code: SHR001, title: share, kind: share}
  - {code: SUM001, title: parts, kind: sum}
  - {code: SUM002, title: of which, kind: sum, with: {of: of_which}}
  - {code: SUM003, title: shares, kind: sum, with: {of: shares}}
  - {code: AGR001, title: agreement, kind: agreement}
  - {code: RNG001, title: share range, kind: range, with: {min: 0, max: 100, unit: "%", measures: [share],
     sign: nonnegative}}
  - {code: RNG003, title: level range, kind: range, with: {min: 0, measures: [level], sign: nonnegative}}
"""
LEVEL_UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8, "万 元": 10**4}  # with a space: 万 stands with the number
RATE_UNITS = {
    "growth": {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "成": Fraction(1, 10), "倍": Fraction(1)},
    "share": {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "成": Fraction(1, 10), "1": Fraction(1)},
    "points": {"个百分点": Fraction(1, 100), "个千分点": Fraction(1, 1000)},
    "ratio": {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "元/百元": Fraction(1, 100), "倍": Fraction(1)},
    "fixed": {"1978年=100": Fraction(1, 100)},
    "contribution": {"%": Fraction(1, 100)},
    "pull": {"个百分点": Fraction(1, 100)},
    "index": {"上年=100": Fraction(1, 100), "%": Fraction(1, 100)},
    "multiple": {"倍": Fraction(1), "%": Fraction(1, 100)},
    "average": {"%": Fraction(1, 100), "‰": Fraction(1, 1000)},
}

Row = dict[str, str]


@dataclass(frozen=True)
class Office:
    """A release and how its publisher prints; ``declared`` False: nobody says how."""

    release: str
    style: str
    zeros: str
    declared: bool = True


def offices() -> list[Office]:
    found = [Office(f"{style}-{zeros}", style, zeros) for style in printing.MODES for zeros in printing.ZEROS]
    unknown = [Office(f"nobody-{style}", style, "unknown", False) for style in ("nearest", "truncate")]
    return found + unknown


@dataclass
class World:
    """Rows and declarations; ``hedges`` and ``copies`` are how often figures are hedged or printed again."""

    rng: random.Random
    hedges: float = 0.15
    copies: float = 0.15
    rows: list[Row] = field(default_factory=list)
    classifications: list[dict[str, Any]] = field(default_factory=list)
    made: int = 0

    def name(self) -> str:
        self.made += 1
        return f"甲{self.made}"

    def level(self, *, signed: bool = False) -> Fraction:
        """A true level: a decimal of 1 to 9 digits, from tenths of a 分 to billions."""
        size = self.rng.randrange(10 ** self.rng.randint(1, 9)) + 1
        value = Fraction(size) * Fraction(10) ** self.rng.randint(-3, 6)
        return -value if signed and self.rng.random() < 0.4 else value

    def say(self, office: Office, truth: Fraction, **keys: str) -> None:
        """Print a true value once, or in several ways."""
        for occurrence in range(1, 2 + (self.rng.random() < self.copies)):
            self._say(office, truth, {"occurrence": str(occurrence), "release": office.release} | keys)

    def _say(self, office: Office, truth: Fraction, row: Row) -> None:
        rng, measure = self.rng, row.setdefault("measure", "level")
        scales: dict[str, Any] = RATE_UNITS.get(measure, LEVEL_UNITS)
        fitting = [unit for unit, scale in scales.items() if scale <= abs(truth)] or list(scales)
        unit = rng.choice(fitting if rng.random() < 0.9 else list(scales))
        size, decimals = truth / scales[unit], rng.randint(0, 4)
        hedged = printing.hedged(size, decimals, rng) if rng.random() < self.hedges else None
        value = hedged[0] if hedged else printing.write(size, decimals, office.style, office.zeros, rng)
        if " " in unit:
            place, unit = unit.split()
            value += place
        if office.zeros != "kept" and not hedged and rng.random() < 0.3:
            row |= {"decimals": str(decimals)}
        self.rows.append(row | {"value": value, "unit": unit, "hedge": hedged[1] if hedged else ""})

    def growth(self, office: Office) -> None:
        indicator, base, level = self.name(), self.level(), self.level(signed=True)
        self.say(office, base, indicator=indicator, period="2019")
        self.say(office, level, indicator=indicator, period="2020")
        self.say(office, level / base - 1, indicator=indicator, period="2020", measure="growth", comparison="yoy")

    def points(self, office: Office) -> None:
        indicator, rates = self.name(), [Fraction(self.rng.randint(-3000, 6000), 10**4) for _ in range(2)]
        for period, rate in zip(("2019", "2020"), rates, strict=True):
            self.say(office, rate, indicator=indicator, period=period, measure="growth", comparison="yoy")
        self.say(
            office, rates[1] - rates[0], indicator=indicator, period="2020", measure="points", comparison="yoy"
        )  # fmt: skip

    def share(self, office: Office) -> None:
        part, whole, whole_level = self.name(), self.name(), self.level()
        level = whole_level * Fraction(self.rng.randint(0, 1000), 1000)
        sign = self.rng.choice(["nonnegative", "any", ""])
        self.say(office, level, indicator=part, period="2020", sign=sign)
        self.say(office, whole_level, indicator=whole, period="2020", sign=sign)
        self.say(office, level / whole_level, indicator=part, period="2020", measure="share", of=whole, sign=sign)

    def total(self, office: Office, *, partial: bool = False) -> None:
        names = [self.name() for _ in range(self.rng.randint(2, 10) + 1)]
        parts = [self.level(signed=not partial) for _ in names[1:]]
        rest = self.rng.choice([Fraction(0), self.level()]) if partial else Fraction(0)
        sign = "nonnegative" if partial else ""
        self.say(office, sum(parts, rest), indicator=names[0], period="2020", sign=sign)
        for name, part in zip(names[1:], parts, strict=True):
            self.say(office, part, indicator=name, period="2020", sign=sign)
        self.classifications.append({"total": names[0], "of_which" if partial else "parts": names[1:]})

    def of_which(self, office: Office) -> None:
        self.total(office, partial=True)

    def shares(self, office: Office) -> None:
        whole, *names = [self.name() for _ in range(self.rng.randint(2, 10) + 1)]
        weights = [self.rng.randint(1, 10**4) for _ in names]
        for name, weight in zip(names, weights, strict=True):
            share = Fraction(weight, sum(weights))
            self.say(office, share, indicator=name, period="2020", measure="share", of=whole, sign="nonnegative")
        self.classifications.append({"total": whole, "parts": names})

    def agreement(self, office: Office) -> None:
        indicator, level = self.name(), self.level(signed=True)
        for occurrence in range(1, self.rng.randint(2, 4) + 1):
            self._say(office, level, {"indicator": indicator, "period": "2020", "release": office.release,
                                      "occurrence": str(occurrence)})  # fmt: skip

    def counts(self, office: Office) -> None:
        """Whole numbers of a series of ``nature: count``, printed in full."""
        names = [self.name() for _ in range(self.rng.randint(2, 10) + 1)]
        parts = [self.rng.randrange(10 ** self.rng.randint(1, 8)) for _ in names[1:]]
        for name, count in zip(names, (sum(parts), *parts), strict=True):
            row = {"indicator": name, "period": "2020", "nature": "count", "release": office.release}
            self.rows.append(row | {"value": str(count), "unit": "个", "sign": "nonnegative"})
        self.classifications.append({"total": names[0], "parts": names[1:]})

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        kinds: list[Callable[[Office], None]] = [
            self.growth, self.points, self.share, self.total, self.of_which, self.shares, self.agreement,
            self.counts,
        ]  # fmt: skip
        for i in range(relations):
            kinds[i % len(kinds)](self.rng.choice(offices))

    def block(self, offices: Sequence[Office]) -> dict[str, Any]:
        styles = {o.release: {"rounding": o.style, "zeros": o.zeros} for o in offices if o.declared}
        releases = [{"id": office.release, "publisher": office.release} for office in offices]
        return {
            "styles": styles, "releases": releases, "classifications": self.classifications,
            "defaults": {"price": "current", "scope": "fixed"},
        }  # fmt: skip


def check(block: dict[str, Any], *files: Sequence[Row], engine: str = "polars", rules: str = RULES) -> Report:
    """Write the rows as a data package, one file each, and check it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for i, rows in enumerate(files):
            text = io.StringIO()
            writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            (folder / f"{i}.csv").write_text(text.getvalue(), "utf-8")
        (folder / "rules.yaml").write_text(rules, "utf-8")
        resources = [{"name": f"f{i}", "path": f"{i}.csv"} for i in range(len(files))]
        manifest = {"name": "world", "resources": resources, "heshu": {"rulebooks": ["rules.yaml"]} | block}
        (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
        report = heshu.check(folder, engine=engine)
    assert report.all_errors == []
    assert [rule.broken for dataset in report.datasets for rule in dataset.rules if rule.broken] == []
    return report
