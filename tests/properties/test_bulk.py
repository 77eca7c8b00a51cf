"""What an engine measures of large datasets is what is measured figure by figure: the whole report is the same."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_corruption import KINDS, NOBODY, OFFICES, spoil
from world import COLUMNS, RULES, World, datasets, offices

import heshu
from heshu import run
from heshu.engine.duckdb import DuckDB
from heshu.engine.memory import Memory
from heshu.report import DatasetReport

SEEDS = st.integers(0, 2**32)
MORE = """
  - {code: UNI001, title: unit, kind: unit}
  - {code: UNQ001, title: unique, kind: unique}
  - {code: REQ001, title: required, kind: required, with: {columns: [value, unit, area]}}
  - {code: ALW001, title: allowed, kind: allowed, with: {column: unit, values: [亿元, 万元, "%"]}}
  - {code: RNG011, title: range of some, kind: range, where: {area: [浙江, 西藏]}, with: {min: 0, max: 50, unit: "%"}}
  - {code: RNG012, title: range of growth, kind: range, where: {measure: growth}, with: {min: 0}}
  - {code: UNI011, title: unit of growth, kind: unit, where: {measure: growth}}
  - {code: UNI012, title: unit of some, kind: unit, where: {area: 浙江}}
  - {code: REQ011, title: required of levels, kind: required, where: {measure: level}, with: {columns: [value, unit]}}
"""


def told(dataset: DatasetReport) -> dict[str, Any]:
    """All that a report says of a dataset."""
    return {
        "findings": sorted(
            (f.code, f.verdict, f.severity, f.fingerprint, f.values_hash, f.reason, f.implied, f.gap, f.assumptions,
             sorted(f.values.items()),
             [(m.key, str(m.place), m.printed, m.role, m.interval, m.shown, m.cell) for m in f.figures])
            for f in dataset.findings
        ),
        "rules": [(r.code, r.matched, r.exact, r.rounded, r.verdicts, r.reasons, r.broken) for r in dataset.rules],
        "coverage": (dataset.figures, dataset.quantities, dataset.related, dataset.outside),
        "untouched": [(m.key, str(m.place), m.printed) for m in dataset.untouched],
        "unjudged": [(u.code, u.reason, u.missing, u.implied, [str(m.place) for m in u.figures])
                     for u in dataset.unjudged],
        "errors": [str(error) for error in dataset.errors],
    }  # fmt: skip


def reports(
    folder: Path, monkeypatch: pytest.MonkeyPatch, engines: tuple[str, ...] = ("polars", "duckdb")
) -> DatasetReport:
    """Check a dataset figure by figure and, on each engine, all at once, and compare; return the first."""
    monkeypatch.setattr(run, "SMALL", 10**9)
    [single] = heshu.check(folder, engine="polars").datasets
    monkeypatch.setattr(run, "SMALL", -1)
    # Of a few subjects after the other; judged by those who read them, and in memory.
    monkeypatch.setattr(DuckDB, "rows_at_once", 20)
    monkeypatch.setattr(Memory, "rows_at_once", 20)
    for engine, is_kept in [(engine, is_kept) for engine in engines for is_kept in (False, True)]:
        if is_kept and engine != "duckdb":
            continue
        with monkeypatch.context() as patched:
            if not is_kept:
                patched.setattr(DuckDB, "keeper", lambda self, rows: None)
            [dataset] = heshu.check(folder, engine=engine).datasets
        found, expected = told(dataset), told(single)
        for part, what in expected.items():
            assert found[part] == what, (engine, is_kept, part)
    assert [rule.broken for rule in single.rules if rule.broken] == []
    return single


def write(folder: Path, block: dict[str, Any], *files: pl.DataFrame, rules: str = RULES + MORE) -> None:
    for i, frame in enumerate(files):
        frame.write_parquet(folder / f"{i}.parquet", row_group_size=50)
    (folder / "rules.yaml").write_text(rules, "utf-8")
    resources = [{"name": f"f{i}", "path": f"{i}.parquet"} for i in range(len(files))]
    manifest = {"name": "world", "resources": resources, "heshu": {"rulebooks": ["rules.yaml"]} | block}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def write_csv(
    folder: Path, block: dict[str, Any], *files: pl.DataFrame, quotes: Literal["never", "always"] = "never"
) -> None:
    write(folder, block, *files)
    manifest = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for i, table in enumerate(files):
        ending = "\r\n" if i else "\n"
        table.write_csv(folder / f"{i}.csv", quote_style=quotes, line_terminator=ending)
        manifest["resources"][i]["path"] = f"{i}.csv"
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def frame(rows: list[dict[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in COLUMNS}, schema=dict.fromkeys(COLUMNS, pl.String)
    )


@datasets(2)
@given(SEEDS, st.booleans())
def test_texts_are_measured_the_same(seed: int, is_split: bool) -> None:
    rng = random.Random(seed)
    world = World(rng)
    for area in ("安徽", "浙江", "江苏", "西藏"):
        before = len(world.rows)
        world.populate(offices(), 10)
        for i in range(5):
            spoil(KINDS[i % len(KINDS)](world, rng.choice([*OFFICES, NOBODY])), rng)
        for row in world.rows[before:]:
            row["area"] = area
    for row in rng.sample(world.rows, 12):
        row["area"] = rng.choice(["浙江", " 浙江", ""])
    for row in rng.sample(world.rows, 12):
        row["value"] = rng.choice(["", "x", "1，234.5", "0", "-0", "-0.0", "０.5", " 7 ", "12345678901234567890", "…"])
    for row in rng.sample(world.rows, 6):
        row["unit"] = rng.choice(["亿员", "", "吨"])
    for row in rng.sample(world.rows, 3):
        row["period"] = rng.choice(["", "x", "2020年"])
    # Spreadsheets leave rows without anything in them.
    world.rows[7:7] = [{}, dict.fromkeys(COLUMNS, " ")]
    half = len(world.rows) // 2 if is_split else len(world.rows)
    parts = [part for part in (world.rows[:half], world.rows[half:]) if part]
    block = world.block([*offices(), *OFFICES, NOBODY])
    for writer in (write, write_csv, partial(write_csv, quotes="always")):
        with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
            writer(Path(name), block, *map(frame, parts))
            assert reports(Path(name), monkeypatch).findings


@datasets(3)
@example(89, True)
@given(SEEDS, st.booleans())
def test_floats_are_measured_the_same(seed: int, has_decimals: bool) -> None:
    rng = random.Random(seed)
    world = World(rng, hedges=0, copies=0.1)
    for i in range(40):
        before = len(world.rows)
        KINDS[rng.randrange(len(KINDS))](world, rng.choice(OFFICES))
        for row in world.rows[before:]:
            row["area"] = ("安徽", "浙江", "西藏")[i % 3]
    table = frame(world.rows).drop("decimals", "hedge", "occurrence")
    digits = pl.Series("decimals", [len(row["value"].partition(".")[2]) for row in world.rows], pl.Int8)
    values = pl.Series("value", [float(row["value"]) for row in world.rows])
    values[0], values[1], values[2] = None, float("nan"), 3.14159
    # Of units that nobody knows, too.
    values[3], values[4], values[5] = None, float("nan"), 3.14159
    units = pl.Series("unit", [row["unit"] for row in world.rows])
    units[3], units[4], units[5], units[6] = ["亿员"] * 4
    table = table.with_columns(values, units)
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        write(Path(name), world.block(OFFICES), table.with_columns(digits) if has_decimals else table)
        assert reports(Path(name), monkeypatch).quantities > 50
