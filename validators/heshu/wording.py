"""Findings and errors in words, for all formats alike."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from string import Formatter

from heshu.errors import InputError
from heshu.finding import Finding, Fits, Mention, Verdict
from heshu.messages import Lang, catalogue, has, say
from heshu.report import Change, How, Report

# Data are untrusted: control characters could move a terminal's cursor or break a line of a report.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


#: What to declare for an assumption of a kind, where it is not called like it.
DECLARATIONS = {("sum", "sign"): "`sign`, `rest`"}

#: The parts of a key that are declared, in its order.
DECLARED = ("price", "scope", "adjustment", "status", "release")

#: Fields that no document printed, so that their unit is said in the reader's language.
COMPUTED = frozenset({"implied", "gap", "difference", "allowed"})


def clean(text: str) -> str:
    """Return ``text`` with control and direction-changing characters replaced by U+FFFD."""
    return _CONTROL.sub("\ufffd", text)


def name(mention: Mention, lang: Lang | str) -> str:
    """Return what a figure is about: 全国 第一产业增加值 2024 占 国内生产总值 的比重."""
    area, indicator, period, measure, comparison, of, among, *_ = map(clean, mention.key)
    dimensions = [clean(text) for text in mention.key[12:]]
    subject = " ".join(text for text in (area, indicator, *dimensions, period) if text)
    if measure == "level":
        return subject
    against, _, since = comparison.partition(":")
    words = {"subject": subject, "of": of, "among": among, "since": since}
    phrase = next(
        key
        for key in (f"name.{measure}.{against}", f"name.{measure}.of" if of else "", f"name.{measure}", "name.other")
        if has(key)
    )
    return " ".join(say(phrase, lang, measure=measure, **words).split())


def subject(finding: Finding, lang: Lang | str) -> str:
    """Return what a finding is about: its first figure, or the whole whose shares are added; and the breakdown."""
    if not finding.figures:
        return ""
    first = finding.figures[0]
    text = name(first, lang)
    if whole := clean(finding.values.get("shares_of", "")):
        area, _, period, *_ = map(clean, first.key)
        parts = "name.contributions" if finding.kind == "contribution" else "name.shares"
        text = say(parts, lang, subject=" ".join(part for part in (area, whole, period) if part))
    by = clean(finding.values.get("by", ""))
    return f"{text} · {by}" if by else text


def place(mention: Mention) -> str:
    """Return where a figure stands: path:line, and the column of a wide table."""
    return clean(f"{mention.place} ({mention.cell})" if mention.cell not in ("", "value") else str(mention.place))


def role(text: str, lang: Lang | str) -> str:
    """Return the part that a figure has in a relation, in the reader's language."""
    key = f"role.{text.replace(' ', '_')}"
    return say(key, lang) if has(key) else clean(text)


def headline(finding: Finding, lang: Lang | str) -> str:
    """Return what came of it: 不能同时成立; of a row, which rule does not hold."""
    if has(f"row.{finding.reason}"):
        return say("verdict.row", lang, title=clean(finding.title))
    return say(f"verdict.{finding.verdict}", lang)


def body(finding: Finding, lang: Lang | str) -> list[str]:
    """Return the finding's sentences: the figures and what they imply, and why it is not more."""
    values = {key: clean(value) for key, value in finding.values.items()}
    if has(f"row.{finding.reason}"):
        hint = values.get("hint")
        values["hint"] = say("label.hint", lang, hint=say(f"hint.{hint}", lang, **values)) if hint else ""
        if why := values.get("why"):
            values["why"] = say(f"reason.{why}", lang)
        return [say(f"row.{finding.reason}", lang, **values)]
    for key in COMPUTED & set(values):
        values[key] = amount(values[key], lang)
    filled = {key for key, value in values.items() if value}
    # A kind with relations of several forms has a sentence for each, told by a role that only this one has.
    ends = (finding.reason, finding.verdict, *(figure.role for figure in finding.figures))
    stems = [*(f"body.{finding.kind}.{end}" for end in ends), f"body.{finding.kind}"]
    keys = [f"{stem}{end}" for stem in (*stems, "body.other") for end in ("", ".open")]
    key = next((key for key in keys if has(key) and _fields(key) <= filled), "body.nothing")
    lines = [say(key, lang, **values)]
    for extra in ("parts", "missing", "shared", "lone", "note.touching"):
        if values.get(extra.rpartition(".")[2]):
            lines.append(say(extra, lang, **values))
    if has(f"note.{finding.reason}"):
        lines.append(say(f"note.{finding.reason}", lang))
    if finding.missing_declarations:
        lines.append(
            say(
                "note.undeclared",
                lang,
                names=", ".join(DECLARATIONS.get((finding.kind, n), f"`{n}`") for n in finding.missing_declarations),
            )
        )
    return lines


def in_a_line(finding: Finding, lang: Lang | str) -> str:
    """Return the finding's sentences as one line, for cells of tables."""
    return ("；" if lang == "zh" else "; ").join(body(finding, lang))


def _fields(key: str) -> set[str]:
    """Return the names of the fields that a sentence needs."""
    return {name for _, name, _, _ in Formatter().parse(catalogue()[key]["en"]) if name}


def assumptions(finding: Finding, lang: Lang | str) -> str:
    """Return what was assumed: 同一版本 · 现价 · 四舍五入."""
    return " · ".join(say(f"assume.{key}", lang) for key in finding.assumptions)


def amount(value: str, lang: Lang | str) -> str:
    """Return an amount with its unit in the reader's language, where no document printed it."""
    text = clean(value).replace("个百分点", say("unit.points", lang))
    return text.replace("个千分点", say("unit.permille", lang))


def labelled(label: str, text: str, lang: Lang | str) -> str:
    """Return a text with what it is: 前提：同一版本."""
    return say(f"label.{label}", lang, text=text)


def labelled_fingerprint(finding: Finding, lang: Lang | str) -> str:
    """Return the fingerprint with its label."""
    return say("label.fingerprint", lang, fingerprint=finding.fingerprint)


def digest(*parts: str) -> str:
    """Return a digest that tells texts apart."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def against(report: Report, lang: Lang | str) -> str:
    """Return what a report compares with, and how many datasets are as they were."""
    parts = [say("console.against", lang, against=clean(report.against))]
    parts += [say("console.same", lang, n=len(report.same))] if report.same else []
    return " · ".join(parts)


def strength(finding: Finding, lang: Lang | str) -> str:
    """Return how far off a relation is in last digits, and how large an error it cannot let through; "" if unknown."""
    told, gauge = finding.told, finding.gauge
    parts = [say("strength.digits", lang, digits=told.digits)] if told.digits else []
    if gauge.power:
        first = gauge.fits[0]
        is_any = first is not None and first.low == first.high
        parts.append(say("strength.any" if is_any else "strength.power", lang, power=amount(gauge.power, lang)))
    return say("label.comma", lang).join(parts)


def fitting(finding: Finding, lang: Lang | str, most: int) -> str:
    """Return with which printings of each figure the relation could hold, the others as they are; "" if unknown."""
    pairs = zip(finding.figures, finding.gauge.fits, strict=False)
    shown = [f"{role(figure.role, lang)} {_span(fits, lang)}" for figure, fits in pairs if fits is not None]
    if len(shown) > most:
        shown[most:] = [f"… +{len(shown) - most}"]
    return say("label.fits", lang, text=" | ".join(shown)) if shown else ""


def _span(fits: Fits, lang: Lang | str) -> str:
    if fits.least == fits.most:
        return clean(fits.least) or say("fits.any", lang)
    key = "fits.between" if fits.least and fits.most else "fits.from" if fits.least else "fits.to"
    return say(key, lang, least=clean(fits.least), most=clean(fits.most))


def suspects(finding: Finding, lang: Lang | str) -> str:
    """Return the usual causes."""
    if finding.verdict not in (Verdict.FAIL, Verdict.REVISION):
        return ""
    return " | ".join(say(f"suspect.{key}", lang) for key in finding.suspects)


def error(fault: InputError, lang: Lang | str) -> str:
    """Return an input error in words, with its hint."""
    fields = {key: clean(str(value)) for key, value in fault.fields.items()}
    if has(f"what.{fields.get('what')}"):
        fields["what"] = say(f"what.{fields['what']}", lang)
    if has(said := fields.get("said", "")):
        # Why a value cannot be is a sentence of its own.
        what = say(f"what.{fields['unread']}", lang) if "unread" in fields else fields["what"]
        fields["reason"] = say(said, lang, **fields | {"what": what})
    text = say(f"error.{fault.key}", lang, **fields)
    hint = "hint.near" if fields.get("near") else f"hint.{fields.get('hint') or fault.key}"
    return text + (f" — {say(hint, lang, **fields)}" if has(hint) else "")


def change(became: Change, lang: Lang | str) -> str:
    """Return what became of a figure: 全国 国内生产总值 2024: 1348066.2亿元 → 1349083.5亿元, +1017.3亿元 (+0.08%)."""
    mention = became.after or became.before
    if mention is None:
        raise ValueError("a change of no figure")
    was, now = (clean(each.printed) if each else "" for each in (became.before, became.after))
    by = amount(became.by, lang)
    text = say(f"change.{became.how}", lang, name=name(mention, lang), was=was, now=now)
    if became.how is How.REDECLARED and became.before and became.after:
        pairs = zip(DECLARED, became.before.key[7:12], became.after.key[7:12], strict=True)
        said = [f"{part}: {clean(old) or '–'} → {clean(new) or '–'}" for part, old, new in pairs if old != new]
        text += f" ({', '.join(said)})" if said else ""
    return f"{text}{say('label.comma', lang)}{by}" if by else text


def changes(found: list[Change], lang: Lang | str) -> list[str]:
    """Return a line for each change, with the place of the figure, and a line that counts them."""
    lines = []
    for each in found:
        mention = each.after or each.before
        lines.append(f"{place(mention)}  {change(each, lang)}" if mention else "")
    counts = Counter(each.how for each in found)
    total = say("label.comma", lang).join(say(f"changes.{how}", lang, n=counts[how]) for how in How if counts[how])
    return [*lines, total or say("changes.none", lang)]
