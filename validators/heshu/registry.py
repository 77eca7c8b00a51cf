"""What is known about series: names, units, bases, classifications, breaks, releases, publishers' styles.

Rulebooks and manifests both declare these; a manifest's word on its own series goes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from heshu import periods, units
from heshu.errors import Misdeclared, Unreadable
from heshu.figure import BY_NAME, Measure
from heshu.messages import unreadable
from heshu.rounding import UNDECLARED, Rounding, Style, Zeros

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    """A part of a document; keys it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_unit(text: str) -> str:
    try:
        units.find(text)
    except Unreadable as error:
        raise ValueError(unreadable(error)) from None
    return text


def _period(text: str) -> str:
    try:
        return periods.parse(text).code
    except Unreadable as error:
        raise ValueError(unreadable(error)) from None


UnitText = Annotated[Text, AfterValidator(_known_unit)]
# A year alone is a number to YAML.
PeriodText = Annotated[
    Text,
    BeforeValidator(lambda v: str(v) if type(v) is int else v, json_schema_input_type=str | int),
    AfterValidator(_period),
]
PerMeasure = Text | dict[Measure, Text]

#: A price basis: constant prices may name their base year or series.
PRICE = re.compile(r"current|comparable|unknown|constant(:.+)?")


class Series(Strict):
    """An indicator's registry entry.

    ``price``, ``scope`` and ``adjustment`` are one value, or one per measure:
    ``price: {level: current, growth: constant}``.
    """

    aliases: tuple[Text, ...] = Field((), description="Other names of the same indicator")
    unit: UnitText | None = Field(None, description="Unit of levels; its dimension is what `unit` checks")
    counters: tuple[Text, ...] = Field((), description="Counting nouns used for it: 家, 户, 个")
    price: PerMeasure | None = Field(None, description="current, constant[:base], or one per measure")
    scope: PerMeasure | None = Field(None, description="fixed or comparable, or one per measure")
    adjustment: PerMeasure | None = Field(None, description="none, ca (calendar), sa, saar, or one per measure")
    nature: Literal["flow", "stock", "count", "rate"] | None = None
    sign: Literal["nonnegative", "any"] | None = None
    average: Literal["geometric", "other"] | None = Field(
        None, description="How average rates are made: the geometric mean (usual), or another way (累计法, a trend)"
    )
    decimals: int | None = Field(None, ge=0, le=12, description="Digits after the point that tables show")

    @model_validator(mode="after")
    def _known_values(self) -> Series:
        for attribute in ("price", "scope", "adjustment"):
            declared = getattr(self, attribute)
            for text in declared.values() if isinstance(declared, dict) else [declared] if declared else []:
                allowed = BY_NAME[attribute].values or ("current", "constant", "constant:2020", "comparable")
                if not (PRICE.fullmatch(text) if attribute == "price" else text in allowed):
                    raise Misdeclared("one_of", (attribute,), expected=", ".join(allowed), text=text)
        return self

    def of(self, attribute: str, measure: str) -> str:
        """Return ``price``, ``scope``, … for figures of ``measure``, or "" if not declared."""
        value = getattr(self, attribute)
        if isinstance(value, dict):
            value = value.get(Measure(measure))
        return value or ""


class Classification(Strict):
    """A whole and its parts: ``parts`` add up to ``total``; ``of_which`` are some of them."""

    total: Text
    by: str = ""
    parts: tuple[Text, ...] = ()
    of_which: tuple[Text, ...] = ()
    overlapping: bool = Field(False, description="Parts overlap, so that they do not add up")
    additive: bool = Field(False, description="Adds up even at constant prices, adjusted for the season, or over areas")
    rest: Literal["nonnegative"] | None = Field(
        None, description="What is left of the total cannot be negative, so that `of_which` parts cannot exceed it"
    )
    dimension: str = Field("indicator", description="Column in which total and parts stand")
    measures: tuple[Measure, ...] = Field(
        (), description="Measures that add up, if not all: contribution and pull of 三大需求, whose levels do not"
    )

    @model_validator(mode="after")
    def _one_list(self) -> Classification:
        if bool(self.parts) == bool(self.of_which):
            raise Misdeclared("parts_or_of_which")
        names = self.parts or self.of_which
        if len(set(names)) < len(names) or self.total in names:
            raise Misdeclared("total_among_parts")
        return self


class Break(Strict):
    """A date from which a series' levels cannot be compared with earlier ones as first published."""

    series: Text
    at: PeriodText
    effect: Literal["revised_base", "membership", "scope", "method"]
    reason: Text
    source: str = ""


class StyleEntry(Strict):
    """A publisher's way of printing."""

    rounding: Rounding | None = None
    zeros: Literal[Zeros.KEPT, Zeros.DROPPED, Zeros.UNKNOWN] = Zeros.UNKNOWN


class Release(Strict):
    """A publication: its id in the figures, the date it appeared, who printed it."""

    id: Text
    date: str = Field("", pattern=r"^(\d{4}-\d{2}(-\d{2})?)?$")
    title: str = ""
    publisher: str = ""


def refuse_ambiguous_aliases(series: dict[str, Series]) -> None:
    """Check that no name stands for two series of a document.

    :raises Misdeclared: at the second of them.
    """
    owner = {name: name for name in series}
    for name, entry in series.items():
        for alias in entry.aliases:
            if (other := owner.setdefault(alias, name)) != name:
                raise Misdeclared("ambiguous_alias", ("series", name, "aliases"), alias=alias, name=name, other=other)


@dataclass(slots=True)
class Registry:
    """Everything declared, from all rulebooks and one manifest."""

    series: dict[str, Series] = field(default_factory=dict)
    classifications: list[Classification] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    styles: dict[str, StyleEntry] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        series: dict[str, Series],
        classifications: tuple[Classification, ...] = (),
        breaks: tuple[Break, ...] = (),
        styles: dict[str, StyleEntry] | None = None,
        releases: tuple[Release, ...] = (),
    ) -> None:
        """Take in one document's declarations; later ones win over earlier ones of the same name."""
        for name, entry in series.items():
            self.series[name] = entry
            self._names[name] = name
            for alias in entry.aliases:
                self._names[alias] = name
        # An alias of what an earlier document called a series takes that series' aliases with it.
        for text in self._names:
            while (owner := self._names[text]) != self._names[owner]:
                self._names[text] = self._names[owner]
        self.classifications += [c for c in classifications if c not in self.classifications]
        self.breaks += [b for b in breaks if b not in self.breaks]
        self.styles |= styles or {}
        self.releases |= {release.id: release for release in releases}

    def name(self, text: str) -> str:
        """Return the series' name for a name or alias; other texts stand for themselves."""
        return self._names.get(text, text)

    def entry(self, name: str) -> Series | None:
        """Return the entry of a canonical name."""
        return self.series.get(name)

    def families(self) -> dict[str, str]:
        """Return for each series of a classification the first of all those that classifications join it with."""
        above: dict[str, str] = {}

        def first(name: str) -> str:
            while (other := above.setdefault(name, name)) != name:
                name = other
            return name

        for entry in self.classifications:
            if entry.dimension == "indicator":
                names = map(self.name, (entry.total, *entry.parts, *entry.of_which))
                least, *rest = sorted(set(map(first, names)))
                above.update((name, least) for name in rest)
        return {name: first(name) for name in list(above)}

    def style(self, publisher: str) -> Style:
        """Return the style of ``publisher``; nobody's, or an unknown one's, is :data:`UNDECLARED`."""
        entry = self.styles.get(publisher)
        if entry is None:
            return UNDECLARED
        return Style(entry.rounding or Rounding.NEAREST, entry.zeros, declared=entry.rounding is not None)

    def release_order(self, release: str) -> tuple[str, str]:
        """Return a sort key by date of publication: declared, else as written in the id."""
        known = self.releases.get(release)
        return (known.date if known and known.date else _date_in(release), release)


def _date_in(text: str) -> str:
    found = re.search(r"(?<!\d)(\d{4}(?:-\d{2}){0,2})(?!\d)", text)
    return found[1] if found else ""
