"""The shipped datasets give the findings written beside them, on every engine."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import heshu
from heshu import tables
from heshu.dataset.read import load, open_dataset
from heshu.engine import MODULES
from heshu.figure import Figure
from heshu.rulebook import load as load_rulebook

HERE = Path(__file__).parent.parent / "datasets"
FOLDERS = sorted(path.parent for path in HERE.glob("*/datapackage.json"))


def verify() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", HERE / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_nine_are_here() -> None:
    industry = {"zhejiang-2020", "anhui-2020", "industrial-profits", "telecom"}
    macro = {"national-gdp", "retail-sales", "retail-wide", "national-accounts", "budget"}
    assert industry | macro <= {path.name for path in FOLDERS}


@pytest.mark.parametrize("engine", sorted(MODULES.keys() - {"spark"}))
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


def test_retail_as_workbooks_is_retail_in_long_form() -> None:
    """The same figures, relations and findings; a repeated printing has no cell of its own to agree with."""
    wide, long = (heshu.check(HERE / name).datasets[0] for name in ("retail-wide", "retail-sales"))
    expected, outcome = verify().outcome(long), verify().outcome(wide)
    del expected["relations"]["AGR001"]
    assert outcome == expected
    assert (wide.figures, wide.quantities) == (long.figures - 4, long.quantities)
    printed = [{(f.key, f.printed) for f in figures(HERE / name)} for name in ("retail-wide", "retail-sales")]
    assert printed[0] == printed[1]


def figures(folder: Path) -> list[Figure]:
    dataset = open_dataset(folder)
    book = load_rulebook(["cn-macro"], folder)
    block = dataset.block
    book.registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, book.registry)
    assert dataset.errors == []
    return dataset.figures


@pytest.mark.checkout
def test_the_workbooks_are_what_their_script_makes(tmp_path: Path) -> None:
    script = HERE / "retail-wide" / "make.py"
    subprocess.run([sys.executable, script, tmp_path], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(["datapackage.json", *(path.name for path in script.parent.glob("*.xlsx"))])
    for path in tmp_path.glob("*.xlsx"):
        fresh, kept = (tables.read(folder / path.name, path.name) for folder in (tmp_path, script.parent))
        assert fresh == kept
    assert (tmp_path / "datapackage.json").read_text() == (script.parent / "datapackage.json").read_text()
