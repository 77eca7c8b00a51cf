"""What publishers do with SDMX: columns of their own, units as dimensions, breaks, attributes of whole series."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sdmx_world import AREAS, DATA, INDICATORS, imported, rows, run, structure

import heshu as library
from heshu.adapters.sdmx import times
from heshu.errors import Unreadable

Call = Callable[..., tuple[int, str, str]]

HEAD = "DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS"
GDP = "O:NA(1.0),A,CN,GDP,2023,100.0,CNY,8,A"


def codes(folder: Path) -> list[str]:
    """Return the codes of the findings on an imported dataset."""
    report = library.check(folder)
    assert report.all_errors == []
    return [finding.code for finding in report.findings]


def test_codes_of_one_name_are_told_apart(tmp_path: Path, heshu: Call) -> None:
    """Two places of one name are two places, whatever their figures."""
    data = f"{HEAD}\n{GDP}\n{GDP.replace('CN,', 'CN-AH,').replace('100.0', '7.0')}\n"
    out = imported(heshu, tmp_path, data, areas=AREAS | {"CN": ("Georgia", ""), "CN-AH": ("Georgia", "")})
    assert [line.split(",")[0] for line in rows(out)[1:]] == ["Georgia (CN)", "Georgia (CN-AH)"]
    assert codes(out) == []


def test_what_only_the_frequency_tells_apart_stays_apart(tmp_path: Path, heshu: Call) -> None:
    """FREQ is a dimension where only it tells observations apart, and else nothing."""
    other = GDP.replace(",A,CN", ",Q,CN").replace("100.0", "25.0")
    (tmp_path / "a").mkdir()
    made = structure(tmp_path / "a/s.xml")
    made.write_text(
        re.sub(r'(<str:Code id=")A(".*?</str:Code>)', r"\1A\2\1Q\2", made.read_text("utf-8"), count=1, flags=re.S)
    )
    (tmp_path / "na.csv").write_text(f"{HEAD}\n{GDP}\n{other}\n", "utf-8")
    arguments = ("--structure", str(made), "-o", str(tmp_path / "out"))
    assert heshu("import", "sdmx", str(tmp_path / "na.csv"), *arguments)[0] == 0
    assert "FREQ" in rows(tmp_path / "out")[0].split(",")
    assert codes(tmp_path / "out") == []


def test_units_that_are_dimensions_are_part_of_the_key(tmp_path: Path, heshu: Call) -> None:
    """As at the OECD: one observation in its own currency and in people."""
    data = f"{HEAD}\n{GDP}\n{GDP.replace('100.0,CNY,8', '70.0,PS,4')}\n"
    rest = ("UNIT_MULT", "OBS_STATUS")
    out = imported(heshu, tmp_path, data, more=("UNIT_MEASURE",), attributes=rest)
    assert rows(out)[0] == "area,indicator,period,value,unit,UNIT_MULT,status,unit_measure"
    assert codes(out) == []


@pytest.mark.parametrize(
    ("head", "row", "left"),
    [
        ("DATAFLOW,LAST UPDATE,FREQ,REF_AREA", "O:NA(1.0),2024-01-01,A,CN", "LAST UPDATE"),
        (
            "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Freq name,REF_AREA,Area",
            "dataflow,O:NA(1.0),Accounts,I,A,Annual,CN,China", "",
        ),
        ("STRUCTURE[;],STRUCTURE_ID,ACTION,FREQ,REF_AREA", "dataflow,O:NA(1.0),I,A,CN", ""),
        ("DATAFLOW;FREQ;REF_AREA", "O:NA(1.0);A;CN", ""),
    ],
)  # fmt: skip
def test_columns_of_others_are_left_out(tmp_path: Path, heshu: Call, head: str, row: str, left: str) -> None:
    rest, said = HEAD.partition("REF_AREA")[2], GDP.partition(",CN")[2]
    if ";" in row:
        rest, said = rest.replace(",", ";"), said.replace(",", ";")
    code, out, err = run(heshu, tmp_path, f"{head}{rest}\n{row}{said}\n", "--lang", "en")
    assert (code, err) == (0, "")
    assert rows(tmp_path / "out")[1] == "China,Gross domestic product,2023,100.0,元,8,A"
    assert re.findall("^left out: (.*)$", out, re.M) == ([left] if left else [])


def test_several_states_stand_in_one_cell(tmp_path: Path, heshu: Call) -> None:
    head = HEAD.replace("DATAFLOW", "STRUCTURE[;],STRUCTURE_ID").replace("OBS_STATUS", "OBS_STATUS[]")
    row = GDP.replace("O:NA", "dataflow,O:NA").replace(",8,A", ",8,B;P")
    out = imported(heshu, tmp_path, f"{head}\n{row}\n")
    assert rows(out)[1].endswith(",100.0,元,8,P")
    assert '{series: "Gross domestic product", at: "2023", effect: method' in (out / "rulebook.yaml").read_text("utf-8")


@pytest.mark.parametrize(("status", "found"), [("A", ["GRW001"]), ("B", [])])
def test_no_growth_is_judged_across_a_break(tmp_path: Path, heshu: Call, status: str, found: list[str]) -> None:
    after = GDP.replace("2023,100.0", "2024,200.0").replace(",8,A", f",8,{status}")
    out = imported(heshu, tmp_path, f"{HEAD}\n{GDP}\n{after}\n")
    # A growth rate that the levels on both sides deny.
    head, *levels = rows(out)
    growth = "China,Gross domestic product,2024,5.0,%,0,A,growth,yoy"
    lines = [f"{head},measure,comparison", *(f"{line},level," for line in levels), growth]
    (out / "figures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert codes(out) == found


#: A structure in SDMX-ML 3.0: parents in a code list, a hierarchy, attributes that belong to a measure.
VERSION_3 = Path(__file__).parent / "structure-3.0.xml"


def test_structures_of_version_3_are_read(tmp_path: Path, heshu: Call) -> None:
    head, *body = DATA.splitlines()
    lines = [head.replace("DATAFLOW", "STRUCTURE,STRUCTURE_ID,ACTION")]
    lines += [f"datastructure,{row.replace('O:NA(1.0)', 'O:NA(1.0.0),I')}" for row in body]
    (tmp_path / "na.csv").write_text("\n".join(lines) + "\n", "utf-8")
    out = tmp_path / "out"
    arguments = ("--structure", str(VERSION_3), "-o", str(out), "--lang", "en")
    code, said, err = heshu("import", "sdmx", str(tmp_path / "na.csv"), *arguments)
    assert (code, err) == (0, ""), err
    # The library's notes of what it cannot read are no output of ours.
    assert said.splitlines()[0].endswith(
        "classifications from code lists: 1 kept, 1 do not add up on the data and stand in comments"
    )
    assert rows(out)[1] == "China,Gross domestic product,2023,1294271.7,元,8,A"
    text = (out / "rulebook.yaml").read_text("utf-8")
    assert "parts: [Agriculture, Industry, Services]" in text
    assert "Population = Urban, Men" in text


FLAT = {code: (name, "") for code, (name, _) in INDICATORS.items()}


@pytest.mark.parametrize("indicators", [FLAT, INDICATORS])
def test_hierarchies_beside_code_lists_are_classifications(
    tmp_path: Path, heshu: Call, indicators: dict[str, tuple[str, str]]
) -> None:
    out = imported(heshu, tmp_path, DATA, indicators=indicators, hierarchy={"GDP": ("A", "I", "S")})
    text = (out / "rulebook.yaml").read_text("utf-8")
    # One that repeats what the code list says is declared once.
    assert text.count("parts: [Agriculture, Industry, Services]") == 1
    assert ("BY_ACTIVITY" in text) is (indicators is FLAT)
    (out / "figures.csv").write_text((out / "figures.csv").read_text("utf-8").replace("475936.1", "475963.1"), "utf-8")
    assert "SUM001" in codes(out)


ROW_OF_SERIES = "O:NA(1.0),A,CN,GDP,,,CNY,8,"


@pytest.mark.parametrize("partial", [ROW_OF_SERIES, "O:NA(1.0),,CN,,,,CNY,8,", "O:NA(1.0),,,,,,CNY,8,"])
def test_attributes_of_a_series_are_those_of_its_observations(tmp_path: Path, heshu: Call, partial: str) -> None:
    out = imported(heshu, tmp_path, f"{HEAD}\nO:NA(1.0),A,CN,GDP,2023,100.0,,,A\n{partial}\n")
    assert rows(out)[1:] == ["China,Gross domestic product,2023,100.0,元,8,A"]


def test_what_is_nearer_goes_first(tmp_path: Path, heshu: Call) -> None:
    data = f"{HEAD}\nO:NA(1.0),,,,,,PS,4,\n{ROW_OF_SERIES}\nO:NA(1.0),A,CN,GDP,2023,100.0,,6,A\n"
    assert rows(imported(heshu, tmp_path, data))[1:] == ["China,Gross domestic product,2023,100.0,元,6,A"]


def test_what_has_no_value_and_what_is_taken_back_is_told(tmp_path: Path, heshu: Call) -> None:
    head = HEAD.replace("DATAFLOW", "STRUCTURE,STRUCTURE_ID,ACTION")
    row = GDP.replace("O:NA(1.0)", "dataflow,O:NA(1.0),I")
    data = [head, row, row.replace("2023", "2022").replace(",8,A", ",8,M"), row.replace(",I,A,", ",D,A,")]
    code, out, _ = run(heshu, tmp_path, "\n".join(data) + "\n", "--lang", "en")
    assert (code, "left out: OBS_VALUE × 1 (OBS_STATUS H, J, L, M, O, Q), ACTION D × 1" in out) == (0, True), out
    assert rows(tmp_path / "out")[2].startswith("China,Gross domestic product,2022,,")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",8,A", ",-2,A", "na.csv:3  UNIT_MULT cannot be -2"),
        ("100.0", "1.2E4", "na.csv:3  not a number: 1.2E4 — scientific notation"),
        ("100.0", "INF", "na.csv:3  not a number: INF"),
        ("100.0", "0x10", "na.csv:3  not a number: 0x10"),
        ("100.0", ":", "na.csv:3  not a number: :"),
        ("2023", "2023-13", "na.csv:3  not a period: 2023-13 — there is no month 13"),
        ("2023", "", "na.csv:3  not a period"),
        (",A,CN,GDP,2023", ",W,CN,GDP,2023-10-02", "na.csv:3  "),
        ("O:NA(1.0)", "O:OTHER(1.0)", "na.csv:3  the file has data of two structures: O:NA(1.0), O:OTHER(1.0)"),
    ],
)  # fmt: skip
def test_faults_have_the_place_in_the_file_of_the_publisher(
    tmp_path: Path, heshu: Call, old: str, new: str, said: str
) -> None:
    data = f"{HEAD}\n{GDP.replace('2023', '2021')}\n{GDP.replace(old, new)}\n"
    code, _, err = run(heshu, tmp_path, data, "--lang", "en")
    assert (code, said in err, (tmp_path / "out").exists()) == (2, True, False), err


def test_a_component_has_one_column(tmp_path: Path, heshu: Call) -> None:
    data = f"{HEAD},UNIT_MULT\n{GDP},6\n"
    code, _, err = run(heshu, tmp_path, data, "--lang", "en")
    assert (code, "na.csv:1  the component UNIT_MULT has two columns" in err) == (2, True), err


def test_data_of_another_structure_are_refused(tmp_path: Path, heshu: Call) -> None:
    head = HEAD.replace("DATAFLOW", "STRUCTURE,STRUCTURE_ID")
    code, _, err = run(heshu, tmp_path, f"{head}\n{GDP.replace('O:NA', 'datastructure,O:OTHER')}\n", "--lang", "en")
    assert (code, "the data are of the structure O:OTHER(1.0), the structure message is of NA" in err) == (2, True), err


@pytest.mark.parametrize(
    ("text", "starts", "expected"),
    [
        ("2023", "--04-01", "2023"), ("2023-A1", "", "2023"), ("2023-A1", "--04-01", "2023-04/2024-03"),
        ("2023-S2", "--01-01", "2023-S2"), ("2023-T3", "", "2023-09/2023-12"), ("2023-Q4", "--07-01", "2024-Q2"),
        ("2023-M10", "--04-01", "2024-01"), ("2023-M10", "", "2023-10"), ("2023-10", "--04-01", "2023-10"),
        ("2023-D032", "", "2023-02-01"), ("2024-D366", "", "2024-12-31"), ("2023-10-05", "", "2023-10-05"),
        ("2023-10-05T00:00:00", "", "2023-10-05"), ("2023-01-01/P1Y", "", "2023"),
        ("2023-01/P10M", "", "2023-01/2023-10"), ("2023-04-01T00:00:00/P1Y2M", "", "2023-04/2024-05"),
    ],
)  # fmt: skip
def test_periods_are_those_of_the_standard(text: str, starts: str, expected: str) -> None:
    assert times.period(text, starts) == expected


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("2023-W07", ""), ("2023-D366", ""), ("2023-D000", ""), ("2023-10-05T08:00:00", ""), ("2023-01/P", ""),
        ("2023-01/P0M", ""), ("2023-13-01/P1M", ""), ("2023-10-05/P3D", ""), ("2023-Q5", ""), ("2023-Q5", "--07-01"),
        ("2023-Q1", "--04-06"), ("2023-A1", "04-01"), ("0000-D001", ""), ("0000-01/P3M", ""), ("2023-D032", "--07-01"),
        ("2023Z", ""), ("", ""),
    ],
)  # fmt: skip
def test_periods_that_cannot_be_said_are_refused(text: str, starts: str) -> None:
    with pytest.raises(Unreadable):
        times.period(text, starts)
