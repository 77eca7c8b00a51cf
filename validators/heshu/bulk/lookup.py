"""Figures of a large dataset: made of the rows that a report names, and of no others."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import narwhals as nw

from heshu.bulk.forms import BY_TEXT, Forms
from heshu.bulk.measure import Measured, figures_of, handed, quantities_of, written
from heshu.bulk.raw import BLANK, OWN
from heshu.engine.port import Engine, Source
from heshu.engine.tables import Tables
from heshu.errors import InputError, Unreadable
from heshu.figure import Figure, Origin
from heshu.kind import Frame
from heshu.quantities import DIMENSION, PLAIN, Quantities, form_table, merge, statement_table
from heshu.registry import Registry
from heshu.small import table

#: Form, digits after the point, zeros at the end, file.
Printed = tuple[int, int, int, int]


class Named(dict[int, Figure]):
    """Figures by number, those that were looked up; its length is that of all there are."""

    total = 0

    def __len__(self) -> int:
        return self.total


class Copies(dict[int, list[int]]):
    """The rows that print a quantity; one that is not listed is printed by the row of its own number."""

    total = 0

    def __missing__(self, qid: int) -> list[int]:
        return [qid]

    def __len__(self) -> int:
        return self.total


@dataclass(slots=True)
class Scanned(Quantities):
    """Quantities of a large dataset. A figure's number is that of its row, a quantity's that of its first figure."""

    rows: Named = field(kw_only=True)
    prints: Copies = field(kw_only=True)
    forms_of: Forms = field(kw_only=True)
    engine: Engine = field(kw_only=True)
    judge: Engine = field(kw_only=True)
    source: Source | None = field(kw_only=True)
    measured: Frame = field(kw_only=True)
    names: list[tuple[str, ...]] = field(kw_only=True)

    @property
    def size(self) -> int:
        """The number of rows, those included that cannot be read."""
        return self.forms_of.raw.size

    def load(self, qids: set[int], fids: set[int]) -> None:
        """Make the figures of these numbers, and the copies of these quantities, ready to be looked at."""
        related = {fid for qid in qids for fid in self.members[qid]}
        self.rows.update((figure.id, figure) for figure in self.made((related | fids) - set(self.rows), related))

    def made(self, fids: Iterable[int], related: Container[int]) -> Iterator[Figure]:
        """Yield the figures of these rows, those left out that cannot be read; the ``related`` ones measured."""
        wanted = sorted(fids)
        known = {figure.id: figure for figure in self._moved(wanted, related)}
        known |= {figure.id: figure for figure in self._read([fid for fid in wanted if fid not in known])}
        yield from (known[fid] for fid in wanted if fid in known)

    def _moved(self, fids: Sequence[int], related: Container[int]) -> Iterator[Figure]:
        """Yield those of a form of which one figure is known: they differ in subject, place and number only.

        No text of theirs is read: of many millions of rows that takes longer than all else here.
        """
        raw, forms = self.forms_of.raw, self.forms_of
        if not fids or any(name in OWN for name in raw.columns):
            return
        for fid, subject, known, value, number in self._numbers(fids):
            template = forms.templates.get(known)
            if template is None:
                continue
            place, origin, names = raw.place(fid)[1], template.origin, self.names[subject]
            if origin.line == str(template.place.line):
                origin = Origin(origin.file, str(place.line), origin.cell)
            figure = template.moved(fid, place, value, names[0], names[1:], origin)
            if fid in related:
                forms.measure(figure, known, number)
            yield figure

    def _numbers(self, fids: Sequence[int]) -> Iterator[tuple[int, int, Printed, str, int]]:
        """Yield of rows with a plain number their subject, what finds their template, the number and its digits."""
        raw, forms = self.forms_of.raw, self.forms_of
        if self.source is not None:
            kept = self.judge.among(self.source.rows, "fid", fids).select("fid", "way", "subject", "number", "state")
            for row in self.judge.fetch(kept):
                known = forms.printed[row["way"]]
                if row["state"] != BY_TEXT and known[1] >= 0:
                    number = row["number"]
                    yield row["fid"], row["subject"], known, _printed(number, known[1], raw.is_number), int(number)
            return
        wanted = self.engine.bring(table({"fid": fids}))
        columns = ["fid", "value", "number", "digits", "decimals" if raw.has_decimals else "zeros_at_end"]
        rows = raw.read(raw.frame.join(wanted, on="fid", how="inner")).select(*columns)
        numbers = {row["fid"]: row for row in self.engine.fetch(rows)}
        measured = self.judge.among(self.measured, "fid", fids).select("fid", "form", "subject")
        for own in self.judge.fetch(measured):
            fid, row = own["fid"], numbers[own["fid"]]
            at = raw.place(fid)[0] if len(raw.files) > 1 else 0
            known = own["form"], row["digits"], row.get("zeros_at_end", 0), at
            if known[1] < 0:
                continue
            yield fid, own["subject"], known, written(row["value"]), int(row["number"])

    def _read(self, fids: Sequence[int]) -> Iterator[Figure]:
        """Yield the figures of rows whose texts are read, one by one."""
        if not fids:
            return
        raw = self.forms_of.raw
        own = [name for name in raw.columns if name in OWN]
        columns = dict.fromkeys(["fid", *raw.form, *raw.subject, *own, "value", "digits"])
        rows = raw.read(raw.frame.join(self.engine.bring(table({"fid": fids})), on="fid", how="inner"))
        for row in self.engine.fetch(rows.select(*columns)):
            try:
                yield self.forms_of.figure(row, "" if row["digits"] == BLANK else written(row["value"]), row["fid"])
            except (Unreadable, InputError):
                continue

    def printed(self, there: bytearray) -> int:
        """Return how many figures are printings of the quantities that ``there`` is set at."""
        more = sum(len(fids) - 1 for qid, fids in self.prints.items() if there[qid])
        return there.count(1) + int(more)

    def outside(self, there: bytearray, limit: int) -> list[int]:
        """Return the numbers of the first figures that are no printing of a quantity that ``there`` is set at."""
        mask = bytearray(there)
        for qid, fids in self.prints.items():
            for fid in fids:
                mask[fid] = there[qid]
        return list(islice(_zeros(mask), limit))

    def named(self, fids: Iterable[int]) -> list[Figure]:
        """Return the figures of these numbers; rows that could not be read stand in no table, and are few."""
        return [self.rows[fid] for fid in fids if fid in self.rows]


def _printed(number: float, digits: int, is_number: bool) -> str:
    """Return how a number is written: its digits as a whole are ``number``."""
    if is_number:
        # Both are exact, so that the quotient is the float nearest to what was written: the one that was read.
        return written(number / 10**digits)
    text = str(int(abs(number))).zfill(digits + 1)
    text = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{text}" if math.copysign(1, number) < 0 else text


def _zeros(mask: bytearray) -> Iterator[int]:
    at = mask.find(0)
    while at >= 0:
        yield at
        at = mask.find(0, at + 1)


def look_up(
    forms: Forms, measured: Measured, engine: Engine, registry: Registry, dimensions: tuple[str, ...]
) -> tuple[Scanned, Tables]:
    """Return the quantities of a dataset and its tables on the engine."""
    statements, judge = statement_table(forms.statements, registry), measured.judge
    rows, prints = Named(), Copies()
    found = Scanned(
        rows, dimensions, measured.subjects, statements, form_table(forms.forms), {}, {}, prints,
        rows=rows, prints=prints,
        forms_of=forms, engine=engine, judge=judge, source=measured.source, measured=measured.rows,
        names=measured.names,
    )  # fmt: skip
    figures, quantities = figures_of(measured), quantities_of(measured)
    bound = len(measured.subjects) * max(len(forms.said.numbers), 1)
    # What is kept has its key, and no more is computed of it.
    kept = measured.source
    keyed = quantities if kept is None else kept.rows if measured.is_read else kept.rows.filter(kept.is_there)
    repeated = judge.repeated(keyed.select("key"), bound)
    copies = [nw.lit(1, dtype=nw.Int64).alias(name) for name in ("copies", "files")]
    quantities = quantities.with_columns(*copies)
    if repeated is not None:
        quantities = _merged(found, quantities, judge.materialise(repeated), judge)
        found.statements = statements = statement_table(forms.statements, registry)
        [row] = judge.fetch(quantities.select(nw.col("state").max().alias("most")))
        most = row["most"]
    else:
        most = measured.tally.most
    found.rows.total = measured.tally.rows
    more = sum(len(fids) - 1 for fids in found.prints.values())
    found.prints.total = measured.tally.read - more
    own = [name for name in forms.raw.columns if name in OWN]
    value = nw.col("value")
    no_text = nw.col("digits") == BLANK if not forms.raw.has_decimals else forms.raw.is_marker()
    is_blank = no_text | value.is_null() | value.is_nan() if forms.raw.is_number else no_text
    shown = nw.when(is_blank).then(nw.lit("")).otherwise(value.cast(nw.String))
    source = nw.col("source").fill_null("") if "source" in forms.raw.columns else nw.lit("")
    default = str(forms.source.defaults.get("source", "")).strip()
    source = nw.when(source == "").then(nw.lit(default)).otherwise(source)
    tables = Tables(
        judge, statements, statements, measured.subjects, found.forms, figures, quantities, quantities, registry,
        tuple(f"{DIMENSION}{name}" for name in dimensions), forms.raw.size,
        handed=partial(handed, engine=engine, judge=judge),
        open_rows=forms.raw.frame.select("fid", *own, shown.alias("value"), source.alias("source")),
        grids=measured.cells,
        is_plain=most == PLAIN,
        sizes=measured.tally.sizes,
        source=found.source if repeated is None else None,
    )  # fmt: skip
    return found, tables


def _merged(found: Scanned, quantities: Frame, repeated: Frame, engine: Engine) -> Frame:
    """Return the quantities with the copies of each key merged, as it is done for single figures."""
    rows = engine.fetch(quantities.join(repeated, on="key", how="semi").select("key", "qid", "subject", "form", "sid"))
    rows.sort(key=lambda row: (row["key"], row["qid"]))
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["key"], []).append(row)
    found.load(set(), {row["qid"] for row in rows})
    names = ("qid", "key", "subject", "sid", "form", "lo", "hi", "pt", "state", "copies", "files")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for key, group in groups.items():
        first, fids = group[0], [row["qid"] for row in group]
        figures = [found.rows[fid] for fid in fids]
        merged = merge([(figure, figure.measured()) for figure in figures])
        files = {(figure.origin.file or figure.place.path, figure.source) for figure in figures}
        found.prints[first["qid"]] = fids
        # Copies of different units make a statement of none.
        at = found.forms_of.raw.place(first["qid"])[0]
        sid = found.forms_of.statement(figures[0], merged.dim, at)
        values = (
            first["qid"], key, first["subject"], sid, first["form"], merged.lo, merged.hi, merged.pt,
            merged.state, len(fids), len(files),
        )  # fmt: skip
        for name, value in zip(names, values, strict=True):
            columns[name].append(value)
    alone = quantities.join(repeated, on="key", how="anti")
    whole = [name for name in names if name not in ("lo", "hi", "pt")]
    alone = alone.with_columns(*[nw.col(name).cast(nw.Int64) for name in whole])
    return nw.concat([alone.select(*names), engine.bring(table(columns)).select(*names)])


def errors_of(forms: Forms, measured: Measured) -> list[InputError]:
    """Return what is wrong with the rows that cannot be read."""
    errors: list[InputError] = []
    # A number may be unreadable beside a period that is, too: one row is one error.
    found = {int(row["fid"]): (row, value) for row, value in measured.bad}
    for fid, (row, value) in sorted(found.items()):
        place = forms.raw.place(fid)[1]
        try:
            forms.figure(row, written(value), fid)
        except Unreadable as error:
            fields = {"what": error.what, "text": error.text, "hint": error.hint, **error.fields}
            errors.append(InputError("figure.unreadable", place, column="value", **fields))
        except InputError as error:
            errors.append(error)
    return errors
