"""A figure is what its quote says, where its source says it.

Rows: figures with a `quote` (or a `span` alone) whose source is among the `texts` of the manifest. The words are
looked for in the text and the number there is read again with the words around it; value, unit, precision, hedge and
sign are compared:

- the value, in the unit printed: `5.56` and 万个 against 超5.56万个; - the unit: 亿元 for 万元, % for 个百分点; - the
precision: 15 for 15.0, which say different things of the true value; - the hedge: 超, 近, 约, 余, 以上, 不足, …; -
the sign that the verb gives growth, points, changes, averages and pulls: 下降2.2% is -2.2, 降幅收窄1.2个百分点 is
1.2, 降幅扩大 is negative. Of what is said of several periods (连续5个月下降) their number and the verb are compared.

Exact, because numbers are compared as rationals; nothing is tolerated. Only what no place of the quote in the text
says fails: `span` says which place is meant (offsets in characters from 0, the first one in, the last one out:
`120:128`), else `occurrence` (the n-th one). White space, line breaks, the stars of Markdown and full width make no
difference to where words stand.

At most a warning: a figure that is as said at another place of the quote, and words that leave it open, such as 突破
for a hedge, are only mentioned.

Not evaluable: a source that has no text, a quote without a number that can be read (全覆盖). Without `texts` nothing
is looked at.

In the `heshu` block of the manifest each text has its `path`, the `source` that figures name (default: all figures
whose source has no text of its own), and if need be its `encoding`: `utf-8` or `gb18030`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import narwhals as nw

from heshu import literal, numerals, passage, periods, small, units
from heshu.errors import Unreadable
from heshu.kind import Context, Flags, Kind
from heshu.literal import Hedge, Literal
from heshu.passage import Number
from heshu.registry import Strict
from heshu.texts import Text, fold
from heshu.units import Unit

#: Measures whose numbers get their sign from a verb.
SIGNED = frozenset({"growth", "points", "change", "average", "pull"})

#: Which way a bound of 0 points.
_WAY = {Hedge.OVER: 1, Hedge.AT_LEAST: 1, Hedge.UNDER: -1, Hedge.AT_MOST: -1}

_COLUMNS = ("period", "value", "unit", "hedge", "measure", "decimals", "zeros", "quote", "span", "occurrence", "source")
_SPAN = re.compile(r"[\[(]?\s*([0-9]{1,9})\s*[-:,–—]\s*([0-9]{1,9})\s*[\])]?")


class Options(Strict):
    """``evidence`` has no options."""


@dataclass(frozen=True, slots=True)
class _Flaw:
    """One way in which a figure is not as its text says: a reason, what the text prints and where.

    ``apart`` sorts numbers of other values by how likely one was meant.
    """

    reason: str
    detail: str = ""
    soft: bool = False
    at: str = ""
    apart: float = 0


@dataclass(frozen=True, slots=True)
class _Figure:
    """What a row says, ready to be compared: its reading with the hedges of its column, its unit, its sign."""

    literal: Literal
    unit: Unit | None
    measure: str
    decimals: str
    zeros: str


def build(ctx: Context, options: Options) -> list[Flags]:
    """Look up each quote and flag the figures that are not as their text says."""
    rows = _quoted(ctx) if ctx.texts.items else []
    flags: dict[str, list[object]] = {name: [] for name in ("fid", "reason", "detail", "soft", "where")}
    skipped: dict[str, list[object]] = {"fid": [], "why": []}
    for row in rows:
        text = ctx.texts.of(row["source"] or "")
        found = "no_text" if text is None else _judge(row, text)
        if isinstance(found, str):
            skipped["fid"].append(row["fid"])
            skipped["why"].append(found)
            continue
        for flaw in found:
            for name, value in zip(flags, (row["fid"], flaw.reason, flaw.detail, flaw.soft, flaw.at), strict=True):
                flags[name].append(value)
    looked_at = {"fid": [row["fid"] for row in rows]}
    flagged, matched, unjudged = (ctx.bring(small.table(columns)) for columns in (flags, looked_at, skipped))
    return [Flags(flagged, matched, unjudged)]


def _quoted(ctx: Context) -> list[dict[str, Any]]:
    """Return the figures that say where they were read."""
    if not ctx.has("quote") and not ctx.has("span"):
        return []
    rows = ctx.showing(*_COLUMNS).filter(~nw.col("is_blank"))
    rows = rows.filter((nw.col("quote") != "") | (nw.col("span") != ""))
    return sorted(ctx.fetch(rows.select("fid", *_COLUMNS)), key=lambda row: int(row["fid"]))


def _judge(row: Mapping[str, Any], text: Text) -> list[_Flaw] | str:
    """Return what is wrong with a figure, or why it cannot be judged."""
    said: list[_Flaw] = []
    span, quote = row["span"] or "", fold(row["quote"] or "")
    given: tuple[int, int] | None = None
    if span:
        matched = _SPAN.fullmatch(span.strip())
        if matched is None:
            said.append(_Flaw("evidence.span", span, True))
        else:
            given = text.at(int(matched[1]), int(matched[2]))
    if not quote:
        if given is None:
            return said
        if given[0] >= given[1] or not text.is_whole(*given):
            return [_Flaw("evidence.outside", span, at=text.path)]
        places = [given]
    else:
        places = text.find(quote)
        if not places:
            return [*said, _Flaw("evidence.nowhere", row["quote"], at=text.path)]
    figure = _figure(row)
    if figure is None and row["measure"] != "rank":
        return "unread"
    best, is_moved = _meant(places, given, row["occurrence"] or "")
    flaws = {place: _compare(row, figure, text, place) for place in places}
    if all(found is None for found in flaws.values()):
        return "no_number"
    own = flaws[best] if best is not None else None
    right = [place for place, found in flaws.items() if found is not None and not any(not flaw.soft for flaw in found)]
    if best is None:
        # Nobody says which place is meant: what one of them says is evidence, though not of all.
        best = min(flaws, key=lambda place: _weight(flaws[place]))
        own = flaws[best]
        if right and len(right) < len(places):
            said.append(_Flaw("evidence.several", str(len(places)), True, str(text.place(best[0]))))
    elif best not in right and right:
        best, is_moved = right[0], True
        own = flaws[best]
    if is_moved:
        said.append(_Flaw("evidence.moved", text.span(*best), True, str(text.place(best[0]))))
    return said + (own or [])


def _meant(
    places: list[tuple[int, int]], given: tuple[int, int] | None, occurrence: str
) -> tuple[tuple[int, int] | None, bool]:
    """Return the place that a figure means, None if it does not say, and whether its span is another one."""
    if given is not None:
        exact = [place for place in places if place == given or (given[0] <= place[0] and place[1] <= given[1])]
        if exact:
            return exact[0], False
    if len(places) == 1:
        return places[0], given is not None
    number = int(occurrence) if occurrence.isdecimal() and len(occurrence) < 6 else 0
    if 1 <= number <= len(places):
        return places[number - 1], given is not None
    return None, False


def _figure(row: Mapping[str, Any]) -> _Figure | None:
    try:
        return _read(*(row[name] or "" for name in ("value", "unit", "hedge", "measure", "decimals", "zeros")))
    except Unreadable:
        return None


@lru_cache(maxsize=65536)
def _read(value: str, unit: str, hedge: str, measure: str, decimals: str, zeros: str) -> _Figure:
    found = literal.read(value)
    words = tuple(literal.hedge(word) for word in hedge.split("…") if word) if hedge else ()
    found = replace(found, hedges=words + found.hedges)
    name = unit or found.unit
    return _Figure(found, _unit(name, measure), measure, decimals, zeros)


def _unit(name: str, measure: str) -> Unit | None:
    try:
        return units.find(name, measure=measure) if name else None
    except Unreadable:
        return None


def _compare(row: Mapping[str, Any], figure: _Figure | None, text: Text, place: tuple[int, int]) -> list[_Flaw] | None:
    """Return what is not as said at one place; None if there is no number that can be read."""
    if row["measure"] == "rank":
        return _compare_ranks(row["value"], text, place)
    if figure is None:
        return None
    if row["period"].startswith("each:"):
        run = _compare_runs(row["period"], figure, text, place)
        if run is not None:
            return run
    numbers = passage.numbers(text.words, *place)
    # A quote may say of when it is; a figure that is itself in years or months stands alone.
    numbers = [number for number in numbers if not number.is_date] or numbers
    found = [_differences(figure, number, str(text.place(number.start))) for number in numbers]
    return min(found, key=_weight, default=None)


def _weight(flaws: list[_Flaw] | None) -> tuple[int, int, int, float]:
    """Sort what differs least first; another value differs more than anything else."""
    if flaws is None:
        return (3, 0, 0, 0)
    hard = [flaw for flaw in flaws if not flaw.soft]
    is_other = any(flaw.reason == "evidence.value" for flaw in hard)
    return (2 * is_other, len(hard), len(flaws), sum(flaw.apart for flaw in flaws))


def _compare_ranks(value: str, text: Text, place: tuple[int, int]) -> list[_Flaw] | None:
    own = _rank(value)
    found = [
        (_rank(said), text.words[start:end], start)
        for start, end, said in passage.ranks(text.words, max(0, place[0] - 1), place[1] + 1)
    ]
    if own is None or not found:
        return None
    if any(rank == own for rank, _, _ in found):
        return []
    _, words, start = found[0]
    return [_Flaw("evidence.value", words, at=str(text.place(start)))]


def _compare_runs(period: str, figure: _Figure, text: Text, place: tuple[int, int]) -> list[_Flaw] | None:
    """Return what is not as said of several periods (连续5个月增长); None if that is said by numbers alone."""
    runs = passage.runs(text.words, *place)
    if not runs:
        return None
    start, end, said, sign = runs[0]
    count, at = len(periods.parse(period).members), str(text.place(start))
    if numerals.parse(said).value != count:
        return [_Flaw("evidence.count", text.words[start:end], at=at)]
    if figure.literal.numeral.value:
        return None
    claimed = next((_WAY.get(hedge, 0) for hedge in figure.literal.hedges), 0)
    return [_Flaw("evidence.sign", text.words[start:end], at=at)] if sign * claimed < 0 else []


def _rank(text: str) -> Fraction | None:
    try:
        bare = text.strip().removeprefix("第").removesuffix("名").removesuffix("位")
        return numerals.parse("1" if bare in ("首", "榜首") else bare).value
    except Unreadable:
        return None


def _differences(figure: _Figure, number: Number, at: str) -> list[_Flaw]:
    """Return in what a figure differs from a number in its text."""
    own, reading, printed = figure.literal, number.literal, number.text
    there = _unit(reading.unit, figure.measure)
    size = _scale(figure.unit, there) * own.numeral.value
    other = _scale(there, figure.unit) * reading.numeral.value
    flaws: list[_Flaw] = []
    same_kind = figure.unit is None or there is None or figure.unit.dimension == there.dimension
    if same_kind and abs(size) == abs(other):
        if figure.unit and there and not _same_noun(figure.unit, there):
            flaws.append(_Flaw("evidence.counter", printed, True, at))
        if _is_finer(figure, reading, there, number.is_spelled):
            flaws.append(_Flaw("evidence.precision", printed, at=at))
    elif _digits(own) == _digits(reading):
        is_per = _is_per(figure.unit, there)
        if not (is_per and number.is_per):
            is_noun = bool(
                figure.unit and there and there.dimension in (figure.unit.soft or "-", _softly(there, figure))
            )
            reason = "evidence.counter" if is_noun else "evidence.unit"
            flaws.append(_Flaw(reason, printed, is_noun or is_per, at))
    else:
        return [_Flaw("evidence.value", printed, at=at, apart=_apart(size, other, same_kind and there is not None))]
    if set(own.hedges) != set(reading.hedges):
        flaws.append(_Flaw("evidence.hedge", printed, number.is_doubtful and not own.hedges, at))
    return flaws + _signs(figure, number, at)


def _is_per(unit: Unit | None, there: Unit | None) -> bool:
    """Whether a figure is per something that its text says elsewhere: 每千人口拥有床位6.46张."""
    return unit is not None and there is not None and unit.dimension.startswith(f"{there.dimension}/")


def _same_noun(unit: Unit, there: Unit) -> bool:
    """Whether things are counted with the same noun; 12个 is what 12个项目 says, too."""
    name = unit.text.strip().lstrip("十百千万亿")
    return unit.counter == there.counter or there.text.startswith(name) or name.startswith(there.text)


def _apart(size: Fraction, other: Fraction, same_kind: bool) -> float:
    """Return how unlike two numbers are: first by what they measure, then by their digits."""
    ratio = abs(other / size) if size and other else Fraction(10**9)
    return (0 if same_kind else 100) + min(float(max(ratio, 1 / ratio)), 99)


def _softly(there: Unit, figure: _Figure) -> str:
    """Return the dimension of a unit if the figure's is what it is softly (户 for 家)."""
    return there.dimension if figure.unit is not None and there.soft == figure.unit.dimension else ""


def _scale(unit: Unit | None, other: Unit | None) -> Fraction:
    """Return what a number in a unit is multiplied with to be compared with one in another unit, or in none."""
    if unit is None:
        return Fraction(1)
    return unit.factor if other is not None else unit.multiplier


def _digits(reading: Literal) -> str:
    """Return the digits of a number without its scale: 13214.4, 132144 and 1.32144亿 have the same."""
    value = abs(reading.numeral.value)
    # Denominators are powers of ten, but for halves.
    for _ in range(numerals.MAX_LENGTH):
        if value.denominator == 1:
            break
        value *= 10
    return str(value).rstrip("0") or "0"


def _is_finer(figure: _Figure, reading: Literal, there: Unit | None, is_spelled: bool) -> bool:
    """Whether a figure and its printing are written to different digits."""
    own = figure.literal.numeral
    if is_spelled or (own.last > 1 and own.scale == 1):  # the places of 三百二十万 are written out, those of 320万 not
        return False
    last = own.scale / Fraction(10) ** int(figure.decimals) if figure.decimals else own.last
    mine = last * _scale(figure.unit, there)
    theirs = reading.numeral.last * _scale(there, figure.unit)
    return mine != theirs and not (figure.zeros == "lost" and mine > theirs)


def _signs(figure: _Figure, number: Number, at: str) -> list[_Flaw]:
    """Return what is wrong with a sign; that of a level is no verb's, and a loss may be printed without one."""
    value, sign = figure.literal.numeral.value, number.sign if figure.measure in SIGNED else 0
    if number.literal.numeral.value < 0:
        # 下降-3.2% may be either.
        return [_Flaw("evidence.sign", number.text, at=at)] if value > 0 and not sign else []
    if sign and value:
        return [] if (value > 0) == (sign > 0) else [_Flaw("evidence.sign", number.phrase, at=at)]
    return [_Flaw("evidence.unsaid", number.phrase, True, at)] if value < 0 and figure.measure in SIGNED else []


KIND = Kind("evidence", Options, build, __doc__ or "")
