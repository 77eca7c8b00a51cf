"""The engine benchmark: its figures hold but for the errors put in, and heshu names the rows that SQL by hand names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import heshu

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parent.parent
ENGINE = TOP / "benchmarks" / "engine"
#: Rows that are read one by one, and so many that they are measured on the engine.
CLEAN, SPOILT = (3000, 51_000), (10_000, 51_000)


def generate(folder: Path, **datasets: dict[str, Any]) -> dict[str, Path]:
    """Write datasets in one process; return name → file of the figures."""
    wanted = {name: [str(folder / name / "figures.parquet"), options] for name, options in datasets.items()}
    code = (
        "import json, pathlib, sys, generate\n"
        "for path, options in json.loads(sys.argv[1]).values(): generate.write(pathlib.Path(path), **options)"
    )
    subprocess.run([sys.executable, "-c", code, json.dumps(wanted)], cwd=ENGINE, check=True, timeout=60)
    return {name: Path(path) for name, (path, _) in wanted.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The datasets of these tests: clean and spoilt ones of each size, and small ones of two seeds."""
    clean = {f"clean-{rows}": {"rows": rows, "errors": 0} for rows in CLEAN}
    spoilt = {f"spoilt-{rows}": {"rows": rows, "errors": 0.01} for rows in SPOILT}
    seeds = {f"seed-{seed}": {"rows": 1000, "errors": 0.01, "seed": seed} for seed in (1, 2)}
    return generate(tmp_path_factory.mktemp("made"), **clean, **spoilt, **seeds)


def failing(peer: str, data: Path) -> dict[str, set[int]]:
    """Return the rows that a peer names for each rule."""
    rows = data.with_name(f"{peer}.json")
    script = ENGINE / "peers" / f"{peer}.py"
    done = subprocess.run(
        [sys.executable, script, "--data", data, "--rows", rows],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {rule: set(found) for rule, found in json.loads(rows.read_text("utf-8")).items()}


def test_the_same_seed_gives_the_same_figures(made: dict[str, Path], tmp_path: Path) -> None:
    first, other = made["seed-1"].parent, made["seed-2"].parent
    again = generate(tmp_path, again={"rows": 1000, "errors": 0.01, "seed": 1})["again"].parent
    names = sorted(path.name for path in first.iterdir())
    assert names == ["all.yaml", "datapackage.json", "figures.parquet", "figures.truth.parquet", "rules.yaml"]
    assert [(again / name).read_bytes() for name in names] == [(first / name).read_bytes() for name in names]
    assert not pq.read_table(other / "figures.parquet").equals(pq.read_table(first / "figures.parquet"))


@pytest.mark.parametrize("rows", CLEAN)
def test_without_errors_every_rule_holds(rows: int, made: dict[str, Path]) -> None:
    folder = made[f"clean-{rows}"].parent
    report = heshu.check(folder, rules=[str(folder / "all.yaml")])
    assert (report.all_errors, report.findings) == ([], [])
    [dataset] = report.datasets
    assert dataset.figures == rows
    # No figure is there twice: there are no copies that could agree.
    assert {rule.code for rule in dataset.rules if rule.matched == rule.not_evaluable} == {"AGR001"}


@pytest.mark.parametrize("rows", SPOILT)
def test_heshu_and_sql_name_the_same_rows(rows: int, made: dict[str, Path]) -> None:
    data = made[f"spoilt-{rows}"]
    by_hand = failing("duckdb_sql", data)
    assert failing("heshu_check", data) == by_hand
    truth = pq.read_table(data.with_name("figures.truth.parquet")).to_pydict()
    spoilt = {
        code: {row for row, err in zip(truth["row"], truth["err"], strict=True) if err == code} for code in range(9)
    }
    assert by_hand["unit"] == spoilt[1] | spoilt[2]
    assert by_hand["range"] == spoilt[5] | spoilt[7]
    assert by_hand["growth"]


def test_the_page_shows_the_results() -> None:
    """``docs/benchmarks.md`` and its charts are those of ``benchmarks/results/``."""
    code = "import json, page; print(json.dumps(page.generated()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ENGINE, check=True, capture_output=True, timeout=60)
    generated = json.loads(done.stdout)
    assert generated
    assert {path: (TOP / path).read_text("utf-8") for path in generated} == generated
    for path in (TOP / "benchmarks" / "results").glob("*.json"):
        assert not re.search(r"/\w+/", path.read_text("utf-8")), f"{path.name} names a path"
