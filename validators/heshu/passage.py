"""Numbers in running text: where each begins and ends, its hedges and unit, and the sign that its verb gives it.

Only what stands close by is looked at: hedge words before the number and behind its unit, and the clause in front of
it. What the words leave open is left open: a sign that no verb gives, a word that may hedge or may not (突破3项技术).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from heshu import literal, units
from heshu.errors import Unreadable
from heshu.literal import Literal

#: How far before a number its hedges and its verb may stand, and how far behind it its unit may reach.
BEFORE, BEHIND = 60, 24
#: How far from its number a verb may stand to be shown with it.
PHRASE = 16

_PLACES = "十百千万亿"
_SPELLED = "零〇一二三四五六七八九两十百千万亿"
_ARABIC = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
#: A minus stands before a number, not between two (10-15%) or after a word that ends in a letter (COVID-19).
_HEAD = re.compile(
    rf"(?<![A-Za-z0-9.])(?:(?<![A-Za-z0-9.%‰{_PLACES}元个])[-−])?{_ARABIC}"
    rf"|[百千万]分之[{_SPELLED}]+(?:点[{_SPELLED}]+)?|半百|[{_SPELLED}]+(?:点[{_SPELLED}]+)?"
    rf"|(?<=[超过上破近约逾余])[{_PLACES}]+"
)
#: Thousands set apart by spaces; they may as well be several numbers, as in a table.
_SPACED = re.compile(r"(?<![A-Za-z0-9.,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]+)?(?![0-9])")
_GAP = re.compile(r"(?<=[0-9]) (?=[0-9]{3})")
_LETTER = re.compile(r"[A-Za-z]")


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WORDS = frozenset(word + end for word in literal.LEADING for end in ("", "了"))
_LONGEST = max(map(len, _WORDS))
_MAGNITUDE = re.compile(rf"[{_PLACES}]")
#: Words that end as a hedge does: 节约5亿元 saves, 最近3年 are recent.
_NO_HEDGE = re.compile(
    r"(?:[节签合集契预履制简特违公条邀]约|[最附邻临亲贴]近|[打爆撞侦]破|(?:[赶反不未]|(?<![收支投导])[出入])超|[通经路度越跨]过)了?$"
)
#: Words with another meaning than that of a hedge.
_DOUBTFUL = ("突破", "破", "高于", "低于", "大于", "小于", "多于", "少于", "上", "过", "至少", "最少", "最多")
#: What may be a hedge and is read as none.
_UNREAD = re.compile("[不未没][超足到达满]过?了?$")
_TRAILING = rf"(?:(?:{_one_of(set(literal.TRAILING) - set('余馀多'))})(?!游|岸|翼|手)|[余多](?=[，。；、）)]|$))"


@cache
def _tails() -> tuple[re.Pattern[str], ...]:
    """What may follow the digits: places with 余 or 多 among them, a unit, hedges; and the same without a unit."""
    names = [name for name in units.names() if not name[0].isdigit() and len(name) <= 12]
    words = [re.escape(name) + ("(?![A-Za-z])" if _LETTER.match(name[-1]) else "") for name in names]
    words.sort(key=len, reverse=True)
    unit = rf"(?:人民币)?(?:{'|'.join(words)})(?:(?<=元)人民币)?"
    places = rf"((?:[余多来](?=[{_PLACES}]|{unit}))?[{_PLACES}]*[余多来]?)"
    return tuple(re.compile(rf"{places}({shape})({_TRAILING}{{0,2}})") for shape in (unit, ""))


def _tail(words: str, at: int) -> re.Match[str] | None:
    """Return what follows the digits that end at a position; 千卡 is a unit, not a thousand of something."""
    with_unit, without = _tails()
    return with_unit.match(words, at) or without.match(words, at)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text with the words that belong to it.

    One without a unit has that of the last in its row (10—15%; 28、50家). ``is_date``: it is a year, a month or a day.
    ``sign`` is what its verb says: 1, -1, or 0 if no verb does; ``phrase`` are the words from
    that verb on. ``is_doubtful``: the word before it may be no hedge. ``is_per``: words before it say per what it is
    (每千人, 人均, 万元GDP), so that its unit need not.
    """

    start: int
    end: int
    text: str
    literal: Literal
    sign: int
    phrase: str
    is_doubtful: bool
    is_spelled: bool
    is_date: bool
    is_per: bool


@dataclass(frozen=True)
class _Token:
    """A number as found, before it is read."""

    words: str
    start: int
    head: int
    head_end: int
    places_end: int
    unit_end: int
    end: int

    @cached_property
    def unit(self) -> str:
        return self.words[self.head_end : self.unit_end]


def numbers(words: str, start: int = 0, end: int | None = None) -> list[Number]:
    """Return the numbers that reach into a part of a text; ``words`` without white space where none is meant."""
    end = len(words) if end is None else end
    left = max(0, start - BEFORE)
    window = words[left : end + BEHIND]
    tokens = [token for token in _tokens(window) if token.end > start - left and token.start < end - left]
    tokens.sort(key=lambda token: (token.start, -token.end))
    found = []
    for token in tokens:
        reading = _reading(window, token)
        if reading is not None:
            found.append(
                Number(
                    token.start + left, token.end + left, window[token.start : token.end], reading,
                    direction(words, token.start + left, token.head + left, token.end + left),
                    _phrase(words, token.start + left, token.end + left),
                    _is_doubtful(window, token),
                    not re.search("[0-9]", window[token.head : token.head_end]), _is_date(reading),
                    _PER.search(_clause(words[max(0, token.start + left - BEFORE) : token.start + left])) is not None,
                )
            )  # fmt: skip
    return found


def _tokens(window: str) -> Iterator[_Token]:
    for spaced in _SPACED.finditer(window):
        yield _token(window, spaced)
    at = 0
    while head := _HEAD.search(window, at):
        token = _token(window, head)
        at = max(token.end, head.end())
        is_name = token.unit_end == token.places_end and _LETTER.match(window, head.end())  # 5G, 3D
        if not is_name:
            yield token


def _token(window: str, head: re.Match[str]) -> _Token:
    tail = _tail(window, head.end())
    ends = (tail.end(1), tail.end(2), tail.end()) if tail else (head.end(),) * 3
    return _Token(window, _first(window, head.start(), head[0]), head.start(), head.end(), *ends)


def _first(window: str, head: int, digits: str) -> int:
    """Return where the words before a number that are read with it begin."""
    at = head
    if _MAGNITUDE.match(digits) and window[at - 1 : at] in ("上", "过"):
        at -= 1
    while at:
        size = next((n for n in range(min(_LONGEST, at), 0, -1) if window[at - n : at] in _WORDS), 0)
        if not size or _NO_HEDGE.search(window, max(0, at - size - 3), at):
            return at
        at -= size
    return at


def _is_doubtful(window: str, token: _Token) -> bool:
    is_open = _UNREAD.search(window, max(0, token.start - 4), token.start)
    return is_open is not None or window.startswith(_DOUBTFUL, token.start, token.head)


def _reading(window: str, token: _Token) -> Literal | None:
    """Return the reading of a number with the unit of its row, else the longest that can be read."""
    texts = []
    # 低1.0个和4.2个百分点: 个 is short for the unit that ends the row.
    is_short = token.unit == "个"
    unit = _unit_of_row(window, token) if is_short or not token.unit else ""
    if (unit.startswith("个") and len(unit) > 1) if is_short else unit:
        texts.append(window[token.start : token.head_end] + unit)
    ends = (token.end, token.unit_end, token.places_end, token.head_end)
    texts += [window[start:end] for start in (token.start, token.head) for end in ends]
    return next((found for text in dict.fromkeys(texts) if (found := _read(text)) is not None), None)


def _read(text: str) -> Literal | None:
    try:
        return literal.read(_GAP.sub("", text))
    except Unreadable:
        return None


def _is_date(reading: Literal) -> bool:
    years = reading.unit == "年" and 1900 <= reading.numeral.value < 2100
    return years or reading.unit in ("月", "日")


_NEXT = re.compile(r"[—–~～至到、和及-]{1,2}(?:以及)?[-−]?")


def _unit_of_row(window: str, token: _Token) -> str:
    """Return places and unit of the number that ends a row of numbers without units: 10—15%, 28、50家."""
    at = token.end
    for _ in range(12):
        joined = _NEXT.match(window, at)
        head = _HEAD.match(window, joined.end()) if joined else None
        tail = _tail(window, head.end()) if head else None
        if head is None or tail is None:
            return ""
        if tail[1] or tail[2]:
            return tail[1] + tail[2]
        at = head.end()
    return ""


_CLAUSE = re.compile(r"[^。；;！？!?，,：:（(]*$")
#: Nouns of a fall: what narrows is a fall, so that the rate rises.
_FALL = r"(?:降幅|跌幅|减幅|(?:下降|下跌|减少|下滑|降低)幅度)"
_RISE = r"(?:增幅|涨幅|增速|升幅|增长率|(?:增长|上涨|增加|上升)幅度|差距|顺差|逆差)"
_NARROWER = ("收窄", "缩小", "减小", "变小")
_WIDER = ("扩大", "加深", "加大", "变大")
_UP = (
    *("增长", "增加", "上升", "提高", "提升", "上涨", "加快", "回升", "攀升", "增收", "增产", "多增", "少降", "少减"),
    *("上调", "拉动", "带动", "拉高", "推高", "高于", "快于", "好于", "高出", "高过", "高于", "净增", "新增", "翻"),
)
_DOWN = (
    *("负增长", "下降", "减少", "降低", "回落", "下跌", "下滑", "下调", "放缓", "减慢", "减收", "减产", "少增", "多降"),
    *("向下拉动", "多减", "缩减", "萎缩", "削减", "压减", "拉低", "拖累", "下拉", "低于", "慢于", "净减"),
)
_ALONE = dict.fromkeys("增升涨高多快", 1) | dict.fromkeys("降减跌低少慢", -1)
_VERB = re.compile(f"{_FALL}|{_RISE}|{_one_of((*_NARROWER, *_WIDER, *_UP, *_DOWN))}")
_ONE = re.compile(rf"(?<![最提更较新至从])([{''.join(_ALONE)}])了?$")
#: What is reached, not by how much: 回落至, 回落后为, 虽有回落仍保持在.
_TO = re.compile(r"(?:了|后)*(?:到|至|为)|.*(?:仍|依然|保持|维持)")
#: Verbs whose object is the growth of something else.
_DRAGS = ("拖累", "下拉", "拉低", "向下拉动")
_OBJECT = re.compile("[^的后但仍而却并]{0,8}")
#: The verb may follow: 实现2.9%的增长.
_NOUN_BEHIND = re.compile(r"的(?:(增长|增幅|涨幅|升幅|上涨|上升|提升)|(?:下降|降幅|跌幅|减幅|下跌|下滑|回落))(?!点|极)")
#: Words that say per what a number is.
_PER = re.compile(r"每|均|万元|百元|单位")


def direction(words: str, at: int, head: int | None = None, end: int | None = None) -> int:
    """Return the sign that the clause before a position gives the number there; 0 if its words do not say.

    The last verb counts: 1 for a rise, -1 for a fall. What a rate rises or falls *to* has no sign of its verb.
    ``head`` and ``end``: where the digits begin, behind words that are read with them, and where the number ends.
    """
    if end is not None and (noun := _NOUN_BEHIND.match(words, end)):
        return 1 if noun[1] else -1
    clause, lead = _clause(words[max(0, at - BEFORE) : at]), words[at : at if head is None else head]
    if alone := _ONE.search(clause):
        before = clause[: alone.start()]
        if not _VERB.search(before[-1:] + alone[0]):
            # 降幅最大的煤炭价格高3%: the fall is another's.
            of_fall = any(
                re.fullmatch(_FALL, found[0]) and "的" not in before[found.end() :] for found in _VERB.finditer(before)
            )
            if _TO.match(lead):
                return -1 if of_fall else 0
            return -_ALONE[alone[1]] if of_fall else _ALONE[alone[1]]
    verbs = list(_VERB.finditer(clause))
    if not verbs:
        return 0
    verb = verbs[-1]
    reaches = bool(_TO.match(clause[verb.end() :] + lead))
    is_object = len(verbs) > 1 and _OBJECT.fullmatch(clause, verbs[-2].end(), verb.start())
    if is_object and verbs[-2][0] in _DRAGS and not reaches:
        return -1
    of_fall = any(re.fullmatch(_FALL, found[0]) for found in verbs[:-1])
    of_rise = any(re.fullmatch(_RISE, found[0]) for found in verbs[:-1])
    if re.fullmatch(_FALL, verb[0]):
        return -1
    if re.fullmatch(_RISE, verb[0]):
        return 0
    if of_fall:
        if verb[0] in (*_WIDER, *_UP):
            return -1 if verb[0] in _WIDER or reaches else 0
        return -1 if reaches else 1
    if reaches:
        return 0
    if verb[0] in _NARROWER:
        return -1 if of_rise else 0
    return -1 if verb[0] in _DOWN else 1


def _phrase(words: str, at: int, end: int) -> str:
    """Return a number with the words from its verb on, if that stands close by."""
    clause = _clause(words[max(0, at - BEFORE) : at])
    verbs = [found[0] for found in _VERB.finditer(clause)]
    if not verbs:
        return words[at - (1 if _ONE.search(clause) else 0) : end]
    nouns = [verb for verb in verbs if re.fullmatch(f"{_FALL}|{_RISE}", verb)]
    starts = [words.rfind(word, 0, at) for word in (*nouns[-1:], verbs[-1])]
    return words[min((start for start in starts if 0 <= at - start <= PHRASE), default=at) : end]


def _clause(text: str) -> str:
    """Return what stands behind the last mark that ends a clause; a bracket that is closed is no end."""
    plain = re.sub(r"[（(][^（()）]{0,40}[)）]", "", text)
    found = _CLAUSE.search(plain)
    return found[0] if found else ""


_RANK = re.compile(
    r"第([0-9]{1,4}|[一二三四五六七八九十百]{1,5})(?![0-9一二三四五六七八九十百产季批届轮次期年月天章条款版])"
    r"|(首位|榜首|之首|居首)|([0-9]{1,4})位"
)


def ranks(words: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the ranks in a part of a text: 第六, 首位, 6位."""
    return [
        (found.start(), found.end(), "1" if found[2] else found[1] or found[3])
        for found in _RANK.finditer(words, start, end)
    ]


_RUN = re.compile(rf"连续([0-9]{{1,3}}|[{_SPELLED}]{{1,4}})个?(?:月|季度?|半年|年)")
_VERB_BEHIND = 12


def runs(words: str, start: int, end: int) -> list[tuple[int, int, str, int]]:
    """Return the streaks in a part of a text (连续5个月下降): where each stands, how many periods, which sign."""
    found = []
    for run in _RUN.finditer(words, start, end):
        behind = re.split(r"[，。；、！？,;]", words[run.end() : run.end() + _VERB_BEHIND])[0]
        sign = direction(run[0] + behind, len(run[0] + behind))
        found.append((run.start(), run.end() + (len(behind) if sign else 0), run[1], sign))
    return found
