"""Relation rows: what is possible among statements, found for every subject.

A relation joins figures of one subject (or, with ``places``, of subjects that belong together). Which statements they
are was settled by the kind, once, in its options; here the options are looked up by numbers alone: ``key`` of a
quantity is subject · number of keys + the key of its statement. A slot that statements of one key could fill is one
join; where there are several, the first of those printed is taken.

``code`` numbers the ways in which the slots of one anchor can be filled, so that a row knows its option.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import narwhals as nw

from heshu.engine.port import Engine
from heshu.engine.tables import Tables
from heshu.kind import ASSUMED, SLOT, Frame, Relations
from heshu.small import Table, table


@dataclass(slots=True)
class Joined:
    """Relation rows of one equation, and their options.

    ``rows`` has ``rel`` (qid of the anchor), ``variant``, ``subject``, the slots of :data:`heshu.kind.SLOT` for z and
    (fixed arity) x and y, and ``option``. ``parts`` (variable length) has ``rel``, ``variant``, ``name``,
    ``position``, ``coef``, a bare slot, and of its option what matters to the whole; its rows have no option.
    ``options`` are the kind's, numbered.
    """

    relations: Relations
    options: Table
    rows: Frame
    parts: Frame | None = None


_How = Literal["left", "inner"]


@dataclass(slots=True)
class _Join:
    """One rule's options against all quantities."""

    relations: Relations
    anchored: Frame
    quantities: Frame
    statements: Table
    engine: Engine
    slot: tuple[str, ...]
    options: Table = field(init=False)
    anchors: Table = field(init=False)
    digits: list[str] = field(init=False)
    sizes: list[int] = field(init=False)

    def __post_init__(self) -> None:
        options = self.relations.options
        anchor = self.relations.anchor
        at = [anchor if anchor == "group" else f"{anchor}_sid", "variant"]
        anchors = options.select(*at).unique().sort(*at).with_row_index("a")
        self.anchors = anchors.with_columns(nw.col("a").cast(nw.Int64))
        options = options.join(self.anchors, on=at, how="left").with_row_index("option")
        digits = ["position", *(f"{role}_opt" for role in self.roles)]
        self.digits = [name for name in digits if name in options.columns]
        self.sizes = [int(options[name].max() or 0) + 1 for name in self.digits]
        closed = ~nw.col("why").is_null()
        self.options = options.with_columns(
            self.code().alias("code"), nw.col("option").cast(nw.Int64), closed.alias("is_closed")
        )

    @property
    def width(self) -> int:
        """The number of keys that statements have."""
        return int(self.statements["said"].max() or 0) + 1

    @property
    def roles(self) -> list[str]:
        """The slots that options fill."""
        return [name.removesuffix("_opt") for name in self.relations.options.columns if name.endswith("_opt")]

    def code(self) -> nw.Expr:
        """Return a number for how the slots of an anchor are filled: its own, then the options', as digits."""
        code: nw.Expr = nw.col("a")
        for name, size in zip(self.digits, self.sizes, strict=True):
            code = code * size + nw.col(name)
        return code

    def of_statements(self, sids: list[int], frame: Frame) -> Frame:
        """Return the quantities of these statements."""
        if len(sids) < len(self.statements):
            low, high = min(sids, default=0), max(sids, default=-1)
            frame = frame.filter(nw.col("sid") >= low, nw.col("sid") <= high)
            if high - low + 1 > len(sids):
                frame = frame.join(self.engine.bring(table({"sid": sids})), on="sid", how="semi")
        return frame

    def attach(self, rows: Frame, role: str, by: list[str], subject: str) -> Frame:
        """Attach the quantity in slot ``role`` of each row, and the number of the option that it is."""
        sid, opt = f"{role}_sid", f"{role}_opt"
        base = [name for name in by if name in self.options.columns]
        firm = self.options.filter(~nw.col(sid).is_null(), ~nw.col(f"{role}_tied"))
        said = self.statements.select(nw.col("sid").alias(sid), "said")
        firm = (
            firm.select(*base, sid, f"{role}_order", nw.col(opt).alias("own")).unique().join(said, on=sid, how="left")
        )
        slots = [nw.col(name).alias(f"{role}_{name}") for name in (*self.slot, "sid")]
        found = self.of_statements(sorted(set(firm[sid].to_list())), self.quantities)
        found = found.select(nw.col("key").alias("found"), *slots)
        ways = firm.select(*base, "said").unique()
        if ways.group_by(*base).agg(nw.len().alias("n")).filter(nw.col("n") > 1).is_empty():
            # Statements that differ in no key column are never printed of one subject beside each other.
            rows = self._met(rows, ways, found, base, subject, how="left")
            options = self.engine.bring(firm.select(*base, sid, nw.col("own").alias(opt)))
            rows = rows.join(options, on=[*base, sid], how="left").drop(sid)
            return rows.with_columns(nw.col(opt).fill_null(0))
        rows = self.engine.materialise(rows)
        first = self._first(rows.select(*by, subject), firm, ways, found, role, by)
        return rows.join(first, on=by, how="left").with_columns(nw.col(opt).fill_null(0))

    def _met(self, rows: Frame, ways: Table, found: Frame, base: list[str], subject: str, *, how: _How) -> Frame:
        """Return the rows with the quantities that may stand in their slot."""
        key = nw.col(subject) * self.width + nw.col("said")
        rows = rows.join(self.engine.bring(ways), on=base, how=how).with_columns(key.alias("wanted"))
        return rows.join(found, left_on="wanted", right_on="found", how=how).drop("wanted", "said")

    def _first(self, rows: Frame, firm: Table, ways: Table, found: Frame, role: str, by: list[str]) -> Frame:
        """Return of several quantities that may stand in a slot the first, and whether others are as good."""
        sid, order = f"{role}_sid", f"{role}_order"
        base = [name for name in by if name in self.options.columns]
        [subject] = [name for name in rows.collect_schema().names() if name not in by]
        met = self._met(rows, ways, found, base, subject, how="inner")
        known = self.engine.bring(firm.select(*base, sid, order, "own"))
        met = self.engine.materialise(met.join(known, on=[*base, sid], how="inner"))
        best = met.group_by(*by).agg(nw.col(order).min().alias("best"))
        kept = self.engine.materialise(met.join(best, on=by, how="inner").filter(nw.col(order) == nw.col("best")))
        qid = nw.col(f"{role}_qid")
        count = kept.group_by(*by).agg(qid.count().alias("equals"), qid.min().alias("first"))
        kept = kept.join(count, on=by, how="inner").filter(qid == nw.col("first"))
        number = nw.when(nw.col("equals") > 1).then(nw.col("own") + 1).otherwise(nw.col("own"))
        slots = [f"{role}_{name}" for name in self.slot]
        return self.engine.materialise(kept.select(*by, *slots, number.alias(f"{role}_opt")))

    def numbered(self, rows: Frame, known: Table) -> Frame:
        """Return the rows with what is known of their option; those that are none fall out."""
        rows = rows.with_columns(self.code().alias("code"))
        return rows.join(self.engine.bring(known), on="code", how="inner").drop("code")

    def traits(self) -> Table:
        """Return of each option what is gathered over the parts of a relation."""
        priority = self.relations.priority
        rank: nw.Expr = nw.lit(len(priority))
        for i, reason in reversed(list(enumerate(priority))):
            rank = nw.when(nw.col("why") == reason).then(nw.lit(i)).otherwise(rank)
        names = [name for name in ASSUMED if self.options[name].any()]
        alike = nw.col("alike").rank("dense").cast(nw.Int64) if "alike" in self.options.columns else nw.lit(0)
        return self.options.select(
            "code",
            "option",
            rank.cast(nw.Int64).alias("rank"),
            alike.alias("alike"),
            (nw.col("file") if "file" in self.options.columns else nw.lit(0)).alias("file"),
            *[nw.col(name).cast(nw.Int64) for name in names],
        )


def relate(relations: Relations, tables: Tables) -> Joined:
    """Make the relation rows of a rule."""
    if not relations.is_long:
        slot = tuple(name for name in SLOT if name != "grid")
        join = _Join(relations, tables.anchored, tables.quantities, tables.statements, tables.engine, slot)
        return _copies(join) if relations.equation.op == "same" else _fixed(join)
    quantities, anchored = tables.with_grid(tables.quantities), tables.with_grid(tables.anchored)
    return _long(_Join(relations, anchored, quantities, tables.statements, tables.engine, SLOT))


def _copies(join: _Join) -> Joined:
    rows = join.anchored.filter(nw.col("copies") > 1)
    known = join.engine.bring(join.options.select(nw.col("z_sid").alias("sid"), "option", "is_closed"))
    rows = rows.join(known, on="sid", how="inner")
    slots = [nw.col(name).alias(f"z_{name}") for name in join.slot]
    own = ("subject", "option", "is_closed", "files")
    rows = rows.select(nw.col("qid").alias("rel"), nw.lit(0).alias("variant"), *own, *slots)
    return Joined(join.relations, join.options, rows)


def _anchored(join: _Join) -> Frame:
    """Return the quantities at which relations are anchored, with the number of their anchor."""
    role = join.relations.anchor
    anchors = join.anchors.rename({f"{role}_sid": "sid"})
    rows = join.of_statements(sorted(set(anchors["sid"].to_list())), join.anchored)
    slots = [nw.col(name).alias(f"{role}_{name}") for name in join.slot]
    rows = rows.join(join.engine.bring(anchors), on="sid", how="inner")
    return rows.select(nw.col("qid").alias("rel"), "variant", "subject", "a", *slots)


def _fixed(join: _Join) -> Joined:
    rows = _anchored(join)
    for role in join.roles:
        rows = join.attach(rows, role, ["rel", "a"], "subject")
    rows = join.numbered(rows, join.options.select("code", "option", "is_closed")).drop("a", *join.digits)
    return Joined(join.relations, join.options, rows)


def _long(join: _Join) -> Joined:
    relations, engine = join.relations, join.engine
    heads = engine.materialise(_grouped(join) if relations.anchor == "group" else _anchored(join))
    if relations.places is not None:
        parts = heads.join(engine.bring(relations.places), on=["subject", "variant"], how="inner")
        coefs = join.options.select("a", "coef").unique()
        parts = parts.join(engine.bring(coefs), on="a", how="inner")
    else:
        positions = join.options.select("a", "position", "name", "coef").unique()
        parts = heads.join(engine.bring(positions), on="a", how="inner")
        parts = parts.with_columns(nw.col("subject").alias("x_subject"))
    keys = ["rel", "variant", "a", "position"]
    parts = join.attach(parts.select(*keys, "name", "coef", "x_subject"), "x", keys, "x_subject")
    bare = [nw.col(f"x_{name}").alias(name) for name in join.slot]
    traits = join.traits()
    own = [name for name in traits.columns if name != "code"]
    parts = join.numbered(parts, traits).select("rel", "variant", "name", "position", "coef", *own, *bare)
    return Joined(relations, join.options, heads.drop("a"), parts)


def _grouped(join: _Join) -> Frame:
    """Return the groups of which a member is printed; z is a constant, and the first member stands for the relation."""
    members = join.options.filter(~nw.col("x_sid").is_null()).select("a", "variant", nw.col("x_sid").alias("sid"))
    rows = join.of_statements(sorted(set(members["sid"].to_list())), join.anchored)
    rows = rows.join(join.engine.bring(members.unique()), on="sid", how="inner")
    return (
        rows.group_by("a", "variant", "subject")
        .agg(nw.col("qid").min().alias("rel"))
        .with_columns(
            nw.lit(None, dtype=nw.Int64).alias("z_qid"),
            *[nw.lit(0.0).alias(f"z_{name}") for name in ("lo", "hi", "pt")],
            nw.lit(None, dtype=nw.Float64).alias("z_grid"),
            nw.lit(0).alias("z_state"),
        )
    )
