"""Tables of a DuckDB file, and frames in memory, are judged as the same rows of Parquet files are, at every size."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from test_bulk import MORE, SEEDS, frame, reports, told, write
from test_corruption import KINDS, NOBODY, OFFICES, spoil
from world import RULES, World, datasets, offices

import heshu
from heshu import run
from heshu.report import DatasetReport

#: What stands before the line of a place in either.
FILES = ("0.parquet", "1.parquet")
TABLES = ("figures.duckdb:first", "figures.duckdb:s.second")


def store(folder: Path, frames: list[pl.DataFrame], kind: str = "", gaps: bool = False) -> None:
    """Put the frames of a dataset into tables of one file; with ``gaps`` some rows among theirs were deleted."""
    names = ["first", "s.second"][: len(frames)]
    with duckdb.connect(str(folder / "figures.duckdb")) as connection:
        connection.execute("CREATE SCHEMA s")
        for name, rows in zip(names, frames, strict=True):
            spread = rows.with_row_index("n").with_columns(is_gone=pl.lit(False))
            if gaps:
                spread = pl.concat([spread, spread.with_columns(is_gone=pl.lit(True))]).sort("n", maintain_order=True)
            # Names are those above.
            connection.execute(f"CREATE TABLE {name} AS SELECT * EXCLUDE (n) FROM spread")  # noqa: S608  # as above
            connection.execute(f"DELETE FROM {name} WHERE is_gone")  # noqa: S608  # as above
            connection.execute(f"ALTER TABLE {name} DROP is_gone")
            if kind:
                connection.execute(f"ALTER TABLE {name} ALTER value TYPE {kind}")
    manifest = json.loads((folder / "datapackage.json").read_text("utf-8"))
    manifest["resources"] = [{"path": "figures.duckdb", "dialect": {"table": name}} for name in names]
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def same(
    folder: Path, frames: list[pl.DataFrame], block: dict[str, Any], kind: str = "", gaps: bool = False
) -> DatasetReport:
    """Check frames as Parquet, and as tables row by row and all at once; return the report of these."""
    write(folder, block, *frames)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(run, "SMALL", 10**9)
        [dataset] = heshu.check(folder, engine="polars").datasets
        expected = repr(told(dataset))
        for before, after in zip(FILES, TABLES, strict=True):
            expected = expected.replace(before, after)
        store(folder, frames, kind, gaps)
        single = reports(folder, monkeypatch)
        assert repr(told(single)) == expected
        assert "figures.duckdb" in expected
    return single


def spoilt(seed: int, count: int = 15, **options: Any) -> World:
    rng = random.Random(seed)
    world = World(rng, **options)
    for i in range(count):
        spoil(KINDS[i % len(KINDS)](world, rng.choice([*OFFICES, NOBODY])), rng)
    return world


@datasets(4)
@given(SEEDS, st.booleans(), st.booleans())
def test_texts(seed: int, is_split: bool, gaps: bool) -> None:
    world, rng = spoilt(seed), random.Random(seed)
    for row in rng.sample(world.rows, 10):
        row["value"] = rng.choice(["", "x", "1，234.5", "0", "-0.0", " 7 ", "12345678901234567890", "…"])
    for row in rng.sample(world.rows, 5):
        row["unit"] = rng.choice(["亿员", "", "吨"])
    half = len(world.rows) // 2 if is_split else len(world.rows)
    parts = [frame(part) for part in (world.rows[:half], world.rows[half:]) if part]
    with TemporaryDirectory() as name:
        assert same(Path(name), parts, world.block([*offices(), *OFFICES, NOBODY]), gaps=gaps).findings


def numbers(world: World, dtype: Any, **options: Any) -> pl.DataFrame:
    table = frame(world.rows).drop("decimals", "hedge", "occurrence")
    return table.with_columns(pl.Series("value", [float(row["value"]) for row in world.rows]).cast(dtype, **options))


@datasets(3)
@given(SEEDS, st.booleans(), st.sampled_from(["DOUBLE", "FLOAT", "DECIMAL"]))
def test_numbers(seed: int, has_decimals: bool, kind: str) -> None:
    world = spoilt(seed, hedges=0, copies=0.1)
    table = numbers(world, {"FLOAT": pl.Float32}.get(kind, pl.Float64))
    if kind == "DECIMAL":
        exact = [Decimal(row["value"]) for row in world.rows]
        table = table.with_columns(pl.Series("value", exact, pl.Decimal(30, 6)))
    if has_decimals:
        digits = [len(row["value"].partition(".")[2]) for row in world.rows]
        table = table.with_columns(pl.Series("decimals", digits, pl.Int8))
    with TemporaryDirectory() as name:
        assert same(Path(name), [table], world.block([*OFFICES, NOBODY])).quantities > 20


@datasets(2)
@given(SEEDS, st.sampled_from(["HUGEINT", "BIGINT", "UBIGINT", "UINTEGER", "SMALLINT"]))
def test_whole_numbers(seed: int, kind: str) -> None:
    world = spoilt(seed, hedges=0, copies=0.1)
    table = numbers(world, pl.Int64, strict=False).filter(pl.col("value").is_between(0, 10_000))
    with TemporaryDirectory() as name:
        assert same(Path(name), [table], world.block([*OFFICES, NOBODY]), kind).figures == len(table)


@pytest.mark.parametrize("value", [2**53 + 1, 2**63 - 1])
def test_whole_numbers_beyond_floats_keep_their_digits(value: int) -> None:
    rows = {"indicator": "产值", "period": "2020", "unit": "元", "measure": "level"}
    table = pl.DataFrame({"area": ["甲", "乙"], "value": [value, -value]}).with_columns(
        [pl.lit(text).alias(name) for name, text in rows.items()]
    )
    with TemporaryDirectory() as name:
        assert same(Path(name), [table], {}).figures == 2


def as_rulebook(path: Path, block: dict[str, Any]) -> Path:
    parts = {key: block[key] for key in ("styles", "classifications") if block[key]}
    more = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in parts.items())
    path.write_text(RULES + MORE + more, "utf-8")
    return path


FRAMES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda table: table,
    "lazy": lambda table: table.lazy(),
    "pandas": lambda table: table.to_pandas(),
    "arrow": lambda table: table.to_arrow(),
    "duckdb": lambda table: duckdb.from_arrow(table.to_arrow()),
}


def copied(given: Any) -> pl.DataFrame:
    """Return a frame's rows, none of them shared with it."""
    buffer = io.BytesIO()
    nw.from_native(given).lazy().collect("polars").to_native().write_ipc(buffer)
    return pl.read_ipc(buffer.getvalue())


@pytest.mark.parametrize(
    ("form", "kind"),
    [(form, "with decimals") for form in FRAMES]
    + [("polars", kind) for kind in ("text", "float", "single", "decimal", "whole")],
)
def test_frames(form: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = spoilt(len(kind), 6, hedges=0 if kind != "text" else 0.2, copies=0.1)
    table = frame(world.rows) if kind == "text" else numbers(world, pl.Float32 if kind == "single" else pl.Float64)
    if kind == "decimal":
        table = table.with_columns(pl.Series("value", [Decimal(row["value"]) for row in world.rows], pl.Decimal(30, 6)))
    elif kind == "whole":
        table = table.with_columns(pl.col("value").cast(pl.Int64)).filter(pl.col("value") < 2**40)
    elif kind == "with decimals":
        digits = [len(row["value"].partition(".")[2]) for row in world.rows]
        table = table.with_columns(pl.Series("decimals", digits, pl.Int8))
        table[3, "value"], table[4, "value"] = None, float("nan")
    elif kind == "text":
        table[3, "value"], table[4, "value"], table[5, "unit"] = "1.2.3", None, "亿员"
    given, rules = FRAMES[form](table), as_rulebook(tmp_path / "rules.yaml", world.block([*OFFICES, NOBODY]))
    before = copied(given)
    monkeypatch.setattr(run, "SMALL", 10**9)
    [single] = heshu.check(given, rules=rules).datasets
    assert single.findings
    assert single.engine == "polars"
    monkeypatch.setattr(run, "SMALL", 0)
    from heshu.dataset import read

    monkeypatch.setattr(read, "resolve", None)
    for engine in ("polars", "duckdb")[: 1 + (form == "polars")]:
        [dataset] = heshu.check(given, rules=rules, engine=engine).datasets
        found, expected = told(dataset), told(single)
        for part, what in expected.items():
            assert found[part] == what, (engine, part)
    assert_frame_equal(copied(given), before)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("big", [7, 2**63 - 1])
def test_whole_numbers_of_a_frame_that_no_float_holds(engine: str, big: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What adds up whole numbers in DuckDB gives them in 128 bits."""
    rows = {"indicator": ["产值"] * 2, "period": ["2019", "2020"], "value": [2**53 + 1, big], "unit": ["元"] * 2}
    summed = (
        duckdb.from_arrow(pa.table(rows))
        .aggregate("indicator, period, unit, sum(2 * value::HUGEINT) AS value")
        .order("period")
    )
    found = []
    for small in (10**9, 0):
        monkeypatch.setattr(run, "SMALL", small)
        [dataset] = heshu.check(summed, select=["REQ"], engine=engine).datasets
        found.append(told(dataset))
    assert found[0] == found[1]
    assert f"{2 * (2**53 + 1)}元" in repr(found[0])
