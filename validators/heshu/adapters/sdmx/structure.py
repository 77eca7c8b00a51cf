"""The structure of data: components in order, with the codes that they may hold, and which codes are below which."""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # what defusedxml has parsed is only taken apart and put together

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from heshu.errors import InputError, Place
from heshu.messages import Lang

#: A structure message larger than this is none: the largest published ones have a few megabytes.
MAX_BYTES = 64 << 20

#: Parts of a structure message that say what we ask; the library does not know all others.
_PARTS = frozenset({
    "OrganisationSchemes", "AgencySchemes", "Codelists", "Concepts", "ConceptSchemes", "DataStructures",
    "HierarchicalCodelists", "Hierarchies",
})  # fmt: skip

#: Of SDMX 3.0, which the library does not read: which measure an attribute is about, links, metadata attributes.
_UNREAD = frozenset({"MeasureRelationship", "Link", "MetadataAttributeUsage"})


@dataclass(frozen=True, slots=True)
class Group:
    """Codes below another, in a code list or in a hierarchy of its codes."""

    hierarchy: str
    above: str
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """A dimension, measure or attribute: its name, and its codes with their names, none if it is not coded.

    Names tell codes apart: where two have one name, the code stands behind it.
    """

    id: str
    name: str
    role: str
    codes: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
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
    try:
        document = _relevant(data)
    # LookupError: an encoding that is not known; ValueError: defusedxml's, and of what cannot be decoded.
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise InputError("sdmx.no_structure", place, reason=_reason(error)) from None
    import sdmx

    try:
        # The library prints the state of its reader where it gives up.
        with contextlib.redirect_stdout(io.StringIO()):
            message = sdmx.read_sdmx(io.BytesIO(document), format="XML")
        found, groups = list(message.structure.values()), list(_hierarchies(message))
    except Exception as error:  # the library has errors of many kinds for messages that are none
        raise InputError("sdmx.no_structure", place, reason=_reason(error)) from None
    if len(found) != 1:
        raise InputError("sdmx.one_structure", place, count=len(found), names=", ".join(one.id for one in found))
    [own] = found
    components = [
        _component(one, role, groups, str(lang))
        for role, items in (("dimension", own.dimensions), ("measure", own.measures), ("attribute", own.attributes))
        for one in items
    ]
    return Structure(own.id, _name(own, str(lang)), {one.id: one for one in components})


def _reason(error: Exception) -> str:
    if isinstance(error, DefusedXmlException):
        return "<!DOCTYPE"
    return " ".join(str(error).split())[:200] or type(error).__name__


def _relevant(data: bytes) -> bytes:
    """Return a structure message without what is of no use here and unknown to the library.

    Document types are refused: entities are what XML can be made to grow by, and what reads other files.

    :raises ParseError: if it is no XML.
    :raises ValueError: if it means harm.
    """
    root = fromstring(data, forbid_dtd=True)
    for part in root:
        if _local(part) == "Structures":
            part[:] = [each for each in part if _local(each) in _PARTS]
    for element in root.iter():
        if any(_local(each) in _UNREAD for each in element):
            element[:] = [each for each in element if _local(each) not in _UNREAD]
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _component(one: Any, role: str, groups: Iterable[tuple[str, Group]], lang: str) -> Component:
    local = one.local_representation or getattr(one.concept_identity, "core_representation", None)
    enumerated = local.enumerated if local is not None else None
    name = _name(one.concept_identity, lang) if one.concept_identity is not None else one.id
    if enumerated is None:
        return Component(one.id, name or one.id, role)
    codes = {code.id: _name(code, lang) for code in enumerated}
    below: dict[str, list[str]] = {}
    for code in enumerated:
        # The parent of a code on top is the list itself.
        if code.parent is not None and code.parent is not enumerated:
            below.setdefault(code.parent.id, []).append(code.id)
    own = [Group(enumerated.id, above, tuple(children)) for above, children in below.items()]
    own += [group for listed, group in groups if listed == enumerated.id]
    return Component(one.id, name or one.id, role, _told_apart(codes), tuple(own), enumerated.id)


def _told_apart(codes: Mapping[str, str]) -> dict[str, str]:
    """Return names that differ: two codes of one name are two places, or two things."""
    count = Counter(codes.values())
    return {code: name if count[name] == 1 else f"{name} ({code})" for code, name in codes.items()}


def _hierarchies(message: Any) -> Iterator[tuple[str, Group]]:
    """Yield the groups of hierarchies, each with the code list of the code above (SDMX 2.1 and 3.0)."""
    found = [each for one in message.hierarchical_codelist.values() for each in one.hierarchy]
    for hierarchy in [*found, *message.hierarchy.values()]:
        waiting = list(hierarchy.codes.values())
        while waiting:
            one = waiting.pop()
            waiting += one.child
            children = tuple(each.code.id for each in one.child if each.code is not None)
            if one.code is not None and one.code.parent is not None and children:
                listed = one.code.parent
                while not hasattr(listed, "items"):
                    listed = listed.parent
                yield listed.id, Group(hierarchy.id, one.code.id, children)


def _name(artefact: Any, lang: str) -> str:
    """Return a name in a language, else in any, else the id."""
    known = artefact.name.localizations
    return str(known.get(lang) or next(iter(known.values()), "") or artefact.id).strip()
