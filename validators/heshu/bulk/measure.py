"""The tables of a large dataset: every row measured on the engine, by the ruler of its form."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import narwhals as nw

from heshu.bulk.ends import Ends, ends_of
from heshu.bulk.forms import BY_TEXT, EMPTY, RULER, UNMEASURED, Forms, literal_row, shown
from heshu.bulk.raw import OWN, Raw
from heshu.bulk.tally import Tally, tally
from heshu.engine.port import Engine, Handing, Keeping, Source, distinct, narrow
from heshu.errors import InputError, Place, Unreadable
from heshu.kind import Frame
from heshu.quantities import DIMENSION, Codes, nth_of
from heshu.small import Table, table


@dataclass(slots=True)
class Measured:
    """Measured rows: ``fid``, ``key``, ``subject``, ``form``, ``sid``, ``state``, ``lo``, ``hi``, ``pt``; the subjects.

    ``read`` are those whose number is measured, and no others if ``is_read``.
    ``bad`` are rows that cannot be read, as (raw row, value as its file has it, fid). ``cells`` is the grid of each
    form on which sums of its numbers are exact, NULL where there is none. ``names`` are area and dimensions of each
    subject, by its number. ``tally`` says how many rows there are. ``judge`` is the engine that has them; in memory,
    ``source`` is what they are made of.
    """

    rows: Frame
    read: Frame
    tally: Tally
    subjects: Table
    cells: Table
    names: list[tuple[str, ...]]
    bad: list[tuple[dict[str, Any], Any]]
    judge: Engine
    source: Source | None
    is_read: bool


#: What measured rows have.
COLUMNS = ("fid", "key", "subject", "form", "sid", "state", "lo", "hi", "pt")

#: Rows whose number is measured.
_IS_MEASURED = nw.col("state") < BY_TEXT


def measure(forms: Forms, engine: Engine, dimensions: tuple[str, ...]) -> Measured:
    """Measure the rows of a dataset.

    :raises InputError: if nothing stands in any of them.
    """
    raw = forms.raw
    salt, found = coded(raw.frame, raw.form, "code", engine)
    if any(map(raw.is_blank, found)):
        raw.frame = raw.filled()
        salt, found = coded(raw.frame, raw.form, "code", engine)
    if not found:
        raise InputError("table.no_rows", Place(str(raw.files[0].path)))
    # Statements of one measure are numbered together, so that rules find their rows between two numbers.
    found.sort(key=lambda row: (str(row.get("measure", "")), *map(str, row.values())))
    ways, bad = forms.resolve(found)
    rows = engine.code(raw.frame, raw.form, "code", salt)
    by_subject, subjects, names = _by_subject(forms, engine, dimensions)
    width = max(len(forms.said.numbers), 1)
    known = _typed(ways | {"way": range(len(ways["code"]))})
    bounds = {
        "fid": raw.size, "key": len(subjects) * width, "subject": len(subjects),
        "form": len(forms.forms.numbers), "sid": len(forms.statements.numbers), "state": UNMEASURED,
    }  # fmt: skip
    keeper, ends = _keeper(raw, engine), ends_of(ways)
    judge: Engine = engine if keeper is None else keeper[0]
    source: Source | None = None
    if keeper is None:
        key = (nw.col("subject").cast(nw.Int64) * width + nw.col("said")).alias("key")
        joined = by_subject(rows.join(engine.bring(known.drop("way")), on="code", how="inner")).with_columns(key)
        rest: Callable[[], Frame] = partial(_rest, joined, raw)
        measured = engine.materialise(ends.measured(_read(joined, raw)).select(*COLUMNS), bounds)
    else:
        bare = by_subject(rows.join(engine.bring(known.select("code", "way")), on="code", how="inner"))
        source = _kept(*keeper, bare, known, forms, ends, bounds, width)
        beside = source.table.with_columns(known["way"].cast(narrow(len(known))))
        measured = ends.measured(source.rows.join(judge.bring(beside), on="way", how="inner")).select(*COLUMNS)
        rest = partial(_unread, source, known, raw, engine)
    cells = [(form, cell) for form, cell in zip(ways["form"], ways["cell"], strict=True) if form is not None]
    broken = _at(raw.frame, bad, forms, engine, salt)
    rows_of_all = measured
    # What counts the rows first is also what computes them.
    kept = counted = tally(measured, judge) if source is None else tally(source.rows, judge, ways["form"])
    if counted.has_texts:
        by_text, more, unread = _by_text(forms, rest(), {row["code"]: row for row in found}, engine)
        settled = handed(by_text, engine, judge)
        texts = tally(settled, judge)
        # The numbers of forms may have outgrown the type in which the others are kept, those of keys their place.
        now = max(len(forms.said.numbers), 1)
        wide = [nw.col(name).cast(nw.Int64) for name in bounds]
        plain, others = (rows.with_columns(*wide) for rows in (measured.filter(nw.col("state") != BY_TEXT), settled))
        rekeyed = plain.with_columns((nw.col("key") // width * now + nw.col("key") % width).alias("key"))
        rows_of_all = nw.concat([rekeyed if now > width else plain, others])
        # Where texts are blanks and no quantities, these are still all made of what is kept.
        source = None if texts.read else source
        counted = counted.settled(texts)
        cells += more
        broken += unread
    grids = dict(cells)
    cells_of = table({"form": list(grids), "grid": list(grids.values())})
    read, own = (rows_of_all, counted) if source is None else (measured, kept)
    is_read = own.read == own.rows
    return Measured(rows_of_all, read, counted, subjects, cells_of, names, broken, judge, source, is_read)


def _keeper(raw: Raw, engine: Engine) -> tuple[Keeping, Handing] | None:
    """Return an engine that keeps measured rows in memory and the one that hands them over; None if all is done on one.

    Rules that read texts of single rows look at them where they are.
    """
    if not isinstance(engine, Handing) or any(name in OWN for name in raw.columns):
        return None
    keeper = engine.keeper(raw.size)
    return None if keeper is None else (keeper, engine)


def _kept(
    own: Keeping, reader: Handing, rows: Frame, known: Table, forms: Forms, ends: Ends,
    bounds: Mapping[str, int], width: int,
) -> Source:  # fmt: skip
    """Return the rows as they are kept in memory: which, of which form, of whom, their number, state and key."""
    raw = forms.raw
    whole = {"fid": raw.size, "way": len(known), "subject": bounds["subject"]}
    narrowed = [nw.col(name).cast(narrow(bound)) for name, bound in whole.items()]
    # As narrow as it is kept, and so not narrowed for each row.
    wide = narrow(bounds["key"])
    readers = known.select(nw.col("state", "instead").cast(nw.Int8), nw.col("said").cast(wide), "limit", "power")
    key = (nw.col("subject").cast(wide) * width + nw.col("said")).alias("key")

    def read(batch: Frame) -> Frame:
        batch = _read(own.beside(batch, readers, "way"), raw)
        return batch.select(*whole, "number", "state", key)

    bare = rows.select(*narrowed, "value" if raw.has_decimals else "number")
    kept = own.keep(reader.batches(bare), read, raw.size)
    numbers = nth_of(forms.said_by)
    nth = [0 if sid is None else numbers[sid] for sid in known["sid"].to_list()]
    table = known.select("form", "sid", *ends.columns, nw.col("cell").alias("grid_of"))
    table = table.with_columns(nw.new_series("nth", nth, backend="polars"))
    return Source(kept, table, "way", _quantity(ends), frozenset({"fid", "number", *ends.columns}), _IS_MEASURED)


def handed(frame: Frame, engine: Engine, judge: Engine) -> Frame:
    """Return rows that ``engine`` reads as ones of the engine that judges."""
    if judge is engine:
        return engine.materialise(frame)
    if not isinstance(engine, Handing) or not isinstance(judge, Keeping):
        raise TypeError(f"{engine.name} hands nothing to {judge.name}")
    return judge.hold(engine.batches(frame))


def coded(frame: Frame, columns: list[str], name: str, engine: Engine) -> tuple[int, list[dict[str, Any]]]:
    """Return the distinct rows of ``columns`` with a number ``name`` that tells them apart, and the salt of it.

    Rows are then found by one number instead of several texts. That different ones have different numbers is not
    likely but seen to.
    """
    for salt in count():
        rows = engine.fetch(engine.code(distinct(frame, *columns), columns, name, salt))
        if len({row[name] for row in rows}) == len(rows):
            return salt, rows
    raise AssertionError("unreachable")


#: Types of the columns of small tables that are joined with raw rows; the others are texts.
_WHOLE = frozenset({"way", "code", "whose", "form", "sid", "state", "instead", "subject", "said"})
_REAL = frozenset({*RULER, "lo", "hi", "pt", "grid"})


def _typed(columns: Mapping[str, Sequence[Any]], value: Any = None) -> Table:
    """Return a small table with the types that raw rows have; ``value`` is that of their numbers."""
    import polars as pl

    kinds: dict[str, Any] = dict.fromkeys(_WHOLE, pl.Int64()) | dict.fromkeys(_REAL, pl.Float64()) | {"value": value}
    data = {
        name: [None if entry is None else float(entry) for entry in entries] if name in _REAL else entries
        for name, entries in columns.items()
    }
    return nw.from_native(pl.DataFrame(data, schema={name: kinds[name] for name in columns}), eager_only=True)


def _by_subject(
    forms: Forms, engine: Engine, dimensions: tuple[str, ...]
) -> tuple[Callable[[Frame], Frame], Table, list[tuple[str, ...]]]:
    """Return what gives rows the number of their subject, the subjects, and what each is called, by its number."""
    raw, source = forms.raw, forms.source
    codes, names = Codes(), ("area", *dimensions)
    salt, found = coded(raw.frame, raw.subject, "whose", engine) if raw.subject else (0, [{}])
    found.sort(key=lambda row: tuple(map(str, row.values())))
    numbers: list[int] = []
    for row in found:
        said = dict(raw.files[row.get("at", 0)].given)
        for name in names:
            column = name if name == "area" else f"{DIMENSION}{name}"
            if text := shown(row.get(column)):
                said[name] = text
        subject = tuple(said.get(name) or str(source.defaults.get(name, "")).strip() for name in names)
        numbers.append(codes.of(subject))
    subjects = table(codes.table("subject", ("area", *(f"{DIMENSION}{name}" for name in dimensions))))
    if not raw.subject:
        return lambda rows: rows.with_columns(nw.lit(0, dtype=nw.Int64).alias("subject")), subjects, list(codes.numbers)
    known = engine.bring(_typed({"whose": [row["whose"] for row in found], "subject": numbers}))

    def by_subject(rows: Frame) -> Frame:
        return engine.code(rows, raw.subject, "whose", salt).join(known, on="whose", how="inner")

    return by_subject, subjects, list(codes.numbers)


def _read(joined: Frame, raw: Raw) -> Frame:
    """Return rows with ``number`` and with the state of a number that is read by arithmetic, or what it is instead."""
    rows = raw.numbered(joined) if raw.has_decimals else joined
    # What is not read so is filtered out by its state; conditions on each of its columns would cost more.
    state = nw.when(_is_read(raw)).then(nw.col("state")).otherwise(nw.col("instead"))
    return rows.with_columns(state.alias("state"))


def _is_read(raw: Raw) -> nw.Expr:
    """Whether a number is read by arithmetic: it has no other digits, and not too many."""
    is_plain = nw.col("number").abs() <= nw.col("limit")
    return raw.is_plain() & is_plain if raw.has_decimals else is_plain


def _rest(joined: Frame, raw: Raw) -> Frame:
    """Return the rows whose numbers are read by their text."""
    return _read(joined, raw).filter(nw.col("state") == BY_TEXT).select("fid", "subject", "code", "value")


def _unread(source: Source, known: Table, raw: Raw, engine: Engine) -> Frame:
    """Return them of the rows that are kept, which do not have the text."""
    kept = source.rows.filter(nw.col("state") == BY_TEXT).select("fid", "subject", "way").collect()
    codes = known.select("code", nw.col("way").cast(kept.schema["way"]))
    wanted = kept.join(codes, on="way", how="inner").select(nw.col("fid", "subject").cast(nw.Int64), "code")
    return raw.frame.select("fid", "value").join(engine.bring(wanted), on="fid", how="inner")


def _by_text(
    forms: Forms, rest: Frame, found: Mapping[int, Mapping[str, Any]], engine: Engine
) -> tuple[Frame, list[tuple[int, float | None]], list[tuple[dict[str, Any], Any]]]:
    """Measure the rows whose numbers are read by their text, each distinct text once."""
    import polars as pl

    raw, rest = forms.raw, engine.materialise(rest)
    if raw.is_number:
        # What is missing is looked up like the other numbers, and NULL would meet nothing.
        rest = rest.with_columns(nw.col("value").fill_null(math.nan))
    keys = ["code", "value"]
    names = ("form", "sid", "state", "lo", "hi", "pt", "grid")
    columns: dict[str, list[Any]] = {name: [] for name in (*keys, *names)}
    cells: list[tuple[int, float | None]] = []
    bad: list[dict[str, Any]] = []
    for row in sorted(engine.fetch(distinct(rest, *keys)), key=lambda row: (row["code"], str(row["value"]))):
        try:
            way = literal_row(forms, found[row["code"]], written(row["value"]))
        except (Unreadable, InputError):
            bad.append(row)
            continue
        cells.append((way[0], way[-1]))
        for name, value in zip(columns, (*(row[key] for key in keys), *way), strict=True):
            columns[name].append(value)
    columns["said"] = [forms.key(sid) for sid in columns["sid"]]
    dtype = pl.Float64() if raw.is_number else pl.String()
    key = nw.col("subject") * max(len(forms.said.numbers), 1) + nw.col("said")
    rows = rest.join(engine.bring(_typed(columns, dtype)), on=keys, how="inner").with_columns(key.alias("key"))
    unread = _named(rest, _typed({name: [row[name] for row in bad] for name in keys}, dtype), engine) if bad else []
    told = [({**found[row["code"]], "fid": row["fid"]}, row["value"]) for row in unread]
    return rows.select(*COLUMNS), cells, told


def written(value: Any) -> str:
    """Return a value as its reader would show it: a float in full, without the zero that a whole one ends with."""
    from decimal import Decimal

    if isinstance(value, float):
        text = repr(value)
        if text == "nan":
            return ""
        return (format(Decimal(text), "f") if "e" in text else text).removesuffix(".0")
    return "" if value is None else str(value).strip()


#: Rows that cannot be read are named up to this many.
NAMED = 1000


def _at(
    frame: Frame, bad: list[Mapping[str, Any]], forms: Forms, engine: Engine, salt: int
) -> list[tuple[dict[str, Any], Any]]:
    """Return the first rows of raw forms that cannot be read."""
    if not bad:
        return []
    by_code = {row["code"]: row for row in bad}
    rows = engine.code(frame, forms.raw.form, "code", salt)
    found = _named(rows, _typed({"code": list(by_code)}), engine)
    return [({**by_code[row["code"]], "fid": row["fid"]}, row["value"]) for row in found]


def _named(frame: Frame, known: Table, engine: Engine) -> list[dict[str, Any]]:
    """Return the first rows that are among the known ones."""
    rows = frame.join(engine.bring(known), on=known.columns, how="inner").sort("fid").head(NAMED)
    return engine.fetch(rows.select("fid", "code", "value"))


def quantities_of(measured: Measured) -> Frame:
    """Return the measured rows as quantities, each of its own."""
    rows = measured.read if measured.is_read else measured.read.filter(_IS_MEASURED)
    return rows.select(nw.col("fid").alias("qid"), "key", "subject", "sid", "form", "lo", "hi", "pt", "state")


def _quantity(ends: Ends) -> Callable[[Frame], Frame]:
    return lambda rows: ends.measured(rows).with_columns(nw.col("fid").alias("qid"))


def figures_of(measured: Measured) -> Frame:
    """Return the measured rows as figures."""
    is_blank, is_measured = nw.col("state") == EMPTY, nw.col("state") < BY_TEXT
    return measured.rows.select(
        "fid", "subject", "form", is_blank.alias("is_blank"), is_measured.alias("is_measured"), "lo", "hi"
    )
