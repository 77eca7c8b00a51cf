"""Git repositories with datasets: how they were, and changes to them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

RULES = """heshu: 1
styles: {OFFICE: {rounding: nearest, zeros: kept}}
series:
  总额: {unit: 亿元, price: current, scope: fixed, nature: flow, sign: nonnegative}
  城镇: {unit: 亿元, price: current, scope: fixed, nature: flow, sign: nonnegative}
  乡村: {unit: 亿元, price: current, scope: fixed, nature: flow, sign: nonnegative}
classifications: [{total: 总额, parts: [城镇, 乡村]}]
rules:
  - {code: GRW001, title: {en: growth, zh: 增速}, kind: growth, with: {base: {shift: -1y}}}
  - code: RNG001
    title: {en: ranges, zh: 范围}
    kind: range
    where: {measure: growth}
    with: {min: -100, max: 100, unit: "%"}
  - {code: SUM001, title: {en: sums, zh: 分项}, kind: sum, with: {of: parts}}
"""
HEAD = "indicator,period,measure,comparison,value,unit\n"
#: Two years in which everything agrees; 2023's growth has no base.
GOOD = {
    "总额,2023,level,": "400.0,亿元",
    "城镇,2023,level,": "300.0,亿元",
    "乡村,2023,level,": "100.0,亿元",
    "总额,2024,level,": "420.0,亿元",
    "城镇,2024,level,": "312.0,亿元",
    "乡村,2024,level,": "108.0,亿元",
    "总额,2024,growth,yoy": "5.0,%",
    "城镇,2024,growth,yoy": "4.0,%",
    "乡村,2024,growth,yoy": "8.0,%",
}


def text(rows: dict[str, str]) -> str:
    """Return rows as a CSV file; those without a value are left out."""
    return HEAD + "".join(f"{key},{value}\n" for key, value in rows.items() if value)


@dataclass
class Repository:
    """A git repository below a temporary folder."""

    path: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@b.cn", *arguments],
            cwd=self.path, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def write(self, name: str, text: str) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def dataset(self, name: str, rows: dict[str, str], **block: Any) -> None:
        defaults = {"area": "某市", "release": "2024 report"}
        own = {"publisher": "OFFICE", "rulebooks": ["../../rules.yaml"], "defaults": defaults} | block
        manifest = {"name": name, "resources": [{"name": "figures", "path": "figures.csv"}], "heshu": own}
        self.write(f"data/{name}/datapackage.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        self.write(f"data/{name}/figures.csv", text(rows))

    def commit(self, message: str = "change") -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository on branch ``main`` with datasets ``a`` and ``b``, one error in ``a``; we stand in it."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    repository = Repository(tmp_path / "repository")
    repository.path.mkdir()
    repository.git("init", "-q", "-b", "main")
    repository.write("rules.yaml", RULES)
    repository.write("heshu.toml", 'datasets = ["data/*"]\n')
    repository.dataset("a", GOOD | {"总额,2024,growth,yoy": "6.0,%"})
    repository.dataset("b", GOOD)
    repository.commit("base")
    monkeypatch.chdir(repository.path)
    return repository


#: What the change below must be told as: code, state, and where or what it is about.
EXPECTED = {
    ("GRW001", "new", "城镇"),
    ("SUM001", "new", "总额"),
    ("GRW001", "fixed", "总额"),
    ("COV001", "new", "总额"),
}


@pytest.fixture
def changed(repository: Repository) -> Repository:
    """A branch that fixes one error, makes two, touches a figure harmlessly and deletes one total."""
    repository.git("checkout", "-qb", "work")
    repository.dataset(
        "a",
        GOOD
        | {
            "总额,2024,growth,yoy": "5.0,%",  # fixed
            "城镇,2024,growth,yoy": "4.4,%",  # wrong
            "乡村,2024,level,": "108.00,亿元",  # as true as before, one digit more
        },
    )
    repository.dataset("b", GOOD | {"总额,2023,level,": "401.0,亿元", "总额,2024,level,": ""})
    repository.commit()
    return repository


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def report(heshu: Call) -> Callable[..., dict[str, Any]]:
    """Run ``heshu check`` and return its report as data; nothing is said on standard error."""

    def call(*arguments: str) -> dict[str, Any]:
        _, out, err = heshu("check", "--format", "json", *arguments)
        assert err == ""
        found: dict[str, Any] = json.loads(out)
        return found

    return call


def told(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return code, state and indicator of every finding that is not merely known."""
    findings = [*report["findings"], *report["fixed"]]
    return {
        (found["code"], found["state"], found["figures"][0]["name"].split()[1] if found["figures"] else found["reason"])
        for found in findings
        if found["state"] != "known"
    }
