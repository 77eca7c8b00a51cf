"""Calling the command line: in process for speed, as a process where the process is the matter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

#: Works in a checkout and against an installed wheel.
COMMAND = [sys.executable, "-c", "from heshu.cli import main; main()"]

GOOD = "indicator,period,value,unit\n产值,2020,100.0,亿元\n"
#: A total that its parts miss: an error at the gate (see ``sums.yaml``).
BAD = "indicator,period,value,unit\n总,2020,100.0,亿元\n甲,2020,50.0,亿元\n乙,2020,49.0,亿元\n"
RULES = """heshu: 1
classifications: [{total: 总, parts: [甲, 乙]}]
rules:
  - {code: REQ001, title: values, kind: required, with: {columns: [value]}, severity: warning}
  - {code: SUM001, title: sums, kind: sum, with: {of: parts}}
"""

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder with a good table, a bad one and two quick rules; speak English."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    Path("good.csv").write_text(GOOD, "utf-8")
    Path("bad.csv").write_text(BAD, "utf-8")
    Path("sums.yaml").write_text(RULES, "utf-8")


@pytest.fixture
def check(heshu: Call) -> Call:
    """Run ``heshu check`` with the two quick rules."""
    return lambda *arguments: heshu("check", "--rules", "sums.yaml", "--engine", "polars", *arguments)


@pytest.fixture
def command() -> list[str]:
    """The command line for a process of its own."""
    return COMMAND


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a process."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60, **options
        )

    return run
