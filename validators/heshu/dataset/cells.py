"""One figure's cells as they stand in a file: what every layout gives, and what figures are resolved from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

from heshu.errors import Place

#: Decimal digits that every double keeps (IEEE 754 binary64, ``DBL_DIG``); what stands behind them may be noise.
DIGITS = 15
#: Digits that programs write of a double so that it is read back the same: 16 at most where they suffice, else 17.
WRITTEN = (16, 17)

_FLOAT = re.compile(r"[-+]?\d+\.\d+")
_CONTEXT = Context(prec=DIGITS)


def stored(text: str, zeros: str = "lost", hedge: str = "", decimals: str = "") -> tuple[str, str]:
    """Return the number of a cell that holds it without the digits shown, and what is known of its zeros.

    A number of 16 or 17 significant digits that is just what a program writes of a double is such a one wherever it
    stands: nobody prints 0.30000000000000004, but programs write it where they added 0.1 and 0.2. More digits, or
    others, are no double's, and count as printed; so does what stands with a hedge, which no program writes, or has
    no more than the ``decimals`` that its row says: noise stands behind them.
    """
    if hedge or (decimals.isdecimal() and len(decimals) < 4 and len(text.partition(".")[2]) <= int(decimals)):
        return text, ""
    if len(text) > DIGITS and _FLOAT.fullmatch(text) and _digits(text) in WRITTEN and _is_double(text):
        number = format(_CONTEXT.create_decimal(Decimal(text)), "f")
        return number.rstrip("0").rstrip(".") if "." in number else number, zeros
    return text, ""


def _digits(text: str) -> int:
    return len(text.lstrip("+-0.").replace(".", ""))


def _is_double(text: str) -> bool:
    if text.endswith("0"):  # programs leave out such zeros, printers write them
        return False
    value, number = float(text), Decimal(text)
    return number in (Decimal(repr(value)), Decimal(f"{value:.17g}"))


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts by column of the figures table, and where they stand.

    ``cell`` is the header above the number; ``is_wide`` says that there are more numbers in its row. ``shift`` are
    years from the period; ``zeros`` what is known of trailing zeros, if not as the publisher's style has it.
    """

    cells: Mapping[str, str]
    place: Place
    cell: str = "value"
    shift: int = 0
    zeros: str = ""
    is_wide: bool = False
