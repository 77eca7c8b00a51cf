"""Whether figures can be true together, decided a second time and in another way.

An end is (value, tilt): tilt 1 means just above the value, −1 just below, 0 the value itself. Ends compare as
tuples, so that open and closed ones need no rules of their own. The base of a product is positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

End = tuple[Fraction, int]
Range = tuple[End, End]


def reading(text: str, style: str, scale: Fraction, *, zeros_kept: bool = True) -> Range:
    """Return what ``text`` with ``scale`` may stand for."""
    shown = Decimal(text)
    value, unit = Fraction(shown), Fraction(1, 10 ** -int(shown.as_tuple().exponent))
    if unit == 1 and not zeros_kept and value:
        unit = Fraction(10 ** (len(text) - len(text.rstrip("0"))))
    far, near = {
        "nearest": (unit / 2, unit / 2), "half_up": (unit / 2, unit / 2), "truncate": (unit, Fraction(0)),
        "double": (unit * Fraction(11, 20), unit * Fraction(11, 20)),
    }[style]  # fmt: skip
    size, tilt = abs(value), int(style in ("half_up", "truncate"))
    if size == 0 and tilt:
        low, high = (-far, 1), (far, -1)
    else:
        low, high = (size - near, 0), (size + far, -tilt)
    if value < 0:
        low, high = (-high[0], -high[1]), (-low[0], -low[1])
    return (low[0] * scale, low[1]), (high[0] * scale, high[1])


def add(ranges: Sequence[Range]) -> Range:
    lows, highs = zip(*ranges, strict=True)
    return (
        (sum((v for v, _ in lows), Fraction(0)), max(t for _, t in lows)),
        (sum((v for v, _ in highs), Fraction(0)), min(t for _, t in highs)),
    )


def minus(a: Range) -> Range:
    return (-a[1][0], -a[1][1]), (-a[0][0], -a[0][1])


def times(base: Range, factor: Range) -> Range:
    """Return the product with a positive ``base``: which of its ends counts depends on the factor's sign."""

    def end(f: End, near: End, far: End, side: int) -> End:
        b = near if f[0] * side > 0 else far
        return (b[0] * f[0], f[1] if f[0] == 0 else side * int(bool(b[1] or f[1])))

    return end(factor[0], base[0], base[1], 1), end(factor[1], base[0], base[1], -1)


def meet(a: Range, b: Range) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def possible(code: str, ranges: Sequence[Range]) -> bool:
    """Whether a relation of rule ``code`` can hold: claim or total first, then what it is made of."""
    z, *rest = ranges
    if code == "GRW001":
        level, base, rate = ranges
        return meet(level, times(base, add([rate, ((Fraction(1), 0), (Fraction(1), 0))])))
    if code == "SHR001":
        return meet(z, times(rest[0], rest[1]))
    if code == "PTS001":
        return meet(z, add([rest[0], minus(rest[1])]))
    if code == "SUM003":
        return meet(((Fraction(1), 0), (Fraction(1), 0)), add(ranges))
    total = add(rest)
    return total[0] <= z[1] if code == "SUM002" else meet(z, total)
