"""A number as printed with the words around it: hedges, plain verbs, currency signs, unit.

``超1900亿元以上`` is 190000000000, hedged twice (over, at least), in 元. What a hedge means for the true
value is decided elsewhere; here it only gets its canonical name. 以上 and 以下 include the number, 超过 and
不满 exclude it (Civil Code of the PRC, article 1259), hence names of their own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from heshu import numerals, units
from heshu.errors import Unreadable
from heshu.numerals import Numeral

__all__ = ["HEDGE_WORDS", "LEADING", "TRAILING", "Hedge", "Literal", "hedge", "read"]


class Hedge(StrEnum):
    """What a hedge word says about the number beside it."""

    OVER = "over"
    AT_LEAST = "at_least"
    NEAR = "near"
    UNDER = "under"
    AT_MOST = "at_most"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Literal:
    """A printed figure taken apart; the numeral is in the printed unit (``百分之二点五`` is 2.5 in %)."""

    numeral: Numeral
    hedges: tuple[Hedge, ...]
    """In printed order; more than one if the writer hedged twice (超…以上), when the first governs."""
    unit: str
    """As printed, without 万 or 亿, which belong to the number; "" if none."""
    below_unit: bool = False
    """``…`` in a table: less than the smallest unit shown there. The numeral is then 0."""


# Words by where they may stand; 上 and 过 hedge only a magnitude without a number: 上千万, 过亿.
_BEFORE_MAGNITUDE = {"上": Hedge.AT_LEAST, "过": Hedge.OVER}
_BEFORE = (
    dict.fromkeys(("超过", "超出", "超", "逾", "突破", "破", "高于", "大于", "多于"), Hedge.OVER)
    | dict.fromkeys(("不低于", "不少于", "不小于", "至少", "最少", "≥"), Hedge.AT_LEAST)
    | dict.fromkeys(("接近", "将近", "靠近", "近"), Hedge.NEAR)
    | dict.fromkeys(("不足", "不到", "不满", "未满", "未达", "低于", "少于", "小于"), Hedge.UNDER)
    | dict.fromkeys(("不超过", "不高于", "不多于", "不大于", "至多", "最多", "≤"), Hedge.AT_MOST)
    | dict.fromkeys(("大约", "大概", "约为", "约"), Hedge.ABOUT)
)
_AFTER = (
    dict.fromkeys(("及以上", "以上"), Hedge.AT_LEAST)
    | dict.fromkeys(("及以下", "以下", "以内", "之内"), Hedge.AT_MOST)
    | dict.fromkeys(("左右", "上下"), Hedge.ABOUT)
    | dict.fromkeys(("余", "馀", "多"), Hedge.OVER)
)
_WITHIN = dict.fromkeys(("余", "馀", "多"), Hedge.OVER) | {"来": Hedge.ABOUT}

HEDGE_WORDS: dict[str, Hedge] = _BEFORE_MAGNITUDE | _BEFORE | _AFTER | _WITHIN
"""Every printed hedge word that is read, with its meaning."""

_PLAIN_WORDS = (
    *("达到", "高达", "多达", "达", "为", "是", "有", "仅为", "仅"),
    *("实现", "完成", "共计", "共", "累计", "总计", "合计", "翻"),
)
_CURRENCIES = dict.fromkeys(("人民币", "RMB", "CNY", "￥", "¥"), "元") | {
    "US$": "美元",
    "USD": "美元",
    "HK$": "港元",
    "€": "欧元",
    "£": "英镑",
}

LEADING: tuple[str, ...] = (*_BEFORE, *_PLAIN_WORDS, *_CURRENCIES)
"""Words that are read before a number as part of it; those for a magnitude alone (上千万) are not among them."""
TRAILING: tuple[str, ...] = tuple(_AFTER)
"""Hedge words that are read behind a number and its unit."""


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_PREFIX = re.compile(
    rf"(?:({_one_of(_BEFORE)})|({_one_of(_PLAIN_WORDS)}))了?|({_one_of(_CURRENCIES)})"
    rf"|({_one_of(_BEFORE_MAGNITUDE)})(?=[十百千万亿])"
)
_SUFFIX = re.compile(rf"({_one_of(_AFTER)})$")
_ELLIPSES = frozenset({"…", "……", "⋯", "⋯⋯", "...", "......"})

_PLACES = "十百千万亿兆拾佰仟萬億"
_NUMBER = f"0-9０-９.．,，\u00a0\u2009\u202f零〇○一二三四五六七八九两兩俩倆壹贰貳叁叄參肆伍陆陸柒捌玖廿卅{_PLACES}"
_RUN = re.compile(
    rf"[+＋\-−－﹣负負]?(?:半百|[{_NUMBER}]+(?:[点點](?=[{_NUMBER}])[{_NUMBER}]+)?)(?:[余馀多来][{_PLACES}]*)?"
)
_INFIX = re.compile(rf"([^余馀多来]+)([余馀多来])([{_PLACES}]*)")
# Units with 千, 百 or 兆 in their own name; any other such character is a place of the number: 8千元.
_OWN_PLACE = re.compile(r"千(?:克|升|焦|瓦|卡|伏|帕|赫|米|比特|字节|兆|分点)|百(?:帕|分点)|兆|两(?![十百千万亿])")
_BARE = re.compile("[百千万亿佰仟萬億]")
_SIGN = re.compile("[+＋\\-−－﹣负負]")

_PERCENT = re.compile(
    "([-−－﹣负負]?)([百佰]|[千仟]|[万萬]|十[万萬]|[百佰][万萬]|[千仟][万萬]|[亿億])分之(.+)", re.DOTALL
)
_PARTS = {
    "百": ("%", Fraction(1)),
    "千": ("‰", Fraction(1)),
    "万": ("‱", Fraction(1)),
    "十万": ("%", Fraction(1, 10**3)),
    "百万": ("%", Fraction(1, 10**4)),
    "千万": ("%", Fraction(1, 10**5)),
    "亿": ("%", Fraction(1, 10**6)),
}
_SAME_PLACE = str.maketrans("佰仟萬億", "百千万亿")

# Any white space, also a line break in a wrapped table cell. Between digits, or beside a point or comma among them, it
# stays, however long it is, and is judged there: 1  2 may be two numbers, as 100万 20元 are; 3 万 5 千 is one.
_DIGITS = "0-9０-９.．,，"
_SPACE = re.compile(
    rf"(?<![{_DIGITS}{_PLACES}\s])\s++|(?<=[{_DIGITS}{_PLACES}])\s++(?![{_DIGITS}])"
    rf"|(?<=[{_PLACES}])\s++(?=[{_DIGITS}]+\s*[{_PLACES}])"
)
_SIMPLE = re.compile(r"[+-]?[0-9][0-9.]*")
_VERB = re.compile("^[^0-9０-９]*[增降长减升]|同比|环比")
_OTHER_MEASURES = ("growth", "points", "change", "ratio", "multiple", "rank", "index")


def read(text: str) -> Literal:
    """Read one printed figure: number, hedges around or inside it, unit.

    The unit is the longest tail that names one while the rest is still a number, so that ``一百千瓦`` is 100
    in 千瓦, but ``8千元`` is 8000 in 元. 百分之, 千分之 and 万分之 give %, ‰ and ‱, smaller parts are
    turned into %. A magnitude without a number is one of it, if hedged: ``上千万``, ``百余家``.

    Raises ``errors.Unreadable`` with what = number or unit. Ranges (``10—15%``) and approximate pairs
    (``三四十``) are no single figure and are refused with a hint.
    """
    if len(text) > numerals.MAX_LENGTH:
        raise Unreadable("number", text[:40] + "…", "text.too_long", limit=numerals.MAX_LENGTH)
    if _SIMPLE.fullmatch(text):
        return Literal(numerals.parse(text), (), "")
    body = _SPACE.sub("", text)
    if is_ellipsis(body):
        return Literal(Numeral(Fraction(0), Fraction(1), Fraction(1), False), (), "", below_unit=True)
    try:
        return _read(body)
    except Unreadable as error:
        raise _explained(error, text, body) from None


def is_ellipsis(text: str) -> bool:
    """Whether ``text`` is what stands in a table for less than the smallest unit shown."""
    return text in _ELLIPSES


def hedge(word: str) -> Hedge:
    """The hedge that one printed word means: 余 is OVER, 左右 ABOUT.

    Raises ``errors.Unreadable`` ("hedge") with the closest known word.
    """
    found = HEDGE_WORDS.get(word.strip())
    if found is not None:
        return found
    if word.strip() in _PLAIN_WORDS:
        raise Unreadable("hedge", word, "hedge.plain_word")
    close = difflib.get_close_matches(word[:20], HEDGE_WORDS, n=1, cutoff=0.4)
    raise Unreadable("hedge", word[:40], "near", near=close[0]) if close else Unreadable("hedge", word[:40])


def _read(body: str) -> Literal:
    before, currency, body = _strip_prefixes(body)
    after: list[Hedge] = []
    while match := _SUFFIX.search(body):
        after.insert(0, _AFTER[match[1]])
        body = body[: match.start()]
    is_hedged = bool(before or after)
    numeral, within, unit = _percentage(body, is_hedged) or _split(body, is_hedged)
    if currency:
        if unit and units.find(unit).dimension != units.find(currency).dimension:
            raise Unreadable("unit", unit, "unit.currency", currency=currency)
        unit = unit or currency
    return Literal(numeral, (*before, *within, *after), unit)


def _strip_prefixes(body: str) -> tuple[list[Hedge], str, str]:
    hedges: list[Hedge] = []
    currency = ""
    while match := _PREFIX.match(body):
        ordinary, _, money, magnitude = match.groups()
        if ordinary or magnitude:
            hedges.append(HEDGE_WORDS[ordinary or magnitude])
        elif money:
            currency = _CURRENCIES[money]
        body = body[match.end() :]
    return hedges, currency, body


def _percentage(body: str, is_hedged: bool) -> tuple[Numeral, list[Hedge], str] | None:
    match = _PERCENT.fullmatch(body)
    if match is None:
        return None
    sign, part, rest = match.groups()
    unit, factor = _PARTS[part.translate(_SAME_PLACE)]
    if sign and _SIGN.match(rest):
        raise numerals.refusal(body)
    # 百分之百 is the one magnitude that needs no hedge to mean one of it.
    numeral, hedges = _number(sign + rest, is_hedged or rest in ("百", "佰"))
    return _times(numeral, factor), hedges, unit


def _split(body: str, is_hedged: bool) -> tuple[Numeral, list[Hedge], str]:
    if body == "半成":
        half = Fraction(1, 2)
        return Numeral(half, half, half, False), [], "成"
    if body.endswith("成半"):
        numeral, hedges = _number(body[:-2], is_hedged)
        if numeral.last != 1 or numeral.value < 0:
            raise numerals.refusal(body)
        half = Fraction(1, 2)
        return Numeral(numeral.value + half, half, half, numeral.scaled), hedges, "成"
    run = _RUN.match(body)
    if run is None:
        raise numerals.refusal(body)
    errors: dict[int, Unreadable] = {}
    for end in _ends(body, run.end()):
        try:
            return _at(body, end, is_hedged)
        except Unreadable as error:
            errors[end] = error
    raise errors[run.end()]


def _ends(body: str, run_end: int) -> Iterator[int]:
    """Where the number may end, the likeliest end first."""
    inside = range(1, run_end)
    yield from (end for end in inside if _OWN_PLACE.match(body, end))
    yield run_end
    yield from (end for end in inside if body[end] in _PLACES and not _OWN_PLACE.match(body, end))


def _at(body: str, end: int, is_hedged: bool) -> tuple[Numeral, list[Hedge], str]:
    """Number and unit when the number is taken to end at ``end``. Raises Unreadable."""
    unit = body[end:]
    if unit[:1].isspace():
        # Spaces are left between digits only, and 1 is a unit: that of a pure number.
        raise numerals.refusal(body)
    numeral, hedges = _number(body[:end], is_hedged)
    _check_unit(unit)
    if unit == "点" and not any(map(str.isdecimal, body[:end])):
        raise Unreadable("number", body, "number.point")
    if unit == "折" and not 0 < numeral.value <= 10:
        raise Unreadable("number", body, "number.discount")
    return numeral, hedges, unit


def _number(head: str, is_hedged: bool) -> tuple[Numeral, list[Hedge]]:
    hedges: list[Hedge] = []
    if match := _INFIX.fullmatch(head):
        hedges.append(_WITHIN[match[2]])
        head = match[1] + match[3]
    if _BARE.match(head) and (is_hedged or hedges):
        head = "一" + head
    return numerals.parse(head), hedges


def _check_unit(unit: str) -> None:
    """Whether some measure has this unit. Raises Unreadable."""
    if not unit:
        return
    try:
        units.find(unit)
    except Unreadable:
        for measure in _OTHER_MEASURES:
            try:
                units.find(unit, measure=measure)
            except Unreadable:
                continue
            return
        raise


def _times(numeral: Numeral, factor: Fraction) -> Numeral:
    if factor == 1:
        return numeral
    return Numeral(
        numeral.value * factor,
        numeral.last * factor,
        numeral.nonzero * factor,
        numeral.scaled,
        numeral.scale * factor,
    )


def _explained(error: Unreadable, text: str, body: str) -> Unreadable:
    """The error about the whole text, with the best hint: what is wrong with the whole explains its parts."""
    if hint := numerals.mistake(body):
        return Unreadable("number", text, hint)
    if "分之" in body:
        return _about(text, error, "number.fraction")
    if _VERB.search(body):
        return Unreadable("number", text, "number.verb")
    if error.what == "number":
        return _about(text, error, numerals.refusal(body).hint)
    return error


def _about(text: str, error: Unreadable, otherwise: str) -> Unreadable:
    """The error about the whole text, with the hint about its part or, where there is none, another."""
    return Unreadable("number", text, error.hint or otherwise, **error.fields)
