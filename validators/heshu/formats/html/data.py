"""What the page's script shows, as plain data: findings, figures without a check, relations that were not judged."""

from __future__ import annotations

import re
from typing import Any

from heshu import wording
from heshu.finding import Finding, Mention, Severity, State
from heshu.messages import Lang, say
from heshu.report import Report

_INTERVAL = re.compile(r"^([\[(])([−\-]?[\d.]+|−∞|∞), ([−\-]?[\d.]+|−∞|∞)([\])])")
_POINT = re.compile(r"^[−\-]?\d+(\.\d+)?")
#: Of intervals that lie further apart than this many times the wider of them the axis is broken.
APART = 20


def as_data(report: Report, lang: Lang) -> dict[str, Any]:
    """Return it; texts are in ``lang``, and no more than texts."""
    named = [("", finding) for finding in report.notices]
    named += [(label, finding) for label, dataset in report.named for finding in dataset.findings]
    named += [(label, finding) for label, dataset in report.named for finding in dataset.fixed]
    order = list(State)
    named.sort(key=lambda each: (order.index(each[1].state), -each[1].severity.rank))
    return {
        "words": _words(lang),
        "findings": [_finding(label, finding, lang) for label, finding in named],
        "untouched": [
            [wording.name(figure, lang), _printed(figure, lang), wording.place(figure)]
            for dataset in report.datasets
            for figure in dataset.untouched
        ],
        "unjudged": [
            [
                item.code,
                say(f"reason.{item.reason}", lang),
                "; ".join(f"{wording.name(f, lang)} {wording.clean(f.printed)}" for f in item.figures),
                wording.clean(say("console.implied", lang, missing=item.missing, implied=item.implied))
                if item.implied
                else "",
                wording.place(item.figures[0]) if item.figures else "",
            ]
            for dataset in report.datasets
            for item in dataset.unjudged
        ],
    }


def _printed(figure: Mention, lang: Lang) -> str:
    unread = say("label.unread", lang, text=figure.unread) if figure.unread else ""
    return wording.clean(" ".join(filter(None, (figure.printed, unread))))


def _words(lang: Lang) -> dict[str, Any]:
    names = ("published", "implied", "copy", "copied", "fingerprint", "more", "count")
    # The script fills in the numbers.
    return {name: say(f"html.{name}", lang, n="{n}", all="{all}") for name in names} | {
        "severities": {str(each): say(f"severity.{each}", lang) for each in Severity},
        "states": {str(each): say(f"state.{each}", lang) for each in State},
    }


def _finding(label: str, finding: Finding, lang: Lang) -> dict[str, Any]:
    waiver, assumed, causes = finding.waiver, wording.assumptions(finding, lang), wording.suspects(finding, lang)
    figures = [
        [wording.role(f.role, lang), wording.name(f, lang), wording.clean(f.printed), wording.place(f)]
        for f in finding.figures
    ]
    found: dict[str, Any] = {
        "code": finding.code,
        "severity": str(finding.severity),
        "state": str(finding.state),
        "dataset": wording.clean(label),
        "headline": wording.headline(finding, lang),
        "place": wording.place(finding.figures[0]) if finding.figures else wording.clean(str(finding.place)),
        "path": wording.clean(finding.place.path),
        "line": finding.place.line,
        "about": wording.subject(finding, lang),
        "lines": wording.body(finding, lang),
        "figures": figures,
        "strength": wording.strength(finding, lang),
        "assumptions": say("label.assuming", lang, text=assumed) if assumed else "",
        "suspects": say("label.perhaps", lang, text=causes) if causes else "",
        "waiver": "",
        "fingerprint": finding.fingerprint,
        "strip": _strip(finding, lang),
    }
    if waiver is not None:
        said = {"owner": waiver.owner, "until": waiver.until, "reason": waiver.reason}
        found["waiver"] = wording.clean(say("console.waiver", lang, **said))
    return found


def _strip(finding: Finding, lang: Lang) -> dict[str, Any] | None:
    """Return where two intervals lie beside each other, as shares of a strip; None where there are not two."""
    if not finding.figures or not finding.implied:
        return None
    # Of shares that are added the claim is their constant total, which no figure prints.
    shown = finding.values["whole"] if "shares_of" in finding.values else finding.figures[0].shown
    published, implied = _ends(shown), _ends(finding.implied)
    if published is None or implied is None:
        return None
    texts = {
        "publishedText": wording.amount(shown, lang),
        "impliedText": wording.amount(finding.implied, lang),
    }
    alt = say("html.strip", lang, published=texts["publishedText"], implied=texts["impliedText"])
    return _placed(published, implied) | texts | {"alt": wording.clean(alt)}


def _ends(text: str) -> tuple[float, float] | None:
    """Return the ends of an interval as reports write it: [4.97, 5.03]%."""
    if found := _INTERVAL.match(text):
        return _number(found[2]), _number(found[3])
    point = _POINT.match(text)
    return (_number(point[0]), _number(point[0])) if point else None


def _number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


def _placed(published: tuple[float, float], implied: tuple[float, float]) -> dict[str, Any]:
    """Place both intervals between 0 and 1. What has no end goes to the edge; a long gap is cut short."""
    finite = [end for end in (*published, *implied) if abs(end) != float("inf")]
    low, high = min(finite), max(finite)
    widths = [hi - lo for lo, hi in (published, implied) if abs(lo) != float("inf") and abs(hi) != float("inf")]
    lower, upper = sorted((published, implied))
    gap = upper[0] - lower[1]
    widest = max(widths, default=0.0)
    is_broken = 0 < gap < float("inf") and widest > 0 and gap > APART * widest
    cut = gap - APART / 4 * widest if is_broken else 0.0
    span = (high - low - cut) or 1.0
    start = low - span * 0.12

    def at(end: float) -> float:
        if abs(end) == float("inf"):
            return 0.0 if end < 0 else 1.0
        moved = end - cut if is_broken and end >= upper[0] else end
        return round((moved - start) / (span * 1.24), 4)

    placed = {name: [at(lo), at(hi)] for name, (lo, hi) in (("published", published), ("implied", implied))}
    return {**placed, "broken": is_broken, "gap": [at(lower[1]), at(upper[0])]}
