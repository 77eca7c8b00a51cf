"""The baseline: what was found when checks were adopted, so that only what is new gates.

It holds for each finding its fingerprint (rule and keys) and the digest of its printed values: a relation that is in
it and gets another typo is new again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from heshu.document import read_json, validate
from heshu.finding import Finding, State
from heshu.registry import Strict
from heshu.report import Report

#: What the file is called unless it is told.
FILE = "heshu-baseline.json"
WHAT = "baseline"


class Known(Strict):
    """One finding: ``about`` is for people, nothing reads it."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    values: str = Field(pattern=r"^[0-9a-f]{16}$")
    code: str = Field(pattern=r"^[A-Z]{3}\d{3}$")
    about: str = ""


class Baseline(Strict):
    """A baseline file."""

    heshu: Literal["baseline/1"]
    findings: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many findings a baseline holds after it was written, and how many left it."""

    entries: int
    dropped: int = 0


def read(path: Path) -> Baseline:
    """Read a baseline.

    :raises InputError: if it is missing or no JSON.
    :raises InputErrors: if it is no baseline.
    """
    return validate(read_json(path, WHAT), Baseline, WHAT)


def apply(baseline: Baseline, report: Report) -> None:
    """Mark the new findings of a report that are in a baseline, and count what of it is no more if all was judged."""
    known = {(entry.fingerprint, entry.values) for entry in baseline.findings}
    met = set()
    for finding in report.findings:
        name = (finding.fingerprint, finding.values_hash)
        if name in known:
            met.add(name)
            if finding.state is State.NEW:
                finding.state = State.KNOWN
    # Of datasets that were not looked at again nobody knows.
    report.outlived = 0 if report.same else len(known) - len(met)


def of(findings: Iterable[Finding]) -> Baseline:
    """Return a baseline of findings."""
    entries = {(f.fingerprint, f.values_hash): f for f in findings}
    known = [
        Known(fingerprint=fingerprint, values=values, code=finding.code, about=_about(finding))
        for (fingerprint, values), finding in sorted(entries.items(), key=lambda item: (item[1].code, item[0]))
    ]
    return Baseline(heshu="baseline/1", findings=tuple(known))


def shrunk(baseline: Baseline, report: Report) -> tuple[Baseline, Kept]:
    """Return what of a baseline is still found; nothing is ever added."""
    there = {(f.fingerprint, f.values_hash) for f in report.findings}
    left = tuple(entry for entry in baseline.findings if (entry.fingerprint, entry.values) in there)
    return Baseline(heshu="baseline/1", findings=left), Kept(len(left), len(baseline.findings) - len(left))


def as_text(baseline: Baseline) -> str:
    """Return a baseline as JSON, a line per finding, so that two branches merge."""
    lines = [json.dumps(entry.model_dump(), ensure_ascii=False) for entry in baseline.findings]
    inner = "".join(f"\n  {line}," for line in lines).rstrip(",")
    return f'{{"heshu": "{baseline.heshu}", "findings": [{inner}\n]}}\n'


def _about(finding: Finding) -> str:
    """Return which figure a finding is about: enough to know it by."""
    if not finding.figures:
        return finding.place.path
    first = finding.figures[0]
    area, indicator, period, *_ = first.key
    return " ".join(part for part in (area, indicator, period, first.printed) if part)[:120]
