"""The manifest: a Frictionless Data Package (``datapackage.json``) with a ``heshu`` block.

Standard: Data Package v1/v2 (frictionless standards), profile "tabular-data-package".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from heshu import tables
from heshu.dataset import families, physical
from heshu.dataset.layout.model import Layout
from heshu.dataset.physical import Physical
from heshu.document import Document, read_json, validate
from heshu.errors import InputError, InputErrors, Misdeclared, Place
from heshu.figure import BY_NAME, NAMES
from heshu.registry import Break, Classification, Release, Series, Strict, StyleEntry, Text, refuse_ambiguous_aliases
from heshu.tables import postgres

FILE = families.MANIFEST

#: Suffixes of packed files, before which stands that of what is in them.
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")


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
    path: str | tuple[str, ...] = ()
    data: Any = None
    format: str | None = None
    encoding: str | None = None
    profile: str = ""
    type: str = ""
    dialect: dict[str, Any] | str = Field(default_factory=dict)
    table_schema: dict[str, Any] | str = Field(default_factory=dict, alias="schema")

    @model_validator(mode="after")
    def _path_or_data(self) -> Resource:
        if not self.path and self.data is None:
            raise Misdeclared("no_path")
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, each a table of its own; none of data that stand in the manifest."""
        return (self.path,) if isinstance(self.path, str) else self.path

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are declared."""
        fields = self._schema.get("fields")
        named = [field.get("name") for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
        return tuple(str(name) for name in named if name)

    @property
    def missing(self) -> frozenset[str]:
        """What is declared to stand for a missing value (Table Schema, Table Dialect); it may have a label."""
        found = self._schema.get("missingValues")
        values = [v.get("value") if isinstance(v, dict) else v for v in found] if isinstance(found, list) else []
        values.append(self.table_dialect.get("nullSequence"))
        return frozenset(str(value) for value in values if value)

    @property
    def is_tabular(self) -> bool:
        """Whether it may be a table: it says so, or its name does; a package may have other files as well."""
        if (self.type and self.type != "table") or (self.profile == "data-resource" and not self.table_schema):
            return False
        is_declared = self.profile == "tabular-data-resource" or self.type == "table" or bool(self.table_schema)
        return is_declared or self.data is not None or self.format in tables.MODULES or all(map(_is_table, self.paths))

    @property
    def table_dialect(self) -> dict[str, Any]:
        """The Table Dialect; some writers put what is of CSV into a part of its own."""
        said = self.dialect if isinstance(self.dialect, dict) else {}
        return said | said["csv"] if isinstance(said.get("csv"), dict) else said

    @property
    def physical(self) -> Physical:
        """How values stand in its files, where that is not as we write them."""
        return physical.declared(self._schema, self.table_dialect)

    @property
    def _schema(self) -> dict[str, Any]:
        return self.table_schema if isinstance(self.table_schema, dict) else {}


def _is_table(path: str) -> bool:
    """Whether the suffix of a file, but for that of packing, is that of a table, or there is none."""
    suffixes = [suffix for suffix in Path(path).suffixes if suffix not in PACKED]
    return not suffixes or suffixes[-1].lower() in tables.SUFFIXES or postgres.is_service(path)


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
        for named in resource.paths:
            # What such an address holds besides is not repeated in a message.
            if named.lower().startswith(("postgres:", "postgresql:")):
                errors += [] if postgres.is_safe(named) else [InputError("manifest.connection", _path_of(document, i))]
            elif families.leads_out(named):
                errors.append(InputError("manifest.path", _path_of(document, i), path=named))
    if manifest.heshu.files and families.leads_out(manifest.heshu.files):
        errors.append(InputError("manifest.path", document.place("heshu", "files"), path=manifest.heshu.files))
    for i, text in enumerate(manifest.heshu.texts):
        if families.leads_out(text.path):
            errors.append(InputError("manifest.path", document.place("heshu", "texts", i, "path"), path=text.path))
    resources = tuple(
        _whole(resource, path.parent, partial(document.place, "resources", i), errors)
        for i, resource in enumerate(manifest.resources)
    )
    if errors:
        raise InputErrors(errors)
    missing = dict.fromkeys([*manifest.heshu.missing, *(text for r in resources for text in sorted(r.missing))])
    block = manifest.heshu.model_copy(update={"missing": tuple(missing)})
    return manifest.model_copy(update={"resources": resources, "heshu": block})


def _path_of(document: Document, number: int) -> Place:
    return document.place("resources", number, "path")


def _whole(resource: Resource, folder: Path, place: Callable[[str], Place], errors: list[InputError]) -> Resource:
    """Return a resource with the Table Schema and the Table Dialect that it names, read from below the manifest."""
    found: dict[str, Any] = {}
    for name, key in (("table_schema", "schema"), ("dialect", "dialect")):
        named = getattr(resource, name)
        if not isinstance(named, str):
            continue
        if families.leads_out(named):
            errors.append(InputError("manifest.path", place(key), path=named))
            continue
        try:
            data = read_json(folder / named, "manifest").data
        except InputError as error:
            errors.append(error)
            continue
        found[name] = data if isinstance(data, dict) else {}
    return resource.model_copy(update=found) if found else resource
