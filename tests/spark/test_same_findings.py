"""Spark finds what DuckDB finds: of every case, every shipped dataset, and large ones in either format.

Plans cost Spark seconds, however few the figures. Cases with the same rules and manifest are therefore checked as one
dataset, each a value of a dimension of its own.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from test_bulk import frame, reports, told, write, write_csv
from test_corruption import KINDS, NOBODY, OFFICES, spoil
from world import World, offices

import heshu
import test_cases
from test_cases import Case

DATASETS = Path(__file__).parent.parent.parent / "datasets"

#: Whether all is run, or one batch of a kind for each shape of relation and each way of flagging rows, and the smallest
#: dataset.
ALL = bool(os.environ.get("HESHU_SPARK_ALL"))
SAMPLE = ("agreement", "average", "between", "growth", "range", "rank", "share", "sum", "unique", "weighted_growth")
SHIPPED = sorted(DATASETS.glob("*/datapackage.json")) if ALL else [DATASETS / "budget" / "datapackage.json"]


def batches() -> list[list[Case]]:
    """Return the cases by their rules and manifest, those left out that have a text: its kinds read it by themselves.

    Of each of :data:`SAMPLE` the largest batch, unless ``HESHU_SPARK_ALL`` is set: all of them take half an hour.
    """
    found: dict[tuple[str, str, str], list[Case]] = {}
    for case in test_cases.cases():
        # A schema of pandera is not applied on Spark, and says so.
        if not case.source and '"texts"' not in case.manifest and case.file.stem != "pandera":
            found.setdefault((case.file.stem, case.rules, case.manifest), []).append(case)
    if ALL:
        return list(found.values())
    largest: dict[str, list[Case]] = {}
    for (kind, *_), batch in found.items():
        if kind not in SAMPLE:
            continue
        largest[kind] = max(largest.get(kind, []), batch, key=len)
    return list(largest.values())


def together(cases: list[Case], folder: Path) -> Path:
    """Write cases as one dataset."""
    rows = [
        row | {"case": str(number)}
        for number, case in enumerate(cases)
        for row in csv.DictReader(io.StringIO(case.csv))
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    (folder / "rules.yaml").write_text("heshu: 1\n" + cases[0].rules, "utf-8")
    block = {"rulebooks": ["rules.yaml"], **json.loads(cases[0].manifest)}
    block["dimensions"] = [*block.get("dimensions", []), "case"]
    manifest = {"name": "cases", "resources": [{"name": "figures", "path": "figures.csv"}], "heshu": block}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return folder


@pytest.mark.parametrize("cases", batches(), ids=lambda cases: f"{cases[0].file.stem}: {cases[0].title}")
def test_cases_are_judged_the_same(session: Any, cases: list[Case], tmp_path: Path) -> None:
    folder = together(cases, tmp_path)
    expected = heshu.check(folder, engine="duckdb")
    assert sum(rule.matched for dataset in expected.datasets for rule in dataset.rules) > 0
    found = heshu.check(folder, engine="spark")
    assert test_cases.lines(found) == test_cases.lines(expected)
    assert [told(dataset) for dataset in found.datasets] == [told(dataset) for dataset in expected.datasets]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_datasets_give_the_same_report(session: Any, folder: Path) -> None:
    [expected] = heshu.check(folder.parent, engine="duckdb").datasets
    [found] = heshu.check(folder.parent, engine="spark").datasets
    assert (expected.engine, found.engine) == ("duckdb", "spark")
    assert not found.is_broken
    assert told(found) == told(expected)


def spoilt(seed: int) -> tuple[World, dict[str, Any]]:
    """Return a world with wrong figures, and such as cannot be read."""
    rng = random.Random(seed)
    world = World(rng)
    world.populate(offices(), 40)
    for number in range(14):
        spoil(KINDS[number % len(KINDS)](world, rng.choice([*OFFICES, NOBODY])), rng)
    for row in rng.sample(world.rows, 10):
        row["area"] = rng.choice(["浙江", " 浙江", ""])
    for row, value in zip(rng.sample(world.rows, 9), ["", "x", "1，234.5", "0", "-0.0", "０.5", " 7 ", "…", "1" * 20],
                          strict=True):  # fmt: skip
        row["value"] = value
    return world, world.block([*offices(), *OFFICES, NOBODY])


@pytest.mark.skipif(not ALL, reason="takes minutes: HESHU_SPARK_ALL=1 runs it")
@pytest.mark.parametrize("writer", [write, write_csv], ids=["parquet", "csv"])
def test_large_datasets_give_the_same_report(session: Any, writer: Any, tmp_path: Path) -> None:
    world, block = spoilt(7)
    half = len(world.rows) // 2
    writer(tmp_path, block, frame(world.rows[:half]), frame(world.rows[half:]))
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert reports(tmp_path, monkeypatch, ("duckdb", "spark")).findings


@pytest.mark.skipif(not ALL, reason="takes minutes: HESHU_SPARK_ALL=1 runs it")
def test_floats_give_the_same_report(as_shipped: Any, tmp_path: Path) -> None:
    rng = random.Random(3)
    world = World(rng, hedges=0, copies=0.1)
    for number in range(20):
        KINDS[number % len(KINDS)](world, rng.choice(OFFICES))
    values = pl.Series("value", [float(row["value"]) for row in world.rows])
    values[0], values[1], values[2] = None, float("nan"), 3.14159
    digits = pl.Series("decimals", [len(row["value"].partition(".")[2]) for row in world.rows], pl.Int8)
    table = frame(world.rows).drop("decimals", "hedge", "occurrence").with_columns(values, digits)
    write(tmp_path, world.block(OFFICES), table)
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert reports(tmp_path, monkeypatch, ("duckdb", "spark")).findings
