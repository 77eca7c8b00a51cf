"""What does not matter: the order of rows, repeated printing, the split into files, the engine."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import Office, Row, World, check, datasets, offices

from heshu.finding import Verdict
from heshu.formats import json as as_json
from heshu.messages import Lang
from heshu.report import Report

SEEDS = st.integers(0, 2**32)
OFFICES = offices()


def spoil(world: World) -> None:
    """Make a world untidy: wrong numbers, missing figures and values, zero bases, contradicting copies."""
    rng = world.rng
    for row in list(world.rows):
        chance = rng.random()
        if chance < 0.08:
            row["value"] = rng.choice(
                ["12.3", "-4", "0", "0.0", "999999999999999.9", "0.000000000001", "1000000000000000"]
            )
        elif chance < 0.11:
            row["value"] = rng.choice(["", "…"])
        elif chance < 0.14:
            world.rows.remove(row)
        elif chance < 0.17:
            copy = row | {"occurrence": "9", "value": rng.choice(["7", "-0.01", row["value"]])}
            world.rows.append(copy)
        elif chance < 0.19:
            row["unit"] = rng.choice(["户", "千瓦时", "%", "甲乙丙"])
        elif chance < 0.21:
            row["price"] = rng.choice(["constant", "constant:2015", "unknown"])
        elif chance < 0.22:
            world.rows.append(row | {"price": "constant", "value": "5.5"})
        elif chance < 0.23:
            world.rows.append(row | {"price": "comparable", "value": "6.6"})


def untidy(seed: int, relations: int = 120) -> World:
    world = World(random.Random(seed), hedges=0.2, copies=0.2)
    world.populate(OFFICES, relations)
    spoil(world)
    return world


def outcome(report: Report) -> dict[str, Any]:
    """Return verdict counts, reasons and fingerprints."""
    [dataset] = report.datasets
    return {
        "verdicts": {
            rule.code: {
                "matched": rule.matched,
                "pass": rule.verdicts[Verdict.PASS],
                "other": {str(v): n for v, n in rule.verdicts.items() if n and v is not Verdict.PASS},
                "reasons": dict(sorted(rule.reasons.items())),
            }
            for rule in dataset.rules
        },
        "findings": Counter((f.fingerprint, str(f.verdict), str(f.severity), f.reason) for f in report.findings),
    }


def shown(report: Report) -> dict[str, Any]:
    """Return what was exact and what was printed: what a baseline compares."""
    [dataset] = report.datasets
    return {
        "exact": {rule.code: (rule.exact, rule.rounded) for rule in dataset.rules},
        "values": Counter((f.code, f.values_hash, *sorted(r.printed for r in f.figures)) for f in report.findings),
    }


def difference(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    return {key: (a[key], b[key]) for key in a if a[key] != b[key]}


def shuffled(rows: list[Row], rng: random.Random) -> list[Row]:
    return rng.sample(rows, len(rows))


@datasets(3)
@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    world = untidy(seed)
    block = world.block(OFFICES)
    first, again = (check(block, rows) for rows in (world.rows, shuffled(world.rows, world.rng)))
    assert difference(outcome(first), outcome(again)) == {}


@datasets(3)
@given(SEEDS)
def test_the_order_of_rows_does_not_matter_for_what_is_shown(seed: int) -> None:
    world = untidy(seed)
    block = world.block(OFFICES)
    first, again = (check(block, rows) for rows in (world.rows, shuffled(world.rows, world.rng)))
    assert difference(shown(first), shown(again)) == {}


@datasets(3)
@given(SEEDS, st.integers(2, 5))
def test_the_split_into_files_does_not_matter_within_a_release(seed: int, count: int) -> None:
    world = untidy(seed)
    block = world.block(OFFICES)
    files: list[list[Row]] = [[] for _ in range(count)]
    for row in world.rows:
        world.rng.choice(files).append(row)
    files = [rows for rows in files if rows]
    first = outcome(check(block, world.rows))
    assert difference(first, outcome(check(block, *files))) == {}
    assert difference(first, outcome(check(block, *files[::-1]))) == {}


@datasets(3)
@given(SEEDS)
def test_printing_a_figure_again_does_not_matter(seed: int) -> None:
    world = untidy(seed)
    block = world.block(OFFICES)
    again = [row | {"occurrence": "20"} for row in world.rows if row["value"] and world.rng.random() < 0.3]
    first, twice = (check(block, rows) for rows in (world.rows, world.rows + again))
    for report in (first, twice):
        [dataset] = report.datasets
        # Copies are what agreement counts, and rows what row rules count.
        dataset.rules = [rule for rule in dataset.rules if rule.is_relation and rule.code != "AGR001"]
        dataset.findings = [f for f in dataset.findings if f.code in {rule.code for rule in dataset.rules}]
    assert difference(outcome(first), outcome(twice)) == {}


def data(report: Report) -> dict[str, Any]:
    """Return the JSON report without the folder it was made in and the engine it ran on."""
    [dataset] = report.datasets
    found: dict[str, Any] = json.loads(as_json.render(report, Lang.EN).replace(dataset.path, ""))
    del found["engine"], found["datasets"][0]["engine"]
    return found


def flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return {path: value}
    return {name: leaf for key, item in pairs for name, leaf in flat(item, f"{path}/{key}").items()}


def same(left: dict[str, Any], right: dict[str, Any]) -> None:
    a, b = flat(left), flat(right)
    assert {k: (a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)} == {}


@datasets(2)
@given(SEEDS, st.booleans())
def test_engines_report_the_same(seed: int, two_files: bool) -> None:
    world = untidy(seed)
    block = world.block(OFFICES)
    files = [world.rows[::2], world.rows[1::2]] if two_files else [world.rows]
    duckdb, polars = (check(block, *files, engine=engine) for engine in ("duckdb", "polars"))
    same(data(duckdb), data(polars))


RELEASES = [
    Office("2020-02", "nearest", "kept"),
    Office("2021-02", "truncate", "kept"),
    Office("2022-02", "nearest", "unknown", False),
]


@datasets(2)
@given(SEEDS)
def test_engines_report_the_same_across_releases(seed: int) -> None:
    """Bases in earlier releases, revised, hedged or missing."""
    world = World(random.Random(seed), hedges=0.3)
    world.populate(RELEASES, 120)
    spoil(world)
    for row in world.rows:
        if row["period"] == "2019" and world.rng.random() < 0.6:
            row["release"] = "2020-02"
        elif world.rng.random() < 0.1:
            row["release"] = ""
    block = world.block(RELEASES) | {
        "breaks": [
            {"series": f"甲{i}", "at": 2020, "effect": "revised_base", "reason": "普查"} for i in range(1, 60, 7)
        ]
    }
    duckdb, polars = (check(block, world.rows, engine=engine) for engine in ("duckdb", "polars"))
    same(data(duckdb), data(polars))


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_revised_base_is_explained_though_the_level_is_hedged(engine: str) -> None:
    rows = [
        {"indicator": "甲", "period": "2019", "value": "1000.0", "unit": "亿元", "release": "2020-02"},
        {"indicator": "甲", "period": "2020", "value": "900", "unit": "亿元", "hedge": "近", "release": "2021-02"},
        {"indicator": "甲", "period": "2020", "value": "5.0", "unit": "%", "measure": "growth", "comparison": "yoy",
         "release": "2021-02"},
    ]  # fmt: skip
    report = check({"defaults": {"price": "current", "scope": "fixed"}}, rows, engine=engine)
    assert [finding.verdict for finding in report.findings] == [Verdict.REVISION]


def test_a_total_of_shares_has_one_fingerprint_whatever_comes_first() -> None:
    rows = [
        {"indicator": name, "period": "2020", "value": value, "unit": "%", "measure": "share", "of": "总"}
        for name, value in (("甲", "50.0"), ("乙", "60.0"))
    ]
    block = {"classifications": [{"total": "总", "parts": ["甲", "乙"]}]}
    [one], [other] = (check(block, order).findings for order in (rows, rows[::-1]))
    assert one.fingerprint == other.fingerprint


def test_copies_of_equal_precision_have_one_hash_whatever_comes_first() -> None:
    rows = [
        {"indicator": "总", "period": "2020", "value": "12", "unit": "元", "occurrence": "1"},
        {"indicator": "总", "period": "2020", "value": "11", "unit": "元", "hedge": "超", "occurrence": "2"},
        {"indicator": "甲", "period": "2020", "value": "3", "unit": "元"},
        {"indicator": "乙", "period": "2020", "value": "4", "unit": "元"},
    ]
    block = {"classifications": [{"total": "总", "parts": ["甲", "乙"]}]}
    [one], [other] = (check(block, order).findings for order in (rows, rows[::-1]))
    assert one.values_hash == other.values_hash
