"""Rules of the kind `pandera`: schemas in files, and what no schema may say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest

import heshu
from heshu.wording import error

Write = Callable[..., Path]
SCHEMA = """schema_type: polars_dataframe
columns:
  unit:
    dtype: String
    nullable: true
    checks:
      - value: [亿元]
        options: {check_name: isin}
"""
CSV = "indicator,period,value,unit\n甲,2020,1.0,亿元\n乙,2020,2.0,个\n"


def rules(folder: Path, schema: str) -> Path:
    (folder / "rules.yaml").write_text(
        f"heshu: 1\nrules: [{{code: PND001, title: t, kind: pandera, with: {{schema: {schema}}}}}]\n", "utf-8"
    )
    return folder / "rules.yaml"


def said(folder: Path, schema: str, data: Path) -> str:
    report = heshu.check(data, rules=rules(folder, schema))
    assert report.exit_code == 2
    return "; ".join(error(fault, "en") for fault in report.all_errors)


def test_a_schema_in_a_file_beside_the_rulebook(tmp_path: Path, dataset: Write) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "s.yaml").write_text(SCHEMA, "utf-8")
    [found] = heshu.check(dataset(CSV), rules=rules(tmp_path, "schemas/s.yaml")).findings
    assert (found.code, found.place.line, found.reason) == ("PND001", 3, "pandera.case")


def test_a_schema_that_pandera_wrote_is_read(tmp_path: Path, dataset: Write) -> None:
    """By its own means, with the checks that it has."""
    schema = pa.DataFrameSchema({
        "unit": pa.Column(pl.String, pa.Check.isin(["亿元"]), nullable=True),
        "value": pa.Column(pl.Float64, pa.Check.in_range(0, 1.5), coerce=True, nullable=True),
    })  # fmt: skip
    for is_minimal in (True, False):
        (tmp_path / "s.yaml").write_text(schema.to_yaml(minimal=is_minimal), "utf-8")
        found = heshu.check(dataset(CSV), rules=rules(tmp_path, "s.yaml")).findings
        names = sorted((each.place.line, each.values["detail"].partition(":")[0]) for each in found)
        assert names == [(3, "unit"), (3, "value")]


@pytest.mark.parametrize("schema", [
    "../s.yaml", "/etc/passwd", "none.yaml", "{}", "{columns: {}}", "{columns: {unit: 5}}",
    "{columns: {unit: {dtype: os.system}}}", "{columns: {unit: {parsers: [x]}}}",
    "{columns: {unit: {checks: [{options: {check_name: register_backend}}]}}}",
    "{columns: {unit: {checks: [{options: {check_name: __class__}}]}}}", "{columns: {unit: {checks: [isin]}}}",
])  # fmt: skip
def test_what_no_schema_may_say_is_refused(tmp_path: Path, dataset: Write, schema: str) -> None:
    told = said(tmp_path, schema, dataset(CSV))
    assert "should" in told or "cannot be" in told


def test_a_schema_that_cannot_be_applied_is_an_error_of_the_rule(tmp_path: Path, dataset: Write) -> None:
    for schema in (
        "{columns: {value: {dtype: Float64}}}", "{columns: {colour: {}}}",
        "{columns: {unit: {checks: [{value: 3, options: {check_name: isin}}]}}}",
    ):  # fmt: skip
        report = heshu.check(dataset(CSV), rules=rules(tmp_path, schema))
        assert report.exit_code == 2, schema
        assert [fault.place.path.endswith("rules.yaml") for fault in report.all_errors] == [True]
