"""The shipped datasets give the findings written beside them, on every engine."""

from __future__ import annotations

import importlib.util
import json
import shutil
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


def test_all_eight_are_here() -> None:
    industry = {"zhejiang-2020", "anhui-2020", "industrial-profits", "telecom"}
    macro = {"national-gdp", "retail-sales", "national-accounts", "budget"}
    assert industry | macro <= {path.name for path in FOLDERS}


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


def test_a_slip_of_three_in_the_budget_is_found(tmp_path: Path) -> None:
    """154310 is printed to the last 亿元, as the dataset declares: it could else stand for ten of them."""
    folder = shutil.copytree(HERE / "budget", tmp_path / "budget")
    text = (folder / "figures.csv").read_text("utf-8")
    assert text.count(",28585,") == 1
    (folder / "figures.csv").write_text(text.replace(",28585,", ",28588,"), "utf-8")
    report = heshu.check(folder)
    assert [(f.code, f.place.line) for f in report.findings] == [("SUM001", 3)]
    assert report.exit_code == 1
