"""`heshu rules`: the rules of the rulebooks."""

from __future__ import annotations

from pathlib import Path

from heshu.cli.terminal import LangOption, RulesOption, language_of, refuse, shipped_rulebooks, show_lines


def list_rules(rules: RulesOption = None, lang: LangOption = None) -> None:
    """List the rules of the rulebooks."""
    from heshu.errors import InputErrors
    from heshu.rulebook import load
    from heshu.rulebook.model import in_language

    words = language_of(lang)
    try:
        book = load(rules or shipped_rulebooks(), Path.cwd())
    except InputErrors as errors:
        refuse(errors.errors, words)
    show_lines([
        f"{code}  {loaded.severity:<8} {loaded.kind.name:<10} {in_language(loaded.rule.title, words)}"
        for code, loaded in book.rules.items()
    ])  # fmt: skip
