"""Small tables in memory: what is declared, distinct statements, options. Polars frames behind narwhals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

#: A table that is small where the data are large, in memory whatever the engine.
Table = nw.DataFrame[Any]

_WHOLE = frozenset(
    {
        "fid", "at", "start", "qid", "subject", "x_subject", "sid", "x_sid", "y_sid", "z_sid", "form", "key", "a",
        "code", "option",
        "variant", "said", "file", "copies", "files", "release_rank", "state", "position", "coef", "group", "rank",
        "x_order", "y_order", "z_order", "w_sid", "w_order", "years", "factor", "series", "rank_of", "nth",
    }
)  # fmt: skip
_REAL = frozenset({"lo", "hi", "pt", "grid"})
_LOGICAL = frozenset(
    {
        "is_blank", "is_measured", "is_broken", "is_seasonal", "additive", "rest", "soft", "has_other", "averaged",
        "per_head",
    }
)  # fmt: skip


def table(columns: Mapping[str, Sequence[Any]]) -> Table:
    """Return columns as a table; types come from the column names, so that empty tables have them too.

    Polars, because Arrow's own constructors import pandas where it is installed, which takes longer than a check. It
    is imported here and not before: from then on a blocked read does not end on Ctrl-C.
    """
    import polars as pl

    types = {"whole": pl.Int64(), "real": pl.Float64(), "logical": pl.Boolean(), "text": pl.String()}
    frame = pl.DataFrame(dict(columns), schema={name: types[_type(name)] for name in columns})
    return nw.from_native(frame, eager_only=True)


def _type(name: str) -> str:
    if name in _WHOLE:
        return "whole"
    if name in _REAL:
        return "real"
    return "logical" if name in _LOGICAL else "text"


def distinct(frame: Table, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the distinct combinations of ``columns``, sorted."""
    return sorted(frame.select(*columns).unique().rows())
