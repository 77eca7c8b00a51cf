"""Units of published statistics: what a printed unit means, exactly, and what it can be compared with.

``units.csv`` is kept by hand; ``python -m heshu.units.compile`` turns it into ``table.csv``, which is
all that reading a unit needs.
"""

from heshu.units.base import base
from heshu.units.lookup import Unit, convertible, find, names, suggest
from heshu.units.table import MULTIPLIERS

__all__ = ["MULTIPLIERS", "Unit", "base", "convertible", "find", "names", "suggest"]
