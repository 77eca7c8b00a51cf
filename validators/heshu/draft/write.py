"""A draft in words, and as the text of a manifest."""

from __future__ import annotations

import json
from typing import Any

from heshu import wording
from heshu.draft.propose import Draft
from heshu.figure import Figure
from heshu.messages import Lang, say
from heshu.tables.sheet import Form

#: A part of the manifest no longer than this stands on one line.
LINE = 100

#: Figures shown as examples: the first of each of as many columns.
EXAMPLES = 8


def as_json(data: Any, indent: str = "") -> str:
    """Return JSON with short parts on one line, as a person would write it."""
    text = json.dumps(data, ensure_ascii=False)
    if not isinstance(data, dict | list) or len(indent) + len(text) <= LINE or not data:
        return text
    deeper = indent + "  "
    if isinstance(data, dict):
        parts = [f"{deeper}{json.dumps(k, ensure_ascii=False)}: {as_json(v, deeper)}" for k, v in data.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + as_json(item, deeper) for item in data) + f"\n{indent}]"


def summary(draft: Draft, target: str, lang: Lang) -> list[str]:
    """Return what was found and written, what it reads, and what a person should look at."""
    lines = [say("draft.written", lang, target=target)]
    if found := draft.survey:
        numbers = [found.sheet.lines[row] if found.sheet.form == Form.CELLS else row + 1 for row in found.head]
        rows = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
        lines.append("  " + say("draft.layout", lang, head=rows, stub=", ".join(found.stub.values())))
    block = draft.manifest["heshu"]
    for item in block.get("classifications", ()):
        parts = item.get("parts") or item["of_which"]
        key = "draft.parts" if "parts" in item else "draft.of_which"
        shown = "、".join(parts[:4]) + ("…" if len(parts) > 4 else "")
        lines.append("  " + say(key, lang, total=item["total"], parts=shown, count=len(parts)))
    if pattern := block.get("files"):
        lines.append("  " + say("draft.family", lang, pattern=pattern))
    if ignored := block.get("layout", {}).get("ignore"):
        lines.append("  " + say("draft.ignored", lang, names="、".join(ignored)))
    lines.append("  " + say("draft.figures", lang, figures=len(draft.figures), errors=len(draft.errors)))
    first = {(figure.place.column, figure.cell): figure for figure in reversed(draft.figures)}
    examples = sorted(first.values(), key=lambda figure: (figure.place.line, figure.place.column, figure.id))
    lines += [f"    {_shown(figure)}" for figure in examples[:EXAMPLES]]
    if draft.doubts or draft.errors:
        lines += ["", say("draft.look", lang)]
        lines += [f"  · {say(key, lang, **fields)}" for key, fields in draft.doubts]
        lines += [f"  · {error.place}  {wording.error(error, lang)}" for error in draft.errors[:10]]
        if (more := len(draft.errors) - 10) > 0:
            lines.append("  · " + say("draft.more", lang, count=more))
    return [*lines, "", say("draft.next", lang)]


def _shown(figure: Figure) -> str:
    words = (figure.area, figure.indicator, *figure.dimensions, figure.period, figure.measure, figure.comparison)
    said = " ".join(word for word in words if word and word != "level")
    return f"{figure.place.cell or figure.place}  {said}  {figure.printed}"
