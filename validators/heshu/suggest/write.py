"""A rulebook in YAML, an entry a line, each with its evidence above it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from heshu import wording
from heshu.messages import Lang, say
from heshu.suggest.model import Proposal, Remark

#: Texts that mean themselves in YAML wherever they stand: words of letters and digits that begin with a letter.
_PLAIN = re.compile(r"[^\W\d_](?:[\w（）、·—–.-]*\w)?")

#: Words that YAML 1.1 or 1.2 reads as something else.
_OTHER = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})

#: What no YAML file may contain as it is (YAML 1.2, 5.1), besides what steers terminals.
_UNPRINTABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")

SECTIONS = ("series", "classifications", "rules")


def scalar(value: Any) -> str:
    """Return a value as YAML; texts in quotes unless they are plain words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    # What combines with the letter before it, or changes direction, is no plain word to a reader.
    if _PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in _OTHER:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def comment(remarks: Sequence[Remark], lang: Lang | str, indent: str = "") -> str:
    """Return remarks as a line that cannot end before they do."""
    text = wording.clean("; ".join(say(key, lang, **fields) for key, fields in remarks))
    return f"{indent}# {_UNPRINTABLE.sub(chr(0xFFFD), text)}\n"


def rulebook(
    head: Sequence[Remark],
    extends: Sequence[str],
    title: str,
    proposals: Sequence[Proposal],
    lang: Lang | str,
    *,
    is_labelled: bool = False,
) -> str:
    """Return the rulebook as a file; with labels, so that what comes of a classification can be told."""
    lines = [comment([remark], lang) for remark in head]
    lines += ["heshu: 1\n", f"title: {scalar(title)}\n", f"extends: {flow(list(extends))}\n"]
    for section in SECTIONS:
        own = [proposal for proposal in proposals if proposal.section == section]
        if not own:
            continue
        entries = [proposal for proposal in own if not proposal.is_aside]
        lines += ["\n", f"{section}:\n" if entries else comment([("suggest.no_classifications", {})], lang)]
        for proposal in entries:
            together = [proposal.remarks] if proposal.name else [[remark] for remark in proposal.remarks]
            lines += [comment(remarks, lang, "  ") for remarks in together if remarks]
            label = {"by": proposal.label} if is_labelled and proposal.label else {}
            body = flow({**label, **proposal.body})
            lines.append(f"  {scalar(proposal.name)}: {body}\n" if proposal.name else f"  - {body}\n")
        lines += [comment([remark], lang, "  ") for p in own if p.is_aside for remark in p.remarks]
    return "".join(lines)
