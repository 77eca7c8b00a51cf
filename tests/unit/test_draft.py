"""What ``heshu init`` does not do: take titles or notes for data, lose a column, claim what numbers contradict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from grids import write_grid

from heshu.draft import vocabulary, write
from heshu.draft.propose import Draft, propose
from heshu.errors import InputError
from heshu.messages import Lang, say


@pytest.fixture
def draft(tmp_path: Path) -> Any:
    """Return the draft for a table of text, or for the sheets of a workbook."""

    def make(text: str, name: str = "table.csv") -> Draft:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return propose(path)

    return make


def doubts(draft: Draft) -> list[str]:
    return [key for key, _ in draft.doubts]


@pytest.mark.parametrize(
    "text",
    [
        "本表暂缺\n",
        "地区,2020年\n北京,暂缺\n天津,暂缺\n",
        "1,2\n3,4\n",
        "标题\n注：1.本表为初步数。\n",
        "注：2020年为100,\n注：2021年为101,\n",
    ],
)
def test_text_and_no_table_of_numbers(draft: Any, text: str) -> None:
    with pytest.raises(InputError) as error:
        draft(text)
    assert error.value.key == "draft.no_table"


def test_an_empty_file(draft: Any) -> None:
    with pytest.raises(InputError) as error:
        draft("\n")
    assert error.value.key == "table.empty"


def test_titles_and_notes_are_no_figures(draft: Any) -> None:
    found = draft(
        "2020年1—10月工业利润,,\n共31个省,,\n单位：亿元,,\n地区,2019年,2020年\n北京,1.5,2.5\n天津,3.5,4.5\n"
        "注：1.2020年为初步数。,,\n2.比上年增长5.0%。,,\n3,,\n"
    )
    assert [figure.value for figure in found.figures] == ["1.5", "2.5", "3.5", "4.5"]
    assert found.errors == []
    assert found.manifest["title"] == "2020年1—10月工业利润"


def test_numbers_below_the_notes_are_told(draft: Any) -> None:
    found = draft("地区,2019年,2020年\n北京,1.5,2.5\n注：上表,,\n地区,2019年,2020年\n天津,3.5,4.5\n")
    assert [error.key for error in found.errors] == ["layout.below_notes"]


@pytest.mark.parametrize("heading", ["", "两年平均", "备注栏", "合计", "#"])
def test_no_column_is_lost(draft: Any, heading: str) -> None:
    found = draft(f"地区,2019年,{heading}\n北京,1.5,2.5\n天津,3.5,4.5\n")
    read = {figure.value for figure in found.figures}
    assert {"2.5", "4.5"} <= read or found.errors or found.manifest["heshu"]["layout"].get("ignore")


@pytest.mark.parametrize(
    ("numbers", "parts"),
    [
        (("100.0", "60.0", "40.0"), ["parts"]),
        (("100.0", "60.1", "40.0"), ["parts"]),  # rounding
        (("100.0", "60.0", "30.0"), ["of_which"]),
        (("100.0", "60.0", "50.0"), ["of_which", "of_which"]),  # they overlap
        (("100.0", "160.0", "50.0"), ["of_which"]),
        (("100.0", "160.0", "150.0"), []),
    ],
)
def test_parts_are_claimed_as_far_as_the_numbers_go(
    draft: Any, numbers: tuple[str, str, str], parts: list[str]
) -> None:
    total, one, other = numbers
    found = draft(f"指标,2020年\n就业人员（万人）,{total}\n　城镇（万人）,{one}\n　乡村（万人）,{other}\n")
    classes = found.manifest["heshu"].get("classifications", [])
    assert [key for item in classes for key in ("parts", "of_which") if key in item] == parts


def test_parts_in_other_units_are_no_parts(draft: Any) -> None:
    found = draft("指标,单位,2020年\n企业,个,100\n　资产,亿元,60\n　人员,万人,40\n")
    assert "classifications" not in found.manifest["heshu"]


def test_a_year_of_the_title_is_not_put_on_columns_that_have_their_own(draft: Any) -> None:
    found = draft("2021年主要指标,,\n指标,2019年,2020年\n就业（万人）,1.5,2.5\n利润（亿元）,3.5,4.5\n")
    assert {figure.period for figure in found.figures} == {"2019", "2020"}


def test_a_table_without_a_year_says_so(draft: Any) -> None:
    found = draft("地区,产值（亿元）,人口（万人）\n北京,1.5,2.5\n天津,3.5,4.5\n")
    assert "draft.period" in doubts(found)
    assert [error.key for error in found.errors] == ["layout.lacks"]


def test_of_several_sheets_the_largest_is_taken_and_the_rest_told(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "book.xlsx"
    write_grid(path, "| 地区 | 2019年 |\n| 北京 | 1.5 |", "小表")
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("大表")
    for row in (["地区", "2019年", "2020年"], ["北京", 1.5, 2.5], ["天津", 3.5, 4.5]):
        page.append(row)
    book.create_sheet("说明").append(["本文件由统计局编制"])
    book.save(path)
    found = propose(path)
    assert doubts(found)[0] == "draft.sheets"
    assert found.manifest["resources"][0]["dialect"] == {"sheetName": "大表"}
    assert propose(path, "小表").manifest["resources"][0]["dialect"] == {"sheetName": "小表"}


def test_a_table_in_long_form_needs_no_layout(draft: Any) -> None:
    found = draft("indicator,period,value\n人口,2020,1.5\n")
    assert found.manifest["heshu"] == {}
    assert len(found.figures) == 1


def test_the_summary_says_what_was_found_in_both_languages(draft: Any) -> None:
    found = draft("指标,2019年,2020年\n总人口（万人）,100,200\n　城镇（万人）,60,120\n　乡村（万人）,40,80\n")
    zh, en = (write.summary(found, "datapackage.json", lang) for lang in (Lang.ZH, Lang.EN))
    assert any("总人口 = 城镇、乡村" in line for line in zh)
    assert any("6 figures" in line for line in en)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("同比增长（%）", {"measure": "growth", "comparison": "yoy", "unit": "%"}),
        ("比上年涨跌（个百分点）", {"measure": "points", "comparison": "yoy", "unit": "个百分点"}),
        ("2021年比2020年增长（%）", {"period": "2021年", "measure": "growth", "comparison": "yoy", "unit": "%"}),
        ("2021年比2019年增长（%）", {"period": "2021年", "measure": "growth", "comparison": "since:2019", "unit": "%"}),
        ("2021年1—10月累计", {"period": "2021年1—10月", "span": "year_to_date"}),
        ("绝对量（亿元）", {"unit": "亿元"}),
        ("位次", {"measure": "rank"}),
        ("第一产业", {}),
        ("工业增加值增速（%）", {"indicator": "工业增加值", "measure": "growth", "comparison": "yoy", "unit": "%"}),
        ("人口自然增长（%）", {}),
        ("工业增加值同比增长", {}),
        ("增长极", {}),
    ],
)
def test_words_of_headings(text: str, said: dict[str, str]) -> None:
    assert vocabulary.attributes(text) == said


@pytest.mark.parametrize("key", ["draft.plain", "draft.headings", "draft.indicator", "draft.period", "draft.sheets"])
def test_doubts_are_sentences(key: str) -> None:
    fields = {"name": "产量", "names": "产量", "count": 2}
    assert say(key, "zh", **fields)
    assert say(key, "en", **fields)
