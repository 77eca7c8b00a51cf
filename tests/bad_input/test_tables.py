"""Tables that cannot be read, or only in part: the line is named, the rest is judged, the exit is 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Judge = Callable[..., Any]

HEAD = "indicator,period,value,unit\n"
GOOD = "产值,2020,100.0,亿元\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "figures.csv  the file is empty"),
        (b"\n \n\n", "figures.csv  the file is empty"),
        (HEAD, "figures.csv  there is a header but no row"),
        (HEAD + "\n\n,,,\n", "figures.csv  there is a header but no row"),
        ("indicator,period\n产值,2020\n", "figures.csv:1  the column value is missing"),
        (f"\n{HEAD.replace('value', 'note')}{GOOD}", "figures.csv:2  the column value is missing"),
        ("indicator,period,value,xyzzy\n", "figures.csv:1  unknown column xyzzy — rename it"),
        ("indicator,period,value,mesure\n", "figures.csv:1  unknown column mesure — did you mean measure?"),
        (
            "indicator,period,value,value\n产值,2020,1,2\n",
            "figures.csv:1  the header has value twice — rename one of them, or delete its column",
        ),
        ("indicator,period,value,OBS_VALUE\n产值,2020,1,2\n", "figures.csv:1"),
        ("indicator,,period,value\n产值,,2020,1\n", "figures.csv:1  column 2 has no name"),
        ("indicator,period,value,\n产值,2020,1,lost\n", "figures.csv:1  column 4 has no name"),
        (
            HEAD.encode() + GOOD.encode() + b"A,2020,1\0,x\n",
            "figures.csv:3  a NUL byte: this is no text file — export the table as CSV again, in UTF-8",
        ),
        (
            HEAD.encode() + "翡翠,2020,100.0,玛瑙\n".encode("gb18030"),
            "figures.csv:2  the table is not utf-8 — declare `encoding` of the resource: it may be gb18030",
        ),
        (
            HEAD.encode() + GOOD.encode() + GOOD.encode("gb18030"),
            "figures.csv:3  two encodings in one file: line 2 is utf-8, line 3 is not — save all of it as utf-8",
        ),
        (
            HEAD + "产\ufffd,2020,100.0,亿元\n",
            "figures.csv:2  the text was damaged before it came here: \ufffd stands where characters were lost",
        ),
        (b"PK\3\4\24\0\6\0\xff\xff\0\0", "figures.csv  this is zip, not csv"),
        (
            HEAD + GOOD + f"A,2020,{'1' * 200_000},亿元\n",
            "figures.csv:3  a cell of this record is longer than 100000 characters",
        ),
        (HEAD + GOOD + 'A,2020,"1,亿元\n' + GOOD, "figures.csv:3:8  a quote is opened here and never closed"),
        (HEAD + GOOD + 'A,2020,"' + "1\n" * 200_000, "figures.csv:3:8  a quote is opened here and never closed"),
        (HEAD + GOOD + '"A\nB",2020,"1""\n2,亿元\n', "figures.csv:4:9  a quote is opened here and never closed"),
        (HEAD + GOOD + 'A,2020,"1"2,亿元\n', "figures.csv:3:11  text after a closing quote — within quotes, write"),
        ('indicator,"period,value\n产值,2020,1\n', "figures.csv:1:11  a quote is opened here and never closed"),
    ],
)
def test_a_table_that_cannot_be_read(judge: Judge, data: str | bytes, said: str) -> None:
    outcome = judge(data)
    assert any(line.startswith(said) for line in outcome.said), outcome.said
    assert outcome.report.exit_code == 2
    assert outcome.report.verdict == "input_error"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，", "；"])
def test_the_delimiter_is_found_out(judge: Judge, delimiter: str) -> None:
    table = "indicator;period;value;unit\n产值;2020;1;亿元\n".replace(";", delimiter)
    assert judge(table).values == ["产值 2020"]


def test_a_wrong_delimiter_is_named_as_such(judge: Judge) -> None:
    for delimiter, shown in ((";", ";"), ("\t", r"\t"), ("，", "，")):
        table = "indicator;period;value;unit\n产值;2020;1;亿元\n".replace(";", delimiter)
        assert judge(table, resource={"dialect": {"delimiter": ","}}).said == [
            f"figures.csv:1  the delimiter seems to be {shown}, not , — "
            "declare `delimiter` in the `dialect` of the resource"
        ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encoding_is_found_out(judge: Judge, encoding: str) -> None:
    table = (HEAD + GOOD + "城镇居民人均可支配收入,2020,43834,元\n").encode(encoding)
    assert judge(table).values == ["产值 2020", "城镇居民人均可支配收入 2020"]


def test_an_encoding_that_can_be_told_in_two_ways_is_asked_for(judge: Judge) -> None:
    """女年 in GB 18030 is also well-formed UTF-8, of letters that no Chinese table has."""
    data = HEAD.encode() + "女,2020,100.0,\n".encode("gb18030")
    assert data.decode("utf-8")
    [said] = judge(data).said
    assert said.startswith("figures.csv  the text can be read as utf-8 and as gb18030 — declare `encoding`")
    assert judge(data, resource={"encoding": "gb18030"}).values == ["女 2020"]


@pytest.mark.parametrize("filler", [",", "\u4e00"])
def test_a_line_of_a_hundred_megabytes(judge: Judge, filler: str) -> None:
    count = 100_000_000 // len(filler.encode())
    [said] = judge(HEAD + GOOD + filler * count + "\n").said
    assert said.startswith("figures.csv:3  the line is longer than 5000000 characters — a table has one record a line")


def test_a_quote_that_swallows_a_hundred_megabytes(judge: Judge) -> None:
    [said] = judge(HEAD + GOOD + 'A,2020,"' + "1,2,3\n" * 16_000_000).said
    assert said.startswith("figures.csv:3:8  a quote is opened here and never closed")


def test_columns_without_a_name_at_the_end_are_no_matter_if_empty_and_one_error_if_not(judge: Judge) -> None:
    assert judge("indicator,period,value,,\n产值,2020,1,,\n").said == []
    outcome = judge("indicator,period,value,,\n产值,2020,1,,lost\n产值,2021,1,,lost\n")
    assert outcome.said == ["figures.csv:1  column 5 has no name — name it, or empty its cells"]
    assert outcome.values == ["产值 2020", "产值 2021"]


def test_an_unclosed_quote_is_named_as_such(judge: Judge) -> None:
    [said] = judge(HEAD + GOOD + 'A,2020,"1,亿元\n' + GOOD).said
    assert "quote" in said


def test_what_stands_before_a_broken_record_is_judged(judge: Judge) -> None:
    assert judge(HEAD + GOOD + 'A,2020,"1,亿元\n' + GOOD).values == ["产值 2020"]


def test_a_missing_file(judge: Judge) -> None:
    assert judge(None).said == ["figures.csv  no such dataset"]
    assert judge(None, defaults={"area": "浙江"}).said == ["figures.csv  no such table"]


@pytest.mark.parametrize("cell", ["3,9", "--", "-", "n.a.", "1.2.3", "——", "N/A", "1e5", "+-1", "1 2", "①"])
def test_a_cell_that_is_no_number_is_named_and_the_rest_is_judged(judge: Judge, cell: str) -> None:
    outcome = judge(f'{HEAD}{GOOD}废,2020,"{cell}",亿元\n其他,2021,5.0,亿元\n')
    [said] = outcome.said
    assert said.startswith(f"figures.csv:3  not a number: {cell}")
    assert outcome.values == ["产值 2020", "其他 2021"]
    assert outcome.report.exit_code == 2


@pytest.mark.parametrize("cell", ["…", "１３.５％", "1,234.5", "超1900亿元", "-2.2", "百分之五"])
def test_a_cell_that_is_a_number(judge: Judge, cell: str) -> None:
    outcome = judge(f'indicator,period,value\n产值,2020,"{cell}"\n')
    assert outcome.said == []
    assert outcome.report.exit_code == 0


def test_markers_are_missing_values_once_declared(judge: Judge) -> None:
    table = HEAD + GOOD + "甲,2020,--,亿元\n乙,2020,n.a.,亿元\n"
    assert [line.split()[0] for line in judge(table).said] == ["figures.csv:3", "figures.csv:4"]
    outcome = judge(table, missing=["--", "n.a."])
    assert outcome.said == []
    assert [finding.place.line for finding in outcome.report.findings] == [3, 4]


def test_a_long_number_is_shortened_in_the_message(judge: Judge) -> None:
    [said] = judge(HEAD + f"产值,2020,{'1' * 20_000},亿元\n").said
    assert len(said) < 200


def test_rows_of_a_wrong_width_are_named_and_the_rest_is_judged(judge: Judge) -> None:
    outcome = judge(HEAD + "甲,2020,1\n" + GOOD + "乙,2020,1,亿元,多\n丙,2021,2,亿元\n")
    assert outcome.said == [
        "figures.csv:2  3 cells where the header has 4",
        "figures.csv:4  5 cells where the header has 4",
    ]
    assert outcome.values == ["产值 2020", "丙 2021"]
    assert outcome.report.exit_code == 2


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_numbers_hold_with_any_newline_mark_and_quoted_cells(judge: Judge, newline: str, mark: str) -> None:
    text = mark + HEAD + '"产\n值",2020,100.0,亿元\n\n甲,2020,x,亿元\n乙,2020,1\n'
    outcome = judge(text.replace("\n", newline))
    assert [line.split()[0] for line in outcome.said] == ["figures.csv:6", "figures.csv:5"] or [
        line.split()[0] for line in outcome.said
    ] == ["figures.csv:5", "figures.csv:6"]
    assert len(outcome.values) == 1


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("period", "2020-13", "not a period: 2020-13 — there is no month 13 in a year"),
        ("period", "1—10月", "not a period: 1—10月 — no year: write it in the text, or give `year`"),
        ("period", "", "period is empty"),
        ("indicator", "", "indicator is empty"),
        ("measure", "levl", "measure cannot be levl — did you mean level?"),
        ("price", "curent", "price cannot be curent — did you mean current?"),
        ("scope", "fixt", "scope cannot be fixt — did you mean fixed?"),
        ("status", "actul", "status cannot be actul — did you mean actual?"),
        ("status", "宋", "status cannot be 宋 — allowed: actual"),
        ("comparison", "yoyo", "not a comparison: yoyo — write yoy"),
        ("hedge", "超级", "not a hedge: 超级 — did you mean 超?"),
        ("decimals", "-1", "decimals cannot be -1 — allowed: 0 … 12"),
        ("decimals", "13", "decimals cannot be 13 — allowed: 0 … 12"),
        ("decimals", "x", "decimals cannot be x — allowed: 0 … 12"),
        ("decimals", "²", "decimals cannot be ² — allowed: 0 … 12"),
        ("decimals", "9" * 5000, "decimals cannot be 9"),
    ],
)
def test_a_cell_that_its_column_cannot_hold(judge: Judge, column: str, cell: str, said: str) -> None:
    row = {"indicator": "产值", "period": "2020", "value": "1", "unit": "亿元"}
    header = list(row | {column: cell})
    lines = [",".join(header), ",".join((row | {column: cell})[name] for name in header)]
    lines.append(",".join((row | {"indicator": "其他"}).get(name, "") for name in header))
    outcome = judge("\n".join(lines) + "\n")
    assert [line[: len(said) + 15] for line in outcome.said] == [f"figures.csv:2  {said}"[: len(said) + 15]]
    assert outcome.values == ["其他 2020"]
    assert outcome.report.exit_code == 2


def test_a_price_basis_is_current_constant_or_comparable_and_nothing_after_current(judge: Judge) -> None:
    outcome = judge("indicator,period,value,price\n甲,2020,1,constant:2020\n乙,2020,1,current:soup\n")
    assert [line.split()[0] for line in outcome.said] == ["figures.csv:3"]


def test_every_bad_row_is_named_not_only_the_first(judge: Judge) -> None:
    outcome = judge(HEAD + "".join(f"甲,{2000 + i},x{i},亿元\n" for i in range(50)) + GOOD)
    assert [line.split()[0] for line in outcome.said] == [f"figures.csv:{i}" for i in range(2, 52)]
    assert outcome.values == ["产值 2020"]
