"""The shape of a rulebook file; ``rules/rulebook.schema.json`` is generated from it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from heshu.finding import Severity
from heshu.messages import Lang
from heshu.registry import Break, Classification, Series, Strict, StyleEntry, Text, refuse_ambiguous_aliases


class Both(Strict):
    """A text in both languages."""

    en: str
    zh: str


def in_language(text: str | Both, lang: Lang | str) -> str:
    """Return ``text`` in ``lang`` (a plain text is the same in both)."""
    return text if isinstance(text, str) else str(getattr(text, str(lang)))


class Rule(Strict):
    """One rule: a kind with options, a severity, and why it holds."""

    code: str = Field(pattern=r"^[A-Z]{3}\d{3}$", description="Three letters, three digits; never re-used")
    title: str | Both = Field(description="What is true of good data")
    kind: Text = Field(description="The kind of check")
    options: dict[str, Any] = Field(default_factory=dict, alias="with", description="Options of the kind")
    where: dict[Text, str | tuple[str, ...]] = Field(
        default_factory=dict, description="Key column or dimension → value or values that it must have"
    )
    severity: Severity = Severity.ERROR
    why: str | Both = ""
    source: str = ""


class RulebookFile(Strict):
    """A rulebook document."""

    heshu: Literal[1] = Field(description="Version of this format")
    title: str | Both = ""
    extends: tuple[Text, ...] = Field((), description="Shipped rulebooks by name, or paths from this file")
    styles: dict[Text, StyleEntry] = Field(default_factory=dict)
    series: dict[Text, Series] = Field(default_factory=dict)
    classifications: tuple[Classification, ...] = ()
    breaks: tuple[Break, ...] = ()
    rules: tuple[Rule, ...] = ()
    severity: dict[Text, Severity] = Field(
        default_factory=dict, description="Code → severity, for rules of extended rulebooks"
    )
    select: tuple[Text, ...] = Field((), description="Codes or prefixes to run; default all")
    ignore: tuple[Text, ...] = Field((), description="Codes or prefixes not to run")

    @model_validator(mode="after")
    def _one_series_per_name(self) -> RulebookFile:
        refuse_ambiguous_aliases(self.series)
        return self
