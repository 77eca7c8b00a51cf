"""Figures read from a text that was written with them are what it says; a text that says otherwise shows it."""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from pathlib import Path

import pytest
from bulletin import COLUMNS, Said, bulletin, changed, text
from hypothesis import given, settings
from hypothesis import strategies as st

import heshu
from heshu import run
from heshu.finding import Finding, Verdict

SEEDS = st.integers(0, 2**32)
RULES = "heshu: 1\nrules:\n  - {code: EVD001, title: evidence, kind: evidence}\n"


def check(words: str, rows: list[dict[str, str]], encoding: str = "utf-8") -> list[Finding]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "text.txt").write_bytes(words.encode(encoding))
        table = io.StringIO()
        writer = csv.DictWriter(table, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        (folder / "figures.csv").write_text(table.getvalue(), "utf-8")
        (folder / "rules.yaml").write_text(RULES, "utf-8")
        block = {"rulebooks": ["rules.yaml"], "texts": [{"path": "text.txt", "encoding": encoding}]}
        manifest = {"name": "case", "resources": [{"name": "figures", "path": "figures.csv"}], "heshu": block}
        (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
        report = heshu.check(folder, engine="polars")
    assert report.all_errors == []
    [rule] = report.datasets[0].rules
    assert (rule.matched, rule.not_evaluable, rule.broken) == (len(rows), 0, "")
    return report.findings


def rows(sentences: list[Said], rng: random.Random, spans: bool) -> list[dict[str, str]]:
    found, at = [], 0
    for one in sentences:
        words = rng.choice((one.number, one.printed, one.before + one.printed, one.sentence))
        start = at + one.sentence.rindex(words)
        found.append(one.row(words, f"{start}:{start + len(words)}" if spans else ""))
        at += len(one.sentence) + 1
    return found


@settings(max_examples=25)
@given(SEEDS, st.sampled_from(("utf-8", "gb18030")))
def test_figures_of_a_text_are_what_it_says(seed: int, encoding: str) -> None:
    rng = random.Random(seed)
    sentences = bulletin(rng, 12)
    assert check(text(sentences), rows(sentences, rng, spans=True), encoding) == []


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_large_datasets_say_the_same(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources and quotes are each row's own where rows are measured on the engine."""
    (tmp_path / "a.txt").write_text("甲产量增长3.2%。乙产量下降3.2%。", "utf-8")
    (tmp_path / "b.txt").write_text("甲产量3.2万吨。", "utf-8")
    (tmp_path / "rules.yaml").write_text(f"{RULES}  - {{code: EDT000, title: editorial, kind: editorial}}\n", "utf-8")
    (tmp_path / "figures.csv").write_text(
        "indicator,period,measure,comparison,value,unit,hedge,quote,source\n"
        "甲,2020,growth,yoy,3.2,%,,增长3.2%,\n乙,2020,growth,yoy,3.2,%,,下降3.2%,\n"
        "甲,2020,level,,3.2,亿吨,,3.2万吨,乙报\n甲,2021,level,,3.2,万吨,,约3.2万吨左右,丙报\n甲,2022,level,,3,万吨,约…左右,,\n",
        "utf-8",
    )
    texts = [{"path": "a.txt", "source": "甲报"}, {"path": "b.txt", "source": "乙报"}]
    block = {"rulebooks": ["rules.yaml"], "texts": texts, "defaults": {"source": "甲报"}}
    manifest = {"resources": [{"path": "figures.csv"}], "heshu": block}
    (tmp_path / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    outcomes = []
    for size in (50_000, 0):
        monkeypatch.setattr(run, "SMALL", size)
        report = heshu.check(tmp_path, engine=engine)
        assert report.all_errors == []
        found = [(finding.reason, finding.place.line, dict(finding.values)) for finding in report.findings]
        outcomes.append((found, [(rule.matched, rule.exact, rule.reasons) for rule in report.datasets[0].rules]))
    assert outcomes[0] == outcomes[1]
    assert {(reason, line) for reason, line, _ in outcomes[0][0]} == {
        ("evidence.sign", 3), ("evidence.unit", 4), ("editorial.hedges", 5), ("editorial.hedges", 6),
    }  # fmt: skip


@settings(max_examples=25)
@given(SEEDS)
def test_they_do_not_fail_without_spans(seed: int) -> None:
    rng = random.Random(seed)
    sentences = bulletin(rng, 12)
    findings = check(text(sentences), rows(sentences, rng, spans=False))
    assert [finding.reason for finding in findings if finding.verdict is Verdict.FAIL] == []


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 40))
def test_they_are_found_again_where_the_text_has_moved(seed: int, by: int) -> None:
    rng = random.Random(seed)
    sentences = bulletin(rng, 6)
    quoted = [
        one.row(one.sentence, row["span"]) for one, row in zip(sentences, rows(sentences, rng, True), strict=True)
    ]
    findings = check("序" * by + "。" + text(sentences), quoted)
    assert {finding.reason for finding in findings} == {"evidence.moved"}
    assert len(findings) == len(sentences)


@pytest.mark.parametrize("what", ["value", "precision", "unit", "hedge", "sign"])
@settings(max_examples=25)
@given(SEEDS)
def test_a_text_that_says_otherwise_shows_it(what: str, seed: int) -> None:
    """The words of the changed text are quoted in whole."""
    rng = random.Random(seed)
    sentences = bulletin(rng, 8)
    others = [changed(one, what, rng) for one in sentences]
    after = [other or one for one, other in zip(sentences, others, strict=True)]
    quoted = [one.row(other.sentence, "") for one, other in zip(sentences, after, strict=True)]
    findings = check(text(after), quoted)
    lines = {i + 2 for i, other in enumerate(others) if other is not None}
    assert {finding.place.line for finding in findings} == lines


@settings(max_examples=25)
@given(SEEDS, st.sampled_from(("value", "precision", "unit", "hedge", "sign")))
def test_a_quote_of_a_text_that_was_changed_is_nowhere(seed: int, what: str) -> None:
    rng = random.Random(seed)
    sentences = bulletin(rng, 8)
    others = [changed(one, what, rng) for one in sentences]
    after = [other or one for one, other in zip(sentences, others, strict=True)]
    findings = check(text(after), [one.row(one.sentence, "") for one in sentences])
    # Where a word was added behind it, a quote still stands.
    still = [i for i, (one, other) in enumerate(zip(sentences, after, strict=True)) if one.sentence in other.sentence]
    assert {finding.place.line - 2 for finding in findings if finding.reason == "evidence.nowhere"} == {
        i for i in range(len(sentences)) if i not in still
    }
    assert {finding.place.line - 2 for finding in findings} == {
        i for i, other in enumerate(others) if other is not None
    }
