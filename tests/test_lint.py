"""``heshu rules lint``: cases in ``lint/cases.md``, the shipped rulebooks, the command.

``HESHU_UPDATE_CASES=1`` writes the ``text`` blocks anew, to be reviewed as a diff.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from heshu.lint import lint
from heshu.messages import say
from heshu.rulebook import shipped

FILE = Path(__file__).parent / "lint" / "cases.md"
SECTIONS = re.split(r"^## ", FILE.read_text("utf-8"), flags=re.MULTILINE)[1:]
Call = Callable[..., tuple[int, str, str]]
BLOCK = re.compile(r"```(yaml|text)\n(.*?)```", re.DOTALL)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.splitlines()[0])
def test_case(section: str) -> None:
    blocks = dict(BLOCK.findall(section))
    Path("rules.yaml").write_text(blocks["yaml"], "utf-8")
    found = lint(["rules.yaml"], Path())
    told = "".join(
        f"{each.place.line}:{each.place.column}  {each.name}  {say(f'lint.{each.name}', 'en', **each.fields)}\n"
        for each in found
    )
    if os.environ.get("HESHU_UPDATE_CASES"):
        anew = section.replace(f"```text\n{blocks['text']}```", f"```text\n{told}```")
        FILE.write_text(FILE.read_text("utf-8").replace(section, anew), "utf-8")
    assert told == blocks["text"]


def test_the_shipped_rulebooks_have_no_problems() -> None:
    assert lint(sorted(path.stem for path in shipped().glob("*.yaml")), Path()) == []


def test_every_problem_has_a_case() -> None:
    from heshu.messages import catalogue

    names = {key.partition(".")[2] for key in catalogue() if key.startswith("lint.")} - {"count", "none", "unmatched"}
    # An alias that another file takes needs two files, and codes are chosen by settings.
    assert {name for name in names - {"hidden", "no_code"} if f"  {name}  " not in FILE.read_text("utf-8")} == set()


def test_a_series_that_an_alias_of_another_file_hides() -> None:
    Path("base.yaml").write_text("heshu: 1\nseries:\n  产值: {unit: 亿元}\nrules: []\n", "utf-8")
    Path("rules.yaml").write_text(
        "heshu: 1\nextends: [./base.yaml]\nseries:\n  总产值: {unit: 亿元, aliases: [产值]}\n"
        "rules:\n  - {code: SUM001, title: t, kind: sum, with: {of: parts}}\n",
        "utf-8",
    )
    [problem] = lint(["rules.yaml"], Path())
    assert (problem.name, problem.place.path, problem.place.line) == ("hidden", "base.yaml", 3)


def test_the_command(heshu: Call) -> None:
    def call(*arguments: str) -> tuple[int, str, str]:
        return heshu("rules", *arguments)

    rule = "{code: RNG001, title: t, kind: range, with: {min: 10, max: 1}}"
    Path("bad.yaml").write_text(f"heshu: 1\nrules: [{rule}]\n", "utf-8")
    assert call("lint", "bad.yaml")[:2] == (
        1, "bad.yaml:2:10  range_empty  RNG001 leaves no value: its smallest lies above its largest\n1 problem(s)\n",
    )  # fmt: skip
    code, out, _ = call("lint", "bad.yaml", "--format", "json", "--lang", "zh")
    [entry] = json.loads(out)
    assert (code, entry["name"], entry["line"], "下限高于上限" in entry["message"]) == (1, "range_empty", 2, True)
    assert call("lint") == (0, "no problems\n", "")
    assert call("lint", "nowhere.yaml")[0] == 2
    assert call()[1].startswith("AGR001  ")


def test_rules_that_meet_nothing_in_given_datasets(heshu: Call) -> None:
    Path("a.csv").write_text("indicator,period,value,unit\n总,2020,1,亿元\n", "utf-8")
    Path("r.yaml").write_text(
        "heshu: 1\nrules:\n  - {code: REQ001, title: t, kind: required, with: {columns: [unit]}}\n"
        "  - {code: SHR001, title: t, kind: share}\n",
        "utf-8",
    )
    code, out, _ = heshu("rules", "lint", "r.yaml", "--data", "a.csv")
    assert (code, out.splitlines()[0]) == (1, "r.yaml:4:6  unmatched  SHR001 meets nothing in these datasets")


def test_codes_that_settings_choose_and_no_rule_has(heshu: Call) -> None:
    rule = "{code: OWN001, title: t, kind: required, with: {columns: [unit]}}"
    Path("data").mkdir()
    Path("data/own.yaml").write_text(f"heshu: 1\nrules: [{rule}]\n", "utf-8")
    Path("data/figures.csv").write_text("indicator,period,value,unit\n总,2020,1,亿元\n", "utf-8")
    manifest = {
        "name": "data", "resources": [{"name": "f", "path": "figures.csv"}], "heshu": {"rulebooks": ["own.yaml"]}
    }  # fmt: skip
    Path("data/datapackage.json").write_text(json.dumps(manifest), "utf-8")
    # OWN001 is a rule of the dataset's own rulebook, GRW a beginning of codes; OWN002 is nobody's.
    Path("heshu.toml").write_text('datasets = ["data"]\nselect = ["GRW"]\nignore = ["OWN001", "OWN002"]\n', "utf-8")
    code, out, _ = heshu("rules", "lint")
    assert code == 1
    first, count = out.splitlines()
    assert first.endswith("heshu.toml:3:1  no_code  no rule has the code OWN002, or one that begins so; nearest: –")
    assert count == "1 problem(s)"
    Path("data/datapackage.json").write_text("{", "utf-8")
    assert heshu("rules", "lint")[:2] == (0, "no problems\n")
