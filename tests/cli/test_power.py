"""``explain --data``: how small an error the relations of a rule would have found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., tuple[int, str, str]]

# One decimal of three figures: the total can move by the half units of all three, and so can a part.
SUMS = """indicator,period,value,unit
总,2020,100.0,亿元
甲,2020,50.0,亿元
乙,2020,50.0,亿元
总,2021,100.0,亿元
甲,2021,50.1,亿元
乙,2021,50.0,亿元
总,2022,100.0,亿元
甲,2022,50.0,亿元
乙,2022,52.0,亿元
总,2023,100.0,亿元
甲,2023,50.0,亿元
"""


@pytest.fixture
def told(heshu: Call) -> Callable[..., list[str]]:
    def call(*arguments: str, code: str = "SUM001", rules: str = "sums.yaml") -> list[str]:
        status, out, err = heshu("explain", code, "--rules", rules, *arguments)
        assert (status, err) == (0, "")
        return out.splitlines()

    return call


def test_relations_are_listed_with_the_smallest_error_that_is_found(told: Callable[..., list[str]]) -> None:
    Path("a.csv").write_text(SUMS, "utf-8")
    # 100.0 = 50.0 + 50.0 still holds with 99.9 or 100.1; 100.2 would need 0.05 more than the three half units give.
    assert told("--data", "a.csv")[-4:] == [
        "relations: 2 hold (1 exactly, 1 by rounding) · not passing: 1 · not judged: 1",
        "smallest error that would have been found, in units of the last digit, weakest relations first "
        "(half of them: 2 or less):",
        "  a.csv:2  总 2020: total 100.0亿元 ±2 · part 50.0亿元 ±2 · part 50.0亿元 ±2",
        "  a.csv:5  总 2021: total 100.0亿元 ±1 · part 50.1亿元 ±1 · part 50.0亿元 ±1",
    ]
    assert told("--data", "a.csv", "--lang", "zh")[-2] == (
        "  a.csv:2  总 2020: 总量 100.0亿元 ±2 · 分项 50.0亿元 ±2 · 分项 50.0亿元 ±2"
    )


@pytest.mark.parametrize(("value", "findings"), [("100.1", 0), ("100.2", 1), ("99.9", 0), ("99.8", 1)])
def test_an_error_of_that_size_is_found_and_a_smaller_one_is_not(check: Call, value: str, findings: int) -> None:
    head, *_ = SUMS.partition("总,2021")
    Path("a.csv").write_text(head.replace("总,2020,100.0", f"总,2020,{value}"), "utf-8")
    assert check("a.csv")[0] == findings


def test_a_relation_that_holds_whatever_a_figure_is(told: Callable[..., list[str]]) -> None:
    Path("r.yaml").write_text(
        "heshu: 1\nclassifications: [{total: 总, of_which: [甲]}]\n"
        "rules: [{code: SUM002, title: t, kind: sum, with: {of: of_which}}]\n", "utf-8",
    )  # fmt: skip
    text = "indicator,period,value,unit,sign\n总,2020,100.0,亿元,nonnegative\n甲,2020,50.0,亿元,nonnegative\n"
    Path("a.csv").write_text(text, "utf-8")
    # From above nothing limits the total, from below nothing the part: 500 last digits and one more than rounding.
    assert told("--data", "a.csv", code="SUM002", rules="r.yaml")[-1] == (
        "  a.csv:2  总 2020: total 100.0亿元 ±502 · part 50.0亿元 ±502"
    )


def test_many_relations_are_cut_and_counted(told: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    from heshu.commands import power

    rows = [f"{name},{year},{value},亿元\n" for year in range(2000, 2015)
            for name, value in (("总", "9.0"), ("甲", "4.0"), ("乙", "5.0"))]  # fmt: skip
    Path("a.csv").write_text("indicator,period,value,unit\n" + "".join(rows), "utf-8")
    lines = told("--data", "a.csv")
    assert lines[-1] == "  … +5"
    assert lines[-2].startswith("  a.csv:29  总 2009: ")
    monkeypatch.setattr(power, "MEASURED", 4)
    lines = told("--data", "a.csv")
    assert lines[-7:-4] == [
        "relations: 15 hold (15 exactly, 0 by rounding) · not passing: 0 · not judged: 0",
        "of those that hold 11 were not measured: too many",
        "smallest error that would have been found, in units of the last digit, weakest relations first "
        "(half of them: 2 or less):",
    ]


def test_where_there_is_nothing_to_measure(told: Callable[..., list[str]]) -> None:
    assert told("--data", "good.csv", code="REQ001")[-1].startswith("in these datasets it makes no relations")
    Path("r.yaml").write_text("heshu: 1\nrules: [{code: AGR001, title: t, kind: agreement}]\n", "utf-8")
    Path("a.csv").write_text("indicator,period,value,unit\n总,2020,9.0,亿元\n总,2020,9.0,亿元\n", "utf-8")
    assert told("--data", "a.csv", code="AGR001", rules="r.yaml")[-1] == "of those that hold 1 cannot be measured"


def test_bad_input_is_told_with_its_place(heshu: Call) -> None:
    Path("a.csv").write_text("indicator,period,value,unit\n总,2020,x,亿元\n", "utf-8")
    for path, place in (("a.csv", "a.csv:2"), ("nosuch.csv", "nosuch.csv")):
        status, out, err = heshu("explain", "SUM001", "--rules", "sums.yaml", "--data", path)
        assert (status, out) == (2, "")
        assert err.startswith(place)
