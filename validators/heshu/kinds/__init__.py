"""The kinds of checks, one module each, one line each here."""

from __future__ import annotations

from importlib import import_module

from heshu.kind import Kind

#: name → module below ``heshu.kinds``; a kind is imported when a rule uses it.
MODULES = {
    "agreement": "agreement",
    "allowed": "allowed",
    "attainable": "attainable",
    "average": "average",
    "between": "between",
    "change": "change",
    "complete": "complete",
    "completion": "completion",
    "contribution": "contribution",
    "cumulative": "cumulative",
    "deflator": "deflator",
    "editorial": "editorial",
    "evidence": "evidence",
    "formula": "formula",
    "growth": "growth",
    "index": "index",
    "multiple": "multiple",
    "pandera": "pandera",
    "plausible": "plausible",
    "points": "points",
    "pull": "pull",
    "range": "range",
    "rank": "rank",
    "ratio": "ratio",
    "required": "required",
    "revision": "revision",
    "share": "share",
    "streak": "streak",
    "sum": "sum",
    "unique": "unique",
    "unit": "unit",
    "weighted_growth": "weighted_growth",
}


def get(name: str) -> Kind:
    """Return the kind called ``name``.

    :raises KeyError: if there is none.
    """
    kind = import_module(f"heshu.kinds.{MODULES[name]}").KIND
    if not isinstance(kind, Kind):
        raise TypeError(f"heshu.kinds.{MODULES[name]}.KIND is no Kind")
    return kind
