"""Names near a name that nobody knows, for hints."""

from __future__ import annotations

from functools import lru_cache

from heshu.units.table import MULTIPLIERS, meanings

#: Of equally near names the commonest in statistical releases comes first.
_COMMON = (
    "元",
    "人",
    "吨",
    "千瓦时",
    "千瓦",
    "家",
    "个",
    "%",
    "个百分点",
    "美元",
    "平方米",
    "立方米",
    "公里",
)
_RANK = {name: rank for rank, name in enumerate(_COMMON)}


def names(text: str, n: int) -> list[str]:
    """At most ``n`` known names near ``text``, nearest first; a multiplier in front is kept."""
    return list(_near(text)[: max(n, 0)])


@lru_cache(maxsize=512)
def _near(text: str) -> tuple[str, ...]:
    found: dict[str, tuple[float, int, int, str]] = {}
    limit = max(1, len(text) // 3)
    for multiplier in ("", *MULTIPLIERS):
        if not text.startswith(multiplier):
            continue
        rest = text.removeprefix(multiplier)
        letters = set(rest.casefold())
        for name, options in meanings().items():
            if multiplier and not any(option.takes(multiplier) for option in options):
                continue
            shared = sum(letter in letters for letter in name.casefold())
            if max(len(name), len(rest)) - shared > limit:
                continue
            far = _distance(rest, name)
            if far <= limit and far < len(text):
                rank = (far, _RANK.get(name, len(_COMMON)), len(name), name)
                whole = multiplier + name
                found[whole] = min(rank, found.get(whole, rank))
    return tuple(sorted(found, key=lambda whole: (found[whole], whole)))[:20]


def _distance(a: str, b: str) -> float:
    """Edits between two short texts; a change of case counts half."""
    row = [float(j) for j in range(len(b) + 1)]
    for i, left in enumerate(a, start=1):
        above, row = row, [float(i)]
        for j, right in enumerate(b, start=1):
            change = 0.0 if left == right else 0.5 if left.casefold() == right.casefold() else 1.0
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + change))
    return row[-1]
