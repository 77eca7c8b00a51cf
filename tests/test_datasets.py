"""The shipped datasets give the findings written beside them, on every engine."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

import heshu
from heshu.engine import MODULES

HERE = Path(__file__).parent.parent / "datasets"
FOLDERS = sorted(path.parent for path in HERE.glob("*/datapackage.json"))


def verify() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", HERE / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_four_are_here() -> None:
    assert {"zhejiang-2020", "anhui-2020", "national-gdp", "retail-sales"} <= {path.name for path in FOLDERS}


@pytest.mark.parametrize("engine", sorted(MODULES))
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_outcome_is_the_one_expected(folder: Path, engine: str) -> None:
    report = heshu.check(folder, engine=engine)
    assert report.all_errors == []
    [dataset] = report.datasets
    assert not dataset.is_broken
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert verify().outcome(dataset) == expected


def test_gdp_has_two_findings_and_only_in_2024() -> None:
    report = heshu.check(HERE / "national-gdp")
    assert [(f.code, f.place.line) for f in report.findings] == [("SUM001", 11), ("SUM003", 11)]
    assert report.exit_code == 1


def test_others_are_clean() -> None:
    report = heshu.check([folder for folder in FOLDERS if folder.name != "national-gdp"])
    assert report.findings == []
    assert report.exit_code == 0
