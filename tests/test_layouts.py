"""Layouts as case files: a table and the ``heshu`` block in, figures or errors out, readable by an analyst.

``layouts/*.md`` holds sections ``## title``, each with tables, a ``json`` block (the manifest's ``heshu`` block) and
a ``text`` block (what must come out). A table is a ``csv`` block, or a ``grid`` block that becomes a worksheet
(``layouts/grids.py``). A block may name its file; the first is the resource. ``HESHU_UPDATE_CASES=1`` writes the
``text`` blocks anew, to be reviewed as a diff. The examples of ``docs/layouts.md`` are cases too.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from grids import read, shown, write_grid

from heshu import wording
from heshu.dataset.layout.model import SPANS, Heading, Layout

FOLDER = Path(__file__).parent / "layouts"
DOCS = Path(__file__).parent.parent / "docs" / "layouts.md"
BLOCK = re.compile(r"```(\w+)(?: (\S+))?\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Case:
    file: Path
    title: str
    tables: tuple[tuple[str, str, str], ...]
    block: str
    expected: str


def cases() -> list[Case]:
    found = []
    for file in (*sorted(FOLDER.glob("*.md")), *([DOCS] if DOCS.exists() else [])):
        for section in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            blocks = BLOCK.findall(section)
            if "```" not in section:
                continue
            tables = tuple(block for block in blocks if block[0] in ("csv", "grid"))
            only = {kind: text for kind, _, text in blocks}
            title = section.splitlines()[0].strip()
            found.append(Case(file, title, tables, only.get("json", "{}"), only.get("text", "")))
    return found


def run(case: Case) -> str:
    data = Path("case")
    data.mkdir()
    names = []
    for number, (kind, name, text) in enumerate(case.tables):
        names.append(name or f"table{number or ''}.{'csv' if kind == 'csv' else 'xlsx'}")
        path = data / names[-1]
        if kind == "csv":
            path.write_text(text, "utf-8")
        else:
            write_grid(path, text)
    manifest = {
        "name": "case",
        "resources": [{"name": "table", "path": names[0]}],
        "heshu": json.loads(case.block),
    }
    (data / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
    figures, errors = read(data)
    several = len(names) > 1
    lines = [f"{Path(f.place.path).name}: {shown(f)}" if several else shown(f) for f in figures]
    for error in errors:
        path = Path(error.place.path).name
        where = error.place.cell or (f"{path}:{error.place.line}" if error.place.line else path)
        lines.append(f"error {where}: {wording.error(error, 'en')}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file.stem}: {case.title}")
def test_case(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run(case)
    if os.environ.get("HESHU_UPDATE_CASES"):
        _update(case, found)
        return
    assert found == case.expected


@pytest.mark.checkout
@pytest.mark.parametrize("name", [*Layout.model_fields, *Heading.model_fields, *SPANS])
def test_the_page_for_analysts_names_all_that_a_layout_can_say(name: str) -> None:
    assert f"`{name}`" in DOCS.read_text("utf-8")


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
