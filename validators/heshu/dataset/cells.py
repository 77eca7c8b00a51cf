"""One figure's cells as they stand in a file: what every layout gives, and what figures are resolved from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from heshu.errors import Place


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
