"""A printer of true values, written without looking at how heshu reads them.

Rounding is done by :mod:`decimal`; what a style means is said by the names of its rounding modes.
"""

from __future__ import annotations

import decimal
import random
from decimal import Decimal
from fractions import Fraction

CONTEXT = decimal.Context(prec=120, Emin=-999, Emax=999)

#: Style → the rounding modes, one after the other, that a publisher of that style may use.
MODES = {
    "half_up": (("ROUND_HALF_UP",),),
    "half_even": (("ROUND_HALF_EVEN",),),
    "truncate": (("ROUND_DOWN",),),
    "ceil": (("ROUND_CEILING",),),
    "nearest": (("ROUND_HALF_UP",), ("ROUND_HALF_EVEN",), ("ROUND_HALF_DOWN",)),
    "double": (("ROUND_HALF_UP", "ROUND_HALF_UP"), ("ROUND_HALF_EVEN", "ROUND_HALF_DOWN"), ("ROUND_HALF_UP",)),
}
EXACT = ("half_up", "half_even", "truncate", "ceil")
ZEROS = ("kept", "dropped", "unknown")

ABOVE = ("超", "超过", "逾", "突破", "以上", "不低于", "余", "多")
BELOW = ("近", "接近", "不足", "低于", "以下", "不超过")
ABOUT = ("约", "左右", "上下")


def decimal_of(value: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def shorten(value: Fraction, decimals: int, modes: tuple[str, ...]) -> Decimal:
    """Round ``value`` to ``decimals`` (negative: tens, hundreds) by each mode in turn, the earlier ones finer."""
    shown = decimal_of(value)
    for finer, mode in reversed(list(enumerate(reversed(modes)))):
        shown = shown.quantize(Decimal(1).scaleb(-decimals - finer), rounding=mode, context=CONTEXT)
    return shown


def text(shown: Decimal, *, drop_zeros: bool = False) -> str:
    """Write a rounded number, with or without zeros after the point; tens and hundreds as integers."""
    written = f"{shown:f}"
    if drop_zeros and "." in written:
        written = written.rstrip("0").rstrip(".")
    return written


def write(value: Fraction, decimals: int, style: str, zeros: str, rng: random.Random) -> str:
    """Print ``value`` as a publisher of this style would."""
    shown = shorten(value, decimals, rng.choice(MODES[style]))
    return text(shown, drop_zeros=zeros == "dropped" or (zeros == "unknown" and rng.random() < 0.5))


def hedged(value: Fraction, decimals: int, rng: random.Random) -> tuple[str, str] | None:
    """Print ``value`` with a hedge that is true of it, as (number, hedge); the number may be well off."""
    size, word = abs(value), rng.choice((*ABOVE, *BELOW, *ABOUT))
    off = size * Fraction(rng.choice((0, 0, 1, 30)), 1000)
    if word in ABOUT:
        shown = shorten(size, decimals, ("ROUND_HALF_UP",))
    elif word in ABOVE:
        shown = shorten(size - off, decimals, ("ROUND_DOWN",))
    else:
        shown = shorten(size + off, decimals, ("ROUND_UP",))
    if shown == 0:
        return None
    return text(-shown if value < 0 else shown), word
