"""The words that head the columns of Chinese statistical tables, and what they say: ``vocabulary.csv``."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from heshu import periods
from heshu.dataset.layout import marks
from heshu.errors import Unreadable

#: A whole of areas, and wholes of anything.
TOTALS = frozenset({"合计", "总计", "总数", "全部", "全国", "全省", "全市", "全区", "全县", "total", "Total", "TOTAL"})

#: Units of local government that end the names of areas (Constitution of the PRC, articles 30 and 31), and the
#: provinces' short names (GB/T 2260).
_AREA = re.compile(
    r"(.{1,12}(省|市|区|县|旗|州|盟|自治区|特别行政区|地区)|全国|"
    r"北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|"
    r"四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|东部|中部|西部|东北)(地区)?"
)

#: A year, and what may follow it in the name of a period.
_PERIOD = re.compile(
    r"(?:19|20)\d{2}\s*年?(?:\s*(?:1[—–\-－~至]\s*)?\d{1,2}\s*月份?|\s*[一二三四1-4]\s*季度|\s*前三季度|\s*[上下]半年|末|底)?"
    r"|1\s*[—–\-－~至]\s*\d{1,2}\s*月份?|\d{1,2}\s*月份?|[一二三四]季度|前三季度|[上下]半年"
)


#: 工业增加值同比增长: an indicator and what of it; not 人口自然增长, 年均增长.
_RATE_OF = re.compile(
    r"(.{2,}(?<!自然|平均|年均|累计|实际|名义))"
    r"(同比增长|同比增速|[比较][上去]年(?:同期|同月|末)?增长|比上[月季]增长|环比增长|增长速度|增速)"
)


@cache
def _entries() -> dict[str, dict[str, str]]:
    text = files("heshu").joinpath("draft", "vocabulary.csv").read_text("utf-8")
    return {marks.fold(row["text"]).lower(): row for row in csv.DictReader(text.splitlines())}


def role(text: str) -> str:
    """Return what a heading says of its column: indicator, area, period, unit, ignore; "" if nothing."""
    entry = _entries().get(marks.fold(marks.take_apart(text).text).lower())
    return entry["role"] if entry else ""


def attributes(text: str) -> dict[str, str]:
    """Return what a heading says of the numbers below it, {} if the vocabulary does not know it.

    The period that such a heading may begin with (2020年比上年增长) is part of it.
    """
    name = marks.take_apart(text)
    found = _said(name.text)
    if not found and (period := _PERIOD.match(name.text)):
        rest = name.text[period.end() :].strip(" 的")
        base = re.match(r"[比较]((?:19|20)\d{2})年", rest)
        found = _said(f"比上年{rest[base.end() :]}" if base else rest)
        if found and is_period(period[0]):
            found = {"period": marks.plain_period(period[0])} | found
            if base and not period[0].startswith(str(int(base[1]) + 1)):
                found["comparison"] = f"since:{base[1]}"
        else:
            found = {}
    if not found and name.unit == "%" and (rate := _RATE_OF.fullmatch(name.text)):
        found = {"indicator": rate[1]} | _said(rate[2])
    if found and name.unit in ("个百分点", "百分点") and found.get("measure") == "growth":
        found["measure"] = "points"
    if found and name.unit and found.get("measure") not in (None, "rank"):
        found["unit"] = name.unit
    return {key: value for key, value in found.items() if value and (key, value) != ("measure", "level")} or (
        {"measure": "level"} if found else {}
    )


def _said(text: str) -> dict[str, str]:
    entry = _entries().get(marks.fold(text).lower().replace("去年", "上年").replace("较上年", "比上年"))
    if entry is None or entry["role"]:
        return {}
    return {key: value for key, value in entry.items() if key != "text"}


def is_area(text: str) -> bool:
    """Whether a text looks like the name of an area."""
    return _AREA.fullmatch(marks.take_apart(text).text) is not None


def is_period(text: str, year: int | None = 2000) -> bool:
    """Whether a text is a period; one without a year is, if ``year`` is given."""
    try:
        periods.parse(marks.plain_period(text), year=year)
    except Unreadable:
        return False
    return True


def period_in(text: str) -> str:
    """Return the first period in a title that has a year, "" if there is none."""
    for found in _PERIOD.finditer(text):
        if found[0][:2] in ("19", "20") and is_period(found[0].strip(), None):
            return marks.plain_period(found[0].strip())
    return ""
