"""Tables of saved pages: the markup that statistics sites write, and what browsers make of it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heshu import tables
from heshu.errors import InputError
from heshu.tables import Dialect, html
from heshu.tables.markup import Tag, Text, style, tokens
from heshu.tables.sheet import Form, Sheet, Span


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def read(path: Path, page: str | bytes, **dialect: Any) -> list[Sheet]:
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    return tables.read(path, "page.html", Dialect(**dialect))


def only(path: Path, inside: str) -> Sheet:
    """Return the one table, given what stands in it."""
    [sheet] = read(path, f"<table>{inside}</table>")
    return sheet


def cell(path: Path, inside: str) -> str:
    return only(path, f"<tr><td>{inside}</td><td>1</td></tr>").rows[0][0]


SITE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>统计公报 <table></title>
<style>td { padding: 0 }</style><script>document.write("<table><tr><td>1</td></tr></table>")</script></head>
<body><!-- <table><tr><td>2</td></tr></table> -->
<table width="100%"><tr><td>首页 &gt; 数据发布</td></tr><tr><td>
<table class=MsoNormalTable border=1 cellspacing=0>
<caption>表1　规模以上工业（单位：亿元）</caption>
<tr style='height:15pt'>
<td rowspan=2><p class=MsoNormal align=center><span style='font-family:宋体'>指　标</span></p></td>
<td colspan=2><p class=MsoNormal>2020年<span lang=EN-US>1-10</span>月</p></td>
</tr>
<tr><td>绝对量</td><td>增长（%）</td></tr>
<tr><td><p class=MsoNormal>工业增加值<sup>①</sup></p></td><td>13214.4</td><td>3.9</td></tr>
<tr><td>&nbsp;&nbsp;其中：国有企业</td>
  <td>1000.0<sup>[1]</sup></td><td>&nbsp;</td></tr>
</table>
</td></tr></table>
<p>版权所有</p></body></html>
"""


def test_a_page_as_statistics_sites_write_them(path: Path) -> None:
    """In gb2312, which its meta element says; the layout table has no figure and is left out."""
    [sheet] = read(path, SITE.encode("gb18030"))
    assert sheet.form is Form.MARKUP
    assert sheet.name == "表1　规模以上工业（单位：亿元）"
    assert sheet.rows == [
        ["表1　规模以上工业（单位：亿元）"],
        ["指　标", "2020年1-10月", ""],
        ["", "绝对量", "增长（%）"],
        ["工业增加值①", "13214.4", "3.9"],
        ["\xa0\xa0其中：国有企业", "1000.0[1]", ""],
    ]
    assert sheet.spans == (Span(0, 0, 0, 2), Span(1, 0, 2, 0), Span(1, 1, 1, 2))
    lines = SITE.splitlines()
    for row, column in ((0, 0), (1, 1), (3, 2), (4, 1)):
        place = sheet.place(row, column)
        assert lines[place.line - 1][place.column - 1 :].startswith(("<td", "<caption"))
    assert [lines[line - 1][:3] for line in sheet.lines] == ["<ca", "<tr", "<tr", "<tr", "<tr"]
    assert str(sheet.place(4, 1)) == f"page.html:{1 + next(i for i, x in enumerate(lines) if '1000.0' in x)}:3"


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        ("<table><td>产值<td>1</table>", "utf-8"),
        ("<table><td>产值<td>1</table>", "utf-8-sig"),
        ("<table><td>产值<td>1</table>", "utf-16"),
        ("<meta charset=GBK><table><td>产值<td>1</table>", "gb18030"),
        ("<meta charset='gb2312'><table><td>产值<td>1</table>", "gb18030"),
        ("<meta charset=big5><table><td>產值<td>1</table>", "big5"),
        ("<?xml version='1.0' encoding='gb2312'?><table><td>产值<td>1</table>", "gb18030"),
        # A BOM counts more than what the page says of itself, which a copy in another encoding keeps.
        ("<meta charset=gb2312><table><td>产值<td>1</table>", "utf-8-sig"),
        # So does what can be nothing else than UTF-8: browsers save in it and leave the page's word as it was.
        ("<meta charset=gb2312><table><td>产值<td>1</table>", "utf-8"),
        ("<table><td>产值<td>1</table>", "gb18030"),
    ],
)
def test_the_encoding_is_found(path: Path, page: str, encoding: str) -> None:
    assert read(path, page.encode(encoding))[0].rows[0][0] in ("产值", "產值")


def test_the_encoding_declared_counts_most(path: Path) -> None:
    page = "<meta charset=utf-8><table><td>产值<td>1</table>".encode("gb18030")
    assert read(path, page, encoding="gb18030")[0].rows == [["产值", "1"]]


def test_the_full_width_space_of_old_encoders(path: Path) -> None:
    """A3 A0 is U+3000 in the Encoding Standard, and a private character in Python."""
    page = b"<meta charset=gbk><table><td>\xa3\xa0\xa3\xa0\xba\xcf<td>1</table>"
    assert read(path, page)[0].rows == [["　　合", "1"]]


@pytest.mark.parametrize(
    ("inside", "rows"),
    [
        ("<tr><td>a<td>1<tr><td>b<td>2", [["a", "1"], ["b", "2"]]),
        ("<td>a<td>1", [["a", "1"]]),
        ("<tr><th>a</tr><td>1</td>", [["a"], ["1"]]),
        ("<tbody><tr><td>a<td>1</tbody><tfoot><tr><td>注<td></tfoot><thead><tr><th>x<th>y</thead>",
         [["x", "y"], ["a", "1"], ["注", ""]]),
        ("<colgroup><col span=2></colgroup><TR><TD>a</TD><TD>1</TD></TR>", [["a", "1"]]),
        ("<tr><td rowspan=0>a<td>1<tr><td>2<tr><td>3", [["a", "1"], ["", "2"], ["", "3"]]),
        ("<tr><td colspan=0>a<td colspan=x>1<td rowspan=-3>2", [["a", "1", "2"]]),
        ("<tr><td colspan='2.7'>a<td colspan=' +2px'>1", [["a", "", "1", ""]]),
        # A cell ends with its group, however many rows it claims.
        ("<thead><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>1", [["a", "b"], ["c", "1"]]),
        ("<tr><td>a<td rowspan=2>1<tr><td>b", [["a", "1"], ["b", ""]]),
        ("<tr hidden><td>a<td>1<tr><td>b<td style='DISPLAY:  none'>9<td>2", [["b", "2"]]),
        ("<tbody style='display:none !important'><tr><td>a<td>1</tbody><tbody><tr><td>b<td>2", [["b", "2"]]),
        ("<tr><td>b<td style='visibility:hidden'>9<td>2", [["b", "", "2"]]),
    ],
)  # fmt: skip
def test_rows_and_cells(path: Path, inside: str, rows: list[list[str]]) -> None:
    assert only(path, inside).rows == rows


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("\n  工业\n  增加值 ", "工业 增加值"),
        ("工业<br>增加值", "工业 增加值"),
        ("<p>工业</p>\n<p> 增加值</p>", "工业 增加值"),
        ("<div><div>a</div></div>", "a"),
        ("<span>13</span><span>214</span>", "13214"),
        ("<b>13 </b> <i> 214</i>", "13 214"),
        ("&nbsp;&emsp;其中&nbsp;", "\xa0\u2003其中"),
        ("\n　　其中", "　　其中"),
        ("&nbsp; &nbsp;其中", "\xa0 \xa0其中"),
        ("<br>&nbsp;其中", "\xa0其中"),
        ("a<p>　b</p>", "a b"),
        ("&nbsp;", ""),
        ("A&amp;B &lt;1&gt;", "A&B <1>"),
        ("1 < 2", "1 < 2"),
        ("100<sup>1</sup>", "100[1]"),
        ("100<sup><a href='#n1'>[1]</a></sup>", "100[1]"),
        ("100<sup>1)</sup>", "100[1]"),
        ("合计<sup>①</sup>", "合计①"),
        ("合计<sup>（1）</sup>", "合计[1]"),
        ("100<sup>*</sup>", "100[*]"),
        ("100<sup> </sup>", "100"),
        ("100<sup>1", "100[1]"),
        ("面积（万m<sup>2</sup>）", "面积（万m²）"),
        ("km<sup>2</sup>", "km²"),
        ("GDP<sup>2</sup>", "GDP[2]"),
        ("1<sup>st</sup>", "1st"),
        ("CO<sub>2</sub>", "CO2"),
        ("a<!-- 9 -->b<!--> c<!---->", "ab c"),
        ("a<script>if (1<2) '</td>'</script><style>x</style>", "a"),
        ("a<![if !supportLists]>b<![endif]><?pi?></ x>", "ab"),
        ("a<select><option>1<option>2</select>b", "ab"),
        ("12<span style='display:none'>34<span>5</span>6</span>7", "127"),
        ("12<span hidden>34", "12"),
        ("12<p hidden>34<p>5", "12 5"),
        ("<td-x title='a > b'>12", "12"),
        ("12<a title=it's>3</a>", "123"),
        ("&#x110000;&#0;&#" + "9" * 5000 + ";", "\ufffd\ufffd\ufffd"),
    ],
)
def test_the_text_of_a_cell(path: Path, inside: str, text: str) -> None:
    assert cell(path, inside) == text


def test_nested_tables_are_tables_of_their_own(path: Path) -> None:
    page = "<table><tr><td>外 1<table><tr><td>内<td>2</table>后<td>3</table><table><td>又<td>4</table>"
    assert [sheet.rows for sheet in read(path, page)] == [[["外 1 后", "3"]], [["内", "2"]], [["又", "4"]]]


def test_a_table_in_a_table_outside_a_cell_ends_it(path: Path) -> None:
    page = "<table><tr><td>a<td>1</tr><table><tr><td>b<td>2</table></table>"
    assert [sheet.rows for sheet in read(path, page)] == [[["a", "1"]], [["b", "2"]]]


def test_a_table_is_asked_for_by_its_number_on_the_page_or_its_caption(path: Path) -> None:
    page = (
        "<table><tr><td>菜单<table></table></table><div style='display:none'><table><td>x<td>9</table></div>"
        "<table><caption> 表 2 </caption><td>a<td>1</table><table><caption>7</caption><td>b<td>2</table>"
    )
    assert [sheet.rows[-1] for sheet in read(path, page)] == [["a", "1"], ["b", "2"]]
    assert read(path, page, sheet=4)[0].rows[-1] == ["a", "1"]
    assert read(path, page, sheet="4")[0].rows[-1] == ["a", "1"]
    assert read(path, page, sheet="表 2")[0].rows[-1] == ["a", "1"]
    assert read(path, page, sheet="7")[0].rows[-1] == ["b", "2"]
    assert read(path, page, sheet=1)[0].rows == [["菜单"]]
    for missing in (0, 2, 3, 6, "表 3", -1):
        with pytest.raises(InputError) as caught:
            read(path, page, sheet=missing)
        assert caught.value.key == "table.no_such_table"
        assert caught.value.fields["known"] == "1, 4 (表 2), 5 (7)"


def test_what_is_hidden_around_a_table_hides_it(path: Path) -> None:
    page = "<div hidden><div></div><table><td>x<td>1</table></div><p hidden>y<table><td>a<td>2</table>"
    assert [sheet.rows for sheet in read(path, page)] == [[["a", "2"]]]


def test_indentation_by_styles_is_ranked_in_its_column(path: Path) -> None:
    rows = [
        "<td style='padding-left:5px'>合计<td>1", "<td style='PADDING-LEFT: 25px;'>其中<td>1",
        "<td><p style='text-indent:21.0pt'>其中<td>1", "<td style='padding:0 1px 0 45px'>再<td style='padding:9px'>1",
        "<td style='text-indent:-1em'><td>1", "<td>a<p style='text-indent:9em'>b<td>1",
    ]  # fmt: skip
    sheet = only(path, "".join(f"<tr>{row}" for row in rows))
    assert sheet.indents == {(0, 0): 1, (1, 0): 2, (2, 0): 3, (3, 0): 4, (3, 1): 1}


@pytest.mark.parametrize(
    ("text", "indent"),
    [("text-indent:2em", 32), ("padding-left:1pc", 16), ("padding:1px 2px", 2), ("margin:1px 2px 3px 4px", 4),
     ("padding-left:50%", 0), ("padding-left:calc(1px)", 0), ("", 0), (";:;padding-left", 0), ("padding:7px", 7)],
)  # fmt: skip
def test_lengths_of_styles(text: str, indent: float) -> None:
    assert style({"style": text}).indent == indent


def test_a_caption_spans_its_table(path: Path) -> None:
    sheet = only(path, "<caption>单位：<br>亿元</caption><tr><td>a<td colspan=2>1")
    assert sheet.rows == [["单位： 亿元"], ["a", "1", ""]]
    assert sheet.spans == (Span(0, 0, 0, 2), Span(1, 1, 1, 2))


def test_tags_of_a_page_are_told_from_text() -> None:
    page = "a<B x='>' y=\">\">b</B ><c"
    assert [token.text if isinstance(token, Text) else (token.name, token.is_end) for token in tokens(page)] == [
        "a", ("b", False), "b", ("b", True), ("c", False),
    ]  # fmt: skip
    tag = next(token for token in tokens("<td A=1 a=2 b c='&lt;' d = \"x y\" e/>") if isinstance(token, Tag))
    assert tag.attributes() == {"a": "1", "b": "", "c": "<", "d": "x y", "e": ""}


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\t\f\ue5e5\ufeff", exclude_categories=["Cs"]))


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_texts_survive_a_page(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    """Whatever is written is read, but for blanks at the end of a cell and runs of plain ones.

    With its encoding: two letters alone may be read in two.
    """
    path = tmp_path_factory.getbasetemp() / "survive.html"
    page = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) for row in [*rows, ["1", "2"]])
    expected = [[" ".join(part for part in text.split(" ") if part).rstrip() for text in row] for row in rows]
    assert read(path, f"<meta charset=utf-8><table>{page}</table>")[0].rows[:-1] == expected


PIECES = [
    *"<>/!-='\" \n&;#a1?", "<table>", "</table>", "<td>", "</td>", "<tr>", "<tfoot>", "<caption>", "<!--", "<![CDATA[",
    "<script>", "<p hidden>", "<sup>", "<td rowspan=0 colspan=3>",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_page_is_too_broken(pieces: list[str]) -> None:
    for table in html.pages.tables("<table><td>" + "".join(pieces), 10_000):
        for group in html.pages.groups(table):
            assert all(isinstance(cell.text(), str) for row in group for cell in row.cells)
