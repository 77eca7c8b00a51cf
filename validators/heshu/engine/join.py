"""Relation rows: what is possible among statements, found for every subject.

A relation joins figures of one subject (or, with ``places``, of subjects that belong together). Which statements they
are was settled by the kind, once, in its options; here the options are looked up by numbers alone: ``key`` of a
quantity is its subject · the number of keys of statements + the key of its own. A slot that statements of one key could
fill is one join; where there are several, the first of those printed is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import narwhals as nw

from heshu.engine.port import Engine, How, Keeping, Source
from heshu.engine.tables import Tables, gridded
from heshu.kind import ASSUMED, SLOT, Frame, Relations
from heshu.quantities import nth_of
from heshu.small import Table, table


@dataclass(slots=True)
class Joined:
    """Relation rows of one equation, and their options.

    ``rows`` has ``rel`` (qid of the anchor), ``variant``, ``subject``, the slots of :data:`heshu.kind.SLOT` for z, w
    and (fixed arity) x and y, and ``option``. ``parts`` (variable length) has ``rel``, ``variant``, ``name``,
    ``position``, ``coef``, a bare slot for x, one for y if there is a weight, and of its option what matters to the
    whole; its rows have no option.
    ``options`` are the kind's, numbered.
    """

    relations: Relations
    options: Table
    rows: Frame
    parts: Frame | None = None

    def named(self, numbers: Iterable[int | None]) -> dict[int, dict[str, Any]]:
        """Return the options of these numbers: there may be many more than are asked for."""
        wanted = self.options.filter(nw.col("option").is_in(list(set(numbers) - {None})))
        return {row["option"]: row for row in wanted.rows(named=True)}


#: Options are looked up by place where their numbers are below this.
MOST_KNOWN = 1 << 20

#: Stands for the statement of a slot that is empty.
NOT_PRINTED = -1


@dataclass(slots=True)
class _Join:
    """One rule's options against all quantities."""

    relations: Relations
    anchored: Frame
    quantities: Frame
    statements: Table
    subjects: int
    engine: Engine
    slot: tuple[str, ...]
    source: Source | None = None
    options: Table = field(init=False)
    anchors: Table = field(init=False)
    told_by: Literal["sid", "nth"] = field(init=False)
    most: int = field(init=False)
    brought: dict[str, Frame] = field(default_factory=dict)
    indexed: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options, anchor = self.relations.options, self.relations.anchor
        at = [anchor if anchor == "group" else f"{anchor}_sid", "variant"]
        anchors = options.select(*at).unique().sort(*at).with_row_index("a")
        self.anchors = anchors.with_columns(nw.col("a").cast(nw.Int64))
        options = options.join(self.anchors, on=at, how="left").with_row_index("option")
        self.options = options.with_columns(
            nw.col("option").cast(nw.Int64),
            (~nw.col("why").is_null()).alias("is_closed"),
            *[nw.col(f"{role}_sid").fill_null(NOT_PRINTED) for role in self.roles],
        )
        self.told_by = "nth" if self._is_told_by_nth() else "sid"
        if self.told_by == "nth":
            nth = nth_of(self.statements["said"].to_list())
            self.most = max(nth, default=0)
            known = table({"sid": [NOT_PRINTED, *range(len(nth))], "nth": [0, *nth]})
            for role in self.roles:
                own = known.select(nw.col("sid").alias(f"{role}_sid"), nw.col("nth").alias(f"{role}_nth"))
                self.options = self.options.join(own, on=f"{role}_sid", how="left")
        self.options = self.options.with_columns(self.known().alias("known"))
        if self.options["known"].n_unique() < len(self.options):
            raise ValueError("the same relation is made in two ways")

    def among(self, first: int, end: int) -> _Join:
        """Return the same for the subjects from ``first`` to before ``end`` alone."""
        part, own = copy(self), (nw.col("subject") >= first, nw.col("subject") < end)
        part.anchored = self.anchored.filter(*own)
        if not self.engine.keeps_index:
            part.quantities = self.quantities.filter(*own)
        return part

    @property
    def width(self) -> int:
        """How many keys the statements have."""
        return max(self.statements["said"].to_list(), default=0) + 1

    def bring(self, name: str, make: Callable[[], Table]) -> Frame:
        """Return the small table of this name on the engine: made and brought once, for all subjects."""
        if name not in self.brought:
            self.brought[name] = self.engine.bring(make())
        return self.brought[name]

    @property
    def roles(self) -> list[str]:
        """The slots that options fill."""
        return [name.removesuffix("_tied") for name in self.relations.options.columns if name.endswith("_tied")]

    @property
    def known_by(self) -> list[str]:
        """The columns by which a row finds its option."""
        position = [name for name in ("position",) if name in self.relations.options.columns]
        tied = [f"{role}_tied" for role in self.roles if self.relations.options[f"{role}_tied"].any()]
        return ["a", *position, *[f"{role}_{self.told_by}" for role in self.roles], *tied]

    def known(self) -> nw.Expr:
        """Return the number by which a row finds its option: its columns ``known_by``, as digits of one number."""
        number = nw.lit(0, dtype=nw.Int64)
        for name in self.known_by:
            digit = nw.col(name).cast(nw.Int64)
            if name.endswith(f"_{self.told_by}"):
                lowest, most = (NOT_PRINTED, len(self.statements)) if self.told_by == "sid" else (0, self.most)
            else:
                lowest, most = 0, 1 if name.endswith("_tied") else int(self.options[name].max() or 0)
            number = number * (most - lowest + 1) + (digit - lowest)
        return number

    def _is_told_by_nth(self) -> bool:
        """Whether it is told by its number among those of its key which statement stands in a slot.

        It is if that key follows from the anchor: so few numbers that options can be looked up by place.
        """
        if self.source is None or not self.roles:
            return False
        base: list[str] = [name for name in ("a", "position") if name in self.options.columns]
        for firm in (self._firm(role, base) for role in self.roles):
            if firm.select(*base, "said").unique().select(*base).is_duplicated().any():
                return False
            if not self.is_sure(sorted(set(firm["sid"].to_list()))):
                return False
        return True

    def _firm(self, role: str, base: list[str]) -> Table:
        """Return the statements (``sid``) that can stand in a slot beside ``base``, and the ``order`` of choice."""
        firm = self.options.filter(nw.col(f"{role}_sid") != NOT_PRINTED, ~nw.col(f"{role}_tied"))
        chosen = nw.col(f"{role}_sid").alias("sid"), nw.col(f"{role}_order").alias("order")
        return firm.select(*base, *chosen).unique().join(self.statements.select("sid", "said"), on="sid", how="left")

    def of_statements(self, sids: list[int], frame: Frame, *, by_key: bool = False) -> Frame:
        """Return the quantities of these statements; more of them where only those looked for ``by_key`` are met."""
        low, high = min(sids, default=0), max(sids, default=-1)
        frame = frame.filter(nw.col("sid") >= low, nw.col("sid") <= high)
        is_sure = by_key and high - low < 2 * len(sids) and self.is_sure(sids)
        if high - low + 1 > len(sids) and not is_sure:
            frame = self.engine.among(frame, "sid", sids)
        return frame

    def is_sure(self, sids: list[int]) -> bool:
        """Whether of all that could be found by the keys of these statements nothing is any other's."""
        said = self.statements["said"].to_list()
        looked_for = {said[sid] for sid in sids}
        return sum(number in looked_for for number in said) == len(sids)

    def index(self, sids: list[int]) -> Any:
        """Return the quantities of these statements, to be looked up by key; of all subjects made once if it serves."""
        bound = self.subjects * self.width
        if self.source is not None and self.is_sure(sids):
            return self.engine.index(self.quantities, "key", bound, self.source)

        def make() -> Any:
            found = self.of_statements(sids, self.quantities, by_key=True).select("key", "sid", *self.slot)
            return self.engine.index(found, "key", bound)

        if not self.engine.keeps_index:
            return make()
        if (made := self.indexed.get(known := tuple(sids))) is None:
            made = self.indexed[known] = make()
        return made

    def attach(self, rows: Frame, role: str, by: list[str], subject: str) -> Frame:
        """Attach the quantity in slot ``role`` of each row, and which statement it is.

        ``by`` identifies the rows; on those of its columns that options have too depends what may stand there.
        """
        sid = f"{role}_sid"
        base = [name for name in by if name in self.options.columns]
        firm = self._firm(role, base)
        found = self.index(sorted(set(firm["sid"].to_list())))
        ways = firm.select(*base, "said").unique()
        tied = nw.lit(False).alias(f"{role}_tied")
        if not ways.select(*base).is_duplicated().any():
            # Statements that differ in no key column are never printed of one subject beside each other.
            rows = self._met(role, rows, ways, found, base, subject, how="left")
            absent = NOT_PRINTED if self.told_by == "sid" else 0
            return rows.with_columns(nw.col(f"{role}_{self.told_by}").fill_null(absent), tied)
        rows = self.engine.materialise(rows)
        first = self._first(rows.select(*by, subject), firm, ways, found, role, by)
        rows = rows.join(first, on=by, how="left")
        return rows.with_columns(nw.col(sid).fill_null(NOT_PRINTED), nw.col(f"{role}_tied").fill_null(False))

    def _met(
        self, role: str, rows: Frame, ways: Table, found: Any, base: list[str], subject: str, *, how: How
    ) -> Frame:
        """Return the rows with the quantities that may stand in their slot."""
        key = nw.col(subject).cast(nw.Int64) * self.width + nw.col("said")
        if base == ["a"] and how == "left" and isinstance(self.engine, Keeping):
            # A key beyond all others is nowhere.
            ways = self.anchors.select("a").join(ways, on="a", how="left").sort("a")
            ways = ways.select(nw.col("said").fill_null(self.subjects * self.width))
            rows = self.engine.beside(rows, ways, "a")
        else:
            rows = rows.join(self.bring(f"{role} ways", lambda: ways), on=base, how=how)
        rows = rows.with_columns(key.alias("wanted")).drop("said")
        return self.engine.meet(rows, found, "wanted", (*self.slot, self.told_by), f"{role}_", how).drop("wanted")

    def _first(self, rows: Frame, firm: Table, ways: Table, found: Any, role: str, by: list[str]) -> Frame:
        """Return of several quantities that may stand in a slot the first, and whether others are as good."""
        sid, order = f"{role}_sid", f"{role}_order"
        base = [name for name in by if name in self.options.columns]
        [subject] = [name for name in rows.collect_schema().names() if name not in by]
        met = self._met(role, rows, ways, found, base, subject, how="inner")
        renamed = firm.select(*base, nw.col("sid").alias(sid), nw.col("order").alias(order))
        known = self.bring(f"{role} firm", lambda: renamed)
        met = self.engine.materialise(met.join(known, on=[*base, sid], how="inner"))
        best = met.group_by(*by).agg(nw.col(order).min().alias("best"))
        kept = self.engine.materialise(met.join(best, on=by, how="inner").filter(nw.col(order) == nw.col("best")))
        qid = nw.col(f"{role}_qid")
        count = kept.group_by(*by).agg(qid.count().alias("equals"), qid.min().alias("first"))
        kept = kept.join(count, on=by, how="inner").filter(qid == nw.col("first"))
        slots = [f"{role}_{name}" for name in (*self.slot, "sid")]
        return self.engine.materialise(kept.select(*by, *slots, (nw.col("equals") > 1).alias(f"{role}_tied")))

    def numbered(self, rows: Frame, known: Table) -> Frame:
        """Return the rows with what is known of their option; those that are none fall out."""
        own = [f"{role}_{name}" for role in self.roles for name in (self.told_by, "tied")]
        rows = rows.with_columns(self.known().alias("known")).drop(*own)
        most = int(known["known"].max() or 0)
        if self.told_by == "nth" and isinstance(self.engine, Keeping) and most < MOST_KNOWN:
            # Of each number that a row can have, whether it is known and what of it; the last is beyond all.
            numbers = table({"option": range(most + 2)}).rename({"option": "known"})
            every = numbers.join(known.with_columns(nw.lit(True).alias("is_known")), on="known", how="left")
            every = every.sort("known").drop("known").with_columns(nw.col("is_known").fill_null(False))
            return self.engine.beside(rows, every, "known").filter(nw.col("is_known")).drop("known", "is_known")
        return rows.join(self.bring("known", lambda: known), on="known", how="inner").drop("known")

    def traits(self) -> Table:
        """Return of each option what is gathered over the parts of a relation."""
        priority = self.relations.priority
        rank: nw.Expr = nw.lit(len(priority))
        for i, reason in reversed(list(enumerate(priority))):
            rank = nw.when(nw.col("why") == reason).then(nw.lit(i)).otherwise(rank)
        names = [name for name in ASSUMED if self.options[name].any()]
        alike = nw.col("alike").rank("dense").cast(nw.Int64) if "alike" in self.options.columns else nw.lit(0)
        return self.options.select(
            "known",
            rank.cast(nw.Int64).alias("rank"),
            alike.alias("alike"),
            *[name for name in ("factor",) if name in self.options.columns],
            (nw.col("file") if "file" in self.options.columns else nw.lit(0)).alias("file"),
            *[nw.col(name).cast(nw.Int64) for name in names],
        )


def relate(relations: Relations, tables: Tables) -> Iterator[Joined]:
    """Yield the relation rows of a rule, of so many subjects at once as the engine is good at.

    Each lives until the next is asked for.
    """
    join, make = _prepared(relations, tables)
    # Relations over places join subjects that may stand anywhere.
    shares = [] if relations.places is not None else tables.shares()
    for part in [join.among(*share) for share in shares] or [join]:
        with join.engine.scope():
            yield make(part)


def _prepared(relations: Relations, tables: Tables) -> tuple[_Join, Callable[[_Join], Joined]]:
    own = tables.statements, len(tables.subjects), tables.engine
    if relations.is_long:
        anchored, quantities = tables.with_grid(tables.anchored), tables.with_grid(tables.quantities)
        source = tables.source
        if source is not None:
            finish = source.finish
            needs = source.needs | {"grid_of"}
            source = replace(source, finish=lambda rows: gridded(finish(rows)), needs=needs)
        return _Join(relations, anchored, quantities, *own, SLOT, source), _long
    is_same = relations.equation.op == "same"
    spared = ("grid", "state") if tables.is_plain and not is_same else ("grid",)
    slot = tuple(name for name in SLOT if name not in spared)
    join = _Join(relations, tables.anchored, tables.quantities, *own, slot, tables.source)
    return join, _copies if is_same else _fixed


def _copies(join: _Join) -> Joined:
    rows = join.anchored.filter(nw.col("copies") > 1) if join.source is None else join.anchored.head(0)
    known = join.bring("known", lambda: join.options.select(nw.col("z_sid").alias("sid"), "option", "is_closed"))
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
    rows = rows.join(join.bring("anchors", lambda: anchors), on="sid", how="inner")
    return rows.select(nw.col("qid").alias("rel"), "variant", "subject", "a", *slots)


def _fixed(join: _Join) -> Joined:
    rows = _anchored(join)
    for role in join.roles:
        rows = join.attach(rows, role, ["rel", "a"], "subject")
    rows = join.numbered(rows, join.options.select("known", "option", "is_closed")).drop("a")
    return Joined(join.relations, join.options, rows)


def _long(join: _Join) -> Joined:
    relations, engine = join.relations, join.engine
    heads = _grouped(join) if relations.anchor == "group" else _anchored(join)
    beside = [role for role in join.roles if role in ("z", "w")]
    for role in beside:
        heads = join.attach(heads, role, ["rel", "a"], "subject")
    heads = engine.materialise(heads)
    filled = [f"{role}_{name}" for role in beside for name in (join.told_by, "tied")]
    if relations.places is not None:
        places = relations.places
        parts = heads.join(join.bring("places", lambda: places), on=["subject", "variant"], how="inner")
        coefs = join.bring("coefs", lambda: join.options.select("a", "coef").unique())
        parts = parts.join(coefs, on="a", how="inner")
    else:
        positions = join.bring("positions", lambda: join.options.select("a", "position", "name", "coef").unique())
        parts = heads.join(positions, on="a", how="inner")
        parts = parts.with_columns(nw.col("subject").alias("x_subject"))
    keys = ["rel", "variant", "a", "position"]
    parts = parts.select(*keys, "name", "coef", "x_subject", *filled)
    slots = [nw.col(f"x_{name}").alias(name) for name in join.slot]
    for role in ("x", "y"):
        if role in join.roles:
            parts = join.attach(parts, role, keys, "x_subject")
    slots += [nw.col(f"y_{name}") for name in join.slot] if "y" in join.roles else []
    traits = join.traits()
    own = [name for name in traits.columns if name != "known"]
    parts = join.numbered(parts, traits).select("rel", "variant", "name", "position", "coef", *own, *slots)
    return Joined(relations, join.options, heads.drop("a", *filled), parts)


def _grouped(join: _Join) -> Frame:
    """Return the groups of which a member is printed; z is a constant, and the first member stands for the relation."""
    members = join.options.filter(nw.col("x_sid") != NOT_PRINTED).select("a", "variant", nw.col("x_sid").alias("sid"))
    rows = join.of_statements(sorted(set(members["sid"].to_list())), join.anchored)
    rows = rows.join(join.bring("members", members.unique), on="sid", how="inner")
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
