"""One figure's cells as they stand in a file: what every layout gives, and what figures are resolved from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

from heshu.errors import Place

#: Decimal digits that survive in a double (IEEE 754 binary64, ``DBL_DIG``); what stands behind them is noise.
DIGITS = 15

_FLOAT = re.compile(r"[-+]?\d+\.\d+")
_CONTEXT = Context(prec=DIGITS)


def stored(text: str, zeros: str = "lost") -> tuple[str, str]:
    """Return the number of a cell that holds it without the digits shown, and what is known of its zeros.

    A number of more than 15 significant digits is such a one wherever it stands: nobody prints 0.30000000000000004,
    but programs write it where they added 0.1 and 0.2.
    """
    if len(text) > DIGITS and _FLOAT.fullmatch(text) and len(text.strip("+-0.").replace(".", "")) > DIGITS:
        number = format(_CONTEXT.create_decimal(Decimal(text)), "f")
        return number.rstrip("0").rstrip(".") if "." in number else number, zeros
    return text, ""


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
