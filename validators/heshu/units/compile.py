"""Compile ``units.csv`` into ``table.csv``: ``python -m heshu.units.compile``.

pint works out dimension and exact factor of every unit; the result is a plain table, one line a name,
so that checking figures needs no pint.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

from heshu.units.registry import SOURCE, Registry, TableError, read_source

TARGET = Path(__file__).with_name("table.csv")
COLUMNS = ("name", "symbol", "dimension", "factor", "counter", "soft", "multipliers", "measures")
MEASURES = frozenset(
    [
        "level",
        "growth",
        "points",
        "change",
        "share",
        "ratio",
        "multiple",
        "rank",
        "contribution",
        "pull",
        "average",
        "index",
    ]
)


def compiled(source: Path = SOURCE) -> str:
    """The text of ``table.csv`` for a source table.

    Raises TableError for a malformed line, a name with two meanings, or a soft dimension that no unit has.
    """
    entries = read_source(source)
    registry = Registry(entries)
    rows: dict[tuple[str, str], tuple[str, ...]] = {}
    claimed: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in entries:
        if unknown := set(entry.measures) - MEASURES:
            raise TableError(f"{entry.symbol}: unknown measures {sorted(unknown)}")
        dimension, factor = registry.resolve({entry.identifier: 1})
        meaning = (
            entry.symbol,
            dimension,
            f"{factor.numerator}/{factor.denominator}",
            entry.counter,
            entry.soft,
            "yes" if entry.multipliers else "no",
            "|".join(entry.measures),
        )
        for written in entry.names:
            for name in {written, unicodedata.normalize("NFKC", written)}:
                for measure in entry.measures or ("",):
                    if claimed.setdefault((name, measure), meaning) != meaning:
                        raise TableError(f"{name} has two meanings: {claimed[name, measure]} and {meaning}")
                rows[name, "|".join(entry.measures)] = (name, *meaning)
    known = {row[2] for row in rows.values()}
    if unknown := {row[5] for row in rows.values()} - known - {""}:
        raise TableError(f"soft names no dimension of the table: {sorted(unknown)}")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows[key] for key in sorted(rows))
    return out.getvalue()


def main() -> None:
    """Write ``table.csv`` next to this file."""
    TARGET.write_text(compiled(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
