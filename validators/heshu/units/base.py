"""Names of base units: what numbers of a dimension are in, once their factor is applied."""

from __future__ import annotations

from functools import cache

from heshu.units.table import meanings

#: Dimensions whose base unit has several names, or none of its own.
_NAMED = {
    "ratio": "1", "points": "1", "count": "个", "person": "人", "volume": "立方米", "currency:CNY/person": "元/人",
    "ship:dwt": "千克", "ship:ndwt": "千克",
}  # fmt: skip


def base(dimension: str, counter: str = "") -> str:
    """Return the base unit of a dimension: 元 of ``currency:CNY``, 1 of ``ratio``; things by their noun (家, 户).

    A dimension that no unit names is put together of those that are; "" if one of them is not known.
    """
    if dimension == "count" and any(m.dimension == "count" and m.factor == 1 for m in meanings().get(counter, ())):
        return counter
    return _base(dimension)


@cache
def _base(dimension: str) -> str:
    if found := _NAMED.get(dimension) or _listed().get(dimension):
        return found
    if dimension.startswith("index:"):
        return "1"
    over, *under = dimension.split("/")
    if under or "·" in over:
        sides = [[_part(name) for name in side.split("·")] for side in (over, *under)]
        return "/".join(map("·".join, sides)) if all(map(all, sides)) else ""
    # Mass of CO₂ is mass, length of cable is length.
    general = over.partition(":")[0]
    return _base(general) if general != dimension else ""


def _part(text: str) -> str:
    name, _, power = text.partition("^")
    found = "1" if name == "1" else _base(name)
    return f"{found}^{power}" if found and power else found


@cache
def _listed() -> dict[str, str]:
    """Return dimension → the symbol of its base unit, where it has one."""
    found: dict[str, set[str]] = {}
    for several in meanings().values():
        for meaning in several:
            if meaning.factor == 1:
                found.setdefault(meaning.dimension, set()).add(meaning.symbol)
    return {dimension: min(symbols) for dimension, symbols in found.items() if len(symbols) == 1}
