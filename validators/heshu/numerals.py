"""Numbers as Chinese statistical texts print them, read exactly and with their written precision.

``5.56万`` is 55600 known to the last hundred: 万 and 亿 belong to the number, not to the unit, so that the
decimals which were printed are not lost. Nothing here knows units, hedges or signs given by a verb.

Conventions: GB/T 15835-2011 (writing of numbers); thousands separators only in groups of three. 兆 is 10¹²
(the traditional reading) in a number spelled wholly in 汉字, and refused after Arabic digits, where it may as
well be the SI prefix 10⁶ (GB 3100-93).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from heshu.errors import Unreadable

__all__ = ["MAX_LENGTH", "Numeral", "mistake", "parse", "refusal"]

MAX_LENGTH = 120
"""Longest text, in characters, that is looked at."""
MAX_DIGITS = 60
"""Most Arabic digits (or 汉字 decimals) that a number may have: bounds the time and the size of fractions."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and how precisely it was written; every part is in units of 1, multiplier included."""

    value: Fraction
    """Signed and exact: ``5.56万`` is 55600, ``-2.2`` is -11/5."""
    last: Fraction
    """u > 0, the unit of the last written digit or 汉字 place: 1/10 for ``15.0``, 1 for ``1300``, 10万 for
    ``三百二十万``. A written half (半百, 三成半) is a unit of its own: 50, 1/2."""
    nonzero: Fraction
    """g >= u, the unit of the last digit that is not zero: 1 for ``15.0``, 100 for ``1300``; u for zero."""
    scaled: bool
    """A multiplier or place (百 千 万 亿, or a number ending in 十) was part of it, so that an integer is not
    an exact count."""
    scale: Fraction = Fraction(1)
    """The multiplier written behind the digits: 10000 for ``5.56万``; 1 where the places are spelled out."""

    @property
    def decimals(self) -> int:
        """Digits written after the point: 2 for ``5.50万``."""
        return len(str(int(self.scale / self.last))) - 1 if self.last < self.scale else 0

    @property
    def is_plain_integer(self) -> bool:
        """Written to the last one, without a multiplier, so that a count printed so is exact."""
        return self.last == 1 and not self.scaled


_TEN = {n: Fraction(10) ** n for n in range(-MAX_DIGITS, MAX_DIGITS + 30)}

_MULTIPLIERS = {
    small + great: len_small + len_great
    for small, len_small in (("", 0), ("十", 1), ("百", 2), ("千", 3))
    for great, len_great in (("", 0), ("万", 4), ("亿", 8), ("万万", 8), ("万亿", 12), ("亿亿", 16))
}
_PLAIN = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(万|亿|万亿)?")

# U+00A0, thin and narrow spaces are set between groups of three by typographers; a plain space is not read so
# because two table cells run together look the same.
_ARABIC = re.compile(
    r"((?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:[\u00a0\u2009\u202f][0-9]{3})+)?)"
    r"(?:\.([0-9]+))?([十百千]?(?:万亿|万万|亿亿|万|亿)?)"
)
_SPELLED = re.compile(r"[0-9零一二三四五六七八九十百千万亿兆]+")
_DECIMAL = re.compile(
    r"([0-9零一二三四五六七八九十百千万亿兆]+)点([0-9]+|[零一二三四五六七八九]+)([百千]?(?:万亿|万万|亿亿|万|亿)?)"
)

# Between digits, or beside a point or comma among them, spaces stay, however many: 1  2 may be two numbers.
_SPACES = r" \t\u3000\u00a0\u2002-\u200a\u202f"
_BESIDE = f"0-9０-９.．,，{_SPACES}"
_LOOSE_SPACES = re.compile(rf"(?<![{_BESIDE}])[{_SPACES}]+|[{_SPACES}]+(?![{_BESIDE}])")
_STRAY_LIANG = re.compile(r"[两兩俩倆](?![百佰千仟万萬亿億兆点點])")

_SAME = str.maketrans(
    "０１２３４５６７８９．，＋－−﹣壹贰貳叁叄參肆伍陆陸柒捌玖拾佰仟萬億两兩俩倆〇○點負",
    "0123456789.,+---一二二三三三四五六六七八九十百千万亿二二二二零零点负",
) | {ord("廿"): "二十", ord("卅"): "三十"}

_DIGITS = {name: digit for digit, name in enumerate("零一二三四五六七八九")}
_ASCII_FROM_NAMES = str.maketrans("零一二三四五六七八九", "0123456789")
_PLACES = {"兆": 10**12, "亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_GREAT = "兆亿万"

# A pattern and the key of its hint.
_Hints = tuple[tuple[re.Pattern[str], str], ...]
# Mistakes that show even where words and a unit surround the number.
_HINTS_ANYWHERE: _Hints = (
    (re.compile(r"[0-9.][eE][+-]?[0-9]"), "number.scientific"),
    (re.compile(r"[0-9一二三四五六七八九十百千万亿%％] ?[—–~～至到-]+ ?[0-9一二三四五六七八九十]"), "number.range"),
    (re.compile(r"几|数(?=[十百千万亿])"), "number.indefinite"),
    (re.compile(r"[0-9].*兆"), "number.mega"),
    (re.compile(r"[0-9.．,，]\s+[0-9.．,，]|[十百千万亿]\s+[0-9]"), "number.space"),
)
_HINTS: _Hints = (
    *_HINTS_ANYWHERE,
    (re.compile(r"[一二三四五六七八九]{2}(?=[十百千万亿]|$)"), "number.pair"),
    (re.compile(r"^[+-]?[0-9]+,[0-9]{1,2}$|^[+-]?0[0-9]*,"), "number.decimal_comma"),
    (re.compile(r","), "number.thousands"),
    (re.compile(r"^[–—‐‑]"), "number.dash"),
    (re.compile(r"[十百千万亿兆][0-9]$"), "number.last_digit"),
    (re.compile(r"^[十百千万亿兆]+$"), "number.bare_place"),
)


_ONE = Fraction(1)


def parse(text: str) -> Numeral:
    """Read a text that is one number, whole.

    Arabic digits in half or full width, with a sign and thousands separators (``13,214.4``); 汉字 numerals in
    every usual hand (``三百二十万``, ``两千四百五`` = 2450, ``贰拾``, ``十二点五亿``);
    mixtures (``3万4000``).

    Raises ``errors.Unreadable`` ("number") for everything else, with a hint where we know the mistake.
    """
    if len(text) > MAX_LENGTH:
        raise Unreadable("number", text[:40] + "…", "text.too_long", limit=MAX_LENGTH)
    match = _PLAIN.fullmatch(text)
    if match is not None:
        sign, whole, decimals, multiplier = match.groups()
        return _arabic(text, sign == "-", whole, decimals or "", multiplier or "")
    return _parse_any(text)


def _parse_any(text: str) -> Numeral:
    body = _LOOSE_SPACES.sub("", text)
    if len(body) > 1 and _STRAY_LIANG.search(body):
        raise refusal(text)
    body = body.translate(_SAME)
    negative = body[:1] in {"-", "负"}
    if negative or body[:1] == "+":
        body = body[1:]
    if match := _ARABIC.fullmatch(body):
        whole, decimals, multiplier = match.group(1) or "", match.group(2) or "", match.group(3)
        if (whole or decimals) and not (decimals and multiplier == "十"):
            return _arabic(text, negative, re.sub(r"[^0-9]", "", whole), decimals, multiplier)
    if body == "半百":
        half = Fraction(50)
        return Numeral(-half if negative else half, half, half, True)
    if "兆" in body and re.search("[0-9]", body):
        raise refusal(text)
    if _SPELLED.fullmatch(body):
        value, last = _spelled(body, text)
        return _numeral(negative, Fraction(value), Fraction(last), bool(re.search("[百千万亿兆]", body)))
    if match := _DECIMAL.fullmatch(body):
        whole, decimals, multiplier = match.groups()
        if len(decimals) > MAX_DIGITS:
            raise refusal(text)
        value, _ = _spelled(whole, text)
        scale, last_unit = _TEN[_MULTIPLIERS[multiplier]], _TEN[_MULTIPLIERS[multiplier] - len(decimals)]
        exact = value * scale + int(decimals.translate(_ASCII_FROM_NAMES)) * last_unit
        return _numeral(negative, exact, last_unit, bool(re.search("[百千万亿兆]", body)), scale)
    raise refusal(text)


def _arabic(text: str, negative: bool, whole: str, decimals: str, multiplier: str) -> Numeral:
    digits = whole + decimals
    if len(digits) > MAX_DIGITS:
        raise Unreadable("number", text, "number.digits", limit=MAX_DIGITS)
    number = int(digits)
    if negative:
        number = -number
    exponent, scale = -len(decimals), _ONE
    if multiplier:
        scale = _TEN[_MULTIPLIERS[multiplier]]
        exponent += _MULTIPLIERS[multiplier]
    last = _TEN[exponent]
    value = Fraction(number * 10**exponent) if exponent >= 0 else Fraction(number, 10**-exponent)
    zeros = len(digits) - len(digits.rstrip("0")) if number else 0
    return Numeral(value, last, _TEN[exponent + zeros] if zeros else last, bool(multiplier), scale)


def _numeral(negative: bool, magnitude: Fraction, last: Fraction, scaled: bool, scale: Fraction = _ONE) -> Numeral:
    nonzero = last
    if magnitude:
        while not magnitude % (nonzero * 10):
            nonzero *= 10
    return Numeral(-magnitude if negative else magnitude, last, nonzero, scaled or last > 1, scale)


def _spelled(body: str, text: str) -> tuple[int, int]:
    """Value of an unsigned 汉字 or mixed integer and the unit of its last written place."""
    if body == "零":
        return 0, 1
    return _leading(body, text, bare="十")


def _leading(body: str, text: str, bare: str) -> tuple[int, int]:
    """Read ``body`` from its greatest place down; those in ``bare`` may lack a digit (十五, 零百一十)."""
    for name, size in _PLACES.items():
        left, found, right = body.rpartition(name)
        if not found:
            continue
        if name in _GREAT and left:
            # 四万万 and 一亿亿 are stacked; 三万五万 and 一万零万 are no numbers.
            if name in left and (not left.endswith(name) or left.endswith(name * 2)):
                raise refusal(text)
            value, last = _leading(left, text, bare)
        else:
            value, last = _coefficient(left, name, text, bare)
        if not value:
            raise refusal(text)
        value, last = value * size, last * size
        if right:
            rest, last = _rest(right, size, text)
            value += rest
        return value, last
    return _run(body, text), 1


def _coefficient(left: str, name: str, text: str, bare: str) -> tuple[int, int]:
    if not left and name in bare:
        return 1, 1
    if len(left) != 1 or left not in "一二三四五六七八九123456789":
        raise refusal(text)
    return _DIGITS.get(left) or int(left), 1


def _rest(right: str, size: int, text: str) -> tuple[int, int]:
    """What follows a place of ``size``: 五 after 百 is 50, 零五 is 5; always less than the place itself."""
    after_zero = right[0] == "零"
    body = right[1:] if after_zero else right
    if len(body) == 1 and body in _DIGITS and body != "零":
        unit = 1 if after_zero else size // 10
        return _DIGITS[body] * unit, unit
    if body.isdecimal():
        # 3万4 may be 34000 or 30004: nobody can tell.
        if len(body) == 1 and not after_zero:
            raise refusal(text)
        value, last = int(body), 1
    else:
        if not re.search("[十百千万亿]", body):
            raise refusal(text)
        value, last = _leading(body, text, bare="十百千" if after_zero else "十")
    if not 0 < value < size:
        raise refusal(text)
    return value, last


def _run(body: str, text: str) -> int:
    """A leading run of digits: Arabic, one 汉字, or spelled digit by digit (二〇二〇, 一〇五)."""
    if len(body) > MAX_DIGITS:
        raise refusal(text)
    if body.isdecimal():
        return int(body)
    if len(body) == 1 and body in _DIGITS:
        return _DIGITS[body]
    # 三四 and 三五 are approximate (three or four), so a short run must show by its 〇 that it is positional.
    if re.fullmatch("[一二三四五六七八九][零一二三四五六七八九]+", body) and (len(body) > 3 or "零" in body):
        return int(body.translate(_ASCII_FROM_NAMES))
    raise refusal(text)


def refusal(text: str) -> Unreadable:
    """The error for a text that is no number, with a hint if it looks like a mistake that we know."""
    return Unreadable("number", text, _hint(text, _HINTS))


def mistake(text: str) -> str:
    """The key of the hint for a mistake that shows even with words and a unit around the number (ranges, 几); or ""."""
    return _hint(text, _HINTS_ANYWHERE)


def _hint(text: str, hints: _Hints) -> str:
    plain = text.strip().translate(_SAME)
    return next((hint for pattern, hint in hints if pattern.search(plain)), "")
