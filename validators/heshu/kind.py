"""What a kind of check is: a function that says which statements are joined and by what equation, or flags rows.

A kind says how figures are joined and which equation holds. It may say why a relation cannot be judged; it
never says that one passes or fails. It sees statements, never numbers: what is true of a statement (its measure,
period, prices, release) is found out once, and the engine does the same for every subject that it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any, NamedTuple, Protocol

import narwhals as nw

from heshu.finding import Mention
from heshu.registry import Registry, Strict
from heshu.relation import Equation
from heshu.small import Table
from heshu.texts import Texts

#: Columns of a quantity that a relation row carries for each of its slots z, x and y.
SLOT = ("qid", "lo", "hi", "pt", "grid", "state")

#: Usual assumptions that stand in for a declaration nobody made; boolean columns of options.
ASSUMED = ("as_price", "as_scope", "as_release", "as_adjustment", "as_sign", "as_nature")

#: A table of the engine, of any size.
Frame = nw.LazyFrame[Any]


class Size(NamedTuple):
    """How many figures there are: ``rows``, those that are not blank (``filled``), those whose number is measured."""

    rows: int = 0
    filled: int = 0
    measured: int = 0

    def plus(self, other: Size) -> Size:
        """Return the sizes of both together."""
        return Size(*map(add, self, other))


class Context(Protocol):
    """What a kind sees: small tables of statements and subjects, the figures, the registry.

    ``statements`` has one row per statement (the key columns without area and dimensions), ``anchors`` those that the
    rule's ``where`` lets through, ``subjects`` one per area with its dimensions, ``forms`` one per way of printing.
    ``rows`` are the figures that ``where`` lets through, a table of the engine: ``fid``, ``qid``, ``subject``,
    ``form``, ``is_blank``, ``is_measured``, ``lo`` and ``hi`` (NULL if it is not) and the open columns. ``dimensions``
    are the dataset's extra key columns.
    ``texts`` are those that figures were read from.
    """

    statements: Table
    anchors: Table
    subjects: Table
    forms: Table
    rows: Frame
    registry: Registry
    dimensions: tuple[str, ...]
    texts: Texts

    def bring(self, table: Table) -> Frame:
        """Return a small table as one of the engine, to be joined with ``rows``."""

    def of_forms(self, forms: Table) -> Frame:
        """Return those of ``rows`` whose form is one of these."""

    def size_of(self, forms: Table) -> Size | None:
        """Return how many of ``rows`` are of these forms; None if they would have to be counted."""

    def where(self, column: str, keep: Callable[[nw.Expr], nw.Expr]) -> Frame:
        """Return those of ``rows`` whose text in a column (as :meth:`column` names it) is one to ``keep``."""

    def alike(self) -> Frame | None:
        """Return those of ``rows`` that are not blank and have a key with another one; None if there are none."""

    def has(self, column: str) -> bool:
        """Whether a figure can have a text in this column."""

    def fetch(self, frame: Frame) -> list[dict[str, Any]]:
        """Return rows for what only Python can judge: filter them first, there may be millions."""

    def column(self, name: str) -> str:
        """Return the column for a figures-table column or a dataset's own dimension.

        :raises InputError: if there is none.
        """

    def showing(self, *columns: str, rows: Frame | None = None) -> Frame:
        """Return ``rows``, or those given, with these text columns (as :meth:`column` names them) beside the others."""


@dataclass(frozen=True, slots=True)
class Relations:
    """Relations of one equation between statements: the engine makes them of every subject.

    ``options`` has a row for every way in which the slots can be filled: the statement of the slot ``anchor``
    (``z_sid``; ``group`` if that is the anchor: z is a constant), ``variant``, per other slot what
    :func:`heshu.basis.attach` adds (``x_sid``, NULL: not printed), ``why`` (NULL if it can be judged, else a reason),
    ``across`` (the base stands in another release), the columns of :data:`ASSUMED`, ``missing`` (what is not printed)
    and ``family``: shares of one whole that may have been balanced to total 100.

    With ``position``, ``name`` and ``coef`` a row is one part of a relation of variable length (``factor``: which of
    the equation's factors it is multiplied by); its slots are z, w, x and y, as the equation has them. A relation has
    the first reason in ``priority`` that one of its parts has. Its parts agree in the column ``alike``, or it cannot be
    judged for the reason ``unlike``; parts of several ``file`` are assumed to be of one release. ``places`` (subject,
    variant, position, name, x_subject) is for parts that are other subjects: areas of a nation.

    ``anchor`` is the slot whose figure makes the claim: z, the rate y of a ``mul`` row, the weight w beside z. True
    values of the slots ``positive`` must be above 0 (reason ``base``), printed ones of ``gains`` not below (``loss``).
    ``is_balance``: told as a total against the sum of its parts; ``compares_periods``: scope over time matters.
    ``roles`` names the slots z, x, y and w for messages; ``labels`` names the variants (a classification's ``by``).
    """

    equation: Equation
    options: Table
    roles: tuple[str, ...]
    anchor: str = "z"
    labels: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    unlike: str = ""
    places: Table | None = None
    positive: tuple[str, ...] = ()
    gains: tuple[str, ...] = ()
    is_balance: bool = False
    compares_periods: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the number of parts varies."""
        return "coef" in self.options.columns


@dataclass(frozen=True, slots=True)
class Flags:
    """Rows that break a row rule, and all that it looked at.

    ``rows`` has ``fid``, ``reason`` (catalogue key), ``detail`` (text), ``soft`` (bool) and, where another figure is
    part of it, ``other`` (its fid). A figure may break a rule in several ways, told apart by ``detail``. Any further
    columns are texts for the sentence of the reason. ``unjudged`` has ``fid`` and ``why`` (a reason) of those looked at
    that cannot be judged. Flags that are not ``is_proof`` say what is out of the ordinary: the verdict is
    ``improbable``. ``size`` is how many ``matched`` are, where that is known.
    """

    rows: Frame
    matched: Frame
    unjudged: Frame | None = None
    is_proof: bool = True
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in a text that break a rule: their place (``figure`` says it), the reason and what fills its sentence."""

    figure: Mention
    reason: str
    values: Mapping[str, str]
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Passages:
    """What breaks a rule in the texts of a dataset, and how many lines were looked at."""

    found: tuple[Passage, ...]
    matched: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind: its name, the model of its ``with`` block and its function."""

    name: str
    options: type[Strict]
    build: Callable[[Context, Any], Sequence[Relations | Flags | Passages]]
    doc: str

    @property
    def is_of_rows(self) -> bool:
        """Whether it looks at figures one by one, as its docstring says, and makes no relations."""
        return "\nRows: " in self.doc
