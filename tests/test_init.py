"""``heshu init`` on tables as yearbooks print them: what it proposes, the edits it needs, and every number read.

``init/*.md`` holds sections ``## title``, each with a ``grid`` block (a worksheet, ``layouts/grids.py``), a ``json``
block (the ``heshu`` block that is proposed), an optional ``edits`` block (at most two changes by hand, a JSON Merge
Patch, RFC 7396) and a ``text`` block: the doubts that are told, and the figures read after the edits.
``HESHU_UPDATE_CASES=1`` writes ``json`` and ``text`` anew, to be reviewed as a diff.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from grids import read, shown, write_grid

from heshu import wording
from heshu.draft import write
from heshu.draft.propose import propose
from heshu.messages import say

FOLDER = Path(__file__).parent / "init"
BLOCK = re.compile(r"```(\w+)(?: (\S+))?\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Case:
    file: Path
    title: str
    name: str
    blocks: dict[str, str]


def cases() -> list[Case]:
    found = []
    for file in sorted(FOLDER.glob("*.md")):
        for section in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            blocks = BLOCK.findall(section)
            name = next((name for kind, name, _ in blocks if kind in ("grid", "csv")), "") or "table.xlsx"
            found.append(Case(file, section.splitlines()[0].strip(), name, {kind: text for kind, _, text in blocks}))
    return found


def patched(data: Any, patch: Any) -> Any:
    """Return ``data`` after a merge patch (RFC 7396, section 2)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(data) if isinstance(data, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


def changes(patch: Any) -> int:
    """Return how many places a merge patch changes."""
    return sum(map(changes, patch.values())) if isinstance(patch, dict) else 1


def run(case: Case) -> tuple[str, str]:
    path = Path(case.name)
    if "csv" in case.blocks:
        path.write_text(case.blocks["csv"], "utf-8")
    else:
        write_grid(path, case.blocks["grid"])
    draft = propose(path)
    edits = json.loads(case.blocks.get("edits", "{}"))
    assert changes(edits) <= 2, "an analyst corrects two places at most"
    manifest = draft.manifest | {"heshu": patched(draft.manifest["heshu"], edits)}
    Path("datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    figures, errors = read(Path())
    lines = [f"doubt: {say(key, 'en', **fields)}" for key, fields in draft.doubts]
    lines += map(shown, figures)
    lines += [f"error {error.place.cell or error.place}: {wording.error(error, 'en')}" for error in errors]
    return write.as_json(draft.manifest["heshu"]) + "\n", "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file.stem}: {case.title}")
def test_case(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    proposed, figures = run(case)
    if os.environ.get("HESHU_UPDATE_CASES"):
        _update(case, {"json": proposed, "text": figures})
        return
    assert proposed == case.blocks.get("json")
    assert figures == case.blocks.get("text")


def _update(case: Case, found: dict[str, str]) -> None:
    text = case.file.read_text("utf-8")
    start = text.index(f"## {case.title}\n")
    end = text.find("\n## ", start)
    section = new = text[start:] if end < 0 else text[start:end]
    for kind, block in found.items():
        if f"```{kind}\n" in new:
            new = re.sub(rf"```{kind}\n.*?```", lambda _, k=kind, b=block: f"```{k}\n{b}```", new, flags=re.DOTALL)
        else:
            new = new.rstrip() + f"\n\n```{kind}\n{block}```\n"
    case.file.write_text(text.replace(section, new), "utf-8")
