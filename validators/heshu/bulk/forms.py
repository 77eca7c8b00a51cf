"""Forms of printing: what the rows that share everything but subject and number say, resolved once for all of them.

How the ends of a printed number follow from its digits is not written here again. The code that measures single
figures measures three numbers of each form, a positive one, its negative and zero; from these come the factor and how
far the ends stand off. A form whose numbers do not follow so (hedges, ranks, doublings, rounding upwards, rounding half
to even) is left to be read number by number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from heshu.bulk.raw import BLANK, LITERAL, MOST_DIGITS, PLAIN_LENGTH, Raw
from heshu.dataset.cells import Cells
from heshu.dataset.layout.long import cells_of
from heshu.dataset.resolve import Source, figure_of
from heshu.errors import InputError, Unreadable
from heshu.figure import Figure, Measure, Measured
from heshu.interval import INFINITY, Interval
from heshu.quantities import DIMENSION, STATEMENT, Codes, form, grid, merge, statement_row
from heshu.rounding import Rounding

#: Whole numbers that a float holds without a gap.
EXACT = 2**53

#: States of rows beside those of quantities: the number is read by its text, there is none, its unit is unknown.
BY_TEXT, EMPTY, UNMEASURED = 7, 8, 9

#: Columns of the table by which rows are measured; ends are (number · times ∓ off) · gain / parts, up to ``limit``.
#: Where ``cut`` is 1, true values are not below 0.
RULER = (
    "times", "below", "above", "gain", "parts", "zero_lo", "zero_hi", "limit", "cell", "cut", "power",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ruler:
    """How numbers of one form are measured: ends are (number · times ∓ off) · gain / parts.

    ``floor``: true values are not below 0. ``cell`` is the grid on which sums of them are exact. Numbers above
    ``limit`` would not be exact in floats. ``sample`` and ``zero`` are what was measured to find it.
    """

    times: int
    below: int
    above: int
    gain: int
    parts: int
    limit: int
    floor: bool
    cell: float | None
    sample: Measured
    zero: Measured

    @property
    def cut(self) -> int:
        """Whether true values are not below 0, as a number."""
        return int(self.floor)

    @property
    def zero_lo(self) -> float:
        """Lower end of a printed zero."""
        return float(self.zero.hard.lo)

    @property
    def zero_hi(self) -> float:
        """Upper end of a printed zero."""
        return float(self.zero.hard.hi)

    def measured(self, number: int) -> Measured:
        """Return what a number of this form says, exactly."""
        if not number:
            return self.zero
        size, sample = abs(number) * self.times, self.sample
        point, low, high = (
            Fraction(value * self.gain, self.parts) for value in (size, size - self.below, size + self.above)
        )
        hard = Interval(low, high, sample.hard.lo_open, sample.hard.hi_open)
        if number < 0:
            point, hard = -point, -hard
        # Above 0 by its ends, as nearly all are, it is not cut.
        if self.floor and (number < 0 or size < self.below) and hard.meets(_POSITIVE):
            hard = hard & _POSITIVE
        return Measured(point, hard, None, sample.step, sample.dimension, sample.counter)


_POSITIVE = Interval(Fraction(0), INFINITY)


@dataclass(slots=True)
class Forms:
    """Resolved forms, statements and subjects of a dataset's rows, numbered as its tables have them."""

    raw: Raw
    source: Source
    forms: Codes = field(default_factory=Codes)
    statements: Codes = field(default_factory=Codes)
    files: Codes = field(default_factory=Codes)
    said: Codes = field(default_factory=Codes)
    #: A figure of each form, by its number, the digits and the file; None where raw forms that differ have the same.
    templates: dict[tuple[int, int, int, int], Figure | None] = field(default_factory=dict)
    said_by: list[int] = field(default_factory=list)
    #: What finds the template of each row of the table that :meth:`resolve` returns.
    printed: list[tuple[int, int, int, int]] = field(default_factory=list)
    rulers: dict[tuple[Any, ...], Ruler | None] = field(default_factory=dict)
    #: The ruler of each template.
    rulers_of: dict[tuple[int, int, int, int], Ruler | None] = field(default_factory=dict)

    def cells(self, row: Mapping[str, Any], value: str, fid: int | None = None) -> Cells:
        """Return the cells of a row as a reader of single figures gives them."""
        at, place = (row.get("at", 0), None) if fid is None else self.raw.place(fid)
        said = dict(self.raw.files[at].given)
        for column in self.raw.columns:
            text = value if column == "value" else shown(row.get(column))
            if text:
                said[column.removeprefix(DIMENSION)] = text
        where = place if place is not None else self.raw.place(self.raw.starts[at])[1]
        return cells_of(said, where, "value", is_bare=self.raw.is_number)

    def figure(self, row: Mapping[str, Any], value: str, fid: int | None = None) -> Figure:
        """Return the figure of a row.

        :raises Unreadable: if a period, a comparison or the number cannot be read.
        :raises InputError: for what is missing or not allowed.
        """
        found = figure_of(self.cells(row, value, fid), self.source, 0 if fid is None else fid)
        if found.value:
            try:
                found.measured()
            except Unreadable as error:
                if error.what != "unit":
                    raise
        return found

    def numbers(self, figure: Figure, at: int) -> tuple[int, int | None]:
        """Return the numbers of a figure's form and statement; no statement if its unit is unknown."""
        try:
            measured = figure.measured() if figure.value else None
        except Unreadable:
            measured = None
        dim, counter = (measured.dimension, measured.counter) if measured else (None, "")
        number = self.forms.of((*form(figure), dim, counter))
        return number, None if measured is None else self.statement(figure, measured.dimension, at)

    def statement(self, figure: Figure, dim: str, at: int) -> int:
        """Return the number of the statement that a figure makes."""
        file = self.files.of((at, figure.origin.file, figure.source))
        row = statement_row(figure, dim, file)
        number = self.statements.of(row)
        if number == len(self.said_by):
            self.said_by.append(self.said.of(row[: len(STATEMENT)]))
        return number

    def key(self, sid: int | None) -> int:
        """Return the number of the key of a statement, 0 of none."""
        return 0 if sid is None else self.said_by[sid]

    def ruler(self, figure: Figure, digits: int, zeros: int) -> Ruler | None:
        """Return how numbers of the form of ``figure`` are measured, None if they must be read one by one."""
        key = (
            figure.measure, figure.unit, figure.hedge, figure.style, figure.decimals, figure.nature, figure.sign,
            digits, zeros,
        )  # fmt: skip
        if key not in self.rulers:
            self.rulers[key] = _ruler(figure, digits, zeros, is_bare=self.raw.is_number)
        return self.rulers[key]

    def resolve(self, rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, list[Any]], list[Mapping[str, Any]]]:
        """Return the table by which rows find their form by ``code``, and the raw forms that cannot be read."""
        table: dict[str, list[Any]] = {name: [] for name in ("code", "form", "sid", "state", "instead", *RULER)}
        bad: list[Mapping[str, Any]] = []
        for row in rows:
            try:
                found = self._resolved(row)
            except (Unreadable, InputError):
                bad.append(row)
                continue
            number, sid, state, *ruler = found
            self.printed.append((-1 if number is None else number, *_template(row)))
            # Numbers that are too long for the ruler of their form are read by their text, and those that are none.
            instead = EMPTY if state == EMPTY else BY_TEXT
            for name, value in zip(table, (row["code"], number, sid, state, instead, *ruler), strict=True):
                table[name].append(value)
        table["said"] = [self.key(sid) for sid in table["sid"]]
        return table, bad

    def _resolved(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        nothing = (None,) * len(RULER)
        digits = digits_of(row)
        if digits == LITERAL:
            return (None, None, BY_TEXT, *nothing)
        if digits == BLANK:
            return (*self.numbers(self.figure(row, ""), row.get("at", 0))[:1], None, EMPTY, *nothing)
        zeros = row.get("zeros_at_end", 0)
        try:
            figure = self.figure(row, _text(digits, zeros))
        except Unreadable as error:
            # What is no number of this form may be one of another size: 1番, and nobody doubles 137 times.
            if error.what != "number":
                raise
            return (None, None, BY_TEXT, *nothing)
        number, sid = self.numbers(figure, row.get("at", 0))
        known = (number, *_template(row))
        self.templates[known] = None if known in self.templates else figure
        if sid is None:
            # Its digits are read all the same: they are printed, or there are none.
            reader = {"limit": 10**PLAIN_LENGTH, "power": 10**digits}
            return (number, None, UNMEASURED, *map(reader.get, RULER))
        ruler = self.ruler(figure, digits, zeros)
        if ruler is None:
            return (None, None, BY_TEXT, *nothing)
        return (number, sid, 0, *(getattr(ruler, name) for name in RULER[:-1]), 10**digits)

    def measure(self, figure: Figure, known: tuple[int, int, int, int], number: int) -> None:
        """Measure a figure of a template by the ruler of its form, if it has one and its number is not too long."""
        if known not in self.rulers_of:
            # Whether ends are open depends on the last digit if ties go to the even one: such figures are left alone.
            is_even = figure.style.rounding is Rounding.HALF_EVEN
            self.rulers_of[known] = None if is_even else self.ruler(figure, known[1], known[2])
        ruler = self.rulers_of[known]
        if ruler is not None and abs(number) <= ruler.limit:
            figure.set_measured(ruler.measured(number))


def _text(digits: int, zeros: int) -> str:
    """Return a number with so many digits after the point, or zeros at its end."""
    return f"137{'0' * zeros}" if not digits else f"137.{'1' * digits}"


def _ruler(figure: Figure, digits: int, zeros: int, *, is_bare: bool) -> Ruler | None:
    """Return how numbers of the form of ``figure`` are measured, None if they must be read one by one."""
    if figure.measure == Measure.RANK or figure.hedge or (figure.nature == "count" and digits):
        return None
    sample = _text(digits, zeros)
    try:
        plus, minus, zero = (
            replace(figure, value=text).measured()
            for text in (sample, f"-{sample}", "0" if is_bare or not digits else f"0.{'0' * digits}")
        )
    except Unreadable:
        return None
    if not all(_is_simple(measured) for measured in (plus, minus, zero)):
        return None
    number = int(sample.replace(".", ""))
    unit = plus.point / number
    below, above = plus.point - Fraction(plus.hard.lo), Fraction(plus.hard.hi) - plus.point
    is_mirrored = (minus.hard.lo, minus.hard.hi) == (-plus.hard.hi, -plus.hard.lo) and minus.point == -plus.point
    if not is_mirrored or zero.point != 0:
        return None
    floor = figure.sign == "nonnegative" and figure.measure in (Measure.LEVEL, Measure.SHARE)
    parts = math.lcm(unit.denominator, below.denominator, above.denominator)
    times, low, high = (int(value * parts) for value in (unit, below, above))
    gain = math.gcd(times, low, high) if parts == 1 else 1
    times, low, high = times // gain, low // gain, high // gain
    if max(times, parts, gain) >= EXACT:
        return None
    limit = min((EXACT - max(low, high)) // max(times, 1), 10**PLAIN_LENGTH)
    return Ruler(times, low, high, gain, parts, limit, floor, grid(plus), plus, zero)


def _is_simple(measured: Measured) -> bool:
    ends = (measured.hard.lo, measured.hard.hi)
    return measured.soft is None and measured.loose is None and all(isinstance(end, Fraction) for end in ends)


def literal_row(forms: Forms, row: Mapping[str, Any], value: str) -> tuple[Any, ...]:
    """Return (form, sid, state, lo, hi, pt, grid) of a number that is read by its text.

    :raises Unreadable: if it cannot be read.
    :raises InputError: for what is missing or not allowed beside it.
    """
    figure = forms.figure(row, value)
    number, sid = forms.numbers(figure, row.get("at", 0))
    if not figure.value or sid is None:
        return (number, None, UNMEASURED if figure.value else EMPTY, None, None, None, None)
    merged = merge([(figure, figure.measured())])
    return (number, sid, merged.state, merged.lo, merged.hi, merged.pt, merged.grid)


def digits_of(row: Mapping[str, Any]) -> int:
    """Return how many digits after the point a row's number shows, or what it is instead of plainly written."""
    if "digits" in row:
        return int(row["digits"])
    digits = row["decimals"]
    return int(digits) if digits is not None and 0 <= digits <= MOST_DIGITS else LITERAL


def _template(row: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return what finds a figure of a form beside its number: digits after the point, zeros at the end, the file."""
    return digits_of(row), row.get("zeros_at_end", 0), row.get("at", 0)


def shown(cell: Any) -> str:
    """Return a cell as text."""
    return "" if cell is None else str(cell).strip()
