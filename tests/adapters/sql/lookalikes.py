"""Figures that look like contradictions to a query that joins too freely, and their neighbours that are some."""

from __future__ import annotations

from typing import Any

PARTS = {"classifications": [{"total": "t", "parts": ["a", "b"]}]}
GROWTH = "indicator,period,measure,comparison,value,unit,occurrence\n"
BASES = "indicator,period,measure,comparison,of,value,unit,price,scope,occurrence\n"
PLACES = "area,indicator,period,measure,comparison,value,unit,sign\n"
RULES = """heshu: 1
rules:
  - {code: GRW001, title: growth, kind: growth, where: {area: 甲}}
  - {code: PTS001, title: points, kind: points}
  - {code: SUM002, title: of which, kind: sum, with: {of: of_which}}
"""


#: What it is → figures, declarations, rules of its own, and whether the engine fails any of it.
CASES: dict[str, tuple[str, dict[str, Any], str, bool]] = {
    "to 1.91 times": (
        GROWTH + "a,2019,level,,100.0,亿元,\na,2020,level,,191.0,亿元,\na,2020,growth,yoy,1.91,倍,\n", {}, "", False
    ),
    "neither by 1.91 times nor to them": (
        GROWTH + "a,2019,level,,100.0,亿元,\na,2020,level,,240.0,亿元,\na,2020,growth,yoy,1.91,倍,\n", {}, "", True
    ),
    "a whole grows more than each of its parts": (
        GROWTH + "t,2020,growth,yoy,9.0,%,\na,2020,growth,yoy,3.0,%,\nb,2020,growth,yoy,5.0,%,\n", PARTS, "", True,
    ),
    "a whole grows to 1.2 times, its parts by 15 and 25 %": (
        GROWTH + "t,2020,growth,yoy,1.2,倍,\na,2020,growth,yoy,15,%,\nb,2020,growth,yoy,25,%,\n", PARTS, "", False,
    ),
    "a whole grows by 20 %, a part to 1.2 times": (
        GROWTH + "t,2020,growth,yoy,20.0,%,\na,2020,growth,yoy,1.2,倍,\nb,2020,growth,yoy,0.9,倍,\n", PARTS, "", False,
    ),
    "more digits than a double has": (
        GROWTH + "t,2020,level,,0.01,元,\na,2020,level,,1234567890123456.78,元,\n"
        "b,2020,level,,-1234567890123456.77,元,\n", PARTS, "", False,
    ),
    "a difference of more digits than a double has": (
        GROWTH + "a,2020,level,,1234567890123456.78,元,\na,2019,level,,1234567890123456.77,元,\n"
        "a,2020,change,yoy,0.01,元,\n", {}, "", False,
    ),
    "a level of undeclared prices beside the one that is meant": (
        BASES + "a,2019,level,,,100.0,亿元,current,fixed,\na,2020,level,,,110.0,亿元,current,fixed,\n"
        "a,2019,level,,,90.0,亿元,unknown,fixed,\na,2020,growth,yoy,,10.0,%,current,fixed,\n", {}, "", False,
    ),
    "two levels of which it is not said which one is meant": (
        BASES + "a,2019,level,,,100.0,亿元,current,fixed,\na,2020,level,,,110.0,亿元,current,fixed,\n"
        "a,2019,level,,,90.0,亿元,constant:2015,fixed,\na,2020,level,,,110.0,亿元,constant:2015,fixed,\n"
        "a,2020,growth,yoy,,10.0,%,unknown,fixed,\n", {}, "", False,
    ),
    "the level that is meant is printed in two ways": (
        BASES + "t,2020,level,,,10.0,亿元,current,fixed,1\nt,2020,level,,,11.0,亿元,current,fixed,2\n"
        "t,2020,level,,,20.0,亿元,unknown,fixed,1\na,2020,level,,,3.0,亿元,current,fixed,1\n"
        "a,2020,share,,t,30.0,%,current,fixed,1\n", {}, "", True,
    ),
    "a part in two ways here, in one there": (
        "area,indicator,period,measure,value,unit,price\n甲,t,2020,level,10.0,亿元,current\n"
        "甲,a,2020,level,3.0,亿元,current\n甲,b,2020,level,7.0,亿元,current\n甲,b,2020,level,5.0,亿元,unknown\n"
        "乙,t,2020,level,10.0,亿元,current\n乙,a,2020,level,3.0,亿元,current\n乙,b,2020,level,5.0,亿元,unknown\n",
        PARTS, "", True,
    ),
    "parts at two prices": (
        BASES + "t,2020,level,,,10.0,亿元,unknown,fixed,\na,2020,level,,,3.0,亿元,current,fixed,\n"
        "b,2020,level,,,4.0,亿元,constant:2015,fixed,\n",
        {"classifications": [{"total": "t", "parts": ["a", "b"], "additive": True}]}, "", False,
    ),
    "zeros kept, and perhaps cut off": (
        "indicator,period,measure,value,unit,rounding,zeros\nt,2020,level,1000,亿元,unknown,kept\n"
        "a,2020,level,300.0,亿元,nearest,kept\nb,2020,level,730.0,亿元,nearest,kept\n", PARTS, "", False,
    ),
    "an area that the rule does not look at": (
        PLACES + "".join(
            f"{area},a,2019,level,,100.0,亿元,\n{area},a,2020,level,,110.0,亿元,\n{area},a,2020,growth,yoy,5.0,%,\n"
            for area in "甲乙"
        ), {}, RULES, True,
    ),
    "a sign that differs by area": (
        PLACES + "".join(
            f"{area},t,2020,level,,10.0,亿元,{sign}\n{area},a,2020,level,,13.0,亿元,{sign}\n"
            for area, sign in (("甲", "nonnegative"), ("乙", "any"))
        ), {"classifications": [{"total": "t", "of_which": ["a"]}]}, RULES, True,
    ),
    "one of two parts bounds the whole": (
        PLACES + "甲,t,2020,level,,10.0,亿元,nonnegative\n甲,a,2020,level,,3.0,亿元,nonnegative\n"
        "甲,b,2020,level,,3.0,亿元,nonnegative\n乙,t,2020,level,,10.0,亿元,nonnegative\n"
        "乙,a,2020,level,,13.0,亿元,nonnegative\n", {"classifications": [{"total": "t", "of_which": ["a", "b"]}]},
        RULES, True,
    ),
    "points of one of two rates here, of the only one there": (
        PLACES + "".join(
            f"{area},a,2020-Q1,growth,yoy,5.0,%,\n{area},a,2020-Q2,growth,yoy,7.0,%,\n"
            f"{area},a,2020-Q2,points,previous,1.0,个百分点,\n" for area in "甲乙"
        ) + "甲,a,2020-Q2,growth,previous,2.0,%,\n", {}, RULES, True,
    ),
    "more than 10": (
        "indicator,period,measure,of,value,unit,hedge\nt,2020,level,,10.0,亿元,超\na,2020,level,,3.0,亿元,\n"
        "a,2020,share,t,50.0,%,\n", {}, "", True,
    ),
}  # fmt: skip
