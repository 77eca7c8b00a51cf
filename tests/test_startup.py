"""What an import, the help and a small check bring in: heavy libraries wait until they are needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"lark", "pandas", "pandera", "great_expectations", "pint", "duckdb", "polars", "pyarrow", "narwhals"}
RUN = """
import sys
sys.argv = ['heshu', *{arguments!r}]
try:
    from heshu.cli import main
    main()
except SystemExit:
    pass
"""
TELL = "\nimport json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})), file=sys.stderr)"


def imported(code: str, folder: Path) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", code + TELL], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_importing_heshu_imports_nothing_heavy(tmp_path: Path) -> None:
    found = imported("import heshu", tmp_path)
    assert "heshu" in found
    assert not found & (HEAVY | {"pydantic", "ruamel", "typer", "rich"})


def test_help_needs_no_engine(tmp_path: Path) -> None:
    assert not imported(RUN.format(arguments=["check", "--help"]), tmp_path) & HEAVY


# Polars makes the small tables of every engine: Arrow's constructors would import pandas.
@pytest.mark.parametrize(("engine", "other"), [("duckdb", set()), ("polars", {"duckdb"})], ids=["duckdb", "polars"])
def test_a_small_check_needs_one_engine(tmp_path: Path, engine: str, other: set[str]) -> None:
    (tmp_path / "a.csv").write_text("indicator,period,value,unit\n产值,2020,100.0,亿元\n", "utf-8")
    found = imported(RUN.format(arguments=["check", "--engine", engine, "a.csv"]), tmp_path)
    assert engine in found
    assert not found & (other | {"lark", "pandas", "pandera", "pint", "great_expectations"})


def test_a_canonical_table_in_csv_needs_no_engine(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("indicator,period,value,unit\n产值,2020,100.0,亿元\n", "utf-8")
    found = imported(RUN.format(arguments=["normalize", "a.csv", "-o", "out.csv"]), tmp_path)
    assert (tmp_path / "out.csv").is_file()
    assert not found & (HEAVY - {"narwhals"})


def test_explaining_needs_no_engine(tmp_path: Path) -> None:
    found = imported(RUN.format(arguments=["explain", "SUM001"]), tmp_path)
    assert not found & (HEAVY - {"narwhals"})
