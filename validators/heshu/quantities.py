"""From figures to quantities: one row per key, the intersection of its printed copies, in base units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from heshu.errors import Unreadable
from heshu.figure import KEY, Figure, Measured
from heshu.interval import Interval
from heshu.registry import Registry
from heshu.rounding import Style
from heshu.small import Table, table

#: States of a quantity: its ends are finite; infinite, hedged or read in two ways; its copies contradict each
#: other; its copies differ in dimension.
PLAIN, WIDE, CONFLICT, MIXED = range(4)

#: Integers on the grid stay exact in a float below this bound, with room for sums.
GRID_LIMIT = 2**50

#: What a figure states, apart from whom it is about: the key without area and dimensions.
STATEMENT = tuple(name for name in KEY if name != "area")

#: Columns of ``forms``: everything of a printing that many others share.
FORM = (*STATEMENT, "unit", "hedge", "decimals", "rounding", "zeros", "nature", "sign")

#: Columns of the figures that are each row's own.
OPEN = ("value", "source", "quote", "span", "occurrence", "note")

#: Prefix of a dataset's own key columns, so that no name of theirs is one of ours.
DIMENSION = "dim:"


@dataclass(slots=True)
class Quantities:
    """Figures and quantities as columns, and the way back from a quantity to its exact interval.

    Keys are told in two parts: the ``subjects`` that figures are about (``subject``, area, dimensions) and the
    ``statements`` that are made of them (``sid``, the other key columns, ``sign``, ``nature``, ``dim``: what the unit
    measures, ``file`` where no release is named, and of price and release the parts that are compared). Both are small
    where the data are large, so that what can be joined is found among statements, once for all subjects.

    ``figure_columns`` has one entry per figure (``fid`` = position in ``figures``; ``qid`` is None where the
    figure has no value or its unit is unknown; ``form``: a row of ``forms``); ``quantity_columns`` one per key (``qid``
    = position, ``key`` = subject · number of keys of statements + ``said``, that of its own). Numbers are floats
    nearest to the exact ends, in base units.
    """

    figures: Sequence[Figure] | Mapping[int, Figure]
    dimensions: tuple[str, ...]
    subjects: Table
    statements: Table
    forms: Table
    figure_columns: dict[str, list[Any]]
    quantity_columns: dict[str, list[Any]]
    members: Sequence[list[int]] | Mapping[int, list[int]]

    def copies(self, qid: int) -> list[Figure]:
        """Return the printings of a quantity."""
        return [self.figures[fid] for fid in self.members[qid]]

    @property
    def size(self) -> int:
        """A number above those of all quantities."""
        return len(self.figures)

    def load(self, qids: set[int], fids: set[int]) -> None:
        """Make the figures of these numbers, and the copies of these quantities, ready to be looked at."""

    def printed(self, there: bytearray) -> int:
        """Return how many figures are printings of the quantities that ``there`` is set at."""
        return sum(len(self.members[qid]) for qid in range(len(self.members)) if there[qid])

    def outside(self, there: bytearray, limit: int) -> list[int]:
        """Return the numbers of the first figures that are no printing of a quantity that ``there`` is set at."""
        qids = self.figure_columns["qid"]
        return list(islice((fid for fid, qid in enumerate(qids) if qid is None or not there[qid]), limit))

    def named(self, fids: Iterable[int]) -> list[Figure]:
        """Return the figures of these numbers, which have been loaded; those left out that cannot be read."""
        return [self.figures[fid] for fid in fids]

    def hard(self, qid: int, style: Style | None = None) -> Interval:
        """Return the intersection of the printings' HARD intervals; ``style`` replaces undeclared ones."""
        return meet([_measured(figure, style).hard for figure in self.copies(qid)])

    def tight(self, qid: int) -> Interval:
        """Return the intersection of the printings' SOFT (where hedged) intervals."""
        return meet([figure.measured().tight for figure in self.copies(qid)])

    def loose(self, qid: int, style: Style | None = None) -> Interval | None:
        """Return the other common reading (增长N倍 for 增长到N倍) of a quantity, or None if no copy has one."""
        found = [_measured(figure, style) for figure in self.copies(qid)]
        if all(measured.loose is None for measured in found):
            return None
        return meet([measured.hard if measured.loose is None else measured.loose for measured in found])

    def is_declared(self, qid: int) -> bool:
        """Whether every printing's rounding style was declared."""
        return all(figure.style.declared for figure in self.copies(qid))

    def finest(self, qid: int) -> tuple[Figure, Measured]:
        """Return the printing with most digits."""
        pairs = [(figure, figure.measured()) for figure in self.copies(qid)]
        return min(pairs, key=_fineness)


def _fineness(pair: tuple[Figure, Measured]) -> tuple[bool, Fraction, str, str, str]:
    """Sort unhedged printings first, then those with most digits; among equals not by the order of rows."""
    figure, measured = pair
    return (measured.soft is not None, measured.step, figure.value, figure.unit, figure.hedge)


def _measured(figure: Figure, style: Style | None) -> Measured:
    return figure.measured(None if figure.style.declared else style)


def unread(figure: Figure) -> Unreadable | None:
    """Return why a figure that is printed was not measured, None if it was."""
    try:
        if figure.value:
            figure.measured()
    except Unreadable as error:
        return error
    return None


def meet(intervals: list[Interval]) -> Interval:
    """Return the intersection of intervals, at least one."""
    result = intervals[0]
    for interval in intervals[1:]:
        result = result & interval
    return result


@lru_cache(maxsize=4096)
def _power_of_ten(value: Fraction) -> int | None:
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        digits = str(part)
        if part > 1 and digits.strip("0") == "1":
            return sign * (len(digits) - 1)
    return 0 if value == 1 else None


def grid(measured: Measured) -> float | None:
    """Return the largest power of ten that divides point and ends, as a float, or None.

    On a common grid sums are sums of small integers, which floats hold exactly: no guard band is needed.
    """
    if not measured.hard.is_plain:
        return None
    exponent = _power_of_ten(measured.step)
    if exponent is None:
        return None
    hard = measured.hard
    ends = [end if isinstance(end, Fraction) else Fraction(end) for end in (hard.lo, hard.hi, measured.point)]
    for candidate in (exponent, exponent - 1, exponent - 2):
        if all(_is_on_grid(end, candidate) for end in ends):
            return float(Fraction(10) ** candidate)
    return None


def _is_on_grid(end: Fraction, exponent: int) -> bool:
    """Whether ``end`` is a whole multiple of a power of ten, and not too many times that."""
    # In whole numbers: fractions would be reduced at each step.
    over, under = end.numerator, end.denominator
    if exponent < 0:
        over *= 10**-exponent
    else:
        under *= 10**exponent
    return over % under == 0 and abs(over) < GRID_LIMIT * under


class Codes:
    """Rows of a small table, numbered in the order in which they are first met."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], int] = {}

    def of(self, row: tuple[Any, ...]) -> int:
        """Return the number of ``row``."""
        return self.numbers.setdefault(row, len(self.numbers))

    def table(self, code: str, names: Sequence[str]) -> dict[str, list[Any]]:
        """Return the rows as columns, with their numbers as column ``code``."""
        columns = {name: [row[i] for row in self.numbers] for i, name in enumerate(names)}
        return {code: list(self.numbers.values())} | columns


def gather(figures: list[Figure], registry: Registry, dimensions: tuple[str, ...] = ()) -> Quantities:
    """Measure every figure and merge the copies of each key."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("fid", "qid", "subject", "form", "is_blank", "is_measured", "lo", "hi")
    }
    subjects, statements, forms = Codes(), Codes(), Codes()
    keys: dict[tuple[int, tuple[str, ...]], int] = {}
    members: list[list[int]] = []
    measured: list[Measured | None] = []
    files: dict[tuple[str, str], int] = {}
    file_of: list[int] = []
    for figure in figures:
        found = figure.measured() if figure.value and not unread(figure) else None
        measured.append(found)
        subject = subjects.of((figure.area, *figure.dimensions))
        qid = None
        if found is not None:
            qid = keys.setdefault((subject, statement(figure)), len(keys))
            if qid == len(members):
                members.append([])
            members[qid].append(figure.id)
        # Without `release`, what one document in one file says is one release.
        origin = (figure.origin.file or figure.place.path, figure.source)
        file_of.append(files.setdefault(origin, len(files)))
        dim, counter = (found.dimension, found.counter) if found else (None, "")
        row = (
            figure.id, qid, subject, forms.of((*form(figure), dim, counter)), not figure.value, found is not None,
            float(found.hard.lo) if found else None, float(found.hard.hi) if found else None,
        )  # fmt: skip
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    columns |= {name: [getattr(figure, name) for figure in figures] for name in OPEN}
    quantities = _quantity_columns(figures, measured, members, file_of, columns["subject"], statements)
    return Quantities(
        figures,
        dimensions,
        table(subjects.table("subject", ("area", *(f"{DIMENSION}{name}" for name in dimensions)))),
        statement_table(statements, registry),
        form_table(forms),
        columns,
        quantities,
        members,
    )


def statement(figure: Figure) -> tuple[str, ...]:
    """Return the columns of :data:`STATEMENT`."""
    return (
        figure.indicator, figure.period, figure.measure, figure.comparison, figure.of, figure.among,
        figure.price, figure.scope, figure.adjustment, figure.status, figure.release,
    )  # fmt: skip


def form(figure: Figure) -> tuple[str, ...]:
    """Return the columns of :data:`FORM`."""
    decimals = "" if figure.decimals is None else str(figure.decimals)
    return (
        *statement(figure), figure.unit, figure.hedge, decimals, figure.rounding, figure.zeros, figure.nature,
        figure.sign,
    )  # fmt: skip


def form_table(forms: Codes) -> Table:
    """Return the forms, with the number of the statement that each makes (``said``)."""
    columns = forms.table("form", (*FORM, "dim", "counter"))
    columns["said"] = said_by(forms)
    return table(columns)


def said_by(codes: Codes) -> list[int]:
    """Return for each row that begins with a statement's key columns the number of that key."""
    said = Codes()
    return [said.of(row[: len(STATEMENT)]) for row in codes.numbers]


def nth_of(said: Sequence[int]) -> list[int]:
    """Return which of those of the same key each statement is, from 1."""
    seen: dict[int, int] = {}
    nth = []
    for key in said:
        seen[key] = seen.get(key, 0) + 1
        nth.append(seen[key])
    return nth


#: Columns of a statement that are no part of a key.
ATTRIBUTES = ("sign", "nature", "dim", "file")


def statement_row(figure: Figure, dim: str, file: int) -> tuple[Any, ...]:
    """Return a statement with its attributes; the file matters where no release is named."""
    return (*statement(figure), figure.sign, figure.nature, dim, file if not figure.release else 0)


def statement_table(statements: Codes, registry: Registry) -> Table:
    """Return the statements with the parts of price and release that are compared."""
    columns = statements.table("sid", (*STATEMENT, *ATTRIBUTES))
    releases = sorted(set(columns["release"]), key=registry.release_order)
    rank = {release: i for i, release in enumerate(releases)}
    columns["price_class"] = [price.partition(":")[0] for price in columns["price"]]
    columns["price_base"] = [price.partition(":")[2] for price in columns["price"]]
    columns["release_rank"] = [rank[release] for release in columns["release"]]
    columns["said"] = said_by(statements)
    return table(columns)


def _quantity_columns(
    figures: list[Figure],
    measured: list[Measured | None],
    members: list[list[int]],
    file_of: list[int],
    subjects: list[int],
    statements: Codes,
) -> dict[str, list[Any]]:
    names = ("qid", "subject", "sid", "lo", "hi", "pt", "grid", "state", "copies", "files")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for qid, fids in enumerate(members):
        first = figures[fids[0]]
        merged = merge([(figures[fid], m) for fid in fids if (m := measured[fid]) is not None])
        sid = statements.of(statement_row(first, merged.dim, file_of[fids[0]]))
        row = (
            qid, subjects[fids[0]], sid, merged.lo, merged.hi, merged.pt, merged.grid, merged.state, len(fids),
            len({file_of[fid] for fid in fids}),
        )  # fmt: skip
        for name, value in zip(names, row, strict=True):
            columns[name].append(value)
    said = said_by(statements)
    width = max(said, default=0) + 1
    pairs = zip(columns["subject"], columns["sid"], strict=True)
    columns["key"] = [subject * width + said[sid] for subject, sid in pairs]
    return columns


class Merged(NamedTuple):
    """What the copies of one key say together, as floats nearest to the exact values."""

    lo: float
    hi: float
    pt: float
    grid: float | None
    state: int
    dim: str


def merge(copies: list[tuple[Figure, Measured]]) -> Merged:
    """Return the intersection of the copies of one key, at least one."""
    found = [measured for _, measured in copies]
    hard = meet([measured.hard for measured in found])
    finest = found[0] if len(found) == 1 else min(copies, key=_fineness)[1]
    mixed = len({measured.dimension for measured in found}) > 1
    grids = {grid(measured) for measured in found}
    if mixed or hard.is_empty:
        state = MIXED if mixed else CONFLICT
    else:
        state = PLAIN if all(_is_plain(measured) for measured in found) else WIDE
    return Merged(
        float(hard.lo), float(hard.hi), float(finest.point), grids.pop() if len(grids) == 1 else None, state,
        "" if mixed else finest.dimension,
    )  # fmt: skip


def _is_plain(measured: Measured) -> bool:
    """Whether floats can settle it: finite, without a hedge and without a second reading."""
    return measured.soft is None and measured.loose is None and measured.hard.is_finite
