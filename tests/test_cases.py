"""Case files: data in, lines out, readable by an analyst.

``kinds/<kind>.md`` holds sections ``## title``, each with a ``csv`` block (figures in long form), an optional
``json`` block (the manifest's ``heshu`` block), an optional ``source`` block (the text that the figures were read
from) and a ``text`` block (what must come out, on every engine, whether figures are read one by one or the table at
once). The rules stand in a ``yaml`` block at the head of the file, or of the section. ``HESHU_UPDATE_CASES=1`` writes
the ``text`` blocks anew, to be reviewed as a diff.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import heshu
from heshu import run as running
from heshu import wording
from heshu.finding import Mention
from heshu.report import Report

FOLDER = Path(__file__).parent / "kinds"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Case:
    file: Path
    title: str
    rules: str
    manifest: str
    csv: str
    expected: str
    source: str


def cases() -> list[Case]:
    found = []
    for file in sorted(FOLDER.glob("*.md")):
        head, *sections = re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)
        default = dict(BLOCK.findall(head)).get("yaml", "")
        for section in sections:
            blocks = dict(BLOCK.findall(section))
            title = section.splitlines()[0].strip()
            rules = blocks.get("yaml", default)
            manifest, expected, source = (blocks.get(name, "") for name in ("json", "text", "source"))
            found.append(Case(file, title, rules, manifest or "{}", blocks["csv"], expected, source))
    return found


def lines(report: Report) -> str:
    """Return findings and counts, one line each."""
    out = [f"error {error.place.line}: {wording.error(error, 'en')}" for error in report.all_errors]
    for dataset in report.datasets:
        for finding in dataset.findings:
            where = ",".join(line(figure) for figure in finding.figures)
            message = " / ".join(wording.body(finding, "en"))
            out.append(f"{finding.code} {finding.verdict} {finding.severity} at {where}: {message}")
        for item in dataset.unjudged:
            implied = f", {item.missing} implied {item.implied}" if item.implied else ""
            out.append(f"{item.code} not judged ({item.reason}{implied}): {'; '.join(name(f) for f in item.figures)}")
        for rule in dataset.rules:
            out.append(f"{rule.code} {rule.exact} exact, {rule.rounded} by rounding, of {rule.matched}{rule.broken}")
    return "\n".join(out) + "\n"


def line(figure: Mention) -> str:
    place = figure.place
    return str(place.line) if place.path.endswith("figures.csv") else f"{Path(place.path).name}:{place.line}"


def name(figure: Mention) -> str:
    return f"{wording.name(figure, 'en')} {figure.printed}"


def run(case: Case, engine: str) -> str:
    data = Path("case")
    data.mkdir()
    (data / "figures.csv").write_text(case.csv, "utf-8")
    (data / "rules.yaml").write_text("heshu: 1\n" + case.rules, "utf-8")
    block = {"rulebooks": ["rules.yaml"], **json.loads(case.manifest)}
    if case.source:
        (data / "text.txt").write_text(case.source, "utf-8")
        block = {"texts": [{"path": "text.txt"}], **block}
    manifest = {"name": "case", "resources": [{"name": "figures", "path": "figures.csv"}], "heshu": block}
    (data / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    return lines(heshu.check(data, engine=engine))


@pytest.mark.parametrize(("engine", "small"), [("duckdb", -1), ("polars", running.SMALL)], ids=["duckdb", "polars"])
@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file.stem}: {case.title}")
def test_case(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, small: int) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "SMALL", small)
    found = run(case, engine)
    if os.environ.get("HESHU_UPDATE_CASES"):
        _update(case, found)
        return
    assert found == case.expected


def _update(case: Case, found: str) -> None:
    text = case.file.read_text("utf-8")
    start = text.index(f"## {case.title}\n")
    end = text.find("\n## ", start)
    section = text[start:] if end < 0 else text[start:end]
    if "```text\n" in section:
        new = re.sub(r"```text\n.*?```", lambda _: f"```text\n{found}```", section, flags=re.DOTALL)
    else:
        new = section.rstrip() + f"\n\n```text\n{found}```\n"
    case.file.write_text(text.replace(section, new), "utf-8")
