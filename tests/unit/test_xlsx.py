"""Workbooks: cells as displayed, where they stand, which sheets."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from heshu import tables
from heshu.errors import InputError, InputErrors
from heshu.tables import Dialect, worksheet
from heshu.tables.sheet import Form, Sheet, Span
from heshu.tables.texts import joined, unescaped

Fill = Callable[[Any], None]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Sheet]]:
    """Let openpyxl write a workbook; read it."""

    def run(fill: Fill, sheet: str | int | None = None) -> list[Sheet]:
        book = openpyxl.Workbook()
        fill(book)
        book.save(tmp_path / "t.xlsx")
        return tables.read(tmp_path / "t.xlsx", "t.xlsx", Dialect(sheet=sheet))

    return run


def test_cells_stand_where_they_stood(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        book.active.title = "数据"
        book.active["B2"], book.active["D2"], book.active["C5"] = "指标", "　其中：", 13214.4
        book.active["C5"].number_format = "0.00"
        book.active["F5"].number_format = "0.00"
        book.active["B5"] = 5

    [sheet] = read(fill)
    assert (sheet.name, sheet.form, sheet.path) == ("数据", Form.CELLS, "t.xlsx")
    assert sheet.rows == [["", "指标", "", "　其中："], ["", "5", "13214.40"]]
    assert sheet.lines == [2, 5]
    assert sheet.bare == {(1, 1)}
    assert str(sheet.place(1, 2)) == "t.xlsx:数据!C5"


def test_many_cells_without_shown_digits_are_kept_as_columns(
    read: Callable[..., list[Sheet]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worksheet, "MANY", 3)

    def fill(book: Any) -> None:
        book.active.append(["指标", "总量", "增速"])
        book.active.append([None, 1, "5.0"])
        book.active.append([None, 2, 6])
        book.active.append(["甲", 3, 7])
        book.active.merge_cells("A1:A2")
        book.active.merge_cells("B3:B4")

    [sheet] = read(fill)
    assert sheet.bare_columns == {1}
    assert sheet.bare == {(2, 2), (3, 2)}
    assert sheet.rows == [["指标", "总量", "增速"], ["", "1", "5.0"], ["", "2", "6"], ["甲", "", "7"]]


def test_truths_errors_and_dates(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        book.active.append([True, "#DIV/0!", "#N/A", datetime.date(2020, 10, 31), "ab_x005F_x"])
        book.active["D1"].number_format = 'yyyy"年"m"月"'

    assert read(fill)[0].rows == [["TRUE", "#DIV/0!", "#N/A", "2020-10", "ab_x"]]


def test_the_calendar_of_1904(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active["A1"] = datetime.date(2020, 10, 31)

    assert read(fill)[0].rows == [["2020-10-31"]]


def test_merged_areas_are_clipped_and_hide_what_they_cover(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.append(["规模以上工业", None, None])
        sheet.append(["指标", "总量", "增速"])
        sheet["A5"] = "轻工业"
        sheet["B5"] = 1
        for area in ("A1:XFD1", "A5:A100", "C2:C2", "B7:C9"):
            sheet.merge_cells(area)

    [sheet] = read(fill)
    assert sheet.lines == [1, 2, 5]
    assert sheet.spans == (Span(0, 0, 0, 2),)


def test_indents(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        for row, level in ((1, 0), (3, 2), (4, 1)):
            book.active.cell(row, 2, "甲").alignment = Alignment(horizontal="left", indent=level)
        book.active["C1"] = 1
        book.active["C1"].alignment = Alignment(horizontal="right", indent=3)

    assert read(fill)[0].indents == {(1, 1): 2, (2, 1): 1}


def test_raised_marks_stand_in_brackets(read: Callable[..., list[Sheet]]) -> None:
    raised = InlineFont(vertAlign="superscript")

    def fill(book: Any) -> None:
        book.active["A1"] = CellRichText("工业增加值", TextBlock(raised, "1"), TextBlock(raised, ")"))
        book.active["B1"] = CellRichText(TextBlock(InlineFont(b=True), "规上"), "工业")
        book.active["C1"] = CellRichText("万m", TextBlock(raised, "2"))

    assert read(fill)[0].rows == [["工业增加值[1)]", "规上工业", "万m²"]]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([("13214.4", False), ("2", True)], "13214.4[2]"),
        ([("产值", False), ("[1]", True), ("（亿元）", False)], "产值[1]（亿元）"),
        ([("km", False), ("2", True)], "km²"),
        ([("总量 km", False), ("3", True)], "总量 km³"),
        ([("Form", False), ("2", True)], "Form[2]"),
        ([("CO", False), ("2", False)], "CO2"),
        ([("a", False), (" ", True)], "a "),
        ([], ""),
    ],
)
def test_runs_are_joined(runs: list[tuple[str, bool]], text: str) -> None:
    assert joined(runs) == text


def test_escaped_characters() -> None:
    assert unescaped("a_x000D_b_x0000_c_xD83D_d_x005F_x_x") == "a\rb\ufffdc\ufffdd_x_x"


def three(book: Any) -> None:
    book.active.title = "目录"
    for name in ("Figures", "隐藏", "空"):
        book.create_sheet(name)
    book.create_chartsheet("图")
    book["目录"]["A1"], book["Figures"]["A1"], book["隐藏"]["A1"] = "说明", "数", "秘"
    book["隐藏"].sheet_state = "hidden"
    book["Figures"].row_dimensions[1].hidden = True
    book["Figures"].column_dimensions["A"].hidden = True


@pytest.mark.parametrize(
    ("sheet", "names"),
    [
        (None, ["目录", "Figures"]),
        ("Figures", ["Figures"]),
        ("figures", ["Figures"]),
        ("隐藏", ["隐藏"]),
        (2, ["Figures"]),
        (3, ["隐藏"]),
    ],
)
def test_which_sheets_are_read(read: Callable[..., list[Sheet]], sheet: str | int | None, names: list[str]) -> None:
    assert [found.name for found in read(three, sheet)] == names


@pytest.mark.parametrize(("sheet", "near"), [("Figure", "Figures"), ("图", ""), (0, ""), (5, ""), ("", "")])
def test_a_sheet_that_is_not_there(read: Callable[..., list[Sheet]], sheet: str | int, near: str) -> None:
    with pytest.raises(InputError) as caught:
        read(three, sheet)
    assert caught.value.key == "table.no_sheet"
    assert caught.value.fields == {"sheet": sheet, "known": "目录, Figures, 隐藏, 空", "near": near}


def test_nothing_to_read(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        three(book)
        book["目录"]["A1"] = book["Figures"]["A1"] = None

    with pytest.raises(InputError) as caught:
        read(fill)
    assert caught.value.key == "table.no_cells"
    assert caught.value.fields["hidden"] == "隐藏"
    with pytest.raises(InputError) as caught:
        read(three, "空")
    assert str(caught.value.place) == "t.xlsx:空!"


def test_formulas_without_results_are_counted_for_each_sheet(read: Callable[..., list[Sheet]]) -> None:
    def fill(book: Any) -> None:
        book.active["A1"] = 1
        book.active["B3"], book.active["C3"] = "=A1*2", "=A1*3"

    def both(book: Any) -> None:
        fill(book)
        book.create_sheet("二")["A1"] = "=1"

    with pytest.raises(InputError) as caught:
        read(fill)
    assert (caught.value.key, caught.value.fields, str(caught.value.place)) == (
        "table.no_results", {"count": 2}, "t.xlsx:Sheet!B3",
    )  # fmt: skip
    with pytest.raises(InputErrors) as several:
        read(both)
    assert [str(error.place) for error in several.value.errors] == ["t.xlsx:Sheet!B3", "t.xlsx:二!A1"]


def test_what_openpyxl_reads_is_what_we_read(read: Callable[..., list[Sheet]], tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for row in range(1, 60):
            book.active.append([f"地区{row}", row, row / 7, -row * 1.25e9, None, f"{row}.0", row % 2 == 0])

    [sheet] = read(fill)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True)
    for cells, row in zip(book.active.iter_rows(values_only=True), sheet.rows, strict=True):
        for value, text in zip(cells, row, strict=True):
            if isinstance(value, bool) or not isinstance(value, int | float):
                assert text == ("" if value is None else str(value).upper() if isinstance(value, bool) else value)
            else:
                assert float(text) == pytest.approx(value, rel=1e-14)
    book.close()
