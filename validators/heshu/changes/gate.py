"""Checking datasets against how they were: pairs them, and judges twice what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from heshu.changes.compare import compare
from heshu.changes.lost import dataset_gone
from heshu.dataset import families
from heshu.dataset import manifest as manifests
from heshu.engine.ledger import Ledger
from heshu.errors import InputError, Place
from heshu.finding import Severity
from heshu.report import DatasetReport, Report, Slice
from heshu.run import Means, Opened, Sources, interruptible, judge, open_all
from heshu.tables import postgres


@dataclass(frozen=True, slots=True)
class Former:
    """How datasets were: where they are read, below which folder, and how that folder is shown in places."""

    sources: Sources
    root: Path
    shown: str
    gate: Severity | None


def check_since(sources: Sources, root: Path, former: Former, report: Report, means: Means) -> None:
    """Check datasets into ``report``, each against its former state.

    The datasets below ``root`` and those below the root of ``former`` are paired by path, the others by name. Those
    whose files and rulebooks are the same are not judged: what would be found in them was there before.
    """
    unseen = Report()
    # What was wrong with them is nobody's concern now.
    was = {_relative(each.report.path, former.root): each for each in open_all(former.sources, unseen)}
    now = {_relative(each.report.path, root): each for each in open_all(sources, report)}
    pairs = _pairs(was, now)
    relabel = _relabel(former)
    gate = report.fail_on or Severity.ERROR
    with interruptible(report):
        for path, opened in now.items():
            old = was.get(pairs.get(path, ""))
            if old is not None and (inputs := _inputs(opened)) is not None and inputs == _inputs(old):
                report.same.append(opened.report.path)
                continue
            report.datasets.append(_judged(opened, old, relabel, gate, means))
        for path in was.keys() - set(pairs.values()):
            before = judge(was[path], means, Ledger())
            if before.judged:
                report.notices.append(dataset_gone(before, relabel(Place(before.path)), means.lang))
    report.notices.sort(key=lambda finding: finding.place.path)


def _judged(
    opened: Opened, old: Opened | None, relabel: Callable[[Place], Place], gate: Severity, means: Means
) -> DatasetReport:
    if old is None:
        after = judge(opened, means)
        after.slice = Slice(after.relations, _not_judged(after), whole="added")
        return after
    own, others = Ledger(), Ledger()
    has_rules = _rules(opened) == _rules(old)
    after, before = judge(opened, means, own), judge(old, means, others)
    if not before.judged:
        after.slice = Slice(after.relations, _not_judged(after), whole="unread")
        return after
    whole = "" if has_rules else "rules"
    compare(before, others, after, own, whole=whole, relabel=relabel, gate=gate, lang=means.lang)
    return after


def _not_judged(report: DatasetReport) -> int:
    return sum(rule.not_evaluable for rule in report.rules if rule.is_relation)


def _relative(path: str, root: Path) -> str:
    """Return where a dataset is, from the root of its side."""
    resolved, top = Path(path).resolve(), root.resolve()
    return resolved.relative_to(top).as_posix() if resolved.is_relative_to(top) else str(resolved)


def _pairs(was: dict[str, Opened], now: dict[str, Opened]) -> dict[str, str]:
    """Return for each dataset the path of its former state."""
    pairs = {path: path for path in now if path in was}
    free: dict[str, list[str]] = {}
    for path, old in was.items():
        if path not in pairs:
            free.setdefault(old.report.name, []).append(path)
    alone = [path for path in now if path not in pairs]
    for path in alone:
        same = free.get(now[path].report.name, [])
        if len(same) == 1 and sum(now[other].report.name == now[path].report.name for other in alone) == 1:
            pairs[path] = same[0]
    # One file that was given another name.
    unpaired = [path for path in was if path not in pairs.values()]
    left = [path for path in alone if path not in pairs]
    if len(unpaired) == len(left) == 1 and Path(unpaired[0]).suffix == Path(left[0]).suffix != "":
        pairs[left[0]] = unpaired[0]
    return pairs


def _relabel(former: Former) -> Callable[[Place], Place]:
    """Return how a place below the former root is shown: ``main:datasets/gdp/figures.csv:11``."""
    top = former.root.resolve()

    def shown(place: Place) -> Place:
        path = Path(place.path).resolve()
        if not former.shown or not path.is_relative_to(top):
            return place
        return replace(place, path=f"{former.shown}{path.relative_to(top).as_posix()}")

    return shown


def _inputs(opened: Opened) -> str | None:
    """Return a digest of all that a dataset is judged by; None where that cannot be told."""
    dataset = opened.dataset
    if dataset is None or opened.book is None or dataset.rows is not None:
        return None
    block = dataset.block
    try:
        found = families.expand(dataset.folder, block.files, dataset.manifest.resources)
    except InputError:
        return None
    if any(postgres.is_service(file.path.name) for file in found):
        return None
    paths = [file.path for file in found] + [dataset.folder / text.path for text in block.texts]
    return _digest([(path.relative_to(dataset.folder).as_posix(), path) for path in paths], _rules(opened))


def _rules(opened: Opened) -> str | None:
    """Return a digest of rulebooks, the rules chosen of them, and of what the manifest says."""
    if opened.dataset is None or opened.book is None:
        return None
    codes = [f"{code} {rule.severity}" for code, rule in sorted(opened.book.rules.items())]
    manifest = opened.dataset.folder / manifests.FILE
    files = [("rulebook", Path(path)) for path in opened.book.files]
    # A bare file has no manifest; one that lies beside it is another dataset's.
    own = [("manifest", manifest)] if opened.dataset.path == str(opened.dataset.folder) else []
    # A Table Schema may stand in a file of its own.
    schemas = [repr(resource.table_schema) for resource in opened.dataset.manifest.resources]
    return _digest(files + own, *codes, *schemas)


def _digest(files: list[tuple[str, Path]], *words: str | None) -> str | None:
    digest = hashlib.sha256(repr(words).encode())
    for name, path in files:
        try:
            data = path.read_bytes()
        except OSError:
            return None
        digest.update(f"\n{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()
