"""The canonical figures table: every figure with all that was resolved of it, its base units and its interval.

Whoever reads the table gets the same figures, without the layout, the defaults and the registry that made them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from heshu import units
from heshu.dataset.manifest import FILE as MANIFEST
from heshu.dataset.read import Dataset
from heshu.errors import Unreadable
from heshu.figure import BY_NAME, COLUMNS, Figure, Measured
from heshu.interval import End, Interval

__all__ = ["MANIFEST", "Table", "number", "package", "table"]

#: What a table's file is called in the folder of a dataset, less its suffix.
NAME = "figures"

#: Media types of the formats that a table is written in.
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}

_REQUIRED = frozenset(column.name for column in COLUMNS if column.required)
_STATED = tuple(column.name for column in COLUMNS if column.role not in ("origin", "derived"))
_DERIVED = tuple(column.name for column in COLUMNS if column.role == "derived")

#: The column that dimensions stand behind: the last of the key before the number.
_BEFORE_DIMENSIONS = "among"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts: names of columns, and rows in the order of the figures."""

    names: tuple[str, ...]
    rows: list[tuple[str, ...]]


def table(figures: Sequence[Figure], dimensions: tuple[str, ...] = ()) -> Table:
    """Return the figures as a table that reads back to the same figures.

    Of the columns that no figure table must have, those that are empty everywhere are left out.
    """
    names = _names(dimensions)
    rows = [_row(figure) for figure in figures]
    filled = [name in _REQUIRED or any(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)]
    kept = [i for i, is_filled in enumerate(filled) if is_filled]
    return Table(tuple(names[i] for i in kept), [tuple(row[i] for i in kept) for row in rows])


def _names(dimensions: tuple[str, ...]) -> list[str]:
    names = list(BY_NAME)
    split = names.index(_BEFORE_DIMENSIONS) + 1
    return [*names[:split], *dimensions, *names[split:]]


def stated(figure: Figure) -> dict[str, str]:
    """Return what a figure states, by column of the figures table, with all that was resolved of it."""
    return {name: _text(getattr(figure, name)) for name in _STATED}


def _row(figure: Figure) -> tuple[str, ...]:
    texts = tuple(stated(figure).values())
    split = _STATED.index(_BEFORE_DIMENSIONS) + 1
    return (*texts[:split], *figure.dimensions, *texts[split:], *figure.origin, *_derived(figure))


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _derived(figure: Figure) -> tuple[str, ...]:
    """Return what a figure says in base units; nothing where its value is missing or its unit unknown."""
    try:
        measured = figure.measured() if figure.value else None
    except Unreadable:
        measured = None
    return ("",) * len(_DERIVED) if measured is None else _measured(measured)


@lru_cache(maxsize=65536)
def _measured(measured: Measured) -> tuple[str, ...]:
    base_unit = units.base(measured.dimension, measured.counter) if measured.dimension else ""
    soft = ("",) * 4 if measured.soft is None else _ends(measured.soft)
    return (number(measured.point), *_ends(measured.hard), *soft, base_unit, measured.dimension)


def _ends(interval: Interval) -> tuple[str, ...]:
    return (number(interval.lo), _flag(interval.lo_open), number(interval.hi), _flag(interval.hi_open))


def _flag(is_open: bool) -> str:
    return "true" if is_open else "false"


def number(value: End) -> str:
    """Return a number as text that loses nothing: ``39``, ``0.039``, ``2/3`` if its decimals do not end, ``-inf``."""
    if isinstance(value, float):
        return "inf" if value > 0 else "-inf"
    places = _places(value)
    if not places:
        return str(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _places(value: Fraction) -> int:
    """Return the digits after the point that a number needs; 0 for integers, and where no number of them does."""
    rest, powers = value.denominator, [0, 0]
    for i, prime in enumerate((2, 5)):
        while rest % prime == 0:
            rest, powers[i] = rest // prime, powers[i] + 1
    return max(powers) if rest == 1 else 0


def package(dataset: Dataset, names: Sequence[str], form: str, rulebooks: Sequence[str] | None) -> dict[str, Any]:
    """Return the manifest of a canonical table: what the dataset declared, less what the table has applied.

    ``rulebooks`` are to be found from where the manifest will stand.
    """
    manifest, block = dataset.manifest, dataset.block
    declared = block.model_dump(
        mode="json", exclude_unset=True, exclude={"layout", "files", "defaults", "rulebooks", "texts"}
    )
    if rulebooks is not None:
        declared["rulebooks"] = list(rulebooks)
    resource: dict[str, Any] = {
        "name": NAME, "path": f"{NAME}.{form}", "profile": "tabular-data-resource", "format": form,
        "mediatype": MEDIA_TYPES[form],
    }  # fmt: skip
    if form == "csv":
        # Said rather than left to be found out: texts may look like another dialect.
        resource |= {"encoding": "utf-8", "dialect": {"delimiter": ",", "quoteChar": '"'}}
    fields = [{"name": name, "type": "string"} | _description(name) for name in names]
    resource["schema"] = {"fields": fields, "missingValues": [""]}
    given = {key: value for key, value in (("name", dataset.name), ("title", manifest.title)) if value}
    return {**given, **(manifest.model_extra or {}), "resources": [resource], "heshu": declared}


def _description(name: str) -> dict[str, str]:
    column = BY_NAME.get(name)
    return {"description": column.doc} if column else {}


def moved(rulebook: str, old: str, new: str) -> str:
    """Return the name of a rulebook in the folder ``new`` that names the same one as ``rulebook`` does in ``old``."""
    is_shipped = "/" not in rulebook and "\\" not in rulebook and not rulebook.endswith((".yaml", ".yml"))
    if is_shipped or os.path.isabs(rulebook):
        return rulebook
    path = os.path.join(old, rulebook)
    # Links in folders are followed: .. above one leads elsewhere than the text says.
    path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    try:
        return os.path.relpath(path, os.path.realpath(new)).replace(os.sep, "/")
    except ValueError:  # another drive
        return path
