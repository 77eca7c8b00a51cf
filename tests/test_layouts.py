"""Layouts as case files: a table and the ``heshu`` block in, figures or errors out, readable by an analyst.

``layouts/*.md`` holds sections ``## title``, each with tables, a ``json`` block (the manifest's ``heshu`` block) and
a ``text`` block (what must come out). A table is a ``csv`` block, or a ``grid`` block that becomes a worksheet: cells
between ``|``, ``<`` merged with the cell at its left, ``^`` with the one above. A block may name its file; the first
is the resource. ``HESHU_UPDATE_CASES=1`` writes the ``text`` blocks anew, to be reviewed as a diff.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from heshu import wording
from heshu.dataset.read import load, open_dataset
from heshu.errors import InputError, InputErrors
from heshu.figure import Figure
from heshu.registry import Registry

FOLDER = Path(__file__).parent / "layouts"
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
    for file in sorted(FOLDER.glob("*.md")):
        for section in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            blocks = BLOCK.findall(section)
            tables = tuple(block for block in blocks if block[0] in ("csv", "grid"))
            only = {kind: text for kind, _, text in blocks}
            title = section.splitlines()[0].strip()
            found.append(Case(file, title, tables, only.get("json", "{}"), only.get("text", "")))
    return found


def write_grid(path: Path, text: str, sheet: str = "Sheet1") -> None:
    """Write a worksheet; numbers are numbers, shown with the digits they have here."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    rows = [[cell.strip(" ") for cell in line.strip()[1:-1].split("|")] for line in text.splitlines() if line.strip()]
    width = max(map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("", "<", "^"):
                continue
            at = page.cell(r + 1, c + 1)
            if re.fullmatch(r"-?[\d,]+(\.\d+)?", cell):
                decimals = len(cell.partition(".")[2])
                at.value = float(cell.replace(",", ""))
                at.number_format = ("#,##0" if "," in cell else "0") + ("." + "0" * decimals if decimals else "")
            else:
                at.value = cell.replace(r"\n", "\n")
            right = next((i for i in range(c + 1, len(row)) if row[i] != "<"), len(row)) - 1
            bottom = next((i for i in range(r + 1, len(rows)) if rows[i][c] != "^"), len(rows)) - 1
            if (right, bottom) != (c, r):
                page.merge_cells(start_row=r + 1, start_column=c + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)


def shown(figure: Figure) -> str:
    """Return a figure in one line: place, area, indicator, dimensions, period, measure, comparison, number, note."""
    place = figure.place.cell or f"{figure.place.line} [{figure.cell}]"
    words = (
        figure.area, figure.indicator, *figure.dimensions, figure.period, figure.measure, figure.comparison,
        *(() if figure.status == "actual" else (figure.status,)),
        figure.printed + (f" ({figure.decimals} digits)" if figure.decimals is not None else ""), figure.note,
    )  # fmt: skip
    return f"{place}  {' · '.join(word for word in words if word)}"


def read(path: Path) -> tuple[list[Figure], list[InputError]]:
    """Return the figures of a dataset, and what could not be read."""
    try:
        dataset = open_dataset(path)
    except InputErrors as errors:
        return [], errors.errors
    block, registry = dataset.block, Registry()
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    return dataset.figures, dataset.errors


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
