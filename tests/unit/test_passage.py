"""Numbers in running text, with their hedges, units and the signs of their verbs."""

from __future__ import annotations

import pytest

from heshu.passage import numbers, ranks


def read(words: str) -> list[str]:
    return [
        f"{number.literal.numeral.value}{number.literal.unit}{''.join(f' {hedge}' for hedge in number.literal.hedges)}"
        for number in numbers(words)
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("增加值13214.4亿元，同比增长3.9%", ["1321440000000元", "39/10%"]),
        ("超1900亿元以上的企业", ["190000000000元 over at_least"]),
        ("达1.6亿余只", ["160000000只 over"]),
        ("1300多名", ["1300名 over"]),
        ("破千万", ["10000000 over"]),
        ("10—15%", ["10%", "15%"]),
        ("分别为28、50家", ["28家", "50家"]),
        ("节约5亿元", ["500000000元"]),
        ("签约12个，最近5年", ["12个", "5年"]),
        ("收入超5万元，入超5万元", ["50000元 over", "50000元"]),
        ("近12家上下游企业", ["12家 near"]),
        ("增长3倍多。", ["3倍 over"]),
        ("12家多元化企业", ["12家"]),
        ("2千卡，3千米，4千家", ["2千卡", "3千米", "4000家"]),
        ("3.5元/吨，5千瓦时", ["7/2元/吨", "5千瓦时"]),
        ("百分之二点五", ["5/2%"]),
        ("翻一番", ["1番"]),
        ("5G基站", []),
        ("1,234.5万元", ["12345000元"]),
        ("下降-3.2%", ["-16/5%"]),
        ("10-15%", ["10%", "15%"]),
        ("总值1 015 986亿元", ["101598600000000元", "1", "15", "98600000000元"]),
        ("低1.0个和4.2个百分点", ["1个百分点", "21/5个百分点"]),
    ],
)
def test_numbers(words: str, found: list[str]) -> None:
    assert read(words) == found


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("同比增长3%", 1),
        ("同比下降3%", -1),
        ("负增长3%", -1),
        ("不增反降3%", -1),
        ("不降反升3%", 1),
        ("由下降转为增长3%", 1),
        ("降幅收窄3%", 1),
        ("降幅比1—9月收窄3%", 1),
        ("下降幅度扩大3%", -1),
        ("降幅为3%", -1),
        ("降幅收窄至3%", -1),
        ("增速回落至3%", 0),
        ("增速回落3%", -1),
        ("增幅收窄3%", -1),
        ("比全国低3%", -1),
        ("高于全国3%", 1),
        ("最低3%", 0),
        ("占3%", 0),
        ("下降的行业较多，占3%", 0),
        ("增长（扣除价格因素）3%", 1),
        ("少增3%", -1),
        ("拉低3%", -1),
        ("收窄3%", 0),
        ("增速回落为3%", 0),
        ("增速降为3%", 0),
        ("降幅收窄为3%", -1),
        ("增速回落后仍高达3%", 0),
        ("增速虽有回落仍保持在3%", 0),
        ("在消费下降的情况下实现3%的增长", 1),
        ("向下拉动经济增长3%", -1),
        ("拖累经济增长3%", -1),
        ("降幅比上月高3%", -1),
        ("降幅比全国低3%", 1),
    ],
)
def test_signs(words: str, sign: int) -> None:
    assert [number.sign for number in numbers(words) if number.literal.unit == "%"] == [sign]


def test_ranks() -> None:
    words = "居全国第六、中部首位，列第12位，第二产业居全国之首"
    assert [rank for _, _, rank in ranks(words, 0, len(words))] == ["六", "1", "12", "1"]


def test_only_a_part_is_looked_at() -> None:
    words = "增长" + "3%，" * 50_000
    assert len(numbers(words, 70_000, 70_002)) == 1
