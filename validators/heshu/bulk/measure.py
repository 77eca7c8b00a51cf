"""The tables of a large dataset: every row measured on the engine, by the ruler of its form."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from heshu.bulk.forms import BY_TEXT, EMPTY, RULER, Forms, literal_row
from heshu.bulk.raw import LITERAL, Raw
from heshu.engine.port import Engine, distinct
from heshu.errors import InputError, Unreadable
from heshu.kind import Frame
from heshu.quantities import DIMENSION, Codes
from heshu.small import Table, table

#: Columns of the measured rows that are whole numbers well below 2³¹ (states below 2⁷).
WHOLE = ("fid", "form", "sid", "state")


@dataclass(slots=True)
class Measured:
    """Measured rows: ``fid``, ``key``, ``form``, ``sid``, ``state``, ``lo``, ``hi``, ``pt``; and the subjects.

    ``bad`` are rows that cannot be read, as (raw row, value as its file has it, fid). ``cells`` is the grid of each
    form on which sums of its numbers are exact, NULL where there is none. ``names`` are area and dimensions of each
    subject by what its rows say.
    """

    rows: Frame
    subjects: Table
    cells: Table
    names: dict[tuple[Any, ...], tuple[str, ...]]
    bad: list[tuple[dict[str, Any], Any]]


def measure(forms: Forms, engine: Engine, dimensions: tuple[str, ...]) -> Measured:
    """Measure the rows of a dataset."""
    raw = forms.raw
    found = engine.fetch(distinct(raw.frame, *raw.form))
    # Statements of one measure are numbered together, so that rules find their rows between two numbers.
    found.sort(key=lambda row: (str(row.get("measure", "")), *map(str, row.values())))
    ways, bad = forms.resolve(found)
    subjects, numbered, names = _subjects(forms, engine, dimensions)
    key = _telling(ways, raw.form)
    columns = {name: column for name, column in ways.items() if name in key or name not in raw.form}
    joined = raw.frame.join(engine.bring(_typed(raw, columns)), on=key, how="inner")
    if raw.subject:
        joined = joined.join(engine.bring(numbered), on=raw.subject, how="left")
    else:
        joined = joined.with_columns(nw.lit(0, dtype=nw.Int64).alias("subject"))
    joined = joined.with_columns((nw.col("said") * len(subjects) + nw.col("subject")).alias("key"))
    rows = engine.materialise(_measured(joined, ways), WHOLE)
    cells = [(form, cell) for form, cell in zip(ways["form"], ways["cell"], strict=True) if form is not None]
    broken = _broken(forms, bad, engine)
    if engine.fetch(rows.filter(nw.col("state") == BY_TEXT).select("fid").head(1)):
        by_text, more, unread = _by_text(forms, joined, len(subjects), engine)
        rows = nw.concat([rows.filter(nw.col("state") != BY_TEXT), engine.materialise(by_text, WHOLE)])
        cells += more
        broken += unread
    grids = dict(cells)
    return Measured(rows, subjects, table({"form": list(grids), "grid": list(grids.values())}), names, broken)


def _telling(ways: Mapping[str, Sequence[Any]], names: Sequence[str]) -> list[str]:
    """Return as few of the columns as tell the forms apart: rows find theirs by no more than it takes."""
    kept, size = list(names), len(ways[names[0]])
    for name in names:
        others = [other for other in kept if other != name]
        if others and len(set(zip(*(ways[other] for other in others), strict=True))) == size:
            kept = others
    return kept


#: Types of the columns of small tables that are joined with raw rows; the others are texts.
_WHOLE = frozenset({"at", "digits", "zeros_at_end", "form", "sid", "state", "subject", "said"})
_REAL = frozenset({*RULER, "lo", "hi", "pt", "grid"}) - {"floor"}


def _typed(raw: Raw, columns: Mapping[str, Sequence[Any]]) -> Table:
    """Return a small table with the types that raw rows have."""
    import polars as pl

    whole = _WHOLE | ({"decimals"} if raw.has_decimals else set())
    real = _REAL | ({"value"} if raw.is_number else set())
    kinds: dict[str, Any] = (
        dict.fromkeys(whole, pl.Int64()) | dict.fromkeys(real, pl.Float64()) | {"floor": pl.Boolean()}
    )
    schema = {name: kinds.get(name, pl.String()) for name in columns}
    data = {
        name: [None if value is None else float(value) for value in values] if name in real else values
        for name, values in columns.items()
    }
    return nw.from_native(pl.DataFrame(data, schema=schema), eager_only=True)


def _subjects(
    forms: Forms, engine: Engine, dimensions: tuple[str, ...]
) -> tuple[Table, Table, dict[tuple[Any, ...], tuple[str, ...]]]:
    """Return the subjects, the table by which rows find theirs, and what each is called, by what its rows say."""
    raw, source = forms.raw, forms.source
    codes, names = Codes(), ("area", *dimensions)
    found = engine.fetch(distinct(raw.frame, *raw.subject)) if raw.subject else [{}]
    found.sort(key=lambda row: tuple(map(str, row.values())))
    numbers: list[int] = []
    called: dict[tuple[Any, ...], tuple[str, ...]] = {}
    for row in found:
        said = dict(raw.files[row.get("at", 0)].given)
        for name in names:
            column = name if name == "area" else f"{DIMENSION}{name}"
            if text := str(row.get(column, "")).strip():
                said[name] = text
        subject = tuple(said.get(name) or str(source.defaults.get(name, "")).strip() for name in names)
        called[tuple(row[name] for name in raw.subject)] = subject
        numbers.append(codes.of(subject))
    columns = {name: [row[name] for row in found] for name in raw.subject} | {"subject": numbers}
    subjects = codes.table("subject", ("area", *(f"{DIMENSION}{name}" for name in dimensions)))
    return table(subjects), _typed(raw, columns), called


def _measured(joined: Frame, ways: Mapping[str, Sequence[Any]]) -> Frame:
    """Measure rows whose number follows from the ruler of their form; ends are rounded once, to the nearest float.

    What is the same for all forms (no gain, ends equally far off) is not computed for each row.
    """
    number = nw.col("number")
    rulers = [ruler for ruler in zip(*(ways[name] for name in RULER), strict=True) if ruler[0] is not None]
    known = [dict(zip(RULER, ruler, strict=True)) for ruler in rulers]
    is_even = all(r["below"] == r["above"] and -r["zero_lo"] in (-0.0, r["zero_hi"]) for r in known)
    gains = any(r["gain"] != 1 for r in known)
    parts = any(r["parts"] != 1 for r in known)
    is_other = (number.abs() > nw.col("limit")) | (nw.col("digits") == LITERAL)
    state = nw.when((nw.col("state") == 0) & is_other).then(nw.lit(BY_TEXT))
    rows = joined.with_columns(
        state.otherwise(nw.col("state")).alias("state"), (number * nw.col("times")).alias("size")
    )
    size, off, above = nw.col("size"), nw.col("below"), nw.col("above")
    if not is_even:
        off, above = (
            nw.when(number > 0).then(nw.col(one)).otherwise(nw.col(other))
            for one, other in (("below", "above"), ("above", "below"))
        )

    def end(value: nw.Expr) -> nw.Expr:
        value = value * nw.col("gain") if gains else value
        return value / nw.col("parts") if parts else value

    low, high = end(size - off), end(size + above)
    if not is_even:
        low = nw.when(number == 0).then(nw.col("zero_lo")).otherwise(low)
        high = nw.when(number == 0).then(nw.col("zero_hi")).otherwise(high)
    rows = rows.select(
        "fid", "key", "form", "sid", "state", "floor",
        low.alias("lo"), high.alias("hi"), end(size).alias("pt"),
    )  # fmt: skip
    is_cut = nw.col("floor") & (nw.col("lo") < 0) & (nw.col("hi") >= 0)
    low = nw.when(is_cut).then(nw.lit(0.0)).otherwise(nw.col("lo"))
    is_read = nw.col("state") == 0
    ends = {"lo": low, "hi": nw.col("hi"), "pt": nw.col("pt")}
    read = [nw.when(is_read).then(value).alias(name) for name, value in ends.items()]
    return rows.select("fid", "key", "form", "sid", "state", *read)


def _by_text(
    forms: Forms, joined: Frame, subjects: int, engine: Engine
) -> tuple[Frame, list[tuple[int, float | None]], list[tuple[dict[str, Any], Any]]]:
    """Measure the rows whose numbers are read by their text, each distinct text once."""
    raw = forms.raw
    is_other = (nw.col("number").abs() > nw.col("limit")) | (nw.col("digits") == LITERAL)
    is_long = (nw.col("state") == 0) & is_other
    rest = engine.materialise(
        joined.filter((nw.col("state") == BY_TEXT) | is_long).select("fid", "subject", *raw.form, "value")
    )
    if raw.is_number:
        # What is missing is looked up like the other numbers, and NULL would meet nothing.
        rest = rest.with_columns(nw.col("value").fill_null(math.nan))
    keys = [*raw.form, "value"]
    names = ("form", "sid", "state", "lo", "hi", "pt", "grid")
    columns: dict[str, list[Any]] = {name: [] for name in (*keys, *names)}
    cells: list[tuple[int, float | None]] = []
    bad: list[dict[str, Any]] = []
    for row in sorted(engine.fetch(distinct(rest, *keys)), key=lambda row: tuple(map(str, row.values()))):
        try:
            found = literal_row(forms, row, written(row["value"]))
        except (Unreadable, InputError):
            bad.append(row)
            continue
        cells.append((found[0], found[-1]))
        for name, value in zip(columns, (*(row[key] for key in keys), *found), strict=True):
            columns[name].append(value)
    columns["said"] = [forms.key(sid) for sid in columns["sid"]]
    known = engine.bring(_typed(raw, columns))
    key = nw.col("said") * subjects + nw.col("subject")
    rows = rest.join(known, on=keys, how="inner").with_columns(key.alias("key"))
    unread = _at(forms, rest, bad, keys, engine)
    return rows.select("fid", "key", "form", "sid", "state", "lo", "hi", "pt"), cells, unread


def written(value: Any) -> str:
    """Return a value as its reader would show it: a float in full, without the zero that a whole one ends with."""
    from decimal import Decimal

    if isinstance(value, float):
        text = repr(value)
        if text == "nan":
            return ""
        return (format(Decimal(text), "f") if "e" in text else text).removesuffix(".0")
    return "" if value is None else str(value).strip()


def _broken(forms: Forms, bad: list[Any], engine: Engine) -> list[tuple[dict[str, Any], Any]]:
    return _at(forms, forms.raw.frame, bad, forms.raw.form, engine)


#: Rows that cannot be read are named up to this many.
NAMED = 1000


def _at(
    forms: Forms, frame: Frame, bad: list[Any], keys: list[str], engine: Engine
) -> list[tuple[dict[str, Any], Any]]:
    """Return the first rows of each raw form (and value) that cannot be read."""
    if not bad:
        return []
    known = engine.bring(_typed(forms.raw, {key: [row[key] for row in bad] for key in keys}))
    own = [name for name in ("value", *keys) if name in (*keys, "value")]
    rows = frame.join(known, on=keys, how="inner").sort("fid").head(NAMED).select("fid", *dict.fromkeys(own))
    return [(row, row["value"]) for row in engine.fetch(rows)]


def quantities_of(measured: Measured) -> Frame:
    """Return the measured rows as quantities, each of its own."""
    rows = measured.rows.filter(~nw.col("lo").is_null())
    own = ("key", "sid", "form", "lo", "hi", "pt", "state")
    return rows.select(nw.col("fid").alias("qid"), *own, _subject(measured))


def figures_of(measured: Measured) -> Frame:
    """Return the measured rows as figures."""
    is_blank = nw.col("state") == EMPTY
    return measured.rows.select("fid", _subject(measured), "form", is_blank.alias("is_blank"), "lo", "hi")


def _subject(measured: Measured) -> nw.Expr:
    return (nw.col("key") % len(measured.subjects)).alias("subject")
