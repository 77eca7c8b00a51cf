"""The query of quantities whose printings have no true value in common."""

from __future__ import annotations

from collections.abc import Sequence

from heshu.adapters.sql.quantities import LOOSE, READINGS
from heshu.adapters.sql.ways import Way
from heshu.adapters.sql.writing import Writing


def body(writing: Writing, found: Sequence[Way], *, has_loose: bool) -> list[str]:
    """Return the parts of a WITH clause after ``known``, the last of them the query.

    As the engine has it, all are read in one way: as rounded, cut off, rounded twice, or as to N times.
    """
    options = writing.dialect.rows("options", ("z_sid",), list(dict.fromkeys((str(way.sids[0]),) for way in found)))
    readings = [*READINGS, *([LOOSE] if has_loose else [])]
    conditions = ["z.comparable = 1", *writing.looked_at("z")]
    conditions += [f"z.high{reading} < z.low{reading}" for reading in readings]
    columns = [*(f"z.{name}" for name in writing.subject), *writing.shown("z")]
    select = (
        f"SELECT {', '.join(columns)},\n  z.lower AS z_lower, z.upper AS z_upper\n"
        "FROM options\n  JOIN known AS z ON z.sid = options.z_sid\nWHERE " + "\n  AND ".join(conditions)
    )
    return [options, select]
