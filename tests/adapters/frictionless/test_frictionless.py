"""Data packages on the real library: our manifests are valid, and what a Table Schema can say it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from frictionless import Package, Resource, Schema, system, validate

import heshu as library

Call = Callable[..., tuple[int, str, str]]
FIGURES = "indicator,period,measure,value,unit,price\n总,2020,level,3.0,亿元,current\n总,2021,level,4.0,亿元,\n"


def kinds(report: object) -> list[str]:
    """Return the types of the errors of a report."""
    return [error.type for task in report.tasks for error in task.errors]  # type: ignore[attr-defined]


def test_the_shipped_manifests_are_valid(top: Path) -> None:
    for folder in sorted(path.parent for path in (top / "datasets").glob("*/datapackage.json")):
        descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
        assert Package.validate_descriptor(descriptor, basepath=str(folder)).valid
        # The cells of a statistical table with merged headings are no records, and it does not say they are.
        if any(resource.get("profile") == "tabular-data-resource" for resource in descriptor["resources"]):
            assert validate(str(folder / "datapackage.json")).valid, folder.name


def test_what_init_writes_is_valid(top: Path, tmp_path: Path, heshu: Call) -> None:
    (tmp_path / "a.csv").write_text((top / "datasets/national-gdp/figures.csv").read_text("utf-8"), "utf-8")
    assert heshu("init", str(tmp_path / "a.csv"))[0] == 0
    assert validate(str(tmp_path / "datapackage.json")).valid


def test_the_canonical_table_is_valid(top: Path, tmp_path: Path, heshu: Call) -> None:
    for name in ("national-gdp", "retail-wide"):
        assert heshu("normalize", str(top / "datasets" / name), "-o", f"{tmp_path / name}/")[0] == 0
        assert validate(str(tmp_path / name / "datapackage.json")).valid


HEAD = "indicator;period;value\n"
DIFFERENT: dict[str, tuple[dict[str, object], dict[str, object], str]] = {
    "decimal comma": ({"decimalChar": ","}, {"delimiter": ";"}, f"{HEAD}总;2020;1,234\n总;2021;-0,50\n"),
    "groups": (
        {"decimalChar": ",", "groupChar": "."}, {"delimiter": ";"}, f"{HEAD}总;2020;1.234,5\n总;2021;7\n",
    ),
    "currency": ({"bareNumber": False, "decimalChar": ","}, {"delimiter": ";"}, f"{HEAD}总;2020;约4,5\n"),
    "header below": ({}, {"headerRows": [2]}, "Table 1\nindicator,period,value\n总,2020,4.5\n"),
    "header of two rows": (
        {}, {"headerRows": [1, 2], "headerJoin": "i"}, "ind,per,value\ncator,od,\n总,2020,4.5\n",
    ),
    "comments": ({}, {"commentRows": [2]}, "indicator,period,value\nof 2022,,\n总,2020,4.5\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_numbers_are_those_that_the_library_reads(tmp_path: Path, name: str) -> None:
    field, dialect, text = DIFFERENT[name]
    (tmp_path / "a.csv").write_text(text, "utf-8")
    columns = [{"name": "indicator", "type": "string"}, {"name": "period", "type": "string"}]
    fields = [*columns, {"name": "value", "type": "number", **field}]
    resource = {"name": "a", "path": "a.csv", "dialect": dialect, "schema": {"fields": fields}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}), "utf-8")
    read = Package(str(tmp_path / "datapackage.json")).get_resource("a").read_rows()
    report = library.check(tmp_path)
    assert report.all_errors == []
    ours = {figure.printed.removeprefix("约") for figure in report.datasets[0].untouched}
    assert {Decimal(printed) for printed in ours} == {row["value"] for row in read}


def schema_of(heshu: Call, out: Path, *rulebooks: str) -> tuple[Schema, str]:
    code, _, err = heshu("export", "frictionless", *rulebooks, "-o", str(out), "--lang", "en")
    assert code == 0
    return Schema.from_descriptor(json.loads(out.read_text("utf-8"))), err


def check(folder: Path, text: str, schema: Schema) -> list[str]:
    (folder / "f.csv").write_text(text, "utf-8")
    with system.use_context(trusted=True):
        return kinds(validate(Resource(path=str(folder / "f.csv"), schema=schema)))


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "heshu: 1\nrules:\n"
        "  - {code: REQ001, title: filled, kind: required, with: {columns: [value, unit]}}\n"
        "  - {code: ALW001, title: units, kind: allowed, with: {column: unit, values: [亿元, 万元]}}\n"
        "  - {code: ALW002, title: some, kind: allowed, where: {indicator: 甲}, with: {column: unit, values: [个]}}\n"
        "  - {code: UNQ001, title: once, kind: unique}\n"
        "  - {code: GRW001, title: growth, kind: growth}\n",
        "utf-8",
    )
    return str(path)


def test_constraints_are_those_of_the_rules(tmp_path: Path, heshu: Call, rules: str) -> None:
    schema, err = schema_of(heshu, tmp_path / "schema.json", rules)
    assert "ALW002, GRW001" in err
    constraints = {field.name: field.constraints for field in schema.fields}
    assert constraints["unit"] == {"required": True, "enum": ["亿元", "万元"]}
    assert constraints["value"] == {"required": True}
    assert constraints["indicator"] == {"required": True}
    assert "level" in constraints["measure"]["enum"]
    descriptor = json.loads((tmp_path / "schema.json").read_text("utf-8"))
    assert descriptor["uniqueKeys"][0][:3] == ["area", "indicator", "period"]
    assert "ALW001: units" in next(field["description"] for field in descriptor["fields"] if field["name"] == "unit")


def test_a_file_fails_by_the_schema_where_a_rule_does(tmp_path: Path, heshu: Call, rules: str) -> None:
    schema, _ = schema_of(heshu, tmp_path / "schema.json", rules)
    schema.fields = [field for field in schema.fields if field.name in FIGURES.partition("\n")[0].split(",")]
    assert check(tmp_path, FIGURES, schema) == []
    spoilt = [("4.0,亿元", "4.0,亿美元"), ("4.0,亿元", ",亿元"), ("2021,level", "2021,levels"), ("总,2021", ",2021")]
    for old, new in spoilt:
        assert check(tmp_path, FIGURES.replace(old, new), schema) == ["constraint-error"], new
    (tmp_path / "f.csv").write_text(FIGURES.replace("4.0,亿元", "4.0,亿美元"), "utf-8")
    code, out, _ = heshu("check", str(tmp_path / "f.csv"), "--rules", rules)
    assert (code, "ALW001" in out) == (1, True)


RANGES = """heshu: 1
rules:
  - {code: RNG901, title: shares, kind: range, with: {min: 0, max: 100, unit: "%"}}
  - {code: RNG902, title: some, kind: range, where: {measure: share}, with: {max: 1}}
  - {code: RNG903, title: odd, kind: range, with: {max: 150, unit: "%"}}
  - {code: ALW901, title: names, kind: allowed, with: {column: indicator, values: [规模以上工业增加值, 总]}}
  - {code: REQ901, title: filled, kind: required, with: {columns: [area]}}
series:
  规模以上工业增加值: {aliases: [规上工业增加值]}
"""


def dataset(folder: Path, text: str, defaults: dict[str, str]) -> Path:
    (folder / "own.yaml").write_text(RANGES, "utf-8")
    (folder / "a.csv").write_text(text, "utf-8")
    block = {"defaults": defaults, "rulebooks": ["own.yaml"], "missing": ["-"]}
    manifest = {"name": "p", "resources": [{"name": "a", "path": "a.csv"}], "heshu": block}
    (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    return folder


SHARES = "INDICATOR,TIME_PERIOD,OBS_VALUE,area\n总,2020,40.0,甲\n规上工业增加值,2020,60.0,甲\n总,2021,-,甲\n"


def test_bounds_hold_where_all_values_are_of_one_unit(tmp_path: Path, heshu: Call) -> None:
    folder = dataset(tmp_path, SHARES, {"measure": "share", "unit": "%"})
    schema, err = schema_of(heshu, tmp_path / "schema.json", str(folder))
    # 1 without a unit is 100 %; beyond 150 % a printed 200 % may be true: no schema can say how exact it is.
    assert err.endswith("cannot say: RNG903\n")
    value = schema.get_field("OBS_VALUE")
    assert (value.type, value.constraints) == ("number", {"minimum": 0, "maximum": 100})
    assert schema.get_field("INDICATOR").constraints["enum"] == ["规模以上工业增加值", "总", "规上工业增加值"]
    assert check(tmp_path, SHARES, schema) == []
    for old, new, code in (
        ("40.0", "100.1", "RNG901"), ("40.0", "-0.1", "RNG901"), ("40.0,甲", "40.0,", "REQ901"),
        ("总,2021", "丙,2021", "ALW901"),
    ):  # fmt: skip
        text = SHARES.replace(old, new, 1)
        assert check(tmp_path, text, schema) == ["constraint-error"], new
        (folder / "a.csv").write_text(text, "utf-8")
        assert code in {finding.code for finding in library.check(folder).findings}


@pytest.mark.parametrize(
    ("text", "defaults"),
    [
        (SHARES, {}), (SHARES, {"unit": "亿元"}), (SHARES, {"measure": "share"}),
        (SHARES.replace(",area", ",unit").replace("甲", "%"), {"measure": "share"}),
        (SHARES.replace("40.0", "约40.0"), {"measure": "share", "unit": "%"}),
    ],
)  # fmt: skip
def test_bounds_are_left_out_where_units_or_values_differ(
    tmp_path: Path, heshu: Call, text: str, defaults: dict[str, str]
) -> None:
    schema, err = schema_of(heshu, tmp_path / "schema.json", str(dataset(tmp_path, text, defaults)))
    assert "RNG901" in err
    assert schema.get_field("OBS_VALUE").type == "string"


def test_files_that_pass_are_valid(top: Path, tmp_path: Path, heshu: Call) -> None:
    """The schema of a dataset refuses none of what its rules let pass."""
    seen = 0
    for folder in sorted(path.parent for path in (top / "datasets").glob("*/datapackage.json")):
        code, _, err = heshu("export", "frictionless", str(folder), "-o", str(tmp_path / "s.json"), "--lang", "en")
        if code:
            assert "the dataset has a layout" in err
            continue
        seen += 1
        schema = Schema.from_descriptor(json.loads((tmp_path / "s.json").read_text("utf-8")))
        present = (folder / "figures.csv").read_text("utf-8").partition("\n")[0].strip().split(",")
        assert [field.name for field in schema.fields] == present
        assert check(tmp_path, (folder / "figures.csv").read_text("utf-8"), schema) == [], folder.name
    assert seen > 3
