"""What is written into the page itself: the verdict, counts by dataset and rule, changes, what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from heshu import wording
from heshu.finding import Finding, State, Verdict
from heshu.messages import Lang, say
from heshu.report import Report

#: How many findings are listed without a script, and changes and errors at all.
PLAIN, LISTED = 200, 500


def verdict(report: Report, lang: Lang) -> str:
    """Return the outcome in words."""
    new = sum(1 for finding in report.findings if finding.state is State.NEW)
    return say(f"markdown.{report.verdict}", lang, n=len(report.gating), new=new)


def body(report: Report, lang: Lang) -> str:
    """Return the landmarks of the page."""
    sections = [
        _verdict(report, lang),
        _changes(report, lang),
        _findings(report, lang),
        _datasets(report, lang),
        _rules(report, lang),
        _coverage(report, lang),
        _errors(report, lang),
    ]
    links = (["changes"] if report.against else []) + ["findings", "datasets", "rules", "coverage"]
    items = "".join(f'<li><a href="#{name}">{_say(f"html.{name}", lang)}</a></li>' for name in links)
    theme = f'<li><button id="theme" type="button" hidden>{_say("html.theme", lang)}</button></li>'
    contents = f'<nav aria-label="{_say("html.contents", lang)}"><ul>{items}{theme}</ul></nav>'
    return (
        f'<header class="top"><h1>heshu 核数</h1>{contents}'
        f"</header>\n<main>\n{''.join(sections)}</main>\n<footer><p>{_say('html.foot', lang)}</p></footer>"
    )


def _say(key: str, lang: Lang, **fields: object) -> str:
    return escape(say(key, lang, **fields))


def _e(text: object) -> str:
    return escape(wording.clean(str(text)))


def _verdict(report: Report, lang: Lang) -> str:
    found = [*report.findings, *report.fixed]
    states = Counter(finding.state for finding in found)
    more = [say("markdown.new", lang, n=states[State.NEW])]
    settled = [state for state in State if state is not State.NEW and states[state]]
    more += [f"{say(f'state.{state}', lang)} {states[state]}" for state in settled]
    if report.against:
        more.append(wording.against(report, lang))
    relations = sum(dataset.relations for dataset in report.datasets)
    unjudged = sum(rule.not_evaluable for d in report.datasets for rule in d.rules if rule.is_relation)
    numbers = [
        ("datasets", len(report.datasets)),
        ("figures", sum(dataset.figures for dataset in report.datasets)),
        ("judged", relations),
        ("unjudged", unjudged),
        ("outside", sum(dataset.outside for dataset in report.datasets)),
        ("errors", len(report.all_errors)),
    ]
    cells = "".join(f"<div><dt>{_say(f'html.number.{key}', lang)}</dt><dd>{n:,}</dd></div>" for key, n in numbers)
    return (
        f'<section class="verdict {report.verdict}" aria-label="{_say("html.verdict", lang)}">'
        f'<p class="word">{_e(verdict(report, lang))}</p><p class="more">{_e(" · ".join(more))}</p></section>\n'
        f'<dl class="numbers">{cells}</dl>\n'
    )


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], numeric: int) -> str:
    """Return a table whose columns from ``numeric`` on are numbers."""
    heads = "".join(f'<th scope="col"{_kind(i, numeric)}>{escape(text)}</th>' for i, text in enumerate(head))
    lines = []
    for first, *others in rows:
        cells = "".join(f"<td{_kind(i, numeric)}>{_e(value)}</td>" for i, value in enumerate(others, 1))
        lines.append(f'<tr><th scope="row">{_e(first)}</th>{cells}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>\n"
    )


def _kind(column: int, numeric: int) -> str:
    return ' class="n"' if column >= numeric else ""


def _changes(report: Report, lang: Lang) -> str:
    if not report.against:
        return ""
    head = [say(f"markdown.{name}", lang) for name in ("figure", "was", "is", "by", "quote")]
    rows = []
    for change in report.changes[:LISTED]:
        mention = change.after or change.before
        was, now = (each.printed if each else "–" for each in (change.before, change.after))
        by = wording.amount(change.by, lang) or say(f"how.{change.how}", lang)
        rows.append((wording.name(mention, lang) if mention else "", was, now, by, change.quote))
    slices = [dataset.slice for dataset in report.datasets if dataset.slice is not None]
    text = say(
        "console.slice", lang, judged=sum(s.judged for s in slices), unjudged=sum(s.unjudged for s in slices),
        lost=sum(s.lost for s in slices),
    )  # fmt: skip
    title = _say("markdown.changes", lang, n=len(report.changes))
    table = _table(say("html.caption.changes", lang, against=report.against), head, rows, 9) if rows else ""
    none = "" if rows else f"<p>{_say('changes.none', lang)}</p>"
    return f'<section id="changes"><h2>{title}</h2>{table}{none}<p class="dim">{_e(text)}</p></section>\n'


def _findings(report: Report, lang: Lang) -> str:
    found = [*report.findings, *report.fixed]
    head = f'<section id="findings"><h2>{_say("html.findings", lang)}</h2>'
    if not found:
        return f"{head}<p>{_say('html.none', lang)}</p></section>\n"
    named = [label for label, dataset in report.named if dataset.findings or dataset.fixed]
    selects = [
        _select("severity", [(f.severity, say(f"severity.{f.severity}", lang)) for f in found], lang),
        _select("state", [(f.state, say(f"state.{f.state}", lang)) for f in found], lang),
        _select("rule", [(code, code) for code in sorted({f.code for f in found})], lang),
        _select("dataset", [(wording.clean(label), wording.clean(label)) for label in named], lang),
    ]
    orders = ("weight", "rule", "place")
    sorts = "".join(f'<option value="{name}">{_say(f"html.sort.{name}", lang)}</option>' for name in orders)
    return (
        f'{head}<form class="filters" role="search" hidden><label class="search">{_say("html.search", lang)}'
        f'<input name="search" type="search" autocomplete="off"></label>{"".join(selects)}'
        f'<label>{_say("html.sort", lang)}<select name="sort">{sorts}</select></label>'
        f'<button type="reset">{_say("html.reset", lang)}</button></form>'
        f'<p class="count" role="status" aria-live="polite"></p><div class="list"></div>'
        f"<noscript>{_plain(found, lang)}</noscript></section>\n"
    )


def _select(name: str, values: list[tuple[str, str]], lang: Lang) -> str:
    options = "".join(
        f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in dict.fromkeys(values)
    )
    every = f'<option value="">{_say("html.all", lang)}</option>'
    return f'<label>{_say(f"html.filter.{name}", lang)}<select name="{name}">{every}{options}</select></label>'


def _plain(found: list[Finding], lang: Lang) -> str:
    """Return a list for readers without a script."""
    lines = []
    for finding in found[:PLAIN]:
        place = wording.place(finding.figures[0]) if finding.figures else str(finding.place)
        text = " · ".join([wording.subject(finding, lang), *wording.body(finding, lang)])
        head = f"{finding.code} {wording.headline(finding, lang)} ({say(f'state.{finding.state}', lang)})"
        lines.append(f'<li><strong>{_e(head)}</strong> <span class="place">{_e(place)}</span><br>{_e(text)}</li>')
    rest = f"<p>{_say('markdown.more', lang, n=len(found) - PLAIN)}</p>" if len(found) > PLAIN else ""
    return f'<ul class="plain">{"".join(lines)}</ul>{rest}'


def _datasets(report: Report, lang: Lang) -> str:
    keys = ("dataset", "figures", "related", "exact", "rounded", "unjudged", "rows", "findings")
    rows = []
    for label, dataset in report.named:
        relations = [rule for rule in dataset.rules if rule.is_relation]
        new = sum(1 for finding in dataset.findings if finding.state is State.NEW)
        rows.append(
            (
                label, dataset.figures, dataset.related, sum(rule.exact for rule in relations),
                sum(rule.rounded for rule in relations), sum(rule.not_evaluable for rule in relations),
                sum(rule.matched for rule in dataset.rules if not rule.is_relation), new,
            )
        )  # fmt: skip
    head = [say(f"console.{key}", lang) for key in keys]
    table = _table(say("html.caption.datasets", lang), head, rows, 1)
    return f'<section id="datasets"><h2>{_say("html.datasets", lang)}</h2>{table}</section>\n'


def _rules(report: Report, lang: Lang) -> str:
    counts: dict[str, list[int]] = {}
    titles: dict[str, str] = {}
    for rule in (rule for dataset in report.datasets for rule in dataset.rules):
        titles[rule.code] = rule.title
        failed = sum(rule.verdicts[each] for each in (Verdict.FAIL, Verdict.IMPROBABLE, Verdict.REVISION))
        own = (rule.matched, rule.exact, rule.rounded, failed, rule.not_evaluable)
        counts[rule.code] = [a + b for a, b in zip(counts.get(rule.code, [0] * 5), own, strict=True)]
    ran = [(code, titles[code], *counts[code]) for code in sorted(counts) if counts[code][0]]
    keys = ("rule", "title", "matched", "exact", "rounded", "found", "unjudged")
    table = _table(say("html.caption.rules", lang), [say(f"html.rule.{key}", lang) for key in keys], ran, 2)
    unmatched = report.unmatched
    text = say("html.unmatched", lang, n=len(unmatched), codes=", ".join(unmatched))
    none = f'<p class="dim">{_e(text)}</p>' if unmatched else ""
    return f'<section id="rules"><h2>{_say("html.rules", lang)}</h2>{table}{none}</section>\n'


def _coverage(report: Report, lang: Lang) -> str:
    reasons: Counter[str] = Counter()
    for dataset in report.datasets:
        for rule in dataset.rules:
            reasons.update(rule.reasons)
    rows = [(say(f"reason.{key}", lang), n) for key, n in reasons.most_common()]
    head = [say("html.reason", lang), say("html.relations", lang)]
    table = _table(say("html.caption.reasons", lang), head, rows, 1) if rows else ""
    outside = sum(dataset.outside for dataset in report.datasets)
    lists = "".join(
        f'<div id="{name}"><h3>{_say(f"html.{name}", lang, n=n)}</h3><p class="count" role="status"></p>'
        f'<ul class="list plain"></ul></div>'
        for name, n in (("untouched", outside), ("unjudged", sum(reasons.values())))
        if n
    )
    head_text = f"<h2>{_say('html.coverage', lang)}</h2><p>{_say('html.coverage.why', lang)}</p>"
    return f'<section id="coverage">{head_text}{table}{lists}</section>\n'


def _errors(report: Report, lang: Lang) -> str:
    broken = [(rule.code, rule.broken) for dataset in report.datasets for rule in dataset.rules if rule.broken]
    if not report.all_errors and not broken:
        return ""
    lines = [
        f'<li><span class="place">{_e(error.place)}</span> {_e(wording.error(error, lang))}</li>'
        for error in report.all_errors[:LISTED]
    ]
    lines += [f'<li><span class="code">{_e(code)}</span> {_e(text)}</li>' for code, text in broken]
    title = _say("markdown.errors", lang)
    return f'<section id="errors"><h2>{title}</h2><ul class="plain">{"".join(lines)}</ul></section>\n'
