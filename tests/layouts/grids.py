"""Tables as grids of text: written as worksheets, read back as lines."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment

from heshu.dataset.read import load, open_dataset
from heshu.errors import InputError, InputErrors
from heshu.figure import Figure
from heshu.registry import Registry


def write_grid(path: Path, text: str, sheet: str = "Sheet1") -> None:
    """Write a worksheet: cells between ``|``, ``<`` merged with the cell at its left, ``^`` with the one above.

    Numbers are numbers, shown with the digits they have here; each ``>`` before a text indents its cell.
    """
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    rows = [[cell.strip(" ") for cell in line.strip()[1:-1].split("|")] for line in text.splitlines() if line.strip()]
    width = max(map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    for r, row in enumerate(rows):
        for c, printed in enumerate(row):
            cell = printed
            if cell in ("", "<", "^"):
                continue
            at = page.cell(r + 1, c + 1)
            indent = len(cell) - len(cell.lstrip(">"))
            if indent:
                at.alignment = Alignment(indent=indent)
                cell = cell[indent:]
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
