"""Data packages as others write them: what the standard permits is read, with the figures that it says.

Frictionless standards, Data Package v1 and v2: https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import heshu
from heshu import run
from heshu.wording import error

CSV = "indicator,period,value,unit\n总,2020,3.0,亿元\n总,2021,4.5,亿元\n"
FIELDS = [{"name": name} for name in ("indicator", "period", "value", "unit")]
EURO = [field | ({"type": "number", "decimalChar": ","} if field["name"] == "value" else {}) for field in FIELDS]
ROW = {"indicator": "总", "period": "2020", "value": "3.0", "unit": "亿元"}
OTHER = ROW | {"period": "2021", "value": "4.5"}
LISTS = [list(ROW), list(ROW.values()), list(OTHER.values())]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (ROW, OTHER))

#: Name → a resource, and the files beside the manifest.
PACKAGES: dict[str, tuple[dict[str, Any], dict[str, str | bytes]]] = {
    "plain": ({"path": "a.csv"}, {"a.csv": CSV}),
    "version 1": ({"path": "a.csv", "profile": "tabular-data-resource", "schema": {"fields": FIELDS}}, {"a.csv": CSV}),
    "version 2": ({"path": "a.csv", "type": "table", "schema": {"fields": FIELDS}}, {"a.csv": CSV}),
    "several files": (
        {"path": ["a.csv", "b.csv"]},
        {"a.csv": CSV[: CSV.index("总,2021")], "b.csv": CSV.replace("总,2020,3.0,亿元\n", "")},
    ),
    "delimiter": ({"path": "a.csv", "dialect": {"delimiter": ";"}}, {"a.csv": CSV.replace(",", ";")}),
    "delimiter, of CSV": ({"path": "a.csv", "dialect": {"csv": {"delimiter": ";"}}}, {"a.csv": CSV.replace(",", ";")}),
    "quote": ({"path": "a.csv", "dialect": {"quoteChar": "'"}}, {"a.csv": CSV.replace("总", "'总'")}),
    "no header": (
        {"path": "a.csv", "dialect": {"header": False}, "schema": {"fields": FIELDS}}, {"a.csv": CSV.split("\n", 1)[1]},
    ),
    "comments": ({"path": "a.csv", "dialect": {"commentChar": "#"}}, {"a.csv": f"# of 2022\n{CSV}# end\n"}),
    "gb18030": ({"path": "a.csv", "encoding": "gb18030"}, {"a.csv": CSV.encode("gb18030")}),
    "utf-16": ({"path": "a.csv", "encoding": "utf-16"}, {"a.csv": CSV.encode("utf-16")}),
    "byte order mark": ({"path": "a.csv"}, {"a.csv": b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode()}),
    "packed": ({"path": "a.csv.gz", "compression": "gz"}, {"a.csv.gz": gzip.compress(CSV.encode())}),
    "schema by reference": (
        {"path": "a.csv", "schema": "schema.json"}, {"a.csv": CSV, "schema.json": json.dumps({"fields": FIELDS})},
    ),
    "inline objects": ({"data": [ROW, OTHER]}, {}),
    "inline lists": ({"data": LISTS}, {}),
    "json": ({"path": "a.json", "format": "json"}, {"a.json": json.dumps([ROW, OTHER], indent=2)}),
    "json of lists": ({"path": "a.json"}, {"a.json": json.dumps(LISTS)}),
    "json, packed": ({"path": "a.json.gz"}, {"a.json.gz": gzip.compress(json.dumps([ROW, OTHER]).encode())}),
    "schema and dialect by reference": (
        {"path": "a.csv", "schema": "schema.json", "dialect": "dialect.json"},
        {
            "a.csv": CSV.replace(",", ";").replace("3.0", "3,0").replace("4.5", "4,5"),
            "schema.json": json.dumps({"fields": EURO}), "dialect.json": '{"delimiter": ";"}',
        },
    ),
    "decimal comma": (
        {"path": "a.csv", "schema": {"fields": EURO}, "dialect": {"delimiter": ";"}},
        {"a.csv": CSV.replace(",", ";").replace("3.0", "3,0").replace("4.5", "4,5")},
    ),
    "title above": ({"path": "a.csv", "dialect": {"headerRows": [3]}}, {"a.csv": f"Table 1\n\n{CSV}"}),
    "header of two rows": (
        {"path": "a.csv", "dialect": {"headerRows": [1, 2], "headerJoin": ""}},
        {"a.csv": f"in,per,,\n{CSV.replace('indicator,period', 'dicator,iod')}"},
    ),
    "rows that are comments": (
        {"path": "a.csv", "dialect": {"commentRows": [1, 3]}},
        {"a.csv": f"T\n{CSV.replace('总,2020', f'of 2022{chr(10)}总,2020')}"},
    ),
    "ndjson": ({"path": "a.ndjson", "format": "ndjson"}, {"a.ndjson": LINES}),
}  # fmt: skip

Write = Callable[..., Path]


@pytest.fixture
def package(tmp_path: Path) -> Write:
    """Write a package of these resources; return its folder."""

    def write(*resources: dict[str, Any], files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "package"
        folder.mkdir(exist_ok=True)
        named = [{"name": f"r{i}", **resource} for i, resource in enumerate(resources)]
        manifest = {"name": "package", "resources": named}
        (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


def errors(folder: Path) -> list[str]:
    report = heshu.check(folder)
    return [f"{fault.place}: {error(fault, 'en')}".replace(f"{folder}/", "") for fault in report.all_errors]


@pytest.mark.parametrize("name", PACKAGES)
def test_what_the_standard_permits_is_read(package: Write, name: str) -> None:
    resource, files = PACKAGES[name]
    report = heshu.check(package(resource, files=files))
    assert report.all_errors == []
    assert [finding.code for finding in report.findings] == []
    assert sorted(figure.printed for figure in report.datasets[0].untouched) == ["3.0亿元", "4.5亿元"]


@pytest.mark.parametrize("values", [["", "-"], [{"value": "-", "label": "not there"}]])
def test_what_stands_for_a_missing_value_is_none(package: Write, values: list[Any]) -> None:
    schema = {"fields": FIELDS, "missingValues": values}
    for resource, files in (
        ({"path": "a.csv", "schema": schema}, {}),
        ({"path": "a.csv", "schema": "schema.json"}, {"schema.json": json.dumps(schema)}),
    ):
        report = heshu.check(package(resource, files={"a.csv": CSV.replace("4.5", "-"), **files}))
        assert report.all_errors == []
        assert [finding.code for finding in report.findings] == ["REQ001"]
    assert errors(package({"path": "a.csv"}, files={"a.csv": CSV.replace("4.5", "-")})) == ["a.csv:3: not a number: -"]


@pytest.mark.parametrize(
    ("field", "given", "printed"),
    [
        ({"decimalChar": ","}, "1,234", "1.234亿元"), ({"decimalChar": ",", "groupChar": "."}, "1.234", "1234亿元"),
        ({"decimalChar": ",", "groupChar": "."}, "-1.234.567,80", "-1234567.80亿元"),
        ({"decimalChar": ",", "groupChar": "."}, "1234,5", "1234.5亿元"), ({"groupChar": " "}, "1 234.5", "1234.5亿元"),
        ({"groupChar": ","}, "1,234", "1234亿元"), ({"decimalChar": ",", "bareNumber": False}, "约4,5", "约4.5亿元"),
        ({"missingValues": ["-99", {"value": "x"}]}, "-99", None), ({"missingValues": ["-99"]}, "x", "error"),
        ({"decimalChar": ","}, "1.234", "error"), ({"decimalChar": ","}, "1,234.5", "error"),
        ({"decimalChar": ",", "groupChar": "."}, "1.23", "error"), ({"groupChar": " "}, "1 23", "error"),
        ({"decimalChar": ",", "groupChar": "."}, "1.2345,6", "error"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_field_declares(
    package: Write, field: dict[str, Any], given: str, printed: str | None
) -> None:
    """1,234 with a decimal comma is not 1234: a number is read as declared, or not at all."""
    fields = [one | (field if one["name"] == "value" else {}) for one in FIELDS]
    text = CSV.replace(",", ";").replace("4.5", "4").replace("3.0", given)
    resource = {"path": "a.csv", "schema": {"fields": fields}, "dialect": {"delimiter": ";"}}
    report = heshu.check(package(resource, files={"a.csv": text}))
    if printed == "error":
        assert [str(fault.place).rpartition("/")[2] for fault in report.all_errors] == ["a.csv:2"]
        return
    assert report.all_errors == []
    assert [finding.code for finding in report.findings] == ([] if printed else ["REQ001"])
    assert (printed in {figure.printed for figure in report.datasets[0].untouched}) is (printed is not None)


def test_large_files_are_read_as_the_field_declares(package: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large files are read by an engine, which knows nothing of decimal commas."""
    monkeypatch.setattr(run, "SMALL", 0)
    resource = {"path": "a.csv", "schema": {"fields": EURO}, "dialect": {"delimiter": ";"}}
    # As 3000 the second printing would deny the first.
    text = CSV.replace(",", ";").replace("3.0", "3,000") + "总;2020;3,0;亿元\n"
    report = heshu.check(package(resource, files={"a.csv": text.replace("4.5", "4,5")}))
    assert (report.all_errors, report.datasets[0].figures) == ([], 3)
    assert [finding.code for finding in report.findings] == ["UNQ001"]
    assert [figure.printed for figure in report.findings[0].figures] == ["3.0亿元", "3.000亿元"]


def test_numbers_that_are_no_texts_have_lost_their_zeros(package: Write) -> None:
    rows = [{**ROW, "value": 3}, {**ROW, "period": "2021", "value": 1.5}]
    for resource, files in (
        ({"data": rows}, {}), ({"path": "a.json"}, {"a.json": json.dumps(rows)}),
    ):  # fmt: skip
        report = heshu.check(package(resource, files=files))
        assert report.all_errors == []
        assert {figure.printed for figure in report.datasets[0].untouched} == {"3亿元", "1.5亿元"}


def test_other_files_of_a_package_are_left_alone(package: Write) -> None:
    files: dict[str, str | bytes] = {"a.csv": CSV, "README.md": "# notes", "map.geojson": "{}", "b.csv": "x\n1\n"}
    others = [{"path": "README.md"}, {"path": "map.geojson"}, {"path": "b.csv", "type": "file"}]
    report = heshu.check(package({"path": "a.csv"}, *others, files=files))
    assert (report.all_errors, report.datasets[0].figures) == ([], 2)
    # Where nothing is a table, the file that cannot be one is told.
    assert errors(package({"path": "README.md"}, files=files))[0].startswith("README.md: nothing says what .md holds")


@pytest.mark.parametrize(
    ("resource", "files", "said"),
    [
        ({}, {}, "datapackage.json:4:3: resources.0: should have a `path` or `data`"),
        ({"path": "https://example.org/a.csv"}, {}, "leaves the dataset's folder"),
        ({"path": "../a.csv"}, {}, "leaves the dataset's folder"),
        ({"path": "a.csv", "schema": "https://example.org/s.json"}, {"a.csv": CSV}, "leaves the dataset's folder"),
        ({"path": "a.csv", "schema": "../s.json"}, {"a.csv": CSV}, "leaves the dataset's folder"),
        ({"path": "a.csv", "schema": "none.json"}, {"a.csv": CSV}, "none.json: "),
        ({"path": "a.csv", "dialect": "../d.json"}, {"a.csv": CSV}, "leaves the dataset's folder"),
        ({"path": "a.csv", "dialect": "none.json"}, {"a.csv": CSV}, "none.json: "),
        ({"path": "a.csv", "dialect": {"headerRows": [9]}}, {"a.csv": CSV}, "a.csv: "),
        (
            {"path": "a.csv", "schema": {"fields": [{"name": "valeu", "decimalChar": ","}]}}, {"a.csv": CSV},
            "a.csv:1: the first row has no column valeu",
        ),
        ({"data": "x,y"}, {}, "are no table"),
        ({"data": [ROW, [1]]}, {}, "are no table"),
        ({"data": [{"indicator": {"deep": 1}}]}, {}, "are no table"),
        ({"data": []}, {}, "are no table"),
        ({"path": "a.json"}, {"a.json": "{}"}, "a.json:1: the file is no JSON array"),
        ({"path": "a.json"}, {"a.json": '[{"indicator": 1},\n {"indicator": [1]}]'}, "a.json:2"),
        ({"path": "a.json"}, {"a.json": '[{"indicator": 1}\n {"indicator": 1}]'}, "a.json:2: not JSON"),
        ({"path": "a.json"}, {"a.json": '[{"indicator": 1},\n 3]'}, "a.json:2"),
        ({"path": "a.json"}, {"a.json": '[{"a": 1, "a": 2}]'}, "a.json:1"),
        ({"path": "a.json"}, {"a.json": '[["a"],\n [1, 2]]'}, "a.json:2"),
        ({"path": "a.json"}, {"a.json": '[\n {"a": NaN}]'}, "a.json:2"),
        ({"path": "a.json"}, {"a.json": '[\n {"a": "\\ud800"}]'}, "a.json:2"),
        ({"path": "a.json"}, {"a.json": "[" * 100_000}, "a.json:1"),
        ({"path": "a.json"}, {"a.json": "[\n\n{'a': 1}]"}, "a.json:3:2: not JSON"),
        ({"path": "a.json"}, {"a.json": "[]"}, "a.json: "),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(
    package: Write, resource: dict[str, Any], files: dict[str, str | bytes], said: str
) -> None:
    try:
        told = errors(package(resource, files=files))
    except heshu.errors.InputErrors as faults:
        told = [f"{fault.place}: {error(fault, 'en')}" for fault in faults.errors]
    assert said in told[0]
    # A list none of whose items will do is said to be empty as well.
    assert len(told) == 1 or not resource
