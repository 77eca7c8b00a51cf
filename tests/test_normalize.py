"""``heshu normalize``: a dataset's canonical table reads back to the same figures, and is its own canonical table."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

import heshu
from heshu.commands.normalize import normalize, target
from heshu.config import Config
from heshu.dataset.read import load, open_dataset
from heshu.figure import Figure
from heshu.registry import Registry
from heshu.rulebook import load as load_rulebook

HERE = Path(__file__).parent.parent / "datasets"
FOLDERS = sorted(path.parent for path in HERE.glob("*/datapackage.json"))


def write(path: Path, output: Path, form: str = "csv", rules: list[str] | None = None) -> Path:
    """Normalize a dataset into a folder."""
    normalize(path, target(f"{output}/", form, force=False), rules, Config(), Path.cwd())
    return output


def figures(path: Path) -> list[Figure]:
    """Return the figures of a dataset as ``check`` reads them."""
    dataset = open_dataset(path)
    block, registry = dataset.block, Registry()
    if block.rulebooks:
        registry = load_rulebook(block.rulebooks, dataset.folder).registry
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    assert dataset.errors == []
    return dataset.figures


def content(figure: Figure) -> dict[str, object]:
    """Return all that a figure says, but not where it stands."""
    found = {field.name: getattr(figure, field.name) for field in dataclasses.fields(figure)}
    return {name: value for name, value in found.items() if name not in ("id", "place", "cell")}


def findings(path: Path) -> list[tuple[object, ...]]:
    """Return what a check says of a dataset, but not where."""
    report = heshu.check(path, engine="polars")
    assert report.all_errors == []
    [dataset] = report.datasets
    counts = [(r.code, r.matched, r.exact, r.rounded, dict(r.verdicts), dict(r.reasons)) for r in dataset.rules]
    found = [(f.code, f.fingerprint, f.values_hash, f.verdict, f.severity, f.assumptions) for f in dataset.findings]
    return [*counts, *found, (dataset.figures, dataset.quantities, dataset.related, len(dataset.untouched))]


def assert_round_trip(path: Path, folder: Path, form: str = "csv") -> None:
    once = write(path, folder / "once", form)
    old, new = figures(path), figures(once)
    assert [content(figure) for figure in new] == [content(figure) for figure in old]
    assert findings(once) == findings(path)
    twice = write(once, folder / "twice", form)
    for name in (f"figures.{form}", "datapackage.json"):
        assert (twice / name).read_bytes() == (once / name).read_bytes()


def test_one_format_is_as_good_as_the_other(tmp_path: Path) -> None:
    csv, parquet = write(FOLDERS[0], tmp_path / "c"), write(FOLDERS[0], tmp_path / "p", "parquet")
    assert (write(parquet, tmp_path / "pc") / "figures.csv").read_bytes() == (csv / "figures.csv").read_bytes()
    again = write(csv, tmp_path / "cp", "parquet") / "figures.parquet"
    assert again.read_bytes() == (parquet / "figures.parquet").read_bytes()


def test_cells_of_worksheets_are_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "表1"
    for row in (["单位：亿元"], ["年份", "产值"], [2019, 1.5], [2020, 2]):
        book.active.append(row)
    (tmp_path / "data").mkdir()
    book.save(tmp_path / "data" / "t.xlsx")
    layout = {
        "head": {"2": ""},
        "stub": {"年份": "period"},
        "headings": {"产值": {"indicator": "产值", "unit": "亿元"}},
    }
    manifest = {"name": "t", "resources": [{"name": "t", "path": "t.xlsx"}], "heshu": {"layout": layout}}
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    assert_round_trip(tmp_path / "data", tmp_path)
    [first, second] = figures(tmp_path / "once")
    assert [first.origin, second.origin] == [("t.xlsx", "", "表1!B3"), ("t.xlsx", "", "表1!B4")]
    assert (first.zeros, second.zeros, first.place.line) == ("lost", "lost", 2)


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_shipped_datasets_lose_nothing(folder: Path, form: str, tmp_path: Path) -> None:
    assert_round_trip(folder, tmp_path, form)
