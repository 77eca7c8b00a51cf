"""Waivers: findings that somebody accepts, why, and until when.

A waiver needs a reason, an owner and a date; one that lacks them, has expired, or is of no finding any more is a
finding itself. What is true for good is no waiver but a break of a series, with its source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from heshu.document import Document, read_text, read_yaml, validate
from heshu.errors import Misdeclared
from heshu.finding import Finding, Severity, State, Told, Verdict, Waiver
from heshu.messages import Lang, say
from heshu.registry import Strict
from heshu.report import Report

#: What the file is called.
FILE = "waivers.yaml"
WHAT = "waivers"
KIND = "waiver"


def _date(text: str) -> str:
    if text:
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            raise Misdeclared("form.day") from None
    return text


class Entry(Strict):
    """A waiver as it is written; what is missing in it is a finding, not an error."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$", description="The finding's, as reports show it")
    reason: str = Field("", max_length=1000, description="Why it is accepted")
    owner: str = Field("", max_length=200, description="Who accepts it")
    until: Annotated[str, AfterValidator(_date)] = Field("", description="Last day on which it holds: 2027-03-31")


class File(Strict):
    """A file of waivers."""

    heshu: Literal["waivers/1"]
    waivers: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a file, each with its place."""

    entries: tuple[Waiver, ...]


def read(path: Path) -> Waivers:
    """Read waivers.

    :raises InputError: if the file cannot be read or is no YAML.
    :raises InputErrors: if it holds something else.
    """
    document = read_yaml(path, WHAT)
    parsed = validate(document, File, WHAT)
    return Waivers(tuple(_waiver(document, i, entry) for i, entry in enumerate(parsed.waivers)))


def _waiver(document: Document, number: int, entry: Entry) -> Waiver:
    place = document.place("waivers", number, "fingerprint")
    return Waiver(entry.fingerprint, entry.reason.strip(), entry.owner.strip(), entry.until, place)


def apply(waivers: Waivers, report: Report, today: dt.date, lang: Lang | str, *, is_whole: bool) -> None:
    """Mark the findings that are waived, and add findings on waivers that do not do.

    ``is_whole``: all datasets and rules of the project were run, so that a waiver of no finding is of none.
    """
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.fingerprint, []).append(finding)
    notices = []
    for waiver in waivers.entries:
        own = found.get(waiver.fingerprint, [])
        faults = list(_faults(waiver, today))
        if not faults:
            for finding in own:
                finding.state, finding.waiver = State.WAIVED, waiver
        if not own and is_whole:
            faults.append(("WVR002", Severity.WARNING, "waiver.unused"))
        notices += [_finding(waiver, *fault, lang) for fault in faults]
    report.notices += notices


def _faults(waiver: Waiver, today: dt.date) -> Iterator[tuple[str, Severity, str]]:
    if not (waiver.reason and waiver.owner and waiver.until):
        yield "WVR003", Severity.ERROR, "waiver.incomplete"
    elif dt.date.fromisoformat(waiver.until) < today:
        # What it was for is new again, and gates by itself.
        yield "WVR001", Severity.WARNING, "waiver.expired"


def _finding(waiver: Waiver, code: str, severity: Severity, reason: str, lang: Lang | str) -> Finding:
    absent = [name for name in ("reason", "owner", "until") if not getattr(waiver, name)]
    values = {
        "fingerprint": waiver.fingerprint, "until": waiver.until, "absent": ", ".join(absent),
        "owner": waiver.owner or "–", "said": waiver.reason or "–",
    }  # fmt: skip
    told = Told(values, (), identity=(reason, waiver.fingerprint))
    title = say("waiver.title", lang)
    return Finding(code, KIND, severity, Verdict.FAIL, reason, waiver.place, lambda: told, title)


def add(path: Path, entry: Entry) -> str:
    """Return the text of a waiver file with one more waiver, or with the one of this finding replaced; notes stay.

    :raises InputError: if the file that is there cannot be read.
    :raises InputErrors: if it is none of waivers.
    """
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    data: Any = {"heshu": "waivers/1", "waivers": []}
    if path.exists():
        read(path)
        data = yaml.load(read_text(path, WHAT))
    # Quoted: digits alone are a number to YAML, a date is a date.
    said = {key: SingleQuotedScalarString(text) for key, text in entry.model_dump().items()}
    entries = data.get("waivers") or []
    same = [i for i, other in enumerate(entries) if other.get("fingerprint") == entry.fingerprint]
    if same:
        entries[same[0]].update(said)
    else:
        entries.append(said)
    data["waivers"] = entries
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
