"""Whether the units of a formula make an equation: what is added or equal must measure one thing.

A formula says which products of figures are added to each other or equal; of each, the dimensions of figures and
constants must cancel. Shares, rates and indices are pure numbers. Of a factor that is a sum, its first term counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from heshu import pairs
from heshu.expression import Chain, Formula, Node, Number

#: Dimensions of pure numbers.
PURE = ("ratio", "points", *pairs.CHAINED)

#: Powers of figures, by where they stand in the formula, and of dimensions of constants.
Powers = Counter[int | str]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two products that are added or equal, as the powers in which they differ; ``at`` is where the second stands."""

    powers: tuple[tuple[int | str, int], ...]
    at: int

    def fits(self, dims: Mapping[int, str], *, per_head: bool = False) -> bool:
        """Whether the dimensions of figures cancel; who is not in ``dims`` may have any."""
        known = [(dims.get(key) if isinstance(key, int) else key, n) for key, n in self.powers]
        return any(dim is None for dim, _ in known) or _cancel([(dim or "", n) for dim, n in known], per_head)


def alike(formula: Formula) -> list[Alike]:
    """Return what a formula adds and equates."""
    found: list[Alike] = []
    left, right = (_powers(side, found) for side in (formula.left, formula.right))
    return [*found, _alike(left, right, _place(formula.right))]


def _alike(left: Powers, right: Powers, at: int) -> Alike:
    powers = Counter(left)
    powers.subtract(right)
    return Alike(tuple((key, n) for key, n in powers.items() if n), at)


def _powers(node: Node, found: list[Alike]) -> Powers:
    if isinstance(node, Number):
        return Counter({node.dim: 1} if node.dim else {})
    if not isinstance(node, Chain):
        return Counter({node.at: 1})
    total: Powers | None = None
    for sign, item in node.items:
        own = _powers(item, found)
        if total is None:
            total = own
        elif sign in "+-":
            found.append(_alike(total, own, _place(item)))
        else:
            total = Counter(total)
            total.update(own) if sign == "*" else total.subtract(own)
    return total or Counter()


def _place(node: Node) -> int:
    return node.items[0][1].at if isinstance(node, Chain) else node.at


def _cancel(terms: Sequence[tuple[str, int]], per_head: bool) -> bool:
    if sorted(n for _, n in terms) == [-1, 1] and len({dim for dim, _ in terms}) == 1:
        return True
    if any(not dim for dim, _ in terms):
        return False
    powers: Counter[str] = Counter()
    for dim, n in terms:
        for name, m in _factors(dim):
            powers[name] += m * n
    ignored = {"1", "person"} if per_head else {"1"}
    return not any(n for name, n in powers.items() if name not in ignored)


def _factors(dim: str) -> Iterator[tuple[str, int]]:
    if dim not in PURE:
        over, *under = dim.split("/")
        for text, n in [(over, 1), *((text, -1) for text in under)]:
            yield from ((name, n) for name in text.split("·"))
