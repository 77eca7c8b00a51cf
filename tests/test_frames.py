"""``heshu.check`` on frames: the same findings as for the CSV, whatever holds the rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import heshu
from heshu.dataset.contract import schema
from heshu.errors import InputErrors
from heshu.report import Report
from heshu.wording import body, error

ROWS: dict[str, list[Any]] = {
    "indicator": ["产值", "产值", "产值", "利润"],
    "period": ["2019", "2020", "2020", "2020"],
    "measure": ["level", "level", "growth", "level"],
    "comparison": ["", "", "yoy", ""],
    "value": ["950.0", "1000.0", "3.5", ""],
    "unit": ["亿元", "亿元", "%", "亿元"],
}
NUMBERS = [950.0, 1000.0, 3.5, None]
RULES = ["REQ", "UNT", "GRW"]

FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars, lazy": pl.LazyFrame,
    "arrow": pa.table,
    "duckdb": lambda rows: duckdb.from_arrow(pa.table(rows)),
}
ALL = pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES.keys())


def findings(report: Report, shift: int = 0) -> list[tuple[object, ...]]:
    return [
        (f.code, str(f.verdict), str(f.severity), f.place.line + shift, f.fingerprint, *body(f, "en"))
        for f in report.findings
    ]


def check(frame: Any, **options: Any) -> Report:
    report = heshu.check(frame, select=RULES, **options)
    assert not any(rule.broken for dataset in report.datasets for rule in dataset.rules)
    return report


def refused(frame: Any, **options: Any) -> str:
    with pytest.raises(InputErrors) as caught:
        check(frame, **options)
    assert all(error(fault, lang) for fault in caught.value.errors for lang in ("en", "zh"))
    return "\n".join(error(fault, "en") for fault in caught.value.errors)


def complaints(frame: Any) -> str:
    """Return what is said about a frame, whether it is refused as a whole or only some of its cells."""
    try:
        faults = check(frame).all_errors
    except InputErrors as caught:
        faults = caught.errors
    return "\n".join(error(fault, "en") for fault in faults)


@ALL
def test_a_frame_gives_the_findings_of_the_csv(make: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    pl.DataFrame(ROWS).write_csv(path)
    expected = findings(heshu.check(path, select=RULES))
    # A frame's first row is line 1; a file's is line 2.
    assert findings(check(make(ROWS)), shift=1) == expected
    assert [row[0] for row in expected] == ["GRW001", "REQ001"]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_engines_agree_on_a_frame(engine: str) -> None:
    assert findings(check(pl.DataFrame(ROWS), engine=engine)) == findings(check(pl.DataFrame(ROWS)))


@ALL
def test_numbers_with_decimals_are_as_good_as_text(make: Callable[..., Any]) -> None:
    report = check(make(ROWS | {"value": NUMBERS, "decimals": [1, 1, 1, 1]}))
    assert [(f.code, f.place.line) for f in report.findings] == [("GRW001", 3), ("REQ001", 4)]


@ALL
def test_numbers_without_decimals_may_have_had_zeros(make: Callable[..., Any]) -> None:
    """950 and 1000 may have been rounded to tens and thousands: nothing can be proved."""
    report = check(make(ROWS | {"value": NUMBERS}))
    assert [(f.code, f.place.line) for f in report.findings] == [("REQ001", 4)]


def test_a_wide_gap_is_found_in_plain_numbers() -> None:
    report = check(pl.DataFrame(ROWS | {"value": [951.3, 1001.7, 3.5, None]}))
    assert ("GRW001", 3) in [(f.code, f.place.line) for f in report.findings]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""], ids=["None", "nan", "NA", "empty"])
@pytest.mark.parametrize("column", ["value", "comparison", "unit"])
def test_nothing_is_nothing_in_any_spelling(column: str, missing: object) -> None:
    values = [*ROWS[column][:3], missing]
    plain = findings(check(pd.DataFrame(ROWS | {column: [*ROWS[column][:3], ""]})))
    assert findings(check(pd.DataFrame(ROWS | {column: pd.Series(values, dtype=object)}))) == plain


def test_decimal_types_keep_their_zeros() -> None:
    values = [Decimal("950.0"), Decimal("1000.0"), Decimal("3.5"), None]
    for frame in (pl.DataFrame(ROWS | {"value": values}), pa.table(ROWS | {"value": values})):
        assert ("GRW001", 3) in [(f.code, f.place.line) for f in check(frame).findings]


def test_a_single_precision_number_is_the_shortest_that_prints_so() -> None:
    frame = pl.DataFrame(ROWS | {"value": [950.1, 1000.2, 3.1, None]}, schema_overrides={"value": pl.Float32})
    printed = [figure.printed for d in check(frame).datasets for f in d.findings for figure in f.figures]
    assert "1000.2亿元" in printed


def test_a_filtered_pandas_frame_is_read_and_its_index_left_alone() -> None:
    frame = pd.DataFrame(ROWS)
    assert len(check(frame[frame["measure"] == "level"]).datasets) == 1
    assert len(check(frame.set_index(pd.Index(["a", "b", "c", "d"]))).datasets) == 1


def test_categories_years_and_dates() -> None:
    frame = pd.DataFrame(ROWS).astype({"indicator": "category", "unit": "category"})
    assert len(findings(check(frame))) == 2
    assert len(findings(check(pl.DataFrame(ROWS | {"period": [2019, 2020, 2020, 2020]})))) == 2


def test_infinity_is_no_number() -> None:
    report = check(pl.DataFrame(ROWS | {"value": [950.0, 1000.0, float("inf"), None]}))
    assert [(e.key, e.place.line) for e in report.all_errors] == [("figure.unreadable", 3)]
    assert report.exit_code == 2


def test_an_unknown_column_is_named_with_what_may_be_meant() -> None:
    said = refused(pl.DataFrame(ROWS | {"mesure": ["a"] * 4}))
    assert "mesure" in said
    assert "did you mean measure?" in said


@pytest.mark.parametrize("name", ["indicator", "period", "value"])
def test_a_missing_column_is_named(name: str) -> None:
    said = refused(pl.DataFrame({key: values for key, values in ROWS.items() if key != name}))
    assert "column " + name in said
    assert "heshu figures" not in said


def test_a_value_that_no_cell_may_hold_is_named_with_its_line_and_what_is_meant() -> None:
    said = refused(pl.DataFrame(ROWS | {"measure": ["levl", "level", "growth", "level"]}))
    assert "levl" in said
    assert "did you mean level?" in said
    assert "Measure.LEVEL" not in said


def test_rows_are_counted_from_one_everywhere() -> None:
    with pytest.raises(InputErrors) as caught:
        check(pl.DataFrame(ROWS | {"indicator": ["产值", None, "产值", "利润"]}))
    assert [(fault.place.line, error(fault, "en")) for fault in caught.value.errors] == [(2, "indicator is empty")]


@pytest.mark.parametrize("decimals", [["x", "1", "1", "1"], [1.5, 1, 1, 1], [-1, 1, 1, 1], [10**30, 1, 1, 1]])
def test_decimals_that_are_no_count_of_digits(decimals: list[object]) -> None:
    frame = pd.DataFrame(ROWS | {"value": NUMBERS, "decimals": pd.Series(decimals, dtype=object)})
    assert "decimals" in complaints(frame)


@pytest.mark.parametrize(
    "data", [{"a": 1}, 3, None, [1, 2], pl.Series([1])], ids=["dict", "int", "None", "list", "series"]
)
def test_what_is_no_frame(data: object) -> None:
    assert "is no frame: give a path, or a pandas" in refused(data)


def test_an_empty_frame_has_no_rows() -> None:
    for frame in (pl.DataFrame(ROWS).clear(), pd.DataFrame(ROWS).iloc[:0]):
        report = check(frame)
        assert [error(fault, "en") for fault in report.all_errors] == ["there is a header but no row"]
        assert report.exit_code == 2


def test_a_column_named_twice() -> None:
    assert "value" in refused(
        pd.DataFrame([["a", "2020", "1", "2"]], columns=["indicator", "period", "value", "value"])
    )
    assert "value" in refused(
        pl.DataFrame({"indicator": ["a"], "period": ["2020"], "value": ["1"], "OBS_VALUE": ["2"]})
    )


def test_cells_of_several_types_in_one_column_are_read_as_text_or_refused_by_name() -> None:
    frame = pd.DataFrame(ROWS | {"value": pd.Series([950.0, "1000.0", 3.5, None], dtype=object)})
    said = complaints(frame)
    assert not said or "value" in said


def test_defaults_fill_what_is_missing() -> None:
    rows = {key: values for key, values in ROWS.items() if key not in ("indicator", "unit")}
    rows["value"] = ["950.0亿元", "1000.0亿元", "3.5%", ""]
    declared = {"indicator": "产值", "release": "r", "price": "current", "scope": "fixed", "year": 2020}
    report = check(pl.DataFrame(rows), defaults=declared)
    assert [(f.code, str(f.severity)) for f in report.findings][:1] == [("GRW001", "error")]
    assert "there is a" not in refused(pl.DataFrame(ROWS), defaults={"indicatr": "产值"})


@pytest.mark.parametrize(
    "options", [{"fail_on": "sometimes"}, {"engine": "sparkle"}, {"lang": "fr"}, {"rules": "nosuch"}]
)
def test_a_bad_option_is_named(options: dict[str, Any]) -> None:
    assert str(next(iter(options.values()))) in refused(pl.DataFrame(ROWS), **options)


def test_a_canonical_table_is_a_figures_table() -> None:
    row = {"value": ["3"], "unit": ["亿元"], "rounding": ["unknown"], "zeros": ["kept"], "file": ["a.xlsx"]}
    derived = {"point": ["300000000"], "lower_open": ["maybe"], "soft_upper": [""], "base_unit": ["吨"]}
    frame = pl.DataFrame({"indicator": ["产值"], "period": ["2020"], **row, **derived})
    schema().validate(frame)
    assert heshu.check(frame, select=["REQ"]).all_errors == []
    with pytest.raises(InputErrors, match=r"figure\.not_allowed"):
        heshu.check(frame.with_columns(rounding=pl.lit("nearestt")), select=["REQ"])


def test_the_contract_does_not_hang_on_the_order_of_a_set() -> None:
    """Polars takes the type of a list from its first item; an enum there refuses plain text (hash seeds 5, 9)."""
    for column in schema().columns.values():
        for rule in column.checks:
            assert {type(value) for value in rule.statistics["allowed_values"]} == {str}
