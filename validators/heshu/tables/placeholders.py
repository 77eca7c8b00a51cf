"""The placeholders of a number format, and digits laid out in them (ECMA-376 Part 1, §18.8.31)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import NamedTuple

#: Longest code that is looked at; Excel allows 255 characters. A longer one is no format but an attack.
MAX_CODE = 1024

#: What is left of numbers that a double cannot hold (IEEE 754) is no number of a worksheet.
MAX_EXPONENT = 308

# Enough digits for every double to the last of the decimals that a code of MAX_CODE characters shows.
WIDE = Context(prec=MAX_EXPONENT + MAX_CODE + 20, rounding=ROUND_HALF_UP)


class Shown(NamedTuple):
    """What a cell displays; ``bare`` if a number does not say how many digits of it were meant."""

    text: str
    bare: bool = False


class Token(NamedTuple):
    """A piece of a format: what it is, and its characters."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Digits:
    """The numeric part of a section: placeholders and what stands around and between them."""

    prefix: str
    whole: tuple[Token, ...]
    decimals: tuple[Token, ...]
    suffix: str
    shift: int
    is_grouped: bool
    #: What a power of ten that is not negative begins with, "+" or ""; None if none is shown.
    exponent: str | None
    places: int
    exponent_places: int
    #: False if a word says that the number is negative.
    has_sign: bool = True

    @property
    def is_simple(self) -> bool:
        """Whether it is 0, 0.00 or #,##0.00, which nearly all are."""
        wanted = [token.text for token in self.whole if token.kind == "digit" and token.text == "0"]
        kinds = {token.kind for token in (*self.whole, *self.decimals)}
        is_fixed = all(token.text == "0" for token in self.decimals)
        ends_so = bool(wanted) and self.whole[-1].text == "0"
        return self.exponent is None and len(wanted) == 1 and ends_so and kinds == {"digit"} and is_fixed

    def show(self, number: Decimal, sign: str) -> Shown:
        """Return the text of a number."""
        sign = sign if self.has_sign else ""
        if self.exponent is not None:
            return self._scientific(number, sign)
        if self.shift:
            number = number.scaleb(self.shift, WIDE)
        number = number.copy_abs().quantize(Decimal(1).scaleb(-self.places), context=WIDE)
        sign = sign if number else ""
        whole, _, decimals = f"{number:f}".partition(".")
        text, is_short = self._laid_out("" if whole == "0" else whole, decimals)
        if not any(map(str.isdecimal, text)) and self.places:
            return Shown("0", True)
        return Shown(f"{sign}{self.prefix}{text}{self.suffix}".strip(), is_short)

    def _scientific(self, number: Decimal, sign: str) -> Shown:
        step = max(sum(token.kind == "digit" for token in self.whole), 1)
        exponent = number.adjusted() // step * step if number else 0
        mantissa = number.copy_abs().scaleb(-exponent, WIDE).quantize(Decimal(1).scaleb(-self.places), context=WIDE)
        if mantissa >= Decimal(10) ** step:
            exponent += step
            mantissa = mantissa.scaleb(-step).quantize(Decimal(1).scaleb(-self.places), context=WIDE)
        whole, _, decimals = f"{mantissa:f}".partition(".")
        text, is_short = self._laid_out(whole, decimals)
        mark = "-" if exponent < 0 else self.exponent
        power = f"E{mark}{abs(exponent):0{self.exponent_places}d}"
        return Shown(f"{sign if mantissa else ''}{self.prefix}{text}{power}{self.suffix}".strip(), is_short)

    def _laid_out(self, whole: str, decimals: str) -> tuple[str, bool]:
        """Return digits in their placeholders, and whether zeros at the end were dropped."""
        out: list[str] = []
        left, count = list(whole), 0
        first = next((i for i, token in enumerate(self.whole) if token.kind == "digit"), -1)
        for i in range(len(self.whole) - 1, -1, -1):
            kind, text = self.whole[i]
            if kind != "digit":
                out.append(text)
                continue
            digits = [left.pop()] if left else ["0"] if text == "0" else []
            if i == first:
                digits += reversed(left)
            for digit in digits:
                if self.is_grouped and count and count % 3 == 0:
                    out.append(",")
                out.append(digit)
                count += 1
        text = "".join(reversed(out)) if first >= 0 else whole
        places = [i for i, token in enumerate(self.decimals) if token.kind == "digit"]
        kept = len(places)
        while kept and decimals[kept - 1] == "0" and self.decimals[places[kept - 1]].text != "0":
            kept -= 1
        after = iter(decimals[:kept])
        tail = "".join(next(after, "") if kind == "digit" else text for kind, text in self.decimals)
        return text + ("." if kept else "") + tail, kept < len(places)


def digits(tokens: list[Token]) -> Digits:
    """Return the numeric part of a section, which has at least one placeholder."""
    marks = [i for i, token in enumerate(tokens) if token.kind == "exponent"]
    exponent, power = None, tokens[marks[0] + 1 :] if marks else []
    if marks:
        exponent = "+" if tokens[marks[0]].text.endswith("+") else ""
        tail = next((i for i, token in enumerate(power) if token.kind != "digit"), len(power))
        tokens, power, rest = tokens[: marks[0]], power[:tail], power[tail:]
    else:
        rest = []
    places = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    start, stop = places[0], places[-1] + 1
    point = next((i for i, token in enumerate(tokens) if token.kind == "point"), None)
    if point is not None:
        start, stop = min(start, point), max(stop, point + 1)
    scaling = 0
    while stop < len(tokens) and tokens[stop].kind == "comma":
        stop, scaling = stop + 1, scaling + 1
    split = stop if point is None else point
    whole, decimals = tokens[start:split], tokens[split + 1 : stop]
    while whole and point is not None and whole[-1].kind == "comma":
        whole, scaling = whole[:-1], scaling + 1
    percents = sum(token.kind == "percent" for token in tokens + rest)
    return Digits(
        prefix="".join(token.text for token in tokens[:start]),
        whole=_placed(whole),
        decimals=_placed(decimals),
        suffix="".join(token.text for token in (*tokens[stop:], *rest)),
        shift=2 * percents - 3 * scaling,
        is_grouped=any(a.kind == "digit" and b.kind == "comma" for a, b in pairwise(whole[:-1])),
        exponent=exponent,
        places=sum(token.kind == "digit" for token in decimals),
        exponent_places=len(power),
    )


def _placed(tokens: list[Token]) -> tuple[Token, ...]:
    """Return placeholders and literals: commas are no characters of their own."""
    return tuple(t if t.kind == "digit" else Token("literal", t.text) for t in tokens if t.kind != "comma")
