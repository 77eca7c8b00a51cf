"""Numbers in Chinese prose are written as standards and good sense ask for.

Rows: words, in the lines of the `texts` that the manifest names (drafts, for example; findings say path:line:column),
the quotes of figures whose source is not among them, and the hedges of figures without a quote. Exact, as patterns of
words are; what the sentence means is not understood. Each text is read once, and a dataset without texts, quotes and
hedges costs nothing. The checks:

- `hedges`: one number is hedged once; 超1900亿元以上 says that 1900亿 is excluded, and that it is included; -
`range`: both ends of a range have their unit: 10%—15%, not 10—15%, which may be from 10 to 0.15; - `points`: rates
move by 个百分点 (增速回落0.6个百分点), amounts by % (产量增长5.3%); - `times`: nothing falls by 2倍; - `sign`:
增长-3.2% is 下降3.2%; - `list`: numbers in one 分别 list have as many decimals (分别增长3.2%、4.0%); different
counting nouns and 万 beside 亿 are mentioned only; - `width`: digits are set in half width; - `separators`: thousands
are set apart in one way in one text: 1,234 or 1 234; - `places`: 4000 or 四千, not 4千; 900亿, not 9百亿.

At most a warning: different counting nouns, and 万 beside 亿, in one list are only mentioned. The rest has the
severity of its rule: it is about words, not about what is true, and says what to write instead.

Not evaluable: where words can be meant as they stand nothing is said, so that some slips stay unseen.
"""

from __future__ import annotations

from typing import Literal, get_args

import narwhals as nw
from pydantic import Field

from heshu import small, usage
from heshu.errors import Place
from heshu.finding import Mention
from heshu.kind import Context, Flags, Kind, Passage, Passages
from heshu.quantities import STATEMENT
from heshu.registry import Strict
from heshu.texts import Text, fold
from heshu.usage import Slip

Check = Literal["hedges", "range", "points", "times", "sign", "list", "width", "separators", "places"]


class Options(Strict):
    """Options of ``editorial``."""

    checks: tuple[Check, ...] = Field(get_args(Check), description="What to look for; default all")


def build(ctx: Context, options: Options) -> list[Flags | Passages]:
    """Read each text and each quote once, and tell of every slip in them."""
    found: list[Passage] = []
    lines = 0
    for text in ctx.texts.items:
        lines += sum(1 for line in text.lines if line.strip())
        found += _passages(text, options.checks)
    return [_flags(ctx, options.checks), Passages(tuple(found), lines)]


def _passages(text: Text, checks: tuple[Check, ...]) -> list[Passage]:
    """Return the slips in a text, by line."""
    found: list[tuple[int, int, Slip]] = []
    for number, line in enumerate(text.lines):
        piece = Text(line, text.path)
        for slip in usage.slips(line, checks):
            is_raw = slip.reason == "editorial.width"
            found.append((number, slip.start if is_raw else piece.place(slip.start).column - 1, slip))
    if "separators" in checks:
        found += [(number, slip.start, slip) for number, slip in usage.separators(text.lines)]
    found.sort(key=lambda item: item[:2])
    return [
        Passage(
            _mention(Place(text.path, number + 1, column + 1), slip), slip.reason,
            {"detail": slip.detail, "instead": slip.instead}, slip.soft,
        )
        for number, column, slip in found
    ]  # fmt: skip


def _mention(place: Place, slip: Slip) -> Mention:
    """Return words of a text as reports show figures: they stand somewhere, but are of no indicator."""
    key = ["" for _ in range(len(STATEMENT) + 1)]
    key[3] = "level"
    return Mention(tuple(key), place, slip.detail, "passage")


def _flags(ctx: Context, checks: tuple[Check, ...]) -> Flags:
    """Return the figures whose quote or hedge has a slip; a quote that stands in a text is seen there."""
    columns: dict[str, list[object]] = {name: [] for name in ("fid", "reason", "detail", "instead", "soft")}
    known: dict[str, list[Slip]] = {}
    seen: list[int] = []
    for fid, words, source in (*_quoted(ctx), *(_hedged(ctx) if "hedges" in checks else ())):
        text = ctx.texts.of(source)
        if text is not None and text.find(fold(words)):
            continue
        seen.append(fid)
        if words not in known:
            known[words] = usage.slips(words, checks)
        for slip in known[words]:
            for name, value in zip(columns, (fid, slip.reason, slip.detail, slip.instead, slip.soft), strict=True):
                columns[name].append(value)
    return Flags(ctx.bring(small.table(columns)), ctx.bring(small.table({"fid": seen})))


def _quoted(ctx: Context) -> list[tuple[int, str, str]]:
    if not ctx.has("quote"):
        return []
    rows = ctx.showing("quote", "source").filter(nw.col("quote") != "")
    return [(row["fid"], row["quote"], row["source"] or "") for row in ctx.fetch(rows.select("fid", "quote", "source"))]


def _hedged(ctx: Context) -> list[tuple[int, str, str]]:
    """Return the figures without a quote that are hedged more than once, as they were printed."""
    forms = [form for form, hedge in ctx.forms.select("form", "hedge").rows() if len(_words(hedge)) > 1]
    if not forms:
        return []
    columns = ("fid", "value", "unit", "hedge", "quote")
    rows = ctx.of_forms(small.table({"form": forms}))
    shown = ctx.showing(*columns[1:], rows=rows).filter(nw.col("quote") == "")
    found = []
    for row in ctx.fetch(shown.select(*columns)):
        before, *behind = _words(row["hedge"])
        found.append((row["fid"], f"{before}{row['value']}{row['unit']}{''.join(behind)}", ""))
    return found


def _words(hedge: str | None) -> list[str]:
    return [word for word in (hedge or "").split("…") if word]


KIND = Kind("editorial", Options, build, __doc__ or "")
