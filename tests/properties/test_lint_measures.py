"""What the lint says of measures is so: a kind relates nothing that begins elsewhere, and at those it names it does."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from composed import Composed
from counted import Counted
from derived import Derived
from formulas import Formulas
from ruamel.yaml import YAML
from world import RULES, World, check, offices

from heshu.figure import Measure
from heshu.lint.reached import BEGINS_AT

OFFICES = [office for office in offices() if office.declared]


def by_measure(rules: str) -> tuple[str, dict[str, str]]:
    """Return each rule once per measure, and the measure of each code."""
    document = YAML(typ="safe").load(rules)
    found, measures = [], {}
    for rule in document["rules"]:
        for measure in Measure:
            code = f"AAA{len(found):03}"
            found.append(rule | {"code": code, "where": {"measure": str(measure)}})
            measures[code] = str(measure)
    return str(document | {"rules": found}), measures


@pytest.fixture(scope="module")
def matched() -> Counter[tuple[str, str]]:
    """How many relations each kind makes that begins at figures of a measure, over all worlds."""
    found: Counter[tuple[str, str]] = Counter()
    for kind in (World, Composed, Counted, Derived, Formulas):
        world = kind(random.Random(1))
        world.populate(OFFICES, 160)
        rules, measures = by_measure(RULES if kind is World else world.rules())
        [dataset] = check(world.block(OFFICES), world.rows, rules=rules).datasets
        for rule in dataset.rules:
            found[rule.kind, measures[rule.code]] += rule.matched
    return found


@pytest.mark.parametrize("kind", sorted(BEGINS_AT))
def test_a_kind_begins_at_no_other_measure(kind: str, matched: Counter[tuple[str, str]]) -> None:
    there = {measure for name, measure in matched if name == kind and matched[name, measure]}
    assert there
    assert there <= set(BEGINS_AT[kind])
