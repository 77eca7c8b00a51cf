"""Which rows of a grid may be the parts of which: guided by names and order first, then any few of them.

The search is bounded by counts, never by clocks, so that it finds the same on every machine; what it did not look at
is told.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from heshu.suggest import chance
from heshu.suggest.grid import NOISE, Grid

#: Columns in which candidates are looked for: a figure that is wrong in one of them hides nothing.
LEADS = 4

#: Columns on which a candidate is tried before the engine judges it on all, and the share that must close.
SAMPLE, MOST = 12, 0.75

#: The longest run of neighbouring rows, the rows among which any few are tried, and how many lookups that may take.
LONGEST_RUN, MOST_ROWS, LOOKUPS = 40, 250, 1_000_000

#: Rows of which every pair of names is compared.
MOST_NAMED = 3000

#: Sums in reach of one total beyond which a column says nothing: its numbers have too few digits.
MOST_HITS = 200

#: Ways of looking: each has its share of the chance to be wrong.
WAYS = ("names", "order", "ending", "any")

Column = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: a total, its parts in the order of the data, how it was found, and −log10 of its chance."""

    total: str
    parts: tuple[str, ...]
    way: str
    digits: float


@dataclass(slots=True)
class Search:
    """Candidates found so far, how many were looked at in each way, and what was not looked at in full.

    ``unseen`` are numbers of parts; ``unnamed`` says that names were not compared.
    """

    grid: Grid
    leads: list[Column]
    hits: dict[tuple[str, frozenset[str]], tuple[str, tuple[str, ...], int]] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    unseen: set[int] = field(default_factory=set)
    unnamed: bool = False
    lookups: int = 0
    order: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order = {name: i for i, name in enumerate(self.grid.rows)}

    def meet(self, total: str, parts: Sequence[str], way: str, size: int = 0) -> None:
        """Take in a candidate that closes in a leading column, if it does so in most of a sample of columns."""
        ordered = tuple(sorted(parts, key=self.order.__getitem__))
        key = total, frozenset(parts)
        if key not in self.hits and _holds(self.grid, self.leads, total, ordered):
            self.hits[key] = (way, ordered, size)


def search(grid: Grid) -> tuple[list[Found], Search]:
    """Return the candidates, the strongest first, and what the search did and did not look at."""
    state = Search(grid, leads(grid))
    for column in state.leads:
        present = [row for row in grid.rows if column in grid.cells[row]]
        state.unnamed |= len(present) > MOST_NAMED
        for way in ("order",) if len(present) > MOST_NAMED else ("names", "order", "ending"):
            for total, rows, is_anywhere in _lists(present, way):
                _runs(state, column, total, rows, way, is_anywhere=is_anywhere)
        _any(state, column, present)
    return _distinct(state), state


def leads(grid: Grid) -> list[Column]:
    """Return a few columns that have many rows, then those that have rows which the others lack."""
    columns = grid.columns()
    chosen = columns[:1]
    covered = {row for row in grid.rows if columns[0] in grid.cells[row]}
    for column in columns[1:]:
        new = {row for row in grid.rows if column in grid.cells[row]} - covered
        if new and len(chosen) < LEADS - 1:
            chosen.append(column)
            covered |= new
    rest = [column for column in columns if column not in chosen][: 3 * LEADS]
    return chosen + rest[:: max(1, len(rest) // LEADS)][: LEADS - len(chosen)]


def _lists(rows: list[str], way: str) -> Iterator[tuple[str, list[str], bool]]:
    """Yield totals with the rows that may be their parts; runs may begin anywhere, or only at the first."""
    for i, total in enumerate(rows):
        if way == "names":
            own = [row for row in rows if row != total and len(total) > 1 and _within(total, row)]
            if 1 < len(own) <= LONGEST_RUN:
                yield total, own, True
        elif way == "ending":
            own = [row for row in rows if row != total and len(total) > 2 and row[-2:] == total[-2:]]
            if 1 < len(own) <= LONGEST_RUN:
                yield total, own, True
        else:
            yield total, rows[i + 1 : i + 1 + LONGEST_RUN], False
            yield total, rows[max(0, i - LONGEST_RUN) : i][::-1], False


def _within(short: str, name: str) -> bool:
    """Whether the characters of a name stand in another, in order: 一般公共预算收入, 地方一般公共预算本级收入."""
    letters = iter(name)
    return all(letter in letters for letter in short)


def _runs(state: Search, column: Column, total: str, rows: list[str], way: str, *, is_anywhere: bool) -> None:
    """Look at neighbouring rows; after a run that closes another may begin."""
    cells = [state.grid.cells[row][column] for row in rows]
    whole = state.grid.cells[total][column]
    first = [True, *[is_anywhere] * (len(rows) - 1)]
    for start in range(len(rows)):
        if not first[start]:
            continue
        state.tried[way] = state.tried.get(way, 0) + max(0, len(rows) - start - 1)
        rest, slack, scale = whole.point, whole.slack, abs(whole.point)
        for end in range(start, len(rows)):
            cell = cells[end]
            rest, slack, scale = rest - cell.point, slack + cell.slack, scale + abs(cell.point)
            if end > start and abs(rest) <= slack + NOISE * scale:
                state.meet(total, rows[start : end + 1], way)
                if end + 1 < len(rows):
                    first[end + 1] = True


def _any(state: Search, column: Column, rows: list[str]) -> None:
    """Look at any two, three or four rows, as far as the number of lookups allows."""
    if len(rows) > MOST_ROWS:
        state.unseen |= {2, 3, 4}
        return
    cells = [state.grid.cells[row][column] for row in rows]
    points, slack = [cell.point for cell in cells], max(cell.slack for cell in cells)
    pairs = sorted((points[i] + points[j], i, j) for i, j in combinations(range(len(rows)), 2))
    sums = [pair[0] for pair in pairs]
    scale = NOISE * sum(map(abs, points))
    for size, firsts in ((2, 1), (3, len(rows)), (4, len(pairs))):
        count = math.comb(len(rows) - 1, size) * len(rows)
        state.tried[f"any{size}"] = max(state.tried.get(f"any{size}", 0), count)
        if state.lookups + len(rows) * firsts > LOOKUPS:
            state.unseen |= set(range(size, 5))
            return
        state.lookups += len(rows) * firsts
        reach = (size + 1) * slack + scale
        heads: Sequence[tuple[float, tuple[int, ...]]] = (
            [(0.0, ())] if size == 2 else [(points[i], (i,)) for i in range(len(rows))] if size == 3
            else [(total, (i, j)) for total, i, j in pairs]
        )  # fmt: skip
        for whole, point in enumerate(points):
            if not _among(state, (rows, whole, point), heads, (sums, pairs), reach, size):
                state.unseen.add(size)


def _among(
    state: Search,
    total: tuple[list[str], int, float],
    heads: Sequence[tuple[float, tuple[int, ...]]],
    tails: tuple[list[float], list[tuple[float, int, int]]],
    reach: float,
    size: int,
) -> bool:
    """Look for the heads and pairs that reach a total together; False if there are too many."""
    rows, whole, point = total
    hits = 0
    for partial, head in heads:
        if whole in head:
            continue
        low = bisect.bisect_left(tails[0], point - partial - reach)
        for _, i, j in tails[1][low : bisect.bisect_right(tails[0], point - partial + reach)]:
            # Each set once: its members in order.
            if whole in (i, j) or (head and head[-1] >= i):
                continue
            hits += 1
            if hits > MOST_HITS:
                return False
            state.meet(rows[whole], [rows[k] for k in (*head, i, j)], "any", size)
    return True


def _holds(grid: Grid, first: list[Column], total: str, parts: tuple[str, ...]) -> bool:
    """Whether parts close in most of a sample of the columns that have them all, and each of them matters."""
    rows = [grid.cells[name] for name in (total, *parts)]
    looked_at = [grid.closes(total, parts, column) for column in first if all(column in cells for cells in rows)]
    if 2 * sum(looked_at) < len(looked_at):
        return False
    shared = grid.shared(total, parts)
    sample = shared[:: max(1, len(shared) // SAMPLE)][:SAMPLE]
    if not sample or sum(grid.closes(total, parts, column) for column in sample) < MOST * len(sample):
        return False
    # A part that is nearly nothing closes with everything.
    return all(any(_weighs(grid, total, parts, part, column) for column in sample) for part in parts)


def _weighs(grid: Grid, total: str, parts: tuple[str, ...], part: str, column: Column) -> bool:
    slack = grid.cells[total][column].slack + sum(grid.cells[name][column].slack for name in parts)
    return abs(grid.cells[part][column].point) > 2 * slack


def _distinct(state: Search) -> list[Found]:
    """Return candidates that do not follow from others, with their evidence; the strongest first."""
    found: list[Found] = []
    fewest = sorted(state.hits.items(), key=lambda item: (len(item[1][1]), item[1][1], item[0][0]))
    for (total, _), (way, parts, size) in fewest:
        ways = [f"any{k}" for k in range(2, size + 1)] if way == "any" else [way]
        looked_at = len(WAYS) * max(1, sum(state.tried.get(name, 0) for name in ways))
        digits = chance.digits_of_sum(state.grid, total, parts) - math.log10(looked_at)
        if not _follows(found, total, frozenset(parts)):
            found.append(Found(total, parts, way, digits))
    return sorted(found, key=lambda each: (-each.digits, each.total, each.parts))


def _follows(found: list[Found], total: str, parts: frozenset[str]) -> bool:
    """Whether a candidate is one that is there with more in it, or with a part replaced by its own parts."""
    own = {frozenset(each.parts) for each in found if each.total == total}
    if any(each < parts for each in own):
        return True
    return any(
        set(each.parts) < parts and parts - set(each.parts) | {each.total} in own
        for each in found
        if each.total != total
    )
