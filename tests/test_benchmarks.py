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


def generate(folder: Path, rows: int, **options: Any) -> Path:
    """Write a dataset; return the file of its figures."""
    data = folder / "figures.parquet"
    arguments = [f"--{name}={value}" for name, value in options.items()]
    subprocess.run(
        [sys.executable, ENGINE / "generate.py", "--rows", str(rows), "--data", data, *arguments],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return data


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


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    first, again, other = (
        generate(tmp_path / name, 1000, seed=seed, errors=0.01).parent for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    names = sorted(path.name for path in first.iterdir())
    assert names == ["all.yaml", "datapackage.json", "figures.parquet", "figures.truth.parquet", "rules.yaml"]
    assert [(again / name).read_bytes() for name in names] == [(first / name).read_bytes() for name in names]
    assert not pq.read_table(other / "figures.parquet").equals(pq.read_table(first / "figures.parquet"))


def test_without_errors_every_rule_holds(tmp_path: Path) -> None:
    generate(tmp_path, 3000, errors=0)
    report = heshu.check(tmp_path, rules=[str(tmp_path / "all.yaml")])
    assert (report.all_errors, report.findings) == ([], [])
    [dataset] = report.datasets
    assert dataset.figures == 3000
    # No figure is there twice: there are no copies that could agree.
    assert {rule.code for rule in dataset.rules if rule.matched == rule.not_evaluable} == {"AGR001"}


def test_heshu_and_sql_name_the_same_rows(tmp_path: Path) -> None:
    data = generate(tmp_path, 10_000, errors=0.01)
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
