"""The adapter for pandera, on the real library: what fails is what ``heshu.check`` finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pandera.polars as pp
import polars as pl
import pytest
from pandera.errors import SchemaErrors

import heshu
from heshu import kinds
from heshu.adapters import pandera as adapter
from heshu.errors import InputErrors
from heshu.figure import NAMES
from heshu.rulebook import load

ROWS = {
    "indicator": ["产值", "产值", "产值", "利润", "用户"],
    "period": ["2019", "2020", "2020", "2020", "2020"],
    "measure": ["level", "level", "growth", "level", "level"],
    "comparison": ["", "", "yoy", "", ""],
    "value": ["950.0", "1000.0", "3.5", "1.0", "5"],
    "unit": ["亿元", "亿元", "%", "亿元", "户户"],
}
DECLARED: dict[str, str | int] = {"release": "r", "price": "current", "scope": "fixed"}
#: The growth (row 2 from 0) does not follow from the levels, and 户户 is no unit.
WRONG = [("GRW001", 2), ("UNT001", 4)]
LABELS = list("abcde")
FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": lambda rows: pd.DataFrame(rows, index=LABELS[: len(rows["value"])]),
    "polars": pl.DataFrame,
}
each = pytest.mark.parametrize("backend", ["pandas", "polars"])


def failures(schema: Any, frame: Any) -> list[dict[str, Any]]:
    """Return the failure cases of a frame that fails, none if it passes."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases: Any = error.failure_cases
        return cases.to_dicts() if isinstance(cases, pl.DataFrame) else cases.to_dict("records")
    return []


def named(cases: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return code and row of each case."""
    rows = {label: i for i, label in enumerate(LABELS)}
    return sorted((str(case["failure_case"])[:6], rows.get(case["index"], case["index"])) for case in cases)


@each
def test_failures_are_the_findings(backend: adapter.Backend) -> None:
    frame = FRAMES[backend](ROWS)
    cases = failures(adapter.schema(backend=backend, defaults=DECLARED), frame)
    report = heshu.check(frame, defaults=DECLARED)
    assert named(cases) == sorted((found.code, found.place.line - 1) for found in report.gating) == WRONG
    checks = {str(case["check"]) for case in cases}
    assert checks == {"figures_are_consistent", "UNT001 Units are known and measure what they should"}
    assert any("the two levels imply" in str(case["failure_case"]) for case in cases)


@each
def test_a_frame_that_holds_passes_as_it_is(backend: adapter.Backend) -> None:
    good = {name: values[:2] for name, values in ROWS.items()}
    frame = FRAMES[backend](good)
    found = adapter.schema(backend=backend, defaults=DECLARED).validate(frame, lazy=True)
    assert found.equals(frame)


@each
def test_warnings_fail_where_they_are_asked_to(backend: adapter.Backend) -> None:
    """Without declarations a growth that does not follow is a warning."""
    frame = FRAMES[backend](ROWS)
    assert named(failures(adapter.schema(backend=backend), frame)) == [("UNT001", 4)]
    assert named(failures(adapter.schema(backend=backend, fail_on="warning"), frame)) == WRONG


@each
def test_what_cannot_be_read_fails(backend: adapter.Backend, tmp_path: Path) -> None:
    bad = {**ROWS, "value": ["x", *ROWS["value"][1:]]}
    [case] = [c for c in failures(adapter.schema(backend=backend), FRAMES[backend](bad)) if "UNT001" not in str(c)]
    assert (case["check"], "x" in str(case["failure_case"])) == ("figures_can_be_read", True)
    # Nor is a frame of which nothing is judged a good one.
    (tmp_path / "r.yaml").write_text("heshu: 1\nrules: [{code: PTS001, title: t, kind: points}]\n", "utf-8")
    [case] = failures(adapter.schema(tmp_path / "r.yaml", backend=backend), FRAMES[backend](ROWS))
    assert case["failure_case"] == "nothing was judged"


@each
def test_columns_are_those_of_the_contract(backend: adapter.Backend) -> None:
    schema = adapter.schema(backend=backend)
    assert set(NAMES) < set(schema.columns)
    bad = FRAMES[backend]({**ROWS, "measure": ["levels"] * 5, "colour": ["red"] * 5})
    checks = {str(case["check"]) for case in failures(schema, bad)}
    assert "column_in_schema" in checks
    assert any(name.startswith("isin") for name in checks)


@each
def test_numbers_are_read_as_numbers(backend: adapter.Backend) -> None:
    frame = FRAMES[backend]({**ROWS, "value": [950.0, 1000.0, 3.5, 1.0, 5.0]})
    assert named(failures(adapter.schema(backend=backend, defaults=DECLARED), frame))[-1] == ("UNT001", 4)


@each
def test_the_same_schema_judges_one_frame_after_the_other(backend: adapter.Backend) -> None:
    schema = adapter.schema(backend=backend, defaults=DECLARED)
    good = FRAMES[backend]({**ROWS, "value": ["950.0", "1000.0", "5.3", "1.0", "5"], "unit": [*ROWS["unit"][:4], "户"]})
    for _ in range(2):
        assert failures(schema, good) == []
        assert named(failures(schema, FRAMES[backend](ROWS))) == WRONG


def test_several_findings_at_one_row_are_all_told(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "heshu: 1\nrules:\n  - {code: GRW001, title: t, kind: growth}\n  - {code: GRW002, title: u, kind: growth}\n",
        "utf-8",
    )
    for backend in adapter.BACKENDS:
        schema = adapter.schema(tmp_path / "r.yaml", backend=backend, defaults=DECLARED)  # type: ignore[arg-type]
        said = " | ".join(str(case["failure_case"]) for case in failures(schema, FRAMES[backend](ROWS)))
        assert ("GRW001" in said, "GRW002" in said) == (True, True)


def test_lazy_frames_are_looked_at_in_schema_unless_asked() -> None:
    frame = pl.LazyFrame(ROWS)
    assert failures(adapter.schema(backend="polars", defaults=DECLARED), frame) == []
    bad = pl.LazyFrame({**ROWS, "colour": ["red"] * 5})
    assert [case["check"] for case in failures(adapter.schema(backend="polars"), bad)] == ["column_in_schema"]


def test_a_pipeline_is_stopped() -> None:
    made: dict[str, Any] = {"pandas": pd.DataFrame(ROWS), "polars": pl.DataFrame(ROWS), "lazy": pl.LazyFrame(ROWS)}

    @adapter.checked(defaults=DECLARED)
    def step(name: str, *, unit: str = "户户") -> Any:
        """Make figures."""
        frame = made[name]
        if isinstance(frame, pd.DataFrame):
            return frame.assign(value=["950.0", "1000.0", "5.3", "1.0", "5"], unit=[*ROWS["unit"][:4], unit])
        return frame

    assert step.__doc__ == "Make figures."
    for name in made:
        with pytest.raises(SchemaErrors):
            step(name)
    assert step("pandas", unit="户")["unit"].iloc[4] == "户"


@each
def test_a_schema_of_ones_own_has_all_rules_as_one_check(backend: adapter.Backend) -> None:
    library: Any = pa if backend == "pandas" else pp
    columns = {name: library.Column(None) for name in ROWS}
    schema = library.DataFrameSchema(columns, checks=adapter.consistent(backend=backend, defaults=DECLARED))
    cases = failures(schema, FRAMES[backend](ROWS))
    assert named(cases) == WRONG
    assert {case["check"] for case in cases} == {"figures_are_consistent"}


@each
def test_the_check_is_registered_with_pandera(backend: adapter.Backend) -> None:
    library: Any = pa if backend == "pandas" else pp
    with pytest.raises(InputErrors):
        library.Check.figures_are_consistent("nowhere.yaml", backend=backend)
    check = library.Check.figures_are_consistent("core", backend=backend, defaults=DECLARED)
    schema = library.DataFrameSchema({name: library.Column(None) for name in ROWS}, checks=check)
    assert named(failures(schema, FRAMES[backend](ROWS))) == WRONG


@each
def test_the_contract_is_a_model_to_derive_from(backend: adapter.Backend) -> None:
    model = adapter.figures(backend)
    assert set(model.to_schema().columns) == set(NAMES)
    assert len(model.validate(FRAMES[backend](ROWS))) == 5
    with pytest.raises(Exception, match="isin"):
        model.validate(FRAMES[backend]({**ROWS, "measure": ["levels"] * 5}))

    class Own(model):  # type: ignore[misc,valid-type]
        """Figures with a colour."""

        colour: str

    assert set(Own.to_schema().columns) == {*NAMES, "colour"}


def test_a_broken_rule_is_no_failure_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = adapter.schema(backend="polars", defaults=DECLARED)

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("here")

    from heshu.kinds import growth

    monkeypatch.setattr(growth, "KIND", growth.KIND.__class__("growth", growth.KIND.options, broken, growth.KIND.doc))
    assert any("ZeroDivisionError" in str(case) for case in failures(schema, pl.DataFrame(ROWS)))


def test_bad_options_are_refused(tmp_path: Path) -> None:
    for options in ({"rules": tmp_path / "none.yaml"}, {"backend": "spark"}):
        with pytest.raises(InputErrors):
            adapter.schema(**options)  # type: ignore[arg-type]


def test_kinds_of_rows_are_those_that_flag_rows(top: Path) -> None:
    """By what they say of themselves; a report tells what they did."""
    report = heshu.check(top / "datasets" / "retail-sales", rules=["core", "cn-macro"], fail_on="never")
    rules = load(["core", "cn-macro"], Path.cwd()).rules
    counts = [rule for rule in report.datasets[0].rules if rule.matched]
    assert len({rule.kind for rule in counts}) > 8
    for rule in counts:
        assert rules[rule.code].kind.is_of_rows == (not rule.is_relation), rule.kind
    assert {name for name in kinds.MODULES if kinds.get(name).is_of_rows} >= {"range", "unit", "unique", "allowed"}
