"""Make this dataset from ``retail-sales``: each release as the workbook that an analyst would have.

``python datasets/retail-wide/make.py`` writes ``nbs-retail-*.xlsx`` and ``datapackage.json`` anew; a test keeps them
fresh. Numbers are stored as floats, as spreadsheets do; their number formats show the digits that were printed.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

HERE = Path(__file__).parent
SOURCE = HERE.parent / "retail-sales"

#: The stub: group rows, rows with their indentation, and how they begin.
STUB: tuple[tuple[int, str, str], ...] = (
    (0, "", "社会消费品零售总额"),
    (1, "其中：", "除汽车以外的消费品零售额"),
    (1, "其中：", "限额以上单位消费品零售额"),
    (0, "按经营地分", ""),
    (1, "", "城镇消费品零售额"),
    (1, "", "乡村消费品零售额"),
    (0, "按消费类型分", ""),
    (1, "", "餐饮收入"),
    (2, "其中：", "限额以上单位餐饮收入"),
    (1, "", "商品零售"),
    (2, "其中：", "限额以上单位商品零售"),
    (0, "", "全国网上零售额"),
    (1, "其中：", "实物商品网上零售额"),
    (2, "其中：", "吃类实物商品网上零售额"),
    (2, "", "穿类实物商品网上零售额"),
    (2, "", "用类实物商品网上零售额"),
)

#: Heading of a column, and which figures stand in it: measure, comparison, price.
COLUMNS: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("绝对量（亿元）", ("level", "", "")),
    ("同比增长（%）", ("growth", "yoy", "")),
    ("扣除价格因素实际增长（%）", ("growth", "yoy", "constant")),
    ("两年平均增长（%）", ("average", "average:2019/2021", "")),
    ("占社会消费品零售总额比重（%）", ("share", "", "")),
)

LAYOUT = {
    "head": {"3": "period", "4": ""},
    "stub": {"指标": "indicator"},
    "headings": {
        "绝对量（亿元）": {"measure": "level"},
        "同比增长（%）": {"measure": "growth", "comparison": "yoy"},
        "扣除价格因素实际增长（%）": {"measure": "growth", "comparison": "yoy", "price": "constant"},
        "两年平均增长（%）": {"measure": "average", "comparison": "average:2019/2021"},
        "占社会消费品零售总额比重（%）": {"measure": "share", "of": "社会消费品零售总额"},
    },
}

Row = dict[str, str]


def releases() -> dict[str, list[Row]]:
    """Return the figures of ``retail-sales`` by release; a second printing of a figure has no cell of its own."""
    found: dict[str, list[Row]] = {}
    with (SOURCE / "figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["occurrence"] != "2":
                found.setdefault(row["release"], []).append(row)
    return found


def shown(period: str) -> str:
    """Return a period as tables print it: 2021-12 is 2021年12月, a whole year 2021年1—12月."""
    if "/" in period:
        (year, first), (_, last) = (part.split("-") for part in period.split("/"))
        return f"{year}年{int(first)}—{int(last)}月"
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年1—12月"


def write(path: Path, title: str, rows: Iterable[Row]) -> None:
    """Write one release."""
    cells = {(r["indicator"], r["period"], (r["measure"], r["comparison"], r["price"])): r["value"] for r in rows}
    periods = sorted({period for _, period, _ in cells}, key=lambda period: ("-" not in period, "/" in period, period))
    heads = [(p, name, kind) for p in periods for name, kind in COLUMNS if any(k[1:] == (p, kind) for k in cells)]
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("主要数据")
    last = get_column_letter(1 + len(heads))
    sheet["A1"] = title
    sheet.merge_cells(f"A1:{last}1")
    sheet["A3"] = "指标"
    sheet.merge_cells("A3:A4")
    for i, (period, name, _) in enumerate(heads):
        column = get_column_letter(2 + i)
        if i == 0 or heads[i - 1][0] != period:
            sheet[f"{column}3"] = shown(period)
            end = get_column_letter(1 + i + sum(head[0] == period for head in heads))
            sheet.merge_cells(f"{column}3:{end}3")
        sheet[f"{column}4"] = name
    number = 4
    written = set()
    names = {name for name, _, _ in cells}
    for indent, before, name in STUB:
        if name and name not in names:
            continue
        number += 1
        sheet.cell(number, 1, before + name).alignment = Alignment(indent=indent)
        for i, (period, _, kind) in enumerate(heads):
            if value := cells.get((name, period, kind)):
                cell = sheet.cell(number, 2 + i, float(value))
                decimals = len(value.partition(".")[2])
                cell.number_format = "0." + "0" * decimals if decimals else "0"
                written.add((name, period, kind))
    sheet.cell(number + 1, 1, "注：增速为名义增速，另有注明的除外。")
    if left := set(cells) - written:
        raise SystemExit(f"no cell for {left}: add its row to STUB or its column to COLUMNS")
    sheet.column_dimensions["A"].width = 40
    book.save(path)


def main(target: Path = HERE) -> None:
    """Write the workbooks and the manifest."""
    manifest = json.loads((SOURCE / "datapackage.json").read_text("utf-8"))
    block = manifest["heshu"]
    titles = {release["id"]: release["title"] for release in block["releases"]}
    found = releases()
    for release, rows in found.items():
        write(target / f"{release}.xlsx", titles[release], rows)
    first = next(iter(found))
    made = {
        "name": "retail-wide",
        "title": manifest["title"],
        "sources": manifest["sources"],
        "resources": [{"name": first, "path": f"{first}.xlsx"}],
        "heshu": {"files": "{release}.xlsx"} | block | {"layout": LAYOUT},
    }
    (target / "datapackage.json").write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
