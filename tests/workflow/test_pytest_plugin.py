"""``pytest --heshu``, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = "indicator,period,value,unit\n总,2020,100.0,亿元\n甲,2020,50.0,亿元\n乙,2020,49.0,亿元\n"
RULES = """heshu: 1
classifications: [{total: 总, parts: [甲, 乙]}]
rules:
  - {code: REQ001, title: values, kind: required, with: {columns: [value]}}
  - {code: SUM001, title: sums, kind: sum, with: {of: parts}}
  - {code: SUM003, title: shares, kind: sum, with: {of: shares}}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(ROWS, "utf-8")
    Path("good.csv").write_text(ROWS.replace("49.0", "50.0"), "utf-8")
    Path("rules.yaml").write_text(RULES, "utf-8")
    Path("test_own.py").write_text(
        "def test_report(heshu_report):\n    assert heshu_report.datasets[0].name == 'a'\n\n\n"
        "def test_plain():\n    pass\n",
        "utf-8",
    )


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Where the package is installed pytest finds the plugin by itself.
    own = [] if "heshu" in _entry_points() else ["-p", "heshu.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *own, "-rs", *arguments]
    environment = os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTEST_ADDOPTS": ""}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def _entry_points() -> set[str]:
    from importlib.metadata import entry_points

    return {point.name for point in entry_points(group="pytest11")}


def test_a_test_of_each_rule_and_dataset() -> None:
    done = run("--heshu", "a.csv", "--heshu", "good.csv", "--heshu-rules", "rules.yaml", "-v")
    assert done.returncode == 1, done.stdout + done.stderr
    lines = {
        line.split(" ")[0]: line.split(" ")[1] for line in done.stdout.splitlines() if "::" in line and " " in line
    }
    assert lines["heshu::a::SUM001"] == "FAILED"
    assert lines["heshu::a::REQ001"] == lines["heshu::good::SUM001"] == "PASSED"
    assert lines["heshu::a::SUM003"] == "SKIPPED"
    assert "parts add up to 99.0亿元" in done.stdout
    # Where in our code it was said is nobody's concern.
    assert "raise _Found" not in done.stdout
    assert "1 failed, 5 passed, 2 skipped" in done.stdout


def test_a_gate_for_warnings() -> None:
    done = run("--heshu", "a.csv", "--heshu-rules", "rules.yaml", "-k", "SUM001", "--heshu-fail-on", "warning")
    assert (done.returncode, "1 failed" in done.stdout) == (1, True)


def test_what_cannot_be_read() -> None:
    Path("bad.csv").write_text("indicator,period\nx\n", "utf-8")
    done = run("--heshu", "bad.csv", "--heshu-rules", "rules.yaml")
    assert done.returncode == 1
    assert "bad.csv" in done.stdout
    done = run("--heshu", "good.csv", "--heshu-rules", "nowhere.yaml")
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) in {(1, False), (4, False)}


def test_without_the_option_nothing_happens() -> None:
    done = run("-v", "-k", "report or plain")
    assert (done.returncode, "1 passed, 1 skipped" in done.stdout) == (0, True)
    code = (
        "import sys, heshu.pytest_plugin; sys.exit(bool({'polars', 'duckdb', 'pandas', 'pydantic'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
