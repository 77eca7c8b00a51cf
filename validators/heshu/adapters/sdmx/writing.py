"""Figures as SDMX-CSV 2.0, with their structure as SDMX-ML 2.1.

Codes must be letters, digits and a few signs: what is said in words gets a code by number (``I7``) and its name in the
code list. ``_Z`` stands for what does not apply. A unit is its UNIT_MEASURE by the power of ten of UNIT_MULT: 亿元 is
元 by 8. Figures whose value is no number (翻一番), and what else SDMX has no concept for, go into attributes of our
own.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heshu import periods, units
from heshu.adapters.sdmx.reading import OWN
from heshu.dataset import normal
from heshu.dataset.read import Dataset
from heshu.errors import InputError, InputErrors, Place, Unreadable
from heshu.figure import Figure
from heshu.messages import Lang

AGENCY, VERSION = "HESHU", "1.0"

#: Key columns → dimensions, with the letter that codes begin with.
DIMENSIONS = {
    "area": ("REF_AREA", "A"), "indicator": ("INDICATOR", "I"), "measure": ("MEASURE", "M"),
    "comparison": ("COMPARISON", "C"), "of": ("OF", "W"), "among": ("AMONG", "G"), "price": ("PRICE", "P"),
    "scope": ("SCOPE", "S"), "adjustment": ("ADJUSTMENT", "J"), "release": ("RELEASE", "R"),
}  # fmt: skip

#: Further columns → attributes.
ATTRIBUTES = ("hedge", "rounding", "zeros", "nature", "sign", "source", "quote", "span", "occurrence", "note")

#: CL_OBS_STATUS.
STATUS = {"actual": "A", "provisional": "P", "estimate": "E", "revised": "R", "final": "A", "target": "A"}

#: Periods that SDMX says as we do.
_PLAIN = re.compile(r"\d{4}(-S[12]|-Q[1-4]|-\d\d(-\d\d)?)?")

#: What no XML file may contain (XML 1.0, 2.2).
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(slots=True)
class CodeList:
    """Texts that became codes, in order of appearance."""

    letter: str
    codes: dict[str, str] = field(default_factory=dict)

    def code(self, text: str) -> str:
        """Return the code of a text."""
        if not text:
            return "_Z"
        return self.codes.setdefault(text, f"{self.letter}{len(self.codes) + 1}")


@dataclass(frozen=True, slots=True)
class Written:
    """A dataset as SDMX: data, structure, and how many observations there are."""

    data: str
    structure: bytes
    count: int


def write(dataset: Dataset, lang: Lang | str) -> Written:
    """Return a dataset whose figures are loaded as SDMX-CSV 2.0 and the SDMX-ML of its structure.

    :raises InputErrors: with the place of each figure whose key or unit has a character that XML cannot hold.
    """
    lists = {name: CodeList(letter) for name, letter in DIMENSIONS.values()}
    lists |= {name: CodeList("D") for name in _own(dataset)} | {"UNIT_MEASURE": CodeList("U")}
    errors = [
        InputError("sdmx.character", Place(dataset.path), text=text)
        for text in (dataset.manifest.title or dataset.name, *dataset.block.dimensions)
        if _UNSAYABLE.search(text)
    ]
    rows = []
    for figure in dataset.figures:
        try:
            rows.append(_row(figure, dataset, lists))
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    used = {name for row in rows for name, text in row.items() if text not in ("", "_Z")}
    kept = {"REF_AREA", "INDICATOR", "MEASURE", "PRINTING", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "UNIT_MULT"}
    names = [name for name in rows[0] if name in used | kept] if rows else []
    _numbered(rows, [name for name in names if name in lists] + ["TIME_PERIOD"])
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *names])
    flow = f"{AGENCY}:{OWN}({VERSION})"
    writer.writerows([["datastructure", flow, "I", *(row[name] for name in names)] for row in rows])
    used_lists = {name: found.codes for name, found in lists.items() if name in names}
    return Written(out.getvalue(), structure(names, used_lists, dataset, lang), len(rows))


def _own(dataset: Dataset) -> dict[str, str]:
    """Return component → dimension of the dataset."""
    return {f"DIM{i}": name for i, name in enumerate(dataset.block.dimensions, 1)}


def _row(figure: Figure, dataset: Dataset, lists: Mapping[str, CodeList]) -> dict[str, str]:
    own = normal.stated(figure)
    for text in (*(own[column] for column in (*DIMENSIONS, "unit")), *figure.dimensions):
        if _UNSAYABLE.search(text):
            raise InputError("sdmx.character", figure.place, text=text)
    row = {name: lists[name].code(own[column]) for column, (name, _) in DIMENSIONS.items()}
    row |= {name: lists[name].code(text) for name, text in zip(_own(dataset), figure.dimensions, strict=True)}
    is_plain = _PLAIN.fullmatch(figure.period) is not None
    unit, power = _unit(own["unit"])
    value = own["value"]
    is_number = _NUMBER.fullmatch(value) is not None
    status = STATUS[own["status"]] if value else "M"
    return row | {
        "PRINTING": "1",
        "TIME_PERIOD": figure.period if is_plain else _about(figure.period),
        "OBS_VALUE": value if is_number else "",
        "UNIT_MEASURE": lists["UNIT_MEASURE"].code(unit),
        "UNIT_MULT": str(power),
        "DECIMALS": own["decimals"] or (str(len(value.partition(".")[2])) if is_number else ""),
        "SHOWN": own["decimals"] or "-",
        "OBS_STATUS": status,
        "STATUS": own["status"],
        "PERIOD": "" if is_plain else figure.period,
        "PRINTED": "" if is_number else value,
        **{name.upper(): own[name] for name in ATTRIBUTES},
    }


def _about(period: str) -> str:
    """Return the year, or month, in which a period ends that SDMX says otherwise; ours stands in PERIOD."""
    found = periods.parse(period)
    if found.end is None:
        return "_Z"
    year, month = found.end
    return f"{year:04}-{month:02}"


def _unit(text: str) -> tuple[str, int]:
    """Return a unit without its multiplier, and the power of ten of that."""
    for name, factor in sorted(units.MULTIPLIERS.items(), key=lambda item: -len(item[0])):
        rest = text.removeprefix(name)
        if name and rest and rest != text and str(factor).rstrip("0") == "1" and _is_scaled(text, rest, factor):
            return rest, len(str(factor)) - 1
    return text, 0


def _is_scaled(text: str, rest: str, factor: Any) -> bool:
    try:
        whole, part = units.find(text), units.find(rest)
    except Unreadable:
        return False
    same = (whole.dimension, whole.counter) == (part.dimension, part.counter)
    return same and whole.factor == part.factor * factor


def _numbered(rows: Sequence[dict[str, str]], names: Sequence[str]) -> None:
    """Number rows that no dimension tells apart: printings of one figure."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in names)
        seen[key] = seen.get(key, 0) + 1
        row["PRINTING"] = str(seen[key])


def structure(
    names: Sequence[str], lists: Mapping[str, Mapping[str, str]], dataset: Dataset, lang: Lang | str
) -> bytes:
    """Return the structure message of components in order: SDMX-ML 2.1."""
    import sdmx
    from sdmx.message import StructureMessage
    from sdmx.model import common, v21

    agency: dict[str, Any] = {
        "maintainer": common.Agency(id=AGENCY), "version": VERSION, "is_final": False, "is_external_reference": False,
    }  # fmt: skip
    title, called = dataset.manifest.title or dataset.name, _own(dataset)
    message = StructureMessage()
    concepts = common.ConceptScheme(id="CS_FIGURES", name={str(lang): title}, **agency)
    own = v21.DataStructureDefinition(id=OWN, name={str(lang): title}, **agency)
    order = 0
    for name in names:
        given: dict[str, Any] = {"id": name, "concept_identity": concepts.setdefault(id=name, name=_says(name, called))}
        if name in lists:
            codes = common.Codelist(id=f"CL_{name}", name=_says(name, called), **agency)
            codes.setdefault(id="_Z", name={"en": "not applicable", "zh": "不适用"})
            for text, code in lists[name].items():
                codes.setdefault(id=code, name={"zh": text})
            message.add(codes)
            given["local_representation"] = common.Representation(enumerated=codes)
        if name == "OBS_VALUE":
            own.measures.append(v21.PrimaryMeasure(**given))
        elif name == "TIME_PERIOD":
            order += 1
            own.dimensions.append(common.TimeDimension(order=order, **given))
        elif name == "PRINTING" or (name in lists and name != "UNIT_MEASURE"):
            order += 1
            own.dimensions.append(common.Dimension(order=order, **given))
        else:
            own.attributes.append(common.DataAttribute(related_to=v21.PrimaryMeasureRelationship(), **given))
    message.add(concepts)
    message.add(own)
    return bytes(sdmx.to_xml(message, pretty_print=True))


def _says(name: str, called: Mapping[str, str]) -> dict[str, str]:
    """Return what a component is called: dimensions of a dataset as they are there."""
    return {"zh": called[name]} if name in called else {"en": name.replace("_", " ").capitalize()}
