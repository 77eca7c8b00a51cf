"""`heshu explain`: what a rule checks, why, and when it cannot be judged."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from heshu.cli.completion import BUILT_IN, codes
from heshu.cli.terminal import LangOption, RulesOption, language_of, refuse, shipped_rulebooks, show_lines
from heshu.messages import Lang, has, say


def explain(
    code: Annotated[str, typer.Argument(help="A rule's code.", autocompletion=codes)],
    rules: RulesOption = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Also how small an error it would have found in these datasets.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Say what a rule checks, why, and when it cannot be judged."""
    from heshu.errors import InputErrors
    from heshu.rulebook import load
    from heshu.rulebook.model import in_language

    words = language_of(lang)
    if code in BUILT_IN:
        title = say(BUILT_IN[code], words)
        show_lines([f"{code}  {title}", "", *say(f"built_in.{code}", words).strip().splitlines()])
        return
    try:
        book = load(rules or shipped_rulebooks(), Path.cwd())
        if code not in book.rules:
            from heshu.errors import InputError, Place

            near = difflib.get_close_matches(code.upper(), [*book.rules, *BUILT_IN], n=1)
            fields = {"code": code, "near": near[0] if near else "", "known": ", ".join(book.rules)}
            refuse([InputError("rulebook.unknown_code", Place("explain"), **fields)], words)
    except InputErrors as errors:
        refuse(errors.errors, words)
    loaded = book.rules[code]
    rule = loaded.rule
    lines = [
        f"{code}  {in_language(rule.title, words)}",
        f"{say('explain.kind', words)}: {rule.kind}   {say('explain.severity', words)}: {loaded.severity}",
    ]
    if rule.options:
        shown = ", ".join(f"{key}: {_option(value)}" for key, value in rule.options.items())
        lines.append(f"{say('explain.with', words)}: {shown}")
    known = f"kind.{rule.kind}"
    doc = (say(known, words) if has(known) else "") or loaded.kind.doc.strip()
    lines += ["", in_language(rule.why, words), "", *doc.splitlines(), ""]
    if rule.source:
        lines.append(f"{say('explain.source', words)}: {rule.source}")
    lines.append(f"{say('explain.place', words)}: {Path(loaded.place.path).name}:{loaded.place.line}")
    if data:
        lines += ["", *_held(code, data, rules, words)]
    show_lines(lines)


def _held(code: str, data: list[Path], rules: list[str] | None, lang: Lang) -> list[str]:
    """Return the relations of a rule that hold, with how small an error each would have found."""
    from heshu.commands import power
    from heshu.errors import InputErrors

    try:
        return power.lines(code, data, rules, lang)
    except InputErrors as errors:
        refuse(errors.errors, lang)


def _option(value: object) -> str:
    """Return an option as it is read, without the marks of the language."""
    if isinstance(value, dict):
        return ", ".join(f"{key} → {_option(item)}" for key, item in value.items())
    return ", ".join(map(_option, value)) if isinstance(value, list | tuple) else str(value)
