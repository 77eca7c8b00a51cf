"""The same figures give the same intervals and findings, whatever file they come in."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import heshu
from heshu import tables
from heshu.dataset.read import load, open_dataset
from heshu.figure import Figure
from heshu.registry import Registry
from heshu.wording import body

pytestmark = pytest.mark.checkout

DATASETS = Path(__file__).parent.parent / "datasets"
Rows = list[list[str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def text(rows: Rows, delimiter: str = ",") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def workbook(rows: Rows) -> bytes:
    """Numbers as floats, shown by their formats; the rest as text."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("数据")
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            is_number = rows[0][j - 1] == "value" and i > 1 and value.lstrip("-").replace(".", "", 1).isdigit()
            cell = sheet.cell(i, j, float(value) if is_number else value)
            if is_number:
                decimals = len(value.partition(".")[2])
                cell.number_format = "0." + "0" * decimals if decimals else "0"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def page(rows: Rows) -> bytes:
    cells = ["".join(f"<td>{html.escape(value)}</td>" for value in row) for row in rows]
    table = "".join(f"<tr>{row}</tr>\n" for row in cells)
    head = '<html><head><meta charset="gb2312"></head><body><p>统计数据</p>\n'
    return f"{head}<table>{table}</table></body></html>".encode("gb18030")


def arrow(rows: Rows) -> pa.Table:
    return pa.table({name: [row[i] or None for row in rows[1:]] for i, name in enumerate(rows[0])})


def parquet(rows: Rows) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(arrow(rows), buffer)
    return buffer.getvalue()


def feather(rows: Rows) -> bytes:
    buffer = io.BytesIO()
    with pa.ipc.new_file(buffer, arrow(rows).schema) as writer:
        writer.write_table(arrow(rows))
    return buffer.getvalue()


def lines(rows: Rows) -> bytes:
    return "".join(json.dumps(dict(zip(rows[0], row, strict=True))) + "\n" for row in rows[1:]).encode()


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "figures.csv": lambda rows: text(rows).encode("gb18030"),
    "figures-16.csv": lambda rows: text(rows, "\t").encode("utf-16"),
    "figures.tsv": lambda rows: text(rows, "\t").encode("utf-8-sig"),
    "figures.csv.gz": lambda rows: gzip.compress(text(rows, ";").encode()),
    "figures.xlsx": workbook,
    "figures.html": page,
    "figures.parquet": parquet,
    "figures.arrow": feather,
    "figures.jsonl": lines,
}


def seen(folder: Path) -> tuple[list[Any], list[Any]]:
    """Return figures with what they say, and findings in words, without the places they stand at."""
    report = heshu.check(folder)
    assert report.all_errors == []
    assert report.findings
    findings = [
        (f.code, f.verdict, f.severity, f.fingerprint, f.values_hash, tuple(body(f, "zh")), f.assumptions)
        for f in report.findings
    ]
    return [(f.key, f.printed, f.occurrence, f.measured()) for f in figures(folder)], findings


def figures(folder: Path) -> list[Figure]:
    dataset = open_dataset(folder)
    registry, block = Registry(), dataset.block
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    return dataset.figures


def as_file(folder: Path, target: Path, name: str, content: bytes) -> Path:
    """Copy a dataset with its figures in another file."""
    shutil.copytree(folder, target)
    manifest = json.loads((target / "datapackage.json").read_text("utf-8"))
    manifest["resources"] = [{"name": "figures", "path": name}]
    (target / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    (target / "figures.csv").unlink()
    (target / name).write_bytes(content)
    return target


@pytest.mark.parametrize("name", ["national-accounts", "industrial-profits"])
def test_long_form(name: str, tmp_path: Path) -> None:
    """With two digits swapped in a total, so that there is something to find."""
    rows = read(DATASETS / name / "figures.csv")
    value = rows[0].index("value")
    slip = {"1015986": "1051986", "87092.1": "78092.1"}
    for row in rows:
        row[value] = slip.get(row[value], row[value])
    expected = None
    for file, write in FORMATS.items():
        found = seen(as_file(DATASETS / name, tmp_path / file, file, write(rows)))
        expected = expected or found
        assert found == expected, file


def test_a_wide_table(tmp_path: Path) -> None:
    """Periods in rows, indicators in columns; numbers as decimals of the digits shown, and as floats."""
    name = "national-gdp"
    rows = read(DATASETS / name / "figures.csv")
    expected = seen(DATASETS / name)
    for file, write in FORMATS.items():
        assert seen(as_file(DATASETS / name, tmp_path / file, file, write(rows))) == expected, file
    columns = {
        h: [Decimal(row[i]) for row in rows[1:]] if i else [row[0] for row in rows[1:]] for i, h in enumerate(rows[0])
    }
    pq.write_table(pa.table(columns), tmp_path / "decimals.parquet")
    content = (tmp_path / "decimals.parquet").read_bytes()
    # A column of decimals has one scale: 0.365 stands there as 0.3650.
    found = seen(as_file(DATASETS / name, tmp_path / "decimals", "a.parquet", content))[1]
    assert [finding[:4] for finding in found] == [finding[:4] for finding in expected[1]]


def test_a_statistical_table(tmp_path: Path) -> None:
    """Merged headings, indentation and notes: workbook, page and text; a slip is found in each at its own place."""
    source = tmp_path / "source"
    shutil.copytree(DATASETS / "retail-wide", source)
    for path in source.glob("*.xlsx"):
        if "2021" not in path.name:
            path.unlink()
    path = source / "nbs-retail-2021.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B5"] = 42169
    book.save(path)
    manifest = json.loads((source / "datapackage.json").read_text("utf-8"))
    [sheet] = tables.read(path, path.name)
    folders = {}
    for suffix, content in ((".xlsx", path.read_bytes()), (".html", spanned(sheet)), (".csv", flat(sheet))):
        folder = folders[suffix] = tmp_path / suffix[1:]
        folder.mkdir()
        (folder / f"nbs-retail-2021{suffix}").write_bytes(content)
        manifest["heshu"]["files"] = f"{{release}}{suffix}"
        manifest["resources"] = [{"name": "a", "path": f"nbs-retail-2021{suffix}"}]
        (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    results = {suffix: seen(folder) for suffix, folder in folders.items()}
    for suffix in (".html", ".csv"):
        for one, other in zip(results[".xlsx"], results[suffix], strict=True):
            assert one == other, suffix
    places = [str(figures(folder)[0].place).removeprefix(str(folder)) for folder in folders.values()]
    assert places == ["/nbs-retail-2021.xlsx:主要数据!B5", "/nbs-retail-2021.html:6:23", "/nbs-retail-2021.csv:5"]


def spanned(sheet: tables.Sheet) -> bytes:
    """A page with the sheet's merged areas and its indentation."""
    spans = {(span.top, span.left): span for span in sheet.spans}
    hidden = {(r, c) for s in sheet.spans for r in range(s.top, s.bottom + 1) for c in range(s.left, s.right + 1)}
    out = []
    number = 0
    for row, cells in enumerate(sheet.rows):
        number += 1
        while sheet.lines[row] > number:
            out.append("<tr></tr>\n")
            number += 1
        out.append("<tr>")
        for column in range(sheet.width):
            span = spans.get((row, column))
            if span is None and (row, column) in hidden:
                continue
            area = f' rowspan="{span.bottom - span.top + 1}" colspan="{span.right - span.left + 1}"' if span else ""
            value = "&emsp;" * sheet.indents.get((row, column), 0) + html.escape(sheet.text(row, column))
            out.append(f"<td{area}>{value}</td>")
        out.append("</tr>\n")
        del cells
    return f"<table>\n{''.join(out)}</table>".encode()


def flat(sheet: tables.Sheet) -> bytes:
    """Text in GB 18030: merged areas keep their text in the first cell, indentation becomes blanks."""
    rows: Rows = []
    for row, cells in enumerate(sheet.rows):
        while sheet.lines[row] > len(rows) + 1:
            rows.append([""] * sheet.width)
        indent = "　" * sheet.indents.get((row, 0), 0)
        rows.append([indent + cells[0], *cells[1:], *[""] * (sheet.width - len(cells))])
    return text(rows).encode("gb18030")
