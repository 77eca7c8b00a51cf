"""Tables laid out at random: what was written is read, by the layout it was written by, and by the one proposed."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from grids import read, write_grid
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from heshu.draft.propose import propose
from heshu.figure import Figure

AREAS = ("北京", "天津", "河北", "辽宁省", "沈阳市")
UNITS = {"生产总值": "亿元", "工业增加值": "亿元", "零售额": "亿元", "常住人口": "万人", "粮食产量": "万吨"}
YEARS = {"2019年": "2019", "2020年": "2020", "2021年": "2021"}
MONTHS = {"2021年10月": "2021-10", "2021年11月": "2021-11", "2021年1—11月": "2021-01/2021-11"}
RATE = "比上年增长（%）"
LEVEL = "绝对量"
GROWTH = {"measure": "growth", "comparison": "yoy", "unit": "%"}
MARKS = ("", "", "", "①", "*", "[1]")


@dataclass
class Table:
    """A table as printed, the block that declares it, and the figures in it by row and column."""

    rows: list[list[str]]
    block: dict[str, Any]
    figures: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


@st.composite
def worlds(draw: st.DrawFn) -> Table:
    """Return a table of areas, years or indicators in rows, and what is left of them in columns."""
    down = draw(st.sampled_from(("area", "period", "indicator")))
    indicators = draw(st.lists(st.sampled_from(sorted(UNITS)), min_size=2, max_size=4, unique=True))
    said = draw(st.sampled_from((YEARS, MONTHS)))
    periods = draw(st.lists(st.sampled_from(sorted(said)), min_size=1 + (down == "period"), max_size=3, unique=True))
    areas = draw(st.lists(st.sampled_from(AREAS), min_size=2, max_size=4, unique=True))
    measures = ("level", "growth") if draw(st.booleans()) else ("level",)
    is_one_unit = len({UNITS[name] for name in indicators}) == 1
    places = ["brackets", "row" if down != "indicator" else "column", *(["title"] if is_one_unit else [])]
    unit_in = draw(st.sampled_from(places))
    across = [name for name in ("indicator", "period") if name != down and not (name == "period" and len(periods) == 1)]
    across = list(draw(st.permutations(across)))
    if unit_in == "brackets":
        # A unit stands where its indicator does, and nothing below it has another but the rate.
        across.sort(key=lambda name: name != "indicator") if draw(st.booleans()) else None
    values = {"indicator": indicators, "period": periods, "area": areas, "measure": list(measures)}
    dims = [*across, *(["measure"] if len(measures) > 1 else [])]
    if unit_in != "brackets":
        dims = list(draw(st.permutations(dims)))
    is_beside = dims[-2:] == ["indicator", "measure"] and unit_in == "brackets" and draw(st.booleans())
    columns = [dict(zip(dims, keys, strict=True)) for keys in product(*(values[name] for name in dims))]

    def heading(name: str, column: dict[str, str]) -> str:
        text = column[name]
        if name == "measure":
            return RATE if text == "growth" else LEVEL
        return f"{text}（{UNITS[text]}）" if name == "indicator" and unit_in == "brackets" else text

    head_marks = {text: draw(st.sampled_from(MARKS)) for name in dims for text in values[name]}
    head: list[list[str]] = []
    for name in dims[: -1 if is_beside else None]:
        texts = [heading(name, column) for column in columns]
        if name != "measure" and unit_in != "brackets":
            texts = [text + head_marks[column[name]] for text, column in zip(texts, columns, strict=True)]
        head.append(texts)
    if is_beside:
        head[-1] = [RATE if column["measure"] == "growth" else heading("indicator", column) for column in columns]
    if unit_in == "row" and "indicator" in dims:
        head.append(["%" if c.get("measure") == "growth" else UNITS[c["indicator"]] for c in columns])
    if not head:
        head.append([LEVEL] * len(columns))
    names = {"area": "地区", "period": "年份", "indicator": "指标"}
    stub = [names[down], *(["单位"] if unit_in == "column" else [])]
    is_merged = draw(st.booleans())
    rows: list[list[str]] = []
    width = len(stub) + len(columns)
    title = ("" if "period" in (*dims, down) else periods[0]) + "主要指标"
    rows.append([title, *["<" if is_merged else ""] * (width - 1)])
    if draw(st.booleans()):
        rows.append([""] * width)
    if unit_in == "title":
        rows.append([*[""] * (width - 1), f"单位：{UNITS[indicators[0]]}"])
    top = len(rows)
    for i, texts in enumerate(head):
        is_last = i == len(head) - 1
        same = [i for i, text in enumerate(texts) if not is_last and i and text == texts[i - 1]]
        same = [i for i in same if all(above[i] == above[i - 1] for above in head[:i])]
        is_blank = draw(st.booleans())
        cells = [("<" if is_merged else "" if is_blank else t) if c in same else t for c, t in enumerate(texts)]
        rows.append([*(stub if not i else ["^" if is_merged else ""] * len(stub)), *cells])
    table = Table(rows, {})
    missing = draw(st.sampled_from(("", "-", "…")))
    unit_of_all = UNITS[indicators[0]]
    for n, text in enumerate(values[down]):
        if n and draw(st.integers(0, 5)) == 0:
            rows.append([""] * width)
        name = f"{text}（{UNITS[text]}）" if down == "indicator" and unit_in == "brackets" else text
        name = (draw(st.sampled_from(("", "　", "其中："))) if n and down == "indicator" else "") + name
        row = [name + draw(st.sampled_from(MARKS)), *([UNITS[text]] if unit_in == "column" else [])]
        for c, column in enumerate(columns):
            keys = {"period": periods[0], "measure": "level", **column, down: text}
            number = f"{(n + 1) * 1000 + c * 7}.{c % 9 + 1}" if keys["measure"] == "level" else f"{n + 1}.{c % 9 + 1}"
            if draw(st.integers(0, 5)) == 0:
                number = missing
            row.append(number)
            if number and number != "-":
                unit = UNITS[keys["indicator"]] if keys["measure"] == "level" else "%"
                table.figures[len(rows), len(stub) + c] = (
                    keys.get("area", ""), keys["indicator"], said[keys["period"]], keys["measure"], number, unit,
                )  # fmt: skip
        rows.append(row)
    if draw(st.booleans()):
        rows.append(["注：① 初步数。", *[""] * (width - 1)])
    roles = {"indicator": "indicator", "period": "period", "measure": ""}
    declared = [roles[name] for name in dims[: -1 if is_beside else None]]
    declared += ["unit"] * (len(head) - len(declared)) if dims else [""]
    layout: dict[str, Any] = {
        "head": {str(top + 1 + i): role for i, role in enumerate(declared)},
        "stub": {names[down]: down, **({"单位": "unit"} if unit_in == "column" else {})},
    }
    layout["headings"] = {RATE: GROWTH} if len(measures) > 1 else {}
    if not is_beside and len(measures) > 1:
        layout["headings"][LEVEL] = {}
    if not dims:
        layout["headings"][LEVEL] = {}
    layout |= {"unit": unit_of_all} if unit_in == "title" else {}
    layout |= {} if "period" in (*dims, down) else {"period": periods[0]}
    table.block = {"layout": layout, "missing": ["-"]}
    assume(len(table.figures) > 1)
    return table


def written(folder: Path, table: Table, is_text: bool) -> Path:
    """Write the table as text, where merged areas are lost, or as a worksheet."""
    path = folder / ("table.csv" if is_text else "table.xlsx")
    if is_text:
        lines = [",".join("" if cell in ("<", "^") else cell for cell in row) for row in table.rows]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    else:
        write_grid(path, "\n".join(f"|{'|'.join(row)}|" for row in table.rows))
    return path


def by_place(figures: list[Figure], is_text: bool) -> list[tuple[Any, ...]]:
    """Return what is known of each figure, and where it stands; a line of text does not say the column."""
    found = []
    for f in figures:
        cell = re.search(r"!([A-Z]+)(\d+)", f.place.cell)
        place = (f.place.line,) if is_text or not cell else (int(cell[2]), ord(cell[1]) - ord("A") + 1)
        found.append((*place, f.area, f.indicator, f.period, f.measure, f.value, f.unit))
    return sorted(found)


def expected(table: Table, is_text: bool) -> list[tuple[Any, ...]]:
    return sorted(
        ((row + 1,) if is_text else (row + 1, column + 1)) + figure for (row, column), figure in table.figures.items()
    )


@given(worlds(), st.booleans())
@settings(max_examples=60)
def test_what_was_written_is_read(table: Table, is_text: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = written(Path(name), table, is_text)
        manifest = {"name": "t", "resources": [{"name": "t", "path": path.name}], "heshu": table.block}
        (path.parent / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
        figures, errors = read(path.parent)
    for row in table.rows:
        note(" | ".join(row))
    note(json.dumps(table.block, ensure_ascii=False))
    assert [(error.place, error.key, error.fields) for error in errors] == []
    assert by_place(figures, is_text) == expected(table, is_text)


@given(worlds(), st.booleans())
@settings(max_examples=60)
def test_what_is_proposed_reads_what_was_written(table: Table, is_text: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        draft = propose(written(Path(name), table, is_text))
    for row in table.rows:
        note(" | ".join(row))
    note(json.dumps(draft.manifest, ensure_ascii=False))
    assert [(error.place, error.key, error.fields) for error in draft.errors] == []
    assert by_place(draft.figures, is_text) == expected(table, is_text)
