"""A dataset's tables on an engine, and what of them a rule sees."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import narwhals as nw

from heshu import small
from heshu.engine.port import Engine, Source
from heshu.errors import InputError
from heshu.figure import KEY, NAMES
from heshu.kind import Frame, Size
from heshu.quantities import DIMENSION, GRID_LIMIT, Quantities
from heshu.registry import Registry
from heshu.small import Table
from heshu.texts import NO_TEXTS, Texts


@dataclass(slots=True)
class Tables:
    """A dataset's tables, and the context that kinds see of them (``heshu.kind.Context``), for one rule.

    ``quantities`` has ``qid``, ``key``, ``subject``, ``sid``, what a slot carries, ``copies`` and ``files``;
    ``anchored`` are those that the rule's ``where`` lets through. ``open_rows`` holds, by ``fid``, columns of the
    figures that are not in ``rows`` because few rules ask for them. ``grids``, if given, says by ``form`` what the
    quantities do not carry: on which grid sums of them are exact. ``size`` is more than any number of a figure or
    quantity. ``is_plain``: no quantity is hedged, read in two ways, or printed in copies that contradict each other.
    ``texts`` are those that the manifest names. What is judged in memory is made of ``source``, and ``open_rows`` are
    those of the engine that read them, which ``handed`` brings here. ``sizes``, if given, says by form how many
    ``rows`` there are.
    """

    engine: Engine
    statements: Table
    anchors: Table
    subjects: Table
    forms: Table
    rows: Frame
    quantities: Frame
    anchored: Frame
    registry: Registry
    dimensions: tuple[str, ...]
    size: int
    open_rows: Frame | None = None
    handed: Callable[[Frame], Frame] | None = None
    grids: Table | None = None
    is_plain: bool = False
    source: Source | None = None
    sizes: Mapping[int, Size] | None = None
    texts: Texts = NO_TEXTS

    def shares(self) -> list[tuple[int, int]]:
        """Return ranges of subjects, the end not included, that an engine makes relations of one after the other.

        None if it makes them of all at once.
        """
        most, subjects = self.engine.rows_at_once, len(self.subjects)
        if not most or self.size <= most:
            return []
        step = max(1, subjects * most // self.size)
        return [(first, min(first + step, subjects)) for first in range(0, subjects, step)]

    def with_grid(self, frame: Frame) -> Frame:
        """Return quantities with the cell on which their sums are exact, NULL where there is none."""
        if self.grids is None:
            return frame
        grids = self.grids.rename({"grid": "grid_of"})
        return gridded(frame.join(self.engine.bring(grids), on="form", how="left"))

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the engine."""
        return self.engine.bring(table)

    def of_forms(self, forms: Table) -> Frame:
        """Return the figures of these forms."""
        return self._of("form", forms, self.forms)

    def size_of(self, forms: Table) -> Size | None:
        """Return how many of ``rows`` are of these forms; None if they would have to be counted."""
        if self.sizes is None:
            return None
        return reduce(Size.plus, (self.sizes.get(form, Size()) for form in forms["form"].to_list()), Size())

    def _of(self, on: str, kept: Table, all_of: Table) -> Frame:
        return self.rows if len(kept) == len(all_of) else self.engine.among(self.rows, on, kept[on].to_list())

    def where(self, column: str, keep: Callable[[nw.Expr], nw.Expr]) -> Frame:
        """Return the figures whose text in a column is one to ``keep``; where many share it, it is looked at once."""
        for table, on in ((self.forms, "form"), (self.subjects, "subject")):
            if column in table.columns and column not in self.rows.collect_schema().names():
                return self._of(on, table.filter(keep(nw.col(column))), table)
        return self.showing(column).filter(keep(nw.col(column)))

    def alike(self) -> Frame | None:
        """Return the figures that have a key with another one; None if no two have the same."""
        said = self.forms.select("form", "said")
        width = max(said["said"].to_list(), default=0) + 1
        key = (nw.col("subject").cast(nw.Int64) * width + nw.col("said")).alias("key")
        rows = self.rows.filter(~nw.col("is_blank"))
        keyed = rows.join(self.engine.bring(said), on="form", how="inner").with_columns(key)
        repeated = self.engine.repeated(keyed.select("key"), len(self.subjects) * width)
        return None if repeated is None else keyed.join(repeated, on="key", how="semi")

    def has(self, column: str) -> bool:
        """Whether a figure can have a text in this column."""
        there = [self.rows, self.open_rows] if self.open_rows is not None else [self.rows]
        named = {name for frame in there for name in frame.collect_schema().names()}
        return column in named or column in self.forms.columns or column in self.subjects.columns

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return the rows of a table of the engine."""
        return self.engine.fetch(frame)

    def column(self, name: str) -> str:
        """Return the column for a name of the figures table or of a dimension."""
        if name in NAMES or f"{DIMENSION}{name}" in self.dimensions:
            return name if name in NAMES else f"{DIMENSION}{name}"
        near = difflib.get_close_matches(name, NAMES, n=1)
        raise InputError("rule.unknown_column", column=name, near=near[0] if near else "", known=", ".join(NAMES))

    def showing(self, *columns: str, rows: Frame | None = None) -> Frame:
        """Return figures, by default all ``rows``, with these text columns beside the others."""
        frame = self.rows if rows is None else rows
        for table, on in ((self.forms, "form"), (self.subjects, "subject")):
            has = frame.collect_schema().names()
            names = [name for name in columns if name in table.columns and name not in has]
            if names:
                frame = frame.join(self.engine.bring(table.select(on, *names)), on=on, how="left")
        there = self.open_rows.collect_schema().names() if self.open_rows is not None else []
        names = [name for name in columns if name in there and name not in frame.collect_schema().names()]
        if self.open_rows is not None and names:
            own = self.open_rows.select("fid", *names)
            frame = frame.join(own if self.handed is None else self.handed(own), on="fid", how="left")
        has = frame.collect_schema().names()
        absent = [nw.lit("").alias(name) for name in columns if name not in has]
        return frame.with_columns(*absent) if absent else frame


def gridded(frame: Frame) -> Frame:
    """Return quantities of which the grid of their form is known (``grid_of``) with their own."""
    largest = nw.max_horizontal(nw.col("lo").abs(), nw.col("hi").abs())
    is_whole = largest / nw.col("grid_of") < float(GRID_LIMIT)
    return frame.with_columns(nw.when(is_whole).then(nw.col("grid_of")).alias("grid"))


def tables_of(quantities: Quantities, registry: Registry, engine: Engine) -> Tables:
    """Bring a dataset's figures and quantities to an engine."""
    keyed = engine.bring(small.table(quantities.quantity_columns))
    return Tables(
        engine, quantities.statements, quantities.statements, quantities.subjects, quantities.forms,
        engine.bring(small.table(quantities.figure_columns)), keyed, keyed, registry,
        tuple(f"{DIMENSION}{name}" for name in quantities.dimensions), quantities.size,
    )  # fmt: skip


def seen_by(tables: Tables, where: Mapping[str, tuple[str, ...]]) -> Tables:
    """Return the tables with what a rule looks at.

    :raises InputError: if ``where`` names neither a key column nor a dimension of the dataset.
    """
    anchors, forms, subjects = tables.anchors, tables.forms, tables.subjects
    for name, values in where.items():
        column = name if name in KEY else f"{DIMENSION}{name}"
        if column not in (*KEY, *tables.dimensions):
            known = [*KEY, *(text.removeprefix(DIMENSION) for text in tables.dimensions)]
            near = difflib.get_close_matches(name, known, n=1)
            raise InputError(
                "rulebook.unknown_where", column=name, near=near[0] if near else "", known=", ".join(known)
            )
        wanted = nw.col(column).is_in(list(values))
        if column in subjects.columns:
            subjects = subjects.filter(wanted)
        else:
            anchors, forms = anchors.filter(wanted), forms.filter(wanted)
    rows, anchored = tables.rows, tables.anchored
    for kept, all_of, on in ((forms, tables.forms, "form"), (subjects, tables.subjects, "subject")):
        if len(kept) < len(all_of):
            own = kept[on].to_list()
            rows = tables.engine.among(rows, on, own)
            anchored = tables.engine.among(anchored, on, own) if on == "subject" else anchored
    sizes: Mapping[int, Size] | None = None
    if tables.sizes is not None and len(subjects) == len(tables.subjects):
        sizes = {form: tables.sizes[form] for form in forms["form"].to_list() if form in tables.sizes}
    return replace(tables, anchors=anchors, rows=rows, anchored=anchored, sizes=sizes)
