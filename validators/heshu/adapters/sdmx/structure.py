"""The structure of data: components in order, with the codes that they may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from heshu.errors import InputError, Place
from heshu.messages import Lang

#: A structure message larger than this is none: the largest published ones have a few megabytes.
MAX_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Component:
    """A dimension, measure or attribute: its name, and its codes with their names, none if it is not coded.

    ``parents`` says of codes which one they are below.
    """

    id: str
    name: str
    role: str
    codes: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    codelist: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """A data structure definition."""

    id: str
    name: str
    components: Mapping[str, Component]


def available(place: Place) -> None:
    """Make sure that sdmx1 is installed.

    :raises InputError: at ``place``, if it is not.
    """
    if find_spec("sdmx") is None:
        raise InputError("adapter.missing", place, what="sdmx1", extra="sdmx")


def read(path: Path, lang: Lang | str) -> Structure:
    """Read the one data structure definition of an SDMX-ML structure message; names in ``lang`` where there are any.

    :raises InputError: if it cannot be read, is none, or has none or several.
    """
    place = Place(str(path))
    available(place)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError("input.unreadable", place, what="structure", reason=error.strerror or str(error)) from None
    if len(data) > MAX_BYTES:
        raise InputError("sdmx.large", place, limit=MAX_BYTES)
    # Entities are what XML can be made to grow by, and what reads other files; no structure message has any.
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise InputError("sdmx.no_structure", place, reason="<!DOCTYPE")
    import sdmx

    try:
        message = sdmx.read_sdmx(BytesIO(data), format="XML")
        found = list(message.structure.values())
    except Exception as error:  # the library has errors of many kinds for messages that are none
        raise InputError("sdmx.no_structure", place, reason=" ".join(str(error).split())[:200]) from None
    if len(found) != 1:
        raise InputError("sdmx.one_structure", place, count=len(found), names=", ".join(one.id for one in found))
    [own] = found
    components = [
        _component(one, role, str(lang))
        for role, items in (("dimension", own.dimensions), ("measure", own.measures), ("attribute", own.attributes))
        for one in items
    ]
    return Structure(own.id, _name(own, str(lang)), {one.id: one for one in components})


def _component(one: Any, role: str, lang: str) -> Component:
    local = one.local_representation or getattr(one.concept_identity, "core_representation", None)
    enumerated = local.enumerated if local is not None else None
    name = _name(one.concept_identity, lang) if one.concept_identity is not None else one.id
    codes: dict[str, str] = {}
    parents: dict[str, str] = {}
    for code in enumerated or ():
        codes[code.id] = _name(code, lang)
        # The parent of a code on top is the list itself.
        if code.parent is not None and code.parent is not enumerated:
            parents[code.id] = code.parent.id
    return Component(one.id, name or one.id, role, codes, parents, enumerated.id if enumerated is not None else "")


def _name(artefact: Any, lang: str) -> str:
    """Return a name in a language, else in any, else the id."""
    known = artefact.name.localizations
    return str(known.get(lang) or next(iter(known.values()), "") or artefact.id).strip()
