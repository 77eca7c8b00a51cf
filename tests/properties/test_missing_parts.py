"""Parts that are not printed: what is true of them never fails, and what the others leave impossible always does."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from test_invariance import outcome
from test_truth_never_fails import failures, judged
from world import Office, World, check, datasets, offices

SEEDS = st.integers(0, 2**32)
OFFICES = offices()
DECLARED = [office for office in OFFICES if office.declared]
RELATIONS = 60


def rules(missing: str) -> str:
    formula = f'with: {{formula: "sum(总 by 类) / 人 = 比:ratio(人)", missing: {missing}}}'
    return f"""heshu: 1
rules:
  - {{code: SUM001, title: parts, kind: sum, with: {{missing: {missing}}}}}
  - {{code: SUM003, title: shares, kind: sum, with: {{of: shares, missing: {missing}}}}}
  - {{code: FML006, title: per head, kind: formula, {formula}}}
"""


class Gaps(World):
    """Wholes of which parts are left out: any (``at_most``) or those that are truly 0 (``as_zero``)."""

    missing = "as_zero"

    def parts(self, n: int) -> list[tuple[Fraction, bool]]:
        """Return true values, and whether each is printed; the first one is."""
        found = [(self.level(), True)]
        for _ in range(n - 1):
            is_printed = self.rng.random() < 0.6
            found.append((self.level() if is_printed or self.missing == "at_most" else Fraction(0), is_printed))
        return found

    def total(self, office: Office, *, partial: bool = False) -> None:
        del partial
        parts, indicator = self.parts(self.rng.randint(2, 8)), self.name()
        self.say(office, sum((value for value, _ in parts), Fraction(0)), indicator=indicator, period="2020")
        self.classify(indicator, office, parts)

    def classify(self, whole: str, office: Office, parts: list[tuple[Fraction, bool]], **keys: str) -> None:
        names = [self.name() for _ in parts]
        for name, (value, is_printed) in zip(names, parts, strict=True):
            if is_printed:
                self.say(office, value, indicator=name, period="2020", **keys)
        self.classifications.append({"total": whole, "parts": names})

    def shares(self, office: Office) -> None:
        whole, parts = self.name(), self.parts(self.rng.randint(2, 8))
        total = sum((value for value, _ in parts), Fraction(0))
        self.classify(whole, office, [(value / total, there) for value, there in parts], measure="share", of=whole)

    def per_head(self, office: Office) -> None:
        area, heads, parts = self.name(), self.level(), self.parts(4)
        for name, (value, is_printed) in zip("甲乙丙丁", parts, strict=True):
            if is_printed:
                self.say(office, value, indicator=name, period="2020", area=area)
        total = sum((value for value, _ in parts), Fraction(0))
        self.say(office, heads, indicator="人", period="2020", area=area)
        self.say(office, total / heads, indicator="比", period="2020", area=area, measure="ratio", of="人")

    def populate(self, offices: Sequence[Office], relations: int) -> None:
        makers = [self.total, self.shares, self.per_head]
        for i in range(relations):
            makers[i % len(makers)](self.rng.choice(offices))

    def block(self, offices: Sequence[Office]) -> dict[str, Any]:
        block = super().block(offices)
        block["classifications"] = [*block["classifications"], {"total": "总", "by": "类", "parts": [*"甲乙丙丁"]}]
        names = {name for entry in block["classifications"] for name in (entry["total"], *entry["parts"])}
        return block | {"series": {name: {"unit": "亿元", "sign": "nonnegative"} for name in sorted(names)}}


class Bounded(Gaps):
    missing = "at_most"


@datasets(6)
@given(SEEDS, st.sampled_from([Gaps, Bounded]))
def test_truth_never_fails(seed: int, kind: type[Gaps]) -> None:
    world = kind(random.Random(seed))
    world.populate(OFFICES, RELATIONS)
    report = check(world.block(OFFICES), world.rows, rules=rules(kind.missing))
    assert failures(report) == []
    assert min(judged(report).values()) >= 5


@datasets(3)
@given(SEEDS)
def test_what_exceeds_the_whole_always_fails(seed: int) -> None:
    """A part is printed that is more than its total."""
    world = Bounded(random.Random(seed), hedges=0, copies=0)
    for _ in range(RELATIONS):
        world.total(world.rng.choice(DECLARED))
    block = world.block(DECLARED)
    spoilt = {entry["total"]: "5" for entry in block["classifications"]}
    spoilt |= {entry["parts"][0]: "7" for entry in block["classifications"]}
    for row in world.rows:
        if row["indicator"] in spoilt:
            row |= {"value": spoilt[row["indicator"]], "unit": "万亿元", "decimals": "0"}
    report = check(block, world.rows, rules=rules("at_most"))
    [dataset] = report.datasets
    [rule] = [rule for rule in dataset.rules if rule.code == "SUM001"]
    assert (rule.matched, rule.exact + rule.rounded, rule.not_evaluable) == (RELATIONS, 0, 0)
    assert {finding.verdict.value for finding in report.findings} == {"fail"}


@datasets(2)
@given(SEEDS, st.sampled_from([Gaps, Bounded]))
def test_engines_agree(seed: int, kind: type[Gaps]) -> None:
    world = kind(random.Random(seed), hedges=0.2, copies=0.2)
    world.populate(OFFICES, RELATIONS)
    for row in world.rows[::7]:
        row["value"] = row["value"].replace("1", "7")
    block, text = world.block(OFFICES), rules(kind.missing)
    first, second = (outcome(check(block, world.rows, engine=name, rules=text)) for name in ("polars", "duckdb"))
    assert first == second
    assert first["findings"]
