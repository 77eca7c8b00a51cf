"""``heshu suggest``: what it proposes holds on the data, and what is proposed is no chance."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heshu
from heshu.suggest import suggest

Call = Callable[..., tuple[int, str, str]]
SHIPPED = (
    "anhui-2020", "budget", "industrial-profits", "national-accounts", "national-gdp", "retail-sales", "retail-wide",
    "telecom", "zhejiang-2020",
)  # fmt: skip


def classifications(text: str) -> set[tuple[str, frozenset[str]]]:
    """Return total and parts of each classification that a text proposes."""
    found = re.findall(r"^  - \{total: ([^,]+), (?:by: [^,]+, )?parts: \[([^]]+)\]", text, flags=re.MULTILINE)
    return {(total, frozenset(parts.split(", "))) for total, parts in found}


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_proposed_holds_on_the_shipped_data(top: Path, tmp_path: Path, name: str) -> None:
    """Beyond what their own rulebooks, or the comments, name nothing is found by it."""
    before = {found.fingerprint for found in heshu.check(top / "datasets" / name, fail_on="never").findings}
    for rules in (None, ["core"]):
        text = suggest(top / "datasets" / name, rules=rules, target=tmp_path).text
        (tmp_path / "suggested.yaml").write_text(text, "utf-8")
        report = heshu.check(top / "datasets" / name, rules=tmp_path / "suggested.yaml", fail_on="never")
        assert not report.all_errors
        assert report.datasets[0].judged > 0
        named = [line for line in text.splitlines() if "# does not hold" in line or "# found without" in line]
        for found in report.findings:
            where = f"{found.code} {found.figures[0].place}"
            assert found.fingerprint in before or any(where in line for line in named), where


def test_the_classifications_of_the_shipped_data_are_found_again(top: Path) -> None:
    """By the general rules alone, which declare none."""
    found = suggest(top / "datasets" / "national-gdp", rules=["core"])
    sectors = frozenset(f"第{n}产业增加值" for n in "一二三")
    assert classifications(found.text) == {("国内生产总值", sectors)}
    # With the year in which they do not close.
    assert "# does not hold: SUM001" in found.text
    assert "国内生产总值 2024 (−1017.3亿元)" in found.text
    for name in ("retail-sales", "retail-wide"):
        whole = "社会消费品零售总额"
        assert classifications(suggest(top / "datasets" / name, rules=["core"]).text) >= {
            (whole, frozenset({"城镇消费品零售额", "乡村消费品零售额"})),
            (whole, frozenset({"餐饮收入", "商品零售"})),
        }


def test_what_is_declared_is_not_proposed_again(top: Path) -> None:
    text = suggest(top / "datasets" / "retail-sales").text
    assert classifications(text) == set()
    assert "# declared already: 社会消费品零售总额 = 餐饮收入 + 商品零售; closes in 8 of 8" in text


def test_a_shipped_rulebook_can_be_had_anew_for_data_of_ones_own(tmp_path: Path, heshu: Call) -> None:
    rows = ["indicator,period,value,unit"]
    for year in range(2015, 2025):
        a, b = 1000 + 137 * (year % 7), 2000 + 71 * (year % 5)
        rows += [f"合计,{year},{a + b}.0,亿元", f"甲,{year},{a}.0,亿元", f"乙,{year},{b}.0,亿元"]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n", "utf-8")
    out = tmp_path / "rules.yaml"
    code, said, err = heshu("suggest", str(tmp_path / "a.csv"), "-o", str(out), "--lang", "zh")
    assert (code, err) == (0, "")
    assert "1" in said
    assert classifications(out.read_text("utf-8")) == {("合计", frozenset({"甲", "乙"}))}
    # Nothing is written over.
    assert heshu("suggest", str(tmp_path / "a.csv"), "-o", str(out))[0] == 2
    assert heshu("check", str(tmp_path / "a.csv"), "--rules", str(out))[0] == 0
    (tmp_path / "a.csv").write_text("\n".join(rows).replace("甲,2020,1548.0", "甲,2020,1584.0") + "\n", "utf-8")
    code, said, _ = heshu("check", str(tmp_path / "a.csv"), "--rules", str(out))
    assert (code, "SUM001" in said) == (1, True)


def table(numbers: list[list[float]], parts: list[int]) -> pl.DataFrame:
    """Return a series a row, of ten years; after them the sums of these ``parts``, if there are any."""
    rows = [(f"指标{i}", str(2015 + j), f"{value:.1f}") for i, own in enumerate(numbers) for j, value in enumerate(own)]
    if parts:
        rows += [("总计", str(2015 + j), f"{sum(numbers[i][j] for i in parts):.1f}") for j in range(10)]
    frame = pl.DataFrame(rows, schema=["indicator", "period", "value"], orient="row")
    return frame.with_columns(pl.lit("亿元").alias("unit"), pl.lit("全国").alias("area"))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_numbers_without_structure_are_given_none(seed: int) -> None:
    rng = random.Random(seed)
    numbers = [[rng.uniform(10, 5000) for _ in range(10)] for _ in range(rng.randint(3, 12))]
    assert classifications(suggest(table(numbers, []), rules=["core"], min_evidence=4).text) == set()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_what_adds_up_is_found_wherever_it_stands(seed: int) -> None:
    rng = random.Random(seed)
    numbers = [[round(rng.uniform(10, 5000), 1) for _ in range(10)] for _ in range(rng.randint(4, 12))]
    parts = sorted(rng.sample(range(len(numbers)), rng.randint(2, 3)))
    frame = table(numbers, parts).sample(fraction=1.0, shuffle=True, seed=seed % 1000)
    wanted = ("总计", frozenset(f"指标{i}" for i in parts))
    assert wanted in classifications(suggest(frame, rules=["core"]).text)


def test_one_wrong_year_is_named_and_hides_nothing() -> None:
    rng = random.Random(5)
    numbers = [[round(rng.uniform(10, 5000), 1) for _ in range(10)] for _ in range(4)]
    frame = table(numbers, [0, 2])
    wrong = (pl.col("indicator") == "总计") & (pl.col("period") == "2019")
    frame = frame.with_columns(pl.when(wrong).then(pl.lit("1.0")).otherwise("value").alias("value"))
    text = suggest(frame, rules=["core"]).text
    assert classifications(text) == {("总计", frozenset({"指标0", "指标2"}))}
    assert len(re.findall("# does not hold: SUM001 .*总计 2019", text)) == 1


NAMES = [
    "a: b", "# 注", "'x'", '"', "a\\b", "{x}", "[y]", "*z", "&z", "!t", "yes", "null", "1e3", "- a", "a\u202eb",
    "甲 乙", "@all", "%d",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_names(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame({
        "indicator": [name] * 6 + ["部分"] * 6, "period": [str(2015 + i) for i in range(6)] * 2,
        "value": [f"{100 + 7 * i}.0" for i in range(6)] * 2, "unit": ["亿元"] * 12,
    })  # fmt: skip
    text = suggest(frame, rules=["core"], target=tmp_path).text
    (tmp_path / "r.yaml").write_text(text, "utf-8")
    report = heshu.check(frame, rules=tmp_path / "r.yaml", fail_on="never")
    assert not report.all_errors
    assert report.findings == []
    assert len(re.findall("kind: range", text)) == 2


def test_bad_input_is_refused(tmp_path: Path, heshu: Call, top: Path) -> None:
    (tmp_path / "a.csv").write_text("indicator,period,value,unit\n甲,2020,x,亿元\n", "utf-8")
    for path, said in ((tmp_path / "a.csv", "a.csv:2"), (tmp_path / "none.csv", "none.csv"), (top / "datasets", "9")):
        code, out, err = heshu("suggest", str(path), "--lang", "en")
        assert (code, out, said in err) == (2, "", True)
