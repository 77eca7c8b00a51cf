"""The manifest: a Frictionless Data Package (``datapackage.json``) with a ``heshu`` block.

Standard: Data Package v1/v2 (frictionless standards), profile "tabular-data-package".
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from heshu.dataset import families
from heshu.dataset.layout.model import Layout
from heshu.document import read_json, validate
from heshu.errors import InputError, InputErrors, Misdeclared
from heshu.figure import BY_NAME, NAMES
from heshu.registry import Break, Classification, Release, Series, Strict, StyleEntry, Text, refuse_ambiguous_aliases
from heshu.tables import postgres

FILE = "datapackage.json"


class TextFile(Strict):
    """A text that figures were read from, or a draft to be checked."""

    path: Text = Field(description="File below the manifest")
    source: str = Field("", description="The `source` of the figures read from it; default all that no other text has")
    encoding: Literal["utf-8", "gb18030"] | None = Field(None, description="Default: UTF-8 or GB 18030, found out")


class Block(Strict):
    """The ``heshu`` block of a manifest."""

    title: str = ""
    defaults: dict[str, str | int] = Field(default_factory=dict)
    dimensions: tuple[Text, ...] = ()
    missing: tuple[str, ...] = ()
    publisher: str = ""
    rulebooks: tuple[Text, ...] | None = None
    files: str = ""
    layout: Layout | None = None
    series: dict[Text, Series] = Field(default_factory=dict)
    classifications: tuple[Classification, ...] = ()
    breaks: tuple[Break, ...] = ()
    styles: dict[Text, StyleEntry] = Field(default_factory=dict)
    releases: tuple[Release, ...] = ()
    texts: Annotated[tuple[TextFile, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _known_defaults(self) -> Block:
        for name in self.defaults:
            if name != "year" and name not in NAMES:
                raise Misdeclared("no_column", ("defaults", name), text=name, expected=", ".join((*NAMES, "year")))
        clash = set(self.dimensions) & set(BY_NAME)
        if clash:
            raise Misdeclared("column_already", ("dimensions",), text=sorted(clash)[0])
        known = (*NAMES, *self.dimensions, "")
        for part, roles in (("head", self.layout.head), ("stub", self.layout.stub)) if self.layout else ():
            for name, role in roles.items():
                if role not in known:
                    expected = ", ".join(filter(None, known))
                    raise Misdeclared("no_column", ("layout", part, name), text=role, expected=expected)
        for name in families.names(self.files):
            if name not in (*known, "year"):
                raise Misdeclared("no_column", ("files",), text=name, expected=", ".join((*NAMES, "year")))
        return self

    @model_validator(mode="after")
    def _one_text_per_source(self) -> Block:
        seen: set[str] = set()
        for i, text in enumerate(self.texts):
            if text.source in seen:
                raise Misdeclared("same_source", ("texts", i), text=text.source)
            seen.add(text.source)
        return self

    @model_validator(mode="after")
    def _one_series_per_name(self) -> Block:
        refuse_ambiguous_aliases(self.series)
        return self


class Resource(BaseModel):
    """A file of the package; keys of the standard that we do not use are left alone."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = ""
    path: str | tuple[str, ...]
    format: str | None = None
    encoding: str | None = None
    dialect: dict[str, Any] = Field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, each a table of its own."""
        return (self.path,) if isinstance(self.path, str) else self.path


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
        place = document.place("resources", i, "path")
        for named in resource.paths:
            # What such an address holds besides is not repeated in a message.
            if named.lower().startswith(("postgres:", "postgresql:")):
                errors += [] if postgres.is_safe(named) else [InputError("manifest.connection", place)]
            elif families.leads_out(named):
                errors.append(InputError("manifest.path", place, path=named))
    if manifest.heshu.files and families.leads_out(manifest.heshu.files):
        errors.append(InputError("manifest.path", document.place("heshu", "files"), path=manifest.heshu.files))
    for i, text in enumerate(manifest.heshu.texts):
        if families.leads_out(text.path):
            errors.append(InputError("manifest.path", document.place("heshu", "texts", i, "path"), path=text.path))
    if errors:
        raise InputErrors(errors)
    return manifest
