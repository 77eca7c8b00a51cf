"""Making a dataset of SDMX-CSV: its table, manifest and rulebook, tried out before they are written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heshu.adapters.sdmx import reading, structure
from heshu.dataset.manifest import FILE
from heshu.errors import InputError, InputErrors, Place
from heshu.messages import Lang, say
from heshu.suggest.trial import attempt, declare, read, source_of

#: A classification is kept if its parts add up in so many of its relations.
MOST_HOLD = 0.75

TABLE, RULEBOOK = "figures.csv", "rulebook.yaml"


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a dataset by name, and what there is to say of them."""

    files: Mapping[str, str]
    figures: int
    kept: int
    refused: int
    left: tuple[str, ...]


def make(data: Path, structured: Path, indicator: str, lang: Lang | str) -> Made:
    """Return the dataset that SDMX-CSV and its structure message make.

    :raises InputError: if the structure cannot be read.
    :raises InputErrors: with path and line of what in the data cannot be.
    """
    found_in = structure.read(structured, lang)
    found = reading.read(data, found_in, indicator)
    rules = list(reading.allowed(found))
    candidates = list(reading.classifications(found))
    files = {
        TABLE: found.figures(),
        FILE: json.dumps(
            reading.manifest(data.stem, found, found_in, [RULEBOOK]), ensure_ascii=False, indent=2
        ) + "\n",
    }  # fmt: skip
    reason = say("sdmx.break", lang)
    breaks = [{"series": name, "at": at, "effect": "method", "reason": reason} for name, at in found.breaks]
    tried = {**files, RULEBOOK: reading.rulebook(found_in.name, candidates, breaks, rules)}
    try:
        held = _tried(tried, str(lang))
    except InputErrors as error:
        raise InputErrors([_at_source(each, data, found) for each in error.errors]) from None
    kept, comments = [], []
    for entry in candidates:
        good, judged = held.get(entry["by"], (0, 0))
        if good >= MOST_HOLD * judged:
            kept.append(entry)
        else:
            fields = {"total": entry["total"], "parts": ", ".join(entry["parts"]), "held": good, "judged": judged}
            comments.append(say("sdmx.not_additive", lang, **fields))
    files[RULEBOOK] = reading.rulebook(found_in.name, kept, breaks, rules, comments)
    return Made(files, len(found.rows), len(kept), len(comments), tuple(found.left))


def _at_source(error: InputError, data: Path, found: reading.Imported) -> InputError:
    """Return an error about the table as one about the file that it is made of."""
    if Path(error.place.path).name != TABLE:
        return error
    return InputError(error.key, Place(str(data), found.line_of(error.place.line)), **error.fields)


def _tried(files: Mapping[str, str], lang: str) -> dict[str, tuple[int, int]]:
    """Return for each classification, by its label, in how many relations its parts add up, and in how many not."""
    with tempfile.TemporaryDirectory() as name:
        write(files, Path(name))
        source = source_of(Path(name), None, (), Path(name), {})
        dataset, _ = read(source)
        book = source.book()
        declare(dataset, book)
        found: dict[str, tuple[int, int]] = {}
        for outcome in attempt(source, book, lang).of_kind("sum"):
            good, judged = found.get(outcome.label, (0, 0))
            found[outcome.label] = good + (outcome.finding is None), judged + 1
        return found


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write the files of a dataset."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
