"""A report that has one of everything: states, severities, changes, errors, and data that mean harm."""

from __future__ import annotations

from collections import Counter

from heshu.errors import InputError, Place
from heshu.finding import Finding, Mention, Severity, State, Told, Verdict, Waiver
from heshu.report import Change, DatasetReport, How, Report, RuleCount, Slice, Unjudged

EVIL = (
    "=cmd|' /C calc'!A1 @all <script>alert(1)</script> [x](http://evil.example) %0A::error::| `x` ]]> \x1b[31m\u202e\n"
)


def mention(
    indicator: str, period: str, printed: str, line: int, *, measure: str = "level", role: str = "", file: str = "a.csv"
) -> Mention:
    comparison = "yoy" if measure == "growth" else ""
    key = ("某市", indicator, period, measure, comparison, "", "", "current", "fixed", "none", "actual", "2024")
    return Mention(key, Place(f"data/{file}", line), printed, role, line, "value", "[1, 2]", "[1, 2]亿元")


def finding(
    state: State, severity: Severity, verdict: Verdict = Verdict.FAIL, *, name: str = "产值", line: int = 4
) -> Finding:
    figures = (
        mention(name, "2024", "5.0%", line, measure="growth", role="growth"),
        mention(name, "2024", "110.0亿元", line - 1, role="level"),
        mention(name, "2023", "100.0亿元", line - 2, role="base"),
    )
    values = {
        "growth": "5.0%", "level": "110.0亿元", "base": "100.0亿元", "implied": "[9.89, 10.11]%", "gap": "4.8个百分点",
    }  # fmt: skip
    told = Told(
        values, figures, ("release.same", "price.current", "rounding.nearest"), "[9.89, 10.11]%", "4.8个百分点", (name,)
    )
    waiver = Waiver("0123456789abcdef", "发布方已答复: 2025年更正", "甲@b.cn", "2027-03-31", Place("waivers.yaml", 3))
    return Finding(
        "GRW001", "growth", severity, verdict, str(verdict), figures[0].place, lambda: told, "A growth rate agrees",
        suspects=("one_wrong", "basis"), state=state, waiver=waiver if state is State.WAIVED else None,
    )  # fmt: skip


def own(
    code: str, kind: str, reason: str, verdict: Verdict, place: Place, figures: tuple[Mention, ...], **values: str
) -> Finding:
    told = Told(values, figures, identity=(reason, *values.values()))
    return Finding(code, kind, Severity.ERROR, verdict, reason, place, lambda: told, "A check of ours")


def report() -> Report:
    gone = mention("总额", "2024", "420.0亿元", 9, role="", file="b.csv")
    lost = own(
        "COV001", "coverage", "coverage.removed", Verdict.NOT_EVALUABLE, Place("data/b"), (gone,),
        printed="420.0亿元", n="2", codes="GRW001 × 1, SUM001 × 1",
    )  # fmt: skip
    expired = own(
        "WVR001", "waiver", "waiver.expired", Verdict.FAIL, Place("waivers.yaml", 7), (),
        fingerprint="00000000000000aa", until="2020-01-31", absent="", owner="乙", said="r",
    )  # fmt: skip
    first = DatasetReport("a", "data/a", figures=9, quantities=9, related=7, engine="polars")
    first.findings = [
        finding(State.NEW, Severity.ERROR),
        finding(State.NEW, Severity.WARNING, Verdict.REVISION, name="投资", line=9),
        finding(State.KNOWN, Severity.ERROR, name="出口", line=14),
        finding(State.WAIVED, Severity.ERROR, name="进口", line=19),
        finding(State.NEW, Severity.INFO, Verdict.IMPROBABLE, name=EVIL, line=24),
    ]
    first.fixed = [finding(State.FIXED, Severity.ERROR, name="利润", line=29)]
    first.changes = [
        Change(
            How.CHANGED,
            mention("产值", "2024", "104.0亿元", 3),
            mention("产值", "2024", "110.0亿元", 3),
            "+6.0亿元 (+5.77%)",
            "产值110亿元",
        ),
        Change(How.ADDED, None, mention(EVIL, "2024", "1亿元", 30)),
        Change(How.REMOVED, gone, None),
    ]
    first.slice = Slice(5, 1, 1)
    growth = RuleCount(
        "GRW001", "growth", "A growth rate agrees", Severity.ERROR, 8, 2, 1, why="A rate follows from its levels."
    )
    growth.verdicts = Counter({Verdict.FAIL: 3, Verdict.REVISION: 1, Verdict.IMPROBABLE: 1, Verdict.PASS: 3})
    sums = RuleCount(
        "SUM001", "sum", "Parts add up", Severity.ERROR, 2, reasons=Counter({"missing": 2}), why="A total has parts."
    )
    first.rules = [growth, sums]
    first.unjudged = [Unjudged("SUM001", "missing", (gone,), "城镇", "[1, 2]亿元")]
    first.untouched = [mention("人口", "2024", "1400万人", 40)]
    second = DatasetReport("b", "data/b", figures=3, related=2, findings=[lost], engine="polars")
    second.rules = [RuleCount("SUM001", "sum", "Parts add up", Severity.ERROR, broken="ValueError: <&> [x] | y")]
    second.errors = [
        InputError(
            "figure.unreadable", Place("data/b.csv", 3, 7), what="period", text="20x4, 50%: a", hint="", column="period"
        )
    ]
    second.slice = Slice(1, 0, 2, "rules")
    return Report([first, second], notices=[expired], against="main (12345678)", outlived=3)
