"""``heshu normalize``: a dataset's canonical table reads back to the same figures, and is its own canonical table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

import heshu
from heshu.commands.normalize import normalize, target
from heshu.config import Config
from heshu.dataset.read import load, open_dataset
from heshu.figure import Figure
from heshu.registry import Registry
from heshu.rulebook import load as load_rulebook

HERE = Path(__file__).parent.parent / "datasets"
FOLDERS = sorted(path.parent for path in HERE.glob("*/datapackage.json"))

Write = Callable[..., Path]


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


def assert_round_trip(path: Path, folder: Path) -> None:
    once = write(path, folder / "once")
    old, new = figures(path), figures(once)
    assert [content(figure) for figure in new] == [content(figure) for figure in old]
    assert findings(once) == findings(path)
    twice = write(once, folder / "twice")
    for name in ("figures.csv", "datapackage.json"):
        assert (twice / name).read_bytes() == (once / name).read_bytes()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_shipped_datasets_lose_nothing(folder: Path, tmp_path: Path) -> None:
    assert_round_trip(folder, tmp_path)
