"""Large Parquet datasets that are broken, or too large for the memory that they are given."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

import heshu
from heshu import run, wording
from heshu.errors import InputError, InputErrors
from heshu.report import Report

RULES = """heshu: 1
series:
  产值: {unit: 亿元, price: current, scope: fixed, sign: nonnegative}
rules:
  - {code: GRW001, title: growth, kind: growth}
  - {code: RNG001, title: range, kind: range, with: {min: 0, measures: [level]}}
"""
ENGINES = ["duckdb", "polars"]


def figures(rows: int) -> pl.DataFrame:
    """Levels of many places in two years, and the growth of the second."""
    i = pl.int_range(rows, eager=True)
    return pl.DataFrame({"i": i}).select(
        area=pl.format("地区{}", pl.col("i") // 3),
        indicator=pl.lit("产值"),
        period=pl.when(pl.col("i") % 3 == 0).then(pl.lit("2019")).otherwise(pl.lit("2020")),
        measure=pl.when(pl.col("i") % 3 == 2).then(pl.lit("growth")).otherwise(pl.lit("level")),
        comparison=pl.when(pl.col("i") % 3 == 2).then(pl.lit("yoy")).otherwise(pl.lit("")),
        value=pl.when(pl.col("i") % 3 == 2).then(pl.lit("10.0"))
        .when(pl.col("i") % 3 == 1).then(pl.lit("110.0")).otherwise(pl.lit("100.0")),
        unit=pl.when(pl.col("i") % 3 == 2).then(pl.lit("%")).otherwise(pl.lit("亿元")),
    )  # fmt: skip


def write(folder: Path, *frames: pl.DataFrame, **block: Any) -> None:
    for number, frame in enumerate(frames):
        frame.write_parquet(folder / f"{number}.parquet", row_group_size=1000)
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    resources = [{"name": f"f{number}", "path": f"{number}.parquet"} for number in range(len(frames))]
    own = {"rulebooks": ["rules.yaml"], "defaults": {"release": "r"}} | block
    manifest = {"name": "large", "resources": resources, "heshu": own}
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def tell(errors: Sequence[InputError]) -> list[str]:
    """Return what is said of errors, in English, after saying it in Chinese too."""
    assert all(wording.error(error, "zh") for error in errors)
    return [wording.error(error, "en") for error in errors]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run, "SMALL", 1000)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judged(report: Report) -> dict[str, int]:
    return {rule.code: rule.matched for dataset in report.datasets for rule in dataset.rules}


@pytest.mark.parametrize("form", ["parquet", "never", "always"])
@pytest.mark.parametrize("engine", ENGINES)
def test_rows_without_anything_in_them_are_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, engine: str, form: str
) -> None:
    """Spreadsheets leave such rows, in the middle and at the end."""
    monkeypatch.setattr(run, "SMALL", -1)

    def check(*parts: pl.DataFrame) -> Report:
        frame = pl.concat(parts)
        write(folder, frame)
        if form != "parquet":
            frame.write_csv(folder / "0.csv", quote_style=form)  # type: ignore[arg-type]
            text = (folder / "datapackage.json").read_text("utf-8")
            (folder / "datapackage.json").write_text(text.replace("0.parquet", "0.csv"), "utf-8")
        return heshu.check(folder, engine=engine)

    table = figures(300)
    blank = table.clear(1500)
    expected = check(table)
    assert judged(expected)["GRW001"] == 100
    for report in (check(table[:7], blank, table[7:]), check(table, blank)):
        assert report.all_errors == []
        assert judged(report) == judged(expected)
        assert [dataset.figures for dataset in report.datasets] == [300]
    [error] = check(table, blank, blank[:1].with_columns(area=pl.lit("甲"))).all_errors
    lines = 300 + 1500 + 1 if form == "parquet" else 300 + 1500 + 2
    assert (error.key, error.place.line) == ("figure.empty", lines)
    [error] = check(blank).all_errors
    assert error.key == "table.no_rows"


@pytest.mark.parametrize("engine", ENGINES)
def test_one_bad_row_is_named_and_the_others_are_judged(folder: Path, engine: str) -> None:
    first, second = figures(3000), figures(6000)
    second[4321, "value"] = "1.2.3"
    second[4325, "period"] = "next year"
    write(folder, first.with_columns(area=pl.col("area") + "甲"), second)
    report = heshu.check(folder, engine=engine)
    assert [(os.path.basename(e.place.path), e.place.line) for e in report.all_errors] == [
        ("1.parquet", 4322), ("1.parquet", 4326),
    ]  # fmt: skip
    assert "1.2.3" in tell(report.all_errors)[0]
    assert report.exit_code == 2
    assert report.datasets[0].figures == 8998
    assert judged(report)["GRW001"] == 2999  # one of the two is a growth rate


@pytest.mark.parametrize("engine", ENGINES)
def test_a_broken_row_group_is_one_error_that_names_the_file(folder: Path, engine: str) -> None:
    write(folder, figures(30_000).with_columns(quote=pl.format("第{}句话", pl.int_range(30_000))))
    path = folder / "0.parquet"
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half - 5000 : half + 5000] = os.urandom(10_000)
    path.write_bytes(data)
    report = heshu.check(folder, engine=engine)
    assert report.exit_code == 2
    [error] = report.all_errors
    assert os.path.basename(error.place.path) == "0.parquet"
    assert tell([error])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_name_is_no_pattern(folder: Path, engine: str) -> None:
    write(folder, figures(3000), figures(30))
    (folder / "0.parquet").rename(folder / "[1]*.parquet")
    text = (folder / "datapackage.json").read_text("utf-8")
    (folder / "datapackage.json").write_text(text.replace("0.parquet", "[1]*.parquet"), "utf-8")
    report = heshu.check(folder, select=["RNG"], engine=engine)
    assert report.all_errors == []
    assert [dataset.figures for dataset in report.datasets] == [3030]


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_that_break_where_rows_are_read_already_name_the_file(folder: Path, engine: str) -> None:
    """Of floats with decimals no number is looked at before all forms are known."""
    rows = 30_000
    numbers = pl.int_range(rows, eager=True).cast(pl.Float64) + 0.1
    frame = figures(rows).with_columns(value=numbers.shuffle(seed=1), decimals=pl.lit(1, pl.Int8))
    write(folder, frame)
    path = folder / "0.parquet"
    groups = pq.read_metadata(path).row_group(15)
    [column] = [groups.column(i) for i in range(groups.num_columns) if groups.column(i).path_in_schema == "value"]
    start = column.dictionary_page_offset or column.data_page_offset
    data = bytearray(path.read_bytes())
    data[start + 60 : start + column.total_compressed_size] = os.urandom(column.total_compressed_size - 60)
    path.write_bytes(data)
    report = heshu.check(folder, engine=engine)
    assert report.exit_code == 2
    [error] = report.all_errors
    assert (error.key, os.path.basename(error.place.path)) == ("table.broken", "0.parquet")


@pytest.mark.parametrize("engine", ENGINES)
def test_unknown_columns_are_errors_as_in_small_files(folder: Path, engine: str) -> None:
    write(folder, figures(3000).rename({"measure": "measrue"}))
    report = heshu.check(folder, engine=engine)
    assert [error.key for error in report.all_errors] == ["table.unknown_column"]


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_of_other_types_are_read_row_by_row(folder: Path, engine: str) -> None:
    frame = figures(3000).with_columns(period=pl.col("period").cast(pl.Int32), note=pl.lit(1.5))
    write(folder, frame)
    report = heshu.check(folder, engine=engine)
    assert report.all_errors == []
    assert judged(report)["GRW001"] == 1000


def test_little_memory_is_enough_as_long_as_there_is_disk(folder: Path) -> None:
    write(folder, figures(600_000))
    report = heshu.check(folder, engine="duckdb", memory="100MB")
    assert report.all_errors == []
    assert judged(report)["GRW001"] == 200_000
    assert not list(folder.glob(".tmp*"))


def test_too_little_memory_is_said(folder: Path) -> None:
    write(folder, figures(600_000))
    report = heshu.check(folder, engine="duckdb", memory="5MB")
    assert [error.key for error in report.all_errors] == ["engine.full"]
    assert "--memory" in tell(report.all_errors)[0]
    assert report.exit_code == 2


def test_memory_is_a_number_with_its_unit(folder: Path) -> None:
    write(folder, figures(30))
    with pytest.raises(InputErrors) as caught:
        heshu.check(folder, memory="8 apples'; DROP")
    assert "500MB" in tell(caught.value.errors)[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_partitions_say_what_their_folders_are_called(folder: Path, engine: str) -> None:
    for area in ("浙江", "it's 皖"):
        (folder / f"area={area}").mkdir()
        figures(3).drop("area").write_parquet(folder / f"area={area}" / "part.parquet")
    write(folder, figures(3))
    (folder / "0.parquet").unlink()
    manifest = json.loads((folder / "datapackage.json").read_text("utf-8"))
    pattern = "area={area}/part.parquet"
    manifest["resources"] = [{"name": "parts", "path": pattern}]
    manifest["heshu"]["files"] = pattern
    (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    found = []
    for small in (10**9, 1):
        run.SMALL = small
        report = heshu.check(folder, engine=engine)
        assert report.all_errors == []
        found.append((judged(report), [(f.key, str(f.place)) for f in report.datasets[0].untouched]))
    assert found[0] == found[1]
    assert found[0][0]["GRW001"] == 2
