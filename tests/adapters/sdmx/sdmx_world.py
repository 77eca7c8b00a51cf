"""Data of an office in SDMX, with their structure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sdmx
from sdmx.message import StructureMessage
from sdmx.model import common, v21

Call = Callable[..., tuple[int, str, str]]

#: Codes of a structure as an office has them: id → (name, parent).
AREAS = {"CN": ("China", ""), "CN-AH": ("Anhui", "CN"), "CN-ZJ": ("Zhejiang", "CN")}
INDICATORS = {
    "GDP": ("Gross domestic product", ""), "A": ("Agriculture", "GDP"), "I": ("Industry", "GDP"),
    "S": ("Services", "GDP"), "POP": ("Population", ""), "URB": ("Urban", "POP"), "MEN": ("Men", "POP"),
}  # fmt: skip
DATA = """DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS,CONF_STATUS
O:NA(1.0),A,CN,GDP,2023,1294271.7,CNY,8,A,F
O:NA(1.0),A,CN,A,2023,89169.1,CNY,8,A,F
O:NA(1.0),A,CN,I,2023,475936.1,CNY,8,A,F
O:NA(1.0),A,CN,S,2023,729166.5,CNY,8,A,F
O:NA(1.0),A,CN-AH,GDP,2023-Q1,11000.0,CNY,8,P,F
O:NA(1.0),A,CN-ZJ,GDP,2023-01-01/P9M,,CNY,8,M,F
O:NA(1.0),A,CN,POP,2023,140967,PS,4,A,F
O:NA(1.0),A,CN,URB,2023,93267,PS,4,A,F
O:NA(1.0),A,CN,MEN,2023,72032,PS,4,A,F
"""


def structure(
    path: Path,
    *,
    indicator: str = "INDICATOR",
    areas: dict[str, tuple[str, str]] = AREAS,
    indicators: dict[str, tuple[str, str]] = INDICATORS,
    more: tuple[str, ...] = (),
    attributes: tuple[str, ...] = ("UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "CONF_STATUS", "DECIMALS"),
    hierarchy: dict[str, tuple[str, ...]] | None = None,
) -> Path:
    """Write the structure message of DATA: with ``more`` dimensions, other attributes, a hierarchy of indicators."""
    own: dict[str, Any] = {
        "maintainer": common.Agency(id="O"), "version": "1.0", "is_final": False, "is_external_reference": False,
    }  # fmt: skip
    message = StructureMessage()
    concepts = common.ConceptScheme(id="CS", **own)
    made = v21.DataStructureDefinition(id="NA", name={"en": "National accounts", "zh": "国民核算"}, **own)

    def codes(name: str, listed: dict[str, tuple[str, str]]) -> common.Codelist:
        found = common.Codelist(id=name, **own)
        for code, (text, parent) in listed.items():
            child = found.setdefault(id=code, name={"en": text})
            if parent:
                found[parent].append_child(child)
        message.add(found)
        return found

    lists = {
        "FREQ": codes("CL_FREQ", {"A": ("Annual", "")}), "REF_AREA": codes("CL_AREA", areas),
        indicator: codes("CL_ACTIVITY", indicators),
        "UNIT_MEASURE": codes("CL_UNIT", {"CNY": ("元", ""), "PS": ("人", "")}),
    }  # fmt: skip
    for order, name in enumerate(["FREQ", "REF_AREA", indicator, *more, "TIME_PERIOD"], 1):
        given: dict[str, Any] = {"id": name, "order": order, "concept_identity": concepts.setdefault(id=name)}
        if name in lists:
            given["local_representation"] = common.Representation(enumerated=lists[name])
        made.dimensions.append((common.TimeDimension if name == "TIME_PERIOD" else common.Dimension)(**given))
    made.measures.append(v21.PrimaryMeasure(id="OBS_VALUE", concept_identity=concepts.setdefault(id="OBS_VALUE")))
    for name in attributes:
        given = {"id": name, "concept_identity": concepts.setdefault(id=name)}
        if name in lists:
            given["local_representation"] = common.Representation(enumerated=lists[name])
        made.attributes.append(common.DataAttribute(related_to=v21.PrimaryMeasureRelationship(), **given))
    message.add(concepts)
    message.add(made)
    for above, below in (hierarchy or {}).items():
        top = common.HierarchicalCode(id=above, code=lists[indicator][above])
        top.child += [common.HierarchicalCode(id=code, code=lists[indicator][code], parent=top) for code in below]
        listed = v21.HierarchicalCodelist(id="HCL", **own)
        listed.hierarchy.append(v21.Hierarchy(id="BY_ACTIVITY", name={"en": "By activity"}, codes={above: top}))
        message.add(listed)
    path.write_bytes(sdmx.to_xml(message, pretty_print=True))
    return path


def run(heshu: Call, folder: Path, data: str, *arguments: str, **given: Any) -> tuple[int, str, str]:
    """Import data into ``out`` and return what the command did; ``given`` is the structure's."""
    (folder / "na.csv").write_text(data, "utf-8")
    made = structure(folder / "structure.xml", **given)
    out = folder / "out"
    return heshu("import", "sdmx", str(folder / "na.csv"), "--structure", str(made), "-o", str(out), *arguments)


def imported(heshu: Call, folder: Path, data: str, *arguments: str, **given: Any) -> Path:
    """Import data and return the folder of the dataset."""
    code, said, err = run(heshu, folder, data, *arguments, **given)
    assert (code, err) == (0, ""), said + err
    return folder / "out"


def rows(folder: Path) -> list[str]:
    return (folder / "figures.csv").read_text("utf-8").splitlines()
