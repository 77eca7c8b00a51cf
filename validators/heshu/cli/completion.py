"""What a shell offers behind an option: rule codes and the words of closed lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from heshu.cli.terminal import shipped_rulebooks

#: Codes that no rulebook declares → what they stand for, in the catalogue.
BUILT_IN = {
    "COV001": "coverage.title", "WVR001": "waiver.title", "WVR002": "waiver.title", "WVR003": "waiver.title",
}  # fmt: skip


def codes(incomplete: str) -> list[str]:
    """Return the codes that begin as what was typed, of the project's own rulebooks too."""
    return _beginning([*_rules(), *BUILT_IN], incomplete)


def rule_codes(incomplete: str) -> list[str]:
    """Return the codes that begin as what was typed, and their prefixes, which stand for all of them."""
    known = list(_rules())
    return _beginning([*dict.fromkeys(code.rstrip("0123456789") for code in known), *known], incomplete)


def among(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Return what offers those of ``words`` that begin as what was typed."""

    def offered(incomplete: str) -> list[str]:
        return _beginning(words, incomplete)

    return offered


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _rules() -> list[str]:
    """Return the codes of the rulebooks that are in force here; the shipped ones where those cannot be read."""
    from heshu import config
    from heshu.errors import InputErrors
    from heshu.rulebook import load

    shipped = shipped_rulebooks()
    try:
        settings, root = config.load(Path.cwd())
        return list(load(settings.rulebooks or shipped, root).rules)
    except InputErrors:
        return list(load(shipped, Path.cwd()).rules)
