"""What a kind of check is: a function that joins quantities into relation rows, or flags rows.

A kind says how figures are joined and which equation holds. It may say why a relation cannot be judged; it
never says that one passes or fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import narwhals as nw

from heshu.registry import Registry, Strict
from heshu.relation import Equation

#: Columns of a quantity that a relation row carries for each of its slots z, x and y.
SLOT = ("qid", "lo", "hi", "pt", "grid", "state")

#: Usual assumptions that stand in for a declaration nobody made; boolean columns of relation rows.
ASSUMED = ("as_price", "as_scope", "as_release", "as_adjustment", "as_sign")

#: Prefix of a dataset's own key columns, so that no name of theirs is one of ours.
DIMENSION = "dim:"

Frame = nw.LazyFrame[Any]


class Context(Protocol):
    """What a kind sees: two lazy tables, the registry, and ways to bring in small tables.

    ``figures`` has one row per printing, ``quantities`` one per key (the key columns), ``anchors`` the
    quantities and ``rows`` the figures that the rule's ``where`` lets through. ``dimensions`` are the
    dataset's extra key columns.
    """

    figures: Frame
    rows: Frame
    quantities: Frame
    anchors: Frame
    registry: Registry
    dimensions: tuple[str, ...]

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """Return a small constant table."""

    def materialise(self, frame: Frame) -> Frame:
        """Return ``frame`` computed once: for what is read more than once, and to keep query plans small."""

    def is_empty(self, frame: Frame) -> bool:
        """Whether ``frame`` has no row: most rules find nothing in most datasets, and need plan no joins for it."""

    def column(self, name: str) -> str:
        """Return the column of ``figures`` for a figures-table column or a dataset's own dimension.

        :raises InputError: if there is none.
        """

    def distinct(self, frame: Frame, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the distinct combinations of ``columns``, sorted."""


@dataclass(frozen=True, slots=True)
class Relations:
    """Relation rows of one equation.

    ``rows`` has ``rel`` (qid of the anchor), ``variant``, the slots of :data:`SLOT` for z and (fixed arity)
    x and y, ``why`` (NULL if it can be judged, else a reason), ``across`` (the base stands in another
    release), the columns of :data:`ASSUMED`, ``missing`` (what is not printed).
    ``parts`` (variable length) has ``rel``, ``variant``, ``name``, ``position``, ``coef`` and a bare slot;
    a NULL qid is a part that was expected but is not printed.
    ``anchor`` is the slot whose figure makes the claim: z, or the rate y of a ``mul`` row.
    ``is_balance``: told as a total against the sum of its parts; ``compares_periods``: scope over time matters.
    ``family`` names columns of ``rows``: shares of one whole that may have been balanced to total 100.
    ``roles`` names the slots for messages; ``labels`` names the variants (a classification's ``by``).
    """

    equation: Equation
    rows: Frame
    roles: tuple[str, ...]
    parts: Frame | None = None
    labels: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    anchor: str = "z"
    is_balance: bool = False
    compares_periods: bool = False


@dataclass(frozen=True, slots=True)
class Flags:
    """Rows that break a row rule, and all that it looked at.

    ``rows`` has ``fid``, ``reason`` (catalogue key), ``detail`` (text), ``soft`` (bool) and, where another figure is
    part of it, ``other`` (its fid). A figure may break a rule in several ways, told apart by ``detail``.
    """

    rows: Frame
    matched: Frame


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind: its name, the model of its ``with`` block and its function."""

    name: str
    options: type[Strict]
    build: Callable[[Context, Any], list[Relations] | list[Flags]]
    doc: str
