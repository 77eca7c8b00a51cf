"""The manifest: a Frictionless Data Package (``datapackage.json``) with a ``heshu`` block.

Standard: Data Package v1/v2 (frictionless standards), profile "tabular-data-package".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from heshu.document import read_json, validate
from heshu.errors import InputError, InputErrors, Misdeclared
from heshu.figure import NAMES
from heshu.registry import Break, Classification, Release, Series, Strict, StyleEntry, Text, refuse_ambiguous_aliases

FILE = "datapackage.json"


class WideColumn(Strict):
    """What the numbers in one column of a wide table are; attributes as in the figures table."""

    indicator: Text
    measure: str = "level"
    comparison: str = ""
    of: str = ""
    among: str = ""
    unit: str = ""
    hedge: str = ""
    price: str = ""
    scope: str = ""
    status: str = ""
    release: str = ""
    shift: str = Field("", pattern=r"^(-?\d+y)?$", description="Years from the row's period: -1y is the year before")
    decimals: int | None = Field(None, ge=0, le=12)
    zeros: str = Field("", pattern=r"^(kept|dropped|unknown)?$")


class Wide(Strict):
    """A table with periods in rows and one indicator per column."""

    period: Text
    keys: dict[Text, Text] = Field(default_factory=dict, description="Column of the table → column of the figures")
    columns: dict[Text, WideColumn]
    ignore: tuple[Text, ...] = ()


class Layout(Strict):
    """How a table that is not in long form is laid out."""

    wide: Wide


class Block(Strict):
    """The ``heshu`` block of a manifest."""

    title: str = ""
    defaults: dict[str, str | int] = Field(default_factory=dict)
    dimensions: tuple[Text, ...] = ()
    missing: tuple[str, ...] = ()
    publisher: str = ""
    rulebooks: tuple[Text, ...] | None = None
    layout: Layout | None = None
    series: dict[Text, Series] = Field(default_factory=dict)
    classifications: tuple[Classification, ...] = ()
    breaks: tuple[Break, ...] = ()
    styles: dict[Text, StyleEntry] = Field(default_factory=dict)
    releases: tuple[Release, ...] = ()

    @model_validator(mode="after")
    def _known_defaults(self) -> Block:
        for name in self.defaults:
            if name != "year" and name not in NAMES:
                raise Misdeclared("no_column", ("defaults", name), text=name, expected=", ".join((*NAMES, "year")))
        clash = set(self.dimensions) & set(NAMES)
        if clash:
            raise Misdeclared("column_already", ("dimensions",), text=sorted(clash)[0])
        for name, target in self.layout.wide.keys.items() if self.layout else ():
            known = (*NAMES, *self.dimensions)
            if target not in known:
                raise Misdeclared("no_column", ("layout", "wide", "keys", name), text=target, expected=", ".join(known))
        return self

    @model_validator(mode="after")
    def _one_series_per_name(self) -> Block:
        refuse_ambiguous_aliases(self.series)
        return self


class Resource(BaseModel):
    """A file of the package; keys of the standard that we do not use are left alone."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = ""
    path: str
    encoding: str = "utf-8"
    dialect: dict[str, Any] = Field(default_factory=dict)


class Manifest(BaseModel):
    """A data package."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = ""
    title: str = ""
    resources: tuple[Resource, ...] = Field(min_length=1)
    heshu: Block = Block()


def read(path: Path) -> Manifest:
    """Read a manifest.

    :raises InputErrors: with line and column of every fault.
    """
    try:
        document = read_json(path, "manifest")
    except InputError as error:
        raise InputErrors([error]) from None
    manifest = validate(document, Manifest, "manifest")
    errors = []
    for i, resource in enumerate(manifest.resources):
        # The standard forbids absolute and parent paths, and so must we: a manifest is untrusted.
        parts = Path(resource.path).parts
        if Path(resource.path).is_absolute() or ".." in parts or "://" in resource.path:
            place = document.place("resources", i, "path")
            errors.append(InputError("manifest.path", place, path=resource.path))
    if errors:
        raise InputErrors(errors)
    return manifest
