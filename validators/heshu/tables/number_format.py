"""Numbers as a spreadsheet displays them: number formats of ECMA-376 Part 1, §18.8.30 and §18.8.31.

A worksheet stores 13214.4 and, apart from it, ``0.00``: what was published is ``13214.40``. Excel rounds half away
from zero, and rounds the decimal of 15 significant digits, not the binary number behind it.

Different from the display on purpose: colours, padding and Chinese digits (``[DBNum1]``) are left out; dates are
written as periods are (:mod:`heshu.tables.date_format`); a negative number always begins with ``-``, though its
section may show parentheses, ▲ or nothing but red; and what rounds to zero has no sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from functools import lru_cache
from itertools import pairwise

from heshu.tables import date_format
from heshu.tables.placeholders import MAX_CODE, MAX_EXPONENT, WIDE, Digits, Shown, Token, digits

#: Numbers from 10²¹ or below 10⁻²⁰ are shown with an exponent: nobody can count the zeros.
_PLAIN = range(-20, 21)

_SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_UP)
_ZERO = Decimal(0)

_TOKEN = re.compile(
    r"""
      (?P<quoted>"[^"]*"?)
    | (?P<escaped>\\.|!(?=[.,]).)                 # Chinese Excel escapes with ! too: 0!.0, shows 万
    | (?P<blank>[_*].)
    | (?P<bracket>\[[^\]]*\])
    | (?P<general>General|G/通用格式)
    | (?P<noon>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|g+|b+|a{3,4})
    | (?P<digit>[0\#?])
    | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/) | (?P<text>@) | (?P<end>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)\]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_SIGNS = re.compile("[-−－▲△▼↓]")
_VERB = re.compile("[降减负亏跌]")


@dataclass(frozen=True, slots=True)
class _Condition:
    sign: str
    limit: Decimal

    def holds(self, number: Decimal) -> bool:
        return {
            "<": number < self.limit, "<=": number <= self.limit, "=": number == self.limit,
            ">": number > self.limit, ">=": number >= self.limit, "<>": number != self.limit,
        }[self.sign]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the sections of a format that ``;`` separates."""

    tokens: tuple[Token, ...]
    condition: _Condition | None
    dates: date_format.Parts | None
    digits: Digits | None
    is_general: bool

    def show(self, number: Decimal, is_negative_only: bool) -> Shown:
        sign = "-" if number < 0 else ""
        if self.is_general:
            around = [token.text if token.kind == "literal" else "\0" for token in self.tokens]
            before, _, after = "".join(around).partition("\0")
            if is_negative_only:
                before, after, has_sign = _signed(before, after)
                sign = sign if has_sign else ""
            return Shown(f"{sign}{before}{general(number.copy_abs())}{after}".replace("\0", "").strip(), True)
        if self.digits is None:
            return Shown("".join(token.text for token in self.tokens if token.kind == "literal").strip())
        return self.digits.show(number, sign)


@dataclass(frozen=True, slots=True)
class Format:
    """A number format, compiled; make one with :func:`compiled`."""

    code: str
    sections: tuple[_Section, ...]
    text: tuple[Token, ...] | None
    negative_only: tuple[bool, ...]
    simple: tuple[Decimal, str, str, str, int] | None

    def show(self, stored: str, is_1904: bool = False) -> Shown:
        """Return what is displayed of a number, given as the file stores it.

        :raises ValueError: if it is no number that a worksheet can hold.
        """
        number = value(stored)
        if self.simple:
            unit, spec, prefix, suffix, shift = self.simple
            number = number.scaleb(shift, WIDE).quantize(unit, context=WIDE)
            sign = "-" if number < 0 else ""
            return Shown(f"{sign}{prefix}{number.copy_abs():{spec}}{suffix}")
        index = _chosen(self.sections, number)
        if index is None:
            return Shown(general(number), True)
        section = self.sections[index]
        if section.dates:
            return Shown(section.dates.show(number, is_1904))
        return section.show(number, self.negative_only[index])

    def show_text(self, text: str) -> str:
        """Return what is displayed of a text."""
        if self.text is None:
            return text
        return "".join(text if kind == "text" else word for kind, word in self.text if kind in ("text", "literal"))

    @property
    def dates(self) -> date_format.Parts | None:
        """What it shows of a date, if it is the format of one."""
        return self.sections[0].dates if self.sections else None


def value(stored: str) -> Decimal:
    """Return a stored number as Excel knows it, to 15 significant digits.

    :raises ValueError: if it is none.
    """
    try:
        number = _SIGNIFICANT.create_decimal(stored)
    except DecimalException:
        raise ValueError(stored) from None
    if not number.is_finite() or number.adjusted() > MAX_EXPONENT:
        raise ValueError(stored)
    return number if number.adjusted() >= -MAX_EXPONENT else _ZERO


def general(number: Decimal) -> str:
    """Return the shortest text of a number: the format ``General`` in a column that is wide enough."""
    if not number:
        return "0"
    if number.adjusted() not in _PLAIN:
        return f"{number.normalize(_SIGNIFICANT):E}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def compiled(code: str) -> Format:
    """Return a format by its code. Every text is one: what has no meaning stands for itself."""
    parts = _split(code[:MAX_CODE])
    text: tuple[Token, ...] | None = None
    if len(parts) > 3 or (len(parts) > 1 and any(token.kind == "text" for token in parts[-1])):
        text = tuple(parts[3] if len(parts) > 3 else parts.pop())
    elif len(parts) == 1 and any(token.kind == "text" for token in parts[0]):
        text = tuple(parts[0])
    sections = tuple(_section(part) for part in parts[:3]) if code else (_section([Token("general", "")]),)
    negative = tuple(_is_negative_only(sections, index) for index in range(len(sections)))
    sections = tuple(_without_signs(each) if only else each for each, only in zip(sections, negative, strict=True))
    return Format(code, sections, text, negative, _simple(sections))


def _split(code: str) -> list[list[Token]]:
    """Return the tokens of each section; whatever stands for itself is a literal."""
    parts: list[list[Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind, text = str(found.lastgroup), found[0]
        if kind == "end":
            parts.append([])
        elif kind == "quoted":
            parts[-1].append(Token("literal", text.strip('"')))
        elif kind == "escaped":
            parts[-1].append(Token("literal", text[1]))
        elif kind == "bracket" and (money := _CURRENCY.fullmatch(text)):
            parts[-1].append(Token("literal", money[1]))
        elif kind == "bracket" and (elapsed := _ELAPSED.fullmatch(text)):
            parts[-1].append(Token("elapsed", elapsed[1].lower()))
        elif kind == "exponent" and not any(token.kind == "digit" for token in parts[-1]):
            parts[-1] += [Token("date", "e"), Token("literal", text[1])]
        elif kind != "blank":
            parts[-1].append(Token(kind, text))
    return parts


def _section(tokens: list[Token]) -> _Section:
    conditions = (_CONDITION.fullmatch(token.text) for token in tokens if token.kind == "bracket")
    condition = next((_Condition(found[1], Decimal(found[2])) for found in conditions if found), None)
    tokens = [token for token in tokens if token.kind != "bracket"]
    kinds = {token.kind for token in tokens}
    if kinds & {"date", "elapsed"}:
        words = [token.text.lower() for token in tokens if token.kind == "date"]
        return _Section((), condition, date_format.parts(words, "elapsed" in kinds), None, False)
    if kinds & {"general", "text"} or {"digit", "slash"} <= kinds:
        # A fraction is no decimal number: how many digits it stands for nobody can tell.
        kept = () if "slash" in kinds else tuple(_as_literals(tokens, "general", "text"))
        return _Section(kept or (Token("general", ""),), condition, None, None, True)
    if "digit" not in kinds:
        return _Section(tuple(_as_literals(tokens)), condition, None, None, False)
    return _Section((), condition, None, digits(tokens), False)


def _as_literals(tokens: list[Token], *but: str) -> Iterator[Token]:
    return (token if token.kind in but else Token("literal", token.text) for token in tokens)


def _chosen(sections: tuple[_Section, ...], number: Decimal) -> int | None:
    """Return the section that shows a number; None if no condition lets it in."""
    count, first = len(sections), sections[0].condition
    if count == 1:
        return 0 if first is None or first.holds(number) else None
    if first.holds(number) if first else number > 0 or (number == 0 and count == 2):
        return 0
    second = sections[1].condition
    if count == 2:
        return 1 if second is None or second.holds(number) else None
    return 1 if (second.holds(number) if second else number < 0) else 2


def _is_negative_only(sections: tuple[_Section, ...], index: int) -> bool:
    """Whether a section shows negative numbers and no others, so that the minus is its own affair.

    Conditions cut the line at their limits, so one number of each piece tells.
    """
    limits = {each.condition.limit for each in sections if each.condition} | {_ZERO}
    ends = sorted(limit for limit in limits if limit >= 0)
    between = [(a + b) / 2 for a, b in pairwise(ends)]
    return all(_chosen(sections, number) != index for number in (*ends, *between, ends[-1] + 1))


def _without_signs(section: _Section) -> _Section:
    """Return a section for negative numbers with one minus before all else, whatever shows the sign in it."""
    digits = section.digits
    if digits is None:
        return section
    prefix, suffix, has_sign = _signed(digits.prefix, digits.suffix)
    return replace(section, digits=replace(digits, prefix=prefix, suffix=suffix, has_sign=has_sign))


def _signed(prefix: str, suffix: str) -> tuple[str, str, bool]:
    """Return what stands around a negative number without what shows that it is one, and whether it needs a sign.

    A word that says so (``"下降"0.0``) is left, and stands for the sign.
    """
    for left, right in ("()", "（）"):
        if prefix.count(left) > prefix.count(right) and right in suffix:
            prefix, suffix = prefix.replace(left, "", 1), suffix.replace(right, "", 1)
    if _VERB.search(prefix):
        return prefix, suffix, False
    return _SIGNS.sub("", prefix), "" if _SIGNS.fullmatch(suffix.strip()) else suffix, True


def _simple(sections: tuple[_Section, ...]) -> tuple[Decimal, str, str, str, int] | None:
    """Return all that is needed of a format of one plain section, the fast path."""
    digits = sections[0].digits if len(sections) == 1 else None
    if digits is None or sections[0].condition or not digits.is_simple:
        return None
    spec = ",f" if digits.is_grouped else "f"
    return Decimal(1).scaleb(-digits.places), spec, digits.prefix.lstrip(), digits.suffix.rstrip(), digits.shift
