"""How numbers are written in Chinese statistical prose: what is wrong in a line, and what to write instead.

Each check looks for one slip and stays silent where the words can be meant as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from heshu import literal, passage, units
from heshu.errors import Unreadable
from heshu.passage import Number
from heshu.texts import fold, narrow


@dataclass(frozen=True, slots=True)
class Slip:
    """Words that are wrong: where they stand in the line, why (a key), and what fills its sentence.

    ``soft``: it may be meant so.
    """

    start: int
    end: int
    reason: str
    detail: str
    instead: str = ""
    soft: bool = False


_N = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_ABOUT = r"了?(?:大?约|近|超过?|逾)?"
_SENTENCE = re.compile(r"[^。；;！？!?]*$")


def _hedges(words: str) -> Iterator[Slip]:
    """超1900亿元以上 says twice, and differently, that it is more; 约50家左右 says the same twice."""
    for number in passage.numbers(words):
        if len(number.literal.hedges) < 2 or number.is_date:
            continue
        leading, core, trailing = _apart(number.text)
        # 突破3项以上关键技术: the verb, not the hedge.
        if leading[-1:] == ["突破"] and re.search("[项个种类条件]$", core):
            continue
        bare = re.sub("(?<=[0-9十百千万亿])[余馀多来]", "", core)
        ways = [f"{word}{bare}" for word in leading[:1]] + [f"{bare}{word}" for word in trailing[-1:]]
        ways += [core] if bare != core else []
        yield Slip(number.start, number.end, "editorial.hedges", number.text, _either(ways))


def _apart(text: str) -> tuple[list[str], str, list[str]]:
    """Return the hedge words before a number, the number with its unit, and the hedge words behind it."""
    leading: list[str] = []
    trailing: list[str] = []
    while word := next((w for w in _LEADING if text.startswith(w)), ""):
        text = text.removeprefix(word).removeprefix("了")
        leading += [word] if word in literal.HEDGE_WORDS else []
    while word := next((w for w in _TRAILING if text.endswith(w)), ""):
        text = text.removesuffix(word)
        trailing.insert(0, word)
    return leading, text, trailing


_LEADING = sorted((*literal.LEADING, "上", "过"), key=len, reverse=True)
_TRAILING = sorted(literal.TRAILING, key=len, reverse=True)


def _either(ways: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(ways))


_RANGE = re.compile(rf"(?<![0-9.,A-Za-z%‰万亿元-])({_N})([—–~～至到-])({_N})(%|‰|[十百千]?[万亿]+)")


def _range(words: str) -> Iterator[Slip]:
    """10—15% may be from 10 to 0.15; 8到9百亿 from 8."""
    for found in _RANGE.finditer(words):
        low, mark, high, unit = found.groups()
        mark = "—" if mark == "-" else mark
        ends = [_scaled(end, unit) for end in (low, high)]
        yield Slip(*found.span(), "editorial.range", found[0], f"{ends[0]}{mark}{ends[1]}")


_SMALL = {"十": 1, "百": 2, "千": 3}


def _scaled(number: str, unit: str) -> str:
    """Return a number with its unit, without 十, 百 and 千: 9 and 百亿 are 900亿."""
    if unit[:1] not in _SMALL:
        return f"{number}{unit}"
    value = Fraction(number.replace(",", "")) * 10 ** _SMALL[unit[0]]
    digits = str(value) if value.denominator == 1 else f"{float(value):g}"
    return f"{digits}{unit[1:]}"


_RATES = (
    *(
        "增速",
        "增幅",
        "降幅",
        "涨幅",
        "跌幅",
        "增长率",
        "占比",
        "比重",
        "贡献率",
        "利润率",
        "毛利率",
        "负债率",
        "利用率",
    ),
    *("失业率", "渗透率", "普及率", "覆盖率", "城镇化率", "城市化率", "收益率", "合格率", "达标率", "优良率", "开工率"),
    *("就业率", "产销率", "自给率", "使用率", "完成率", "入住率", "出租率", "空置率", "不良率", "参保率"),
)
_MOVES = "提高|提升|上升|回升|加快|扩大|回落|下降|降低|放缓|减慢|收窄|缩小|增加|减少|(?<!最)[高低]"
#: Between a rate and its verb: behind 的 (占比最高的机电产品) or 同时 something else moves.
_GAP = r"(?:(?!同时)[^的，。；、！？：:%（）()]){0,20}?"
_PERCENT = re.compile(rf"(?:{'|'.join(_RATES)}){_GAP}(?:{_MOVES}){_ABOUT}({_N})%")
_POINTS = re.compile(rf"(?:增长|增加|增产|减产|减少){_ABOUT}({_N})个?百分点")
#: Where one of these stands before it, what grows by points may be a rate.
_OF_RATE = re.compile(
    r"率|增速|增幅|降幅|涨幅|跌幅|比重|占比|比例|份额|指数|系数|度|%|‰|拉动|带动|下拉|贡献|影响|推动|拖累"
)
_NO_SUBJECT = re.compile(r"同比|环比|比上年(?:同期)?|比上月|比去年|[^\u4e00-\u9fff]")


def _points(words: str) -> Iterator[Slip]:
    """A rate rises by 个百分点; what rises by a share of itself rises by %."""
    for found in _PERCENT.finditer(words):
        yield Slip(*found.span(), "editorial.percent", found[0], f"{found[1]}个百分点")
    for found in _POINTS.finditer(words):
        before = _before(words, found.start())
        if not _OF_RATE.search(before) and len(_NO_SUBJECT.sub("", before)) > 1:
            yield Slip(*found.span(), "editorial.points", found[0], f"{found[1]}%")


def _before(words: str, at: int) -> str:
    """Return what stands before a position in its sentence."""
    found = _SENTENCE.search(words[max(0, at - 200) : at])
    return found[0] if found else ""


_TIMES = re.compile(
    rf"(?:下降|减少|降低|缩小|缩短|下跌|下滑|减|降){_ABOUT}(?:{_N}|[一二两三四五六七八九十]+)倍(?!标准差)"
)


def _times(words: str) -> Iterator[Slip]:
    """What is not negative falls at most by all of itself."""
    for found in _TIMES.finditer(words):
        yield Slip(*found.span(), "editorial.times", found[0])


_RISES, _FALLS = "增长|增加|上升|上涨|提高|提升", "负增长|下降|减少|降低|下跌|下滑|回落"
_NEGATIVE = re.compile(
    rf"({_FALLS}|{_RISES})了?[-−－﹣负]({_N})(%|‰|个百分点|倍|[十百千]?[万亿]*(?:元|吨|人|户|家|个))(?![—–~～至到-])"
)


def _sign(words: str) -> Iterator[Slip]:
    """增长-3.2% falls; 下降-3.2% may be either."""
    for found in _NEGATIVE.finditer(words):
        verb, size = found[1], found[2] + found[3]
        ways = [f"下降{size}"] if re.fullmatch(_RISES, verb) else [f"下降{size}", f"增长{size}"]
        yield Slip(*found.span(), "editorial.sign", found[0], _either(ways))


_JOINT = re.compile(
    r"(?:、|，|,|和|及|以及|与)(?:同比|环比)?(?:增长|下降|提高|上升|回落|增加|减少|上涨|下跌)?了?|(?:以及)(?:增长|下降)"
)
_TO_FIRST = re.compile(r"[^0-9。；;！？，,、]{0,14}")
_BARE_END = re.compile(r"[，。；;、！？：:）)]|$")


def _list(words: str) -> Iterator[Slip]:
    """What is listed side by side is given in one unit and to one digit: 分别增长3.2%、4.0%."""
    if "分别" not in words:
        return
    numbers = passage.numbers(words)
    for found in re.finditer("分别", words):
        items = _items(words, numbers, found.end())
        if len(items) < 2 or any(item.literal.hedges or item.is_spelled or item.is_date for item in items):
            continue
        detail = words[found.start() : items[-1].end]
        where = (found.start(), items[-1].end)
        names = {item.literal.unit for item in items}
        scales = {item.literal.numeral.scale for item in items}
        if len(names) == 1 and len(scales) == 1:
            decimals = {item.literal.numeral.decimals for item in items}
            if len(decimals) > 1:
                yield Slip(*where, "editorial.decimals", detail, str(max(decimals)))
        elif len(names) == 1:
            yield Slip(*where, "editorial.scales", detail, soft=True)
        elif len(set(map(_dimension, names))) == 1 and _BARE_END.match(words, items[-1].end):
            yield Slip(*where, "editorial.counters", detail, _either(sorted(names)), soft=True)


def _items(words: str, numbers: Sequence[Number], at: int) -> list[Number]:
    """Return the numbers of a list that begins at a position."""
    items: list[Number] = []
    for number in numbers:
        if number.start < at:
            continue
        gap = words[items[-1].end if items else at : number.start]
        if not (_JOINT if items else _TO_FIRST).fullmatch(gap):
            break
        items.append(number)
    return items


def _dimension(name: str) -> str:
    try:
        return units.find(name).dimension if name else ""
    except Unreadable:
        return name


_WIDE = re.compile(r"[０-９]+(?:[．，][０-９]+)*")


def _width(line: str) -> Iterator[Slip]:
    """Digits are set in half width."""
    for found in _WIDE.finditer(line):
        instead = narrow(found[0]).replace("，", ",")
        yield Slip(*found.span(), "editorial.width", found[0], instead)


# 千瓦, 百帕, 千米, …: a prefix of the unit, not a place of the number; 千公顷 is the unit of yearbooks.
_PLACE = re.compile(
    rf"(?<![0-9A-Za-z.,])({_N})([十百千](?:[万亿](?!亿))?)(?!分|帕|瓦|米|克|卡|伏|帕|赫|升|焦|字节|比特|公顷|货|姓)"
)


def _places(words: str) -> Iterator[Slip]:
    """4千 and 9百亿 mix two ways of writing: 4000 or 四千, 900亿."""
    for found in _PLACE.finditer(words):
        yield Slip(*found.span(), "editorial.places", found[0], _scaled(found[1], found[2]))


#: Ways to set apart the thousands of a number, with what shows each; those of ambiguous marks stand between words.
_STYLES = {
    "comma": re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9,])"),
    "space": re.compile(r"(?<=[\u4e00-\u9fff])[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?![0-9])"),
    "wide": re.compile(r"(?<=[\u4e00-\u9fff])[1-9][0-9]{0,2}(?:，[0-9]{3})+(?=[\u4e00-\u9fff.%])"),
    "plain": re.compile(r"(?<![0-9.,，A-Za-z/-])[1-9][0-9]{4,}(?:\.[0-9]+)?(?=[\u4e00-\u9fff%])(?!热线|号|邮编)"),
}


def separators(lines: Sequence[str]) -> Iterator[tuple[int, Slip]]:
    """Yield the first number of every way of setting thousands apart but the usual one, with that of its line."""
    seen: dict[str, list[tuple[int, int, str]]] = {name: [] for name in _STYLES}
    for number, line in enumerate(lines):
        plain = narrow(line)
        for name, style in _STYLES.items():
            seen[name] += [(number, found.start(), found[0]) for found in style.finditer(plain)]
    used = [name for name in _STYLES if seen[name]]
    if len(used) < 2:
        return
    usual = max(used, key=lambda name: (len(seen[name]), -used.index(name)))
    for name in used:
        if name != usual:
            number, start, words = seen[name][0]
            slip = Slip(start, start + len(words), "editorial.separators", words, seen[usual][0][2])
            yield number, slip


#: Checks of a line as :func:`heshu.texts.fold` has it.
OF_WORDS: dict[str, Callable[[str], Iterator[Slip]]] = {
    "hedges": _hedges, "range": _range, "points": _points, "times": _times, "sign": _sign, "list": _list,
    "places": _places,
}  # fmt: skip
#: Checks of a line as it was set.
OF_LINES: dict[str, Callable[[str], Iterator[Slip]]] = {"width": _width}


def slips(line: str, checks: Sequence[str]) -> list[Slip]:
    """Return the slips in some words that were printed; their positions are in what was looked at."""
    found = [slip for check in checks if check in OF_LINES for slip in OF_LINES[check](line)]
    folded = fold(line)
    return found + [slip for check in checks if check in OF_WORDS for slip in OF_WORDS[check](folded)]
