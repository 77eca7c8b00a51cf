"""The console report, whole: what a person sees for national-gdp, kept in ``console.<lang>.txt``.

``HESHU_UPDATE_CASES=1`` writes the files anew, to be reviewed as a diff.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import heshu
from heshu.formats.console import render
from heshu.messages import Lang

Call = Callable[..., tuple[int, str, str]]
HERE = Path(__file__).parent
TOP = HERE.parents[1]


@pytest.mark.parametrize("lang", list(Lang))
def test_national_gdp(lang: Lang, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    text = render(heshu.check("datasets/national-gdp", lang=lang), lang)
    kept = HERE / f"console.{lang}.txt"
    if os.environ.get("HESHU_UPDATE_CASES"):
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_colour_and_width_change_no_word(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    report = heshu.check("datasets/national-gdp", select=["SUM"], engine="polars")
    plain = render(report, Lang.EN)
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", render(report, Lang.EN, color=True, width=width))
    findings, _, _ = plain.partition("dataset ")
    assert re.sub(r"\s+", "", coloured).startswith(re.sub(r"\s+", "", findings))


def test_verbose_lists_what_was_not_judged_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "heshu: 1\nclassifications: [{total: 总, parts: [甲, 乙]}]\n"
        "rules: [{code: SUM001, title: t, kind: sum, with: {of: parts}}, {code: UNT001, title: t, kind: unit}]\n",
        "utf-8",
    )
    (tmp_path / "a.csv").write_text("indicator,period,value,unit\n总,2020,9.0,亿元\n甲,2020,5.0,亿元\n", "utf-8")
    report = heshu.check(tmp_path / "a.csv", rules=tmp_path / "r.yaml", engine="polars")
    brief, full = render(report, Lang.EN), render(report, Lang.EN, verbose=True)
    assert "not judged: 1 × a figure is not printed" in brief
    assert "untouched: figures in no judged relation: 2" in brief
    assert "a.csv:2  SUM001  a figure is not printed: 总 2020 9.0亿元; 甲 2020 5.0亿元 → 乙 must have been" in full
    assert "a.csv:3  甲 2020  5.0亿元" in full


@pytest.mark.parametrize("small", [10**9, 0])
def test_units_that_no_rule_looks_at_are_told(
    tmp_path: Path, heshu: Call, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr("heshu.run.SMALL", small)
    (tmp_path / "r.yaml").write_text("heshu: 1\nrules:\n  - {code: GRW001, title: g, kind: growth}\n", "utf-8")
    rows = "总额,2023,level,,400.0,亿元\n总额,2024,level,,420.0,亿员\n总额,2024,growth,yoy,5.0,%\n"
    (tmp_path / "f.csv").write_text(f"indicator,period,measure,comparison,value,unit\n{rows}", "utf-8")
    arguments = ("check", str(tmp_path / "f.csv"), "--lang", "en")
    out = heshu(*arguments, "--rules", str(tmp_path / "r.yaml"), "--verbose")[1]
    assert "not measured: figures whose unit is not known: 1 (亿员)" in out
    assert "总额 2024  420.0亿员  (亿员 is no known unit)" in out
    # Where a rule looks at units, it is a finding.
    out = heshu(*arguments)[1]
    assert "UNT001" in out
    assert "not measured" not in out
