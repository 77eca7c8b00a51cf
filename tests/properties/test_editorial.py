"""Bulletins in order have no slips; a slip put into one is found, where it stands, and nothing else."""

from __future__ import annotations

import random

import pytest
from bulletin import NAMES, bulletin, number
from hypothesis import given
from hypothesis import strategies as st

from heshu import usage
from heshu.texts import Text

SEEDS = st.integers(0, 2**32)
CHECKS = (*usage.OF_WORDS, *usage.OF_LINES)


def sentences(rng: random.Random) -> list[str]:
    return [one.sentence for one in bulletin(rng, 10)]


@given(SEEDS)
def test_a_bulletin_in_order_has_no_slips(seed: int) -> None:
    line = "；".join(sentences(random.Random(seed))) + "。"
    assert usage.slips(line, CHECKS) == []


def slip(what: str, rng: random.Random) -> tuple[str, str, str]:
    """Return words with one slip, its reason, and what is to be written instead."""
    a, b, name = rng.randint(2, 40), rng.randint(41, 99), rng.choice(NAMES)
    n = number(rng, 2)
    if what == "hedges":
        before, behind = rng.choice(
            (("超", "以上"), ("约", "左右"), ("近", "左右"), ("至少", "以上"), ("不超过", "以内"))
        )
        return f"{name}{before}{n}亿元{behind}", "hedges", f"{before}{n}亿元 / {n}亿元{behind}"
    if what == "range":
        mark, unit = rng.choice("—~至到"), rng.choice(("%", "亿", "万"))
        return f"{name}在{a}{mark}{b}{unit}之间", "range", f"{a}{unit}{mark}{b}{unit}"
    if what == "percent":
        rate, verb = rng.choice(("占比", "增速", "利润率", "失业率")), rng.choice(("提高", "下降", "上升", "回落"))
        return f"{name}{rate}比上年{verb}{n}%", "percent", f"{n}个百分点"
    if what == "points":
        return f"全市{name[:2]}量增长{n}个百分点", "points", f"{n}%"
    if what == "times":
        return f"{name}下降{n}倍", "times", ""
    if what == "sign":
        return f"{name}增长-{n}%", "sign", f"下降{n}%"
    if what == "decimals":
        return f"甲、乙两项分别增长{a}.{rng.randint(0, 9)}%、{b}%", "decimals", "1"
    if what == "width":
        wide = n.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789."})
        return f"{name}为{wide}亿元", "width", n
    return f"{name}涉及{a}千家", "places", f"{a}000"


@pytest.mark.parametrize(
    "what", ["hedges", "range", "percent", "points", "times", "sign", "decimals", "width", "places"]
)
@given(SEEDS)
def test_a_slip_is_found_where_it_stands(what: str, seed: int) -> None:
    rng = random.Random(seed)
    words, reason, instead = slip(what, rng)
    before = "。".join(sentences(rng)) + "。"
    line = f"{before}{words}。" + "。".join(sentences(rng)) + "。"
    [found] = usage.slips(line, CHECKS)
    assert (found.reason, found.instead) == (f"editorial.{reason}", instead)
    assert found.detail in words
    start = found.start if what == "width" else Text(line, "").place(found.start).column - 1
    assert line[start : start + len(found.detail)] == found.detail
    assert len(before) <= start < len(before) + len(words)


@given(SEEDS, st.integers(1, 9))
def test_one_way_of_setting_thousands_apart_is_enough(seed: int, times: int) -> None:
    rng = random.Random(seed)
    usual = [f"{name}{rng.randint(1, 999)},{rng.randint(100, 999)}万元。" for name in rng.choices(NAMES, k=times + 1)]
    assert list(usage.separators(usual)) == []
    odd = rng.choice(("12 345", "12，345", "12345"))
    [(line, found)] = usage.separators([*usual, f"共{odd}家。"])
    assert (line, found.detail, found.reason) == (times + 1, odd, "editorial.separators")
