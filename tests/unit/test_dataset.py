"""Tables become figures: keys, defaults, attributes, places."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from heshu.dataset import load
from heshu.dataset.read import Dataset, open_dataset
from heshu.errors import InputErrors
from heshu.figure import Figure
from heshu.interval import Interval
from heshu.quantities import CONFLICT, MIXED, PLAIN, WIDE, Quantities, gather
from heshu.registry import Registry, Series

Write = Callable[..., Path]


def read(folder: Path) -> tuple[list[Figure], Dataset]:
    dataset = open_dataset(folder)
    registry = Registry()
    block = dataset.block
    registry.add(block.series, block.classifications, block.breaks, block.styles, block.releases)
    load(dataset, registry)
    return dataset.figures, dataset


def quantities(folder: Path) -> Quantities:
    figures, dataset = read(folder)
    assert dataset.errors == []
    return gather(figures, Registry(), dataset.block.dimensions)


def test_every_figure_remembers_file_line_and_column(dataset: Write) -> None:
    folder = dataset('indicator,period,value,unit,quote\n甲,2020,1,元,"two\nlines"\n乙,2020,2,元,\n')
    figures, _ = read(folder)
    assert [(Path(f.place.path).name, f.place.line, f.cell) for f in figures] == [
        ("figures.csv", 2, "value"),
        ("figures.csv", 4, "value"),
    ]


def test_cell_goes_before_series_before_default(dataset: Write) -> None:
    series = {
        "增加值": {
            "aliases": ["va"],
            "unit": "亿元",
            "price": {"level": "current", "growth": "constant"},
            "scope": "fixed",
        }
    }
    folder = dataset(
        "indicator,period,measure,comparison,value,unit,price\n"
        "va,2020,level,,1,,\nva,2020,growth,yoy,1,%,\nva,2020,growth,yoy,1,%,current\n其他,2020,level,,1,元,\n",
        series=series,
        defaults={"price": "constant:2015", "area": "浙江", "scope": "comparable"},
    )
    figures, _ = read(folder)
    assert [f.indicator for f in figures] == ["增加值", "增加值", "增加值", "其他"]
    assert [f.price for f in figures] == ["current", "constant", "current", "constant:2015"]
    assert [f.scope for f in figures] == ["fixed", "fixed", "fixed", "comparable"]
    assert [f.unit for f in figures] == ["亿元", "%", "%", "元"]
    assert {f.area for f in figures} == {"浙江"}


def test_an_alias_of_a_renamed_series_follows_it() -> None:
    registry = Registry()
    registry.add({"旧名": Series(aliases=("简称",)), "丙": Series()})
    registry.add({"新名": Series(aliases=("旧名",))})
    assert [registry.name(text) for text in ("简称", "旧名", "新名", "丙", "丁")] == ["新名"] * 3 + ["丙", "丁"]


def test_a_figure_says_its_own_style_before_the_publisher_before_the_default(dataset: Write) -> None:
    folder = dataset(
        "indicator,period,value,rounding,zeros,release\n甲,2020,1,,,r\n甲,2020,1,ceil,kept,r\n甲,2020,1,unknown,unknown,r\n"
        "甲,2020,1,,,\n",
        styles={"局": {"rounding": "truncate", "zeros": "dropped"}},
        releases=[{"id": "r", "publisher": "局"}],
        defaults={"rounding": "half_up", "zeros": "kept"},
    )
    figures, found = read(folder)
    assert found.errors == []
    styles = [("truncate", "dropped"), ("ceil", "kept"), ("unknown", "unknown"), ("half_up", "kept")]
    assert [(f.rounding, f.zeros) for f in figures] == styles
    assert [f.style.declared for f in figures] == [True, True, False, True]


@pytest.mark.parametrize(("column", "near"), [("rounding", "nearest"), ("zeros", "kept")])
def test_a_style_that_is_none_is_an_error(dataset: Write, column: str, near: str) -> None:
    _, found = read(dataset(f"indicator,period,value,{column}\n甲,2020,1,{near[:-1]}\n"))
    assert [(e.key, e.place.line, e.fields["near"]) for e in found.errors] == [("figure.not_allowed", 2, near)]


def test_origin_is_what_the_table_says_else_where_it_stands(dataset: Write) -> None:
    folder = dataset("indicator,period,value,file,line,cell\n甲,2020,1,,,\n甲,2020,1,a.xlsx,,S!B2\n甲,2020,1,,7,\n")
    figures, _ = read(folder)
    assert [tuple(f.origin) for f in figures] == [
        ("figures.csv", "2", ""),
        ("a.xlsx", "", "S!B2"),
        ("figures.csv", "7", ""),
    ]


def test_figures_of_two_files_are_of_two_documents_also_once_they_stand_in_one(dataset: Write) -> None:
    folder = dataset("indicator,period,value,file\n甲,2020,1,a\n乙,2020,1,a\n丙,2020,1,b\n")
    assert quantities(folder).statements["file"].to_list() == [0, 0, 1]


def test_derived_columns_are_taken_and_not_believed(dataset: Write) -> None:
    [figure], _ = read(dataset("indicator,period,value,unit,lower,point,base_unit\n甲,2020,1.5,元,99,x,吨\n"))
    assert figure.measured().hard == Interval(Fraction(145, 100), Fraction(155, 100))


def test_no_dimension_is_called_like_a_column(dataset: Write) -> None:
    with pytest.raises(InputErrors):
        read(dataset("indicator,period,value\n甲,2020,1\n", dimensions=["lower"]))


def test_sdmx_names_and_multiplier(dataset: Write) -> None:
    folder = dataset(
        "REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,DECIMALS,OBS_STATUS\n"
        "CN,GDP,2020-Q3,15,CNY,8,1,P\n"
    )
    [figure], _ = read(folder)
    assert (figure.area, figure.indicator, figure.period, figure.status) == ("CN", "GDP", "2020-Q3", "provisional")
    assert figure.measured().hard == Interval(Fraction(1495, 100) * 10**8, Fraction(1505, 100) * 10**8)


def test_wide_layout_with_shift_and_decimals(dataset: Write) -> None:
    columns = {
        "本期": {"indicator": "增加值", "unit": "亿元", "decimals": 2},
        "上年": {"indicator": "增加值", "unit": "亿元", "shift": "-1y"},
    }
    layout = {"stub": {"年": "period", "地区": "area"}, "headings": columns, "ignore": ["备注"]}
    folder = dataset("年,地区,本期,上年,备注\n2020,浙江,1.5,1,x\n", layout=layout)
    now, before = read(folder)[0]
    assert (now.area, now.period, before.period, now.cell) == ("浙江", "2020", "2019", "本期")
    assert now.measured().hard == Interval(Fraction(1495, 1000) * 10**8, Fraction(1505, 1000) * 10**8)


def test_quantity_is_the_intersection_of_its_copies(dataset: Write) -> None:
    found = quantities(
        dataset(
            "indicator,period,value,unit,hedge,occurrence\n"
            "甲,2020,114.4,万亿元,,1\n甲,2020,1143670,亿元,,2\n"
            "乙,2020,1,亿元,,1\n乙,2020,3,亿元,,2\n丙,2020,1,元,,1\n丙,2020,1,吨,,2\n丁,2020,5,元,超,\n"
        )
    )
    assert found.quantity_columns["state"] == [PLAIN, CONFLICT, MIXED, WIDE]
    assert found.members == [[0, 1], [2, 3], [4, 5], [6]]
    assert found.hard(0) == Interval(Fraction(11436650) * 10**7, Fraction(11436750) * 10**7)
    assert found.hard(3) == Interval(Fraction(5), float("inf"), hi_open=True)


def test_three_ranks_and_three_growths_are_quantities_of_their_own(dataset: Write) -> None:
    found = quantities(
        dataset(
            "indicator,period,measure,comparison,among,value,unit\n"
            "增速,2020,rank,,全国,6,位\n增速,2020,rank,,中部,1,位\n增速,2020,rank,,长三角,1,位\n"
            "高技术制造业,2020,growth,yoy,,15.0,%\n战略性新兴产业,2020,growth,yoy,,8.8,%\n高新技术产业,2020,growth,yoy,,8.4,%\n"
        )
    )
    assert found.quantity_columns["copies"] == [1] * 6


def test_extra_dimensions_are_part_of_the_key(dataset: Write) -> None:
    folder = dataset("indicator,period,name,value,unit\n甲,2020,a,1,元\n甲,2020,b,2,元\n", dimensions=["name"])
    found = quantities(folder)
    assert found.subjects["dim:name"].to_list() == ["a", "b"]


def test_seed_literals(dataset: Write) -> None:
    folder = dataset(
        "indicator,period,value,unit,hedge\n基站,2020,5.56万,个,超\n基站,2019,5.56,万个,\n口罩,2020,1.6亿余,只,\n贷款,2020,1900,亿元,超…以上\n"
    )
    figures, _ = read(folder)
    over, plain, masks, loans = (f.measured() for f in figures)
    assert over.hard == Interval(Fraction(55600), float("inf"), hi_open=True)
    assert plain.hard == Interval(Fraction(55550), Fraction(55650))
    assert masks.hard.lo == 160_000_000
    assert masks.soft == Interval(Fraction(160_000_000), Fraction(170_000_000), lo_open=True)
    assert loans.hard == Interval(Fraction(1900) * 10**8, float("inf"), hi_open=True)
    assert figures[3].printed == "超1900亿元以上"
