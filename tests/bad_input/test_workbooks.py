"""Workbooks that are broken, protected, something else, or meant to harm: one error, its place, little memory."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from heshu import tables, wording
from heshu.errors import InputError
from heshu.messages import Lang
from heshu.tables import Dialect, package
from heshu.tables.sheet import Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"

CUT = "t.xlsx  the file is broken or cut short"

Parts = dict[str, str | bytes]
Write = Callable[..., Path]


def relations(*found: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(found)
    )
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def worksheet(rows: str, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', after: str = "", state: str = "") -> Parts:
    """Return the parts of a workbook of one sheet; tests change them."""
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="表" sheetId="1" {state} r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "/xl/styles.xml")
        ),
        SHEET: worksheet(rows, after),
        STRINGS: f'<sst xmlns="{MAIN}"><si><t>甲</t></si></sst>',
        STYLES: f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
    }


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def run(data: Parts | bytes, name: str = "t.xlsx") -> Path:
        if isinstance(data, bytes):
            Path(name).write_bytes(data)
        else:
            with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
                for part, content in data.items():
                    archive.writestr(part, content)
        return Path(name)

    return run


def load(path: Path, sheet: str | int | None = None) -> list[Sheet]:
    return tables.read(path, path.name, Dialect(sheet=sheet))


def refused(path: Path, sheet: str | int | None = None) -> str:
    """Return what is said of a workbook in English, after saying it in Chinese."""
    with pytest.raises(InputError) as caught:
        load(path, sheet)
    chinese, english = wording.error(caught.value, Lang.ZH), wording.error(caught.value, Lang.EN)
    assert not re.search(r"\{[a-z_]+\}|\n", chinese + english)
    return f"{caught.value.place}  {english}"


def packed(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return out.getvalue()


def test_the_workbook_that_these_tests_change_is_in_order(write: Write) -> None:
    [sheet] = load(write(workbook()))
    assert (sheet.name, sheet.rows, sheet.lines) == ("表", [["1"]], [1])


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls"])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "this is no xlsx: the file does not begin like one"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "this is no xlsx"),
        (b"<html><table><tr><td>1</table>", "this is html, not xlsx — give the file the extension of what it is"),
        ("\ufeff <html>".encode(), "this is html, not xlsx"),
        (b"%PDF-1.7", "this is pdf, not xlsx"),
        (b"PK\3\4" + bytes(60), "the file is broken or cut short: File is not a zip file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
            "this is a workbook of the old binary format — open it and",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes((1 << 20) - 20) + "EncryptedPackage".encode("utf-16-le"),
            "the file is protected by a password — save it without one",
        ),
    ],
)
def test_files_that_are_something_else(write: Write, name: str, data: bytes, said: str) -> None:
    assert refused(write(data, name)).startswith(f"{name}  {said}")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short(write: Write, part: float) -> None:
    data = packed(workbook())
    assert "is broken or cut short" in refused(write(data[: int(len(data) * part)]))


def test_a_bit_that_flipped(write: Write) -> None:
    data = bytearray(packed({SHEET: workbook()[SHEET]} | workbook()))
    data[30 + len(SHEET) + 20] ^= 0x55
    assert refused(write(bytes(data))).startswith(f"{CUT}: {SHEET}")


@pytest.mark.parametrize(
    "parts",
    [
        {"a.txt": "a"},
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"},
        {"_rels/.rels": relations(("officeDocument", "word/document.xml")), "word/document.xml": "<document/>"},
        {"_rels/.rels": relations(("officeDocument", "xl/workbook.bin")), "xl/workbook.bin": b"\x83\x01"},
        {"_rels/.rels": relations(("officeDocument", "xl/workbook.xml"))},
    ],
)
def test_archives_without_a_workbook(write: Write, parts: Parts) -> None:
    assert refused(write(parts)) == "t.xlsx  the archive holds no workbook — save the table as .xlsx"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/hostname">'


@pytest.mark.parametrize(
    "part", ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, STRINGS, STYLES]
)
@pytest.mark.parametrize("declared", [BOMB, OUTSIDE, "<!DOCTYPE x>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_part(write: Write, part: str, declared: str, encoding: str) -> None:
    parts = workbook()
    parts[part] = f"{declared}{parts[part]}".encode(encoding)
    assert refused(write(parts)).startswith(f"t.xlsx  {part} declares a document type, which no workbook may")


def xml(*changes: tuple[str, str | bytes | None]) -> Parts:
    parts = workbook()
    for name, content in changes:
        if content is None:
            del parts[name]
        else:
            parts[name] = content
    return parts


ROW = '<row r="2"><c r="B2" t="s"><v>{}</v></c></row>'


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (xml((SHEET, worksheet('<row r="1"><c r="A1"><v>1</v></row>'))), f"{CUT}: {SHEET}:1:"),
        (xml((SHEET, b"<worksheet>\n\xff\xfe</worksheet>")), f"{CUT}: {SHEET}:2:1"),
        (xml((SHEET, b"<worksheet>")), f"{CUT}: {SHEET}:1:12"),
        (xml((SHEET, b"")), f"{CUT}: {SHEET}"),
        (xml((SHEET, b'<?xml version="1.0" encoding="no-such"?><a/>')), f"{CUT}: {SHEET}"),
        (xml((SHEET, worksheet("<row><c><v>&x;</v></c></row>"))), f"{CUT}: {SHEET}"),
        (xml((STYLES, "<styleSheet>")), f"{CUT}: {STYLES}"),
        (xml((SHEET, None)), f"t.xlsx  the workbook refers to {SHEET}, which the file does not hold — fetch"),
        (xml((STRINGS, None)), f"t.xlsx  the workbook refers to {STRINGS}, which the file does not hold"),
        (workbook(ROW.format(1)), "t.xlsx:表!B2  the workbook has no shared text 1"),
        (workbook(ROW.format("-1")), "t.xlsx:表!B2  the workbook has no shared text -1"),
        (workbook('<row r="2"><c r="B2" s="7"><v>1</v></c></row>'), "t.xlsx:表!B2  the workbook has no cell format 7"),
        (workbook('<row r="2"><c r="B2" s="x"><v>1</v></c></row>'), "t.xlsx:表!B2  the workbook has no cell format"),
        (workbook('<row r="2"><c r="B2"><v>1,5</v></c></row>'), "t.xlsx:表!B2  the cell is stored as a number, but is"),
        (workbook('<row r="2"><c r="B2"><v>1E999</v></c></row>'), "t.xlsx:表!B2  the cell is stored as"),
        (workbook(f'<row r="2"><c r="B2"><v>{"1" * 5000}</v></c></row>'), "t.xlsx:表!B2  the cell is stored as"),
        (workbook('<row r="2"><c r="B3"><v>1</v></c></row>'), "t.xlsx:表!2  no place for a cell or row here: B3"),
        (workbook('<row r="2"><c r="XFE2"><v>1</v></c></row>'), "t.xlsx:表!2  no place for a cell or row here: XFE"),
        (workbook('<row r="2"><c r="B2"/><c r="A2"/></row>'), "t.xlsx:表!2  no place for a cell or row here: A2"),
        (workbook('<row r="2"/><row r="2"/>'), "t.xlsx:表!  no place for a cell or row here: 2"),
        (workbook('<row r="1048577"/>'), "t.xlsx:表!  no place for a cell or row here: 1048577"),
        (workbook('<row r="1"><row r="2"/></row>'), "t.xlsx:表!  表 is not built like a worksheet"),
        (workbook('<row r="1"><c r="A1"><c r="B1"/></c></row>'), "t.xlsx:表!  表 is not built like a worksheet"),
        (workbook(after="<a>" * 300 + "</a>" * 300), "t.xlsx:表!  表 is not built like a worksheet"),
        (workbook(after='<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="C2:D5"/></mergeCells>'),
         "t.xlsx:表!C2  the merged areas A1:C2 and C2:D5 overlap — unmerge one of them"),
        (workbook(after='<mergeCells><mergeCell ref="A1:ZZZZ9"/></mergeCells>'), "t.xlsx:表!  no place for a cell or"),
        (workbook(f'<row r="2"><c r="B2" t="str"><v>{"x" * 100_001}</v></c></row>'),
         "t.xlsx:表!B2  a cell of this record is longer than 100000 characters"),
        (workbook(state='state="veryHidden"'), "t.xlsx  there is no cell with anything in it — hidden worksheets are"),
        (workbook('<row r="1"><c r="A1"/></row>'), "t.xlsx  there is no cell with anything in it"),
        (xml((STRINGS, f"<sst><si><t>{'x' * 100_001}</t></si></sst>")), "t.xlsx  a cell of this record is longer than"),
        (workbook() | {"../../etc/x": "x"}, "t.xlsx  the archive holds a file that would be put outside"),
        (workbook() | {"XL/worksheets/SHEET1.xml": "x"}, "t.xlsx  the archive holds XL/worksheets/SHEET1.xml twice"),
        (workbook('<row r="2"><c r="B2"><f>1+1</f></c></row>'), "t.xlsx:表!B2  formulas without a stored result: 1"),
        (workbook('<row r="2"><c r="B2"><f>1+1</f><v></v></c></row>'), "t.xlsx:表!B2  formulas without a stored"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named(write: Write, parts: Parts, said: str) -> None:
    assert refused(write(parts)).startswith(said)


def test_a_zero_that_nobody_calculated(write: Write) -> None:
    parts = workbook('<row r="1"><c r="A1"><f>B1</f><v>0</v></c></row>')
    assert load(write(parts))[0].rows == [["0"]]
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(
        "</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>'
    )
    assert "without a stored result" in refused(write(parts))


def test_what_programs_write_that_need_not_be_refused(write: Write) -> None:
    rows = (
        '<x:row r="1" spans="1:3"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c t="str"><x:f>"a"</x:f><x:v></x:v></x:c>'
        '<x:c r="C1" t="inlineStr"><x:is><x:r><x:t>东</x:t></x:r>'
        '<x:rPh sb="0" eb="1"><x:t>ひがし</x:t></x:rPh></x:is></x:c>'
        '<x:c t="d"><x:v>2020-10-31T00:00:00</x:v></x:c><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row><x:row/>'
        '<x:row><x:c><x:v>3</x:v></x:c></x:row>'
    )  # fmt: skip
    parts = workbook()
    parts[SHEET] = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'.encode("utf-16")
    parts["xl/vbaProject.bin"] = b"\0"
    parts["xl/externalLinks/externalLink1.xml"] = BOMB
    del parts[STYLES]
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("externalLink", "x.xml")
    )
    [sheet] = load(write({name.replace("/", "\\"): content for name, content in parts.items()}, "t.xlsm"))
    assert sheet.rows == [["甲", "", "东", "2020-10-31", "2"], ["3"]]
    assert sheet.lines == [1, 3]
    assert sheet.bare == {(0, 4), (1, 0)}


def test_formats_that_have_only_a_number_in_chinese_programs(write: Write) -> None:
    parts = workbook('<row r="1"><c r="A1" s="0"><v>44105</v></c></row>')
    parts[STYLES] = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="57"/></cellXfs></styleSheet>'
    assert load(write(parts))[0].rows == [["2020-10"]]


def test_an_archive_in_an_archive_is_not_opened(write: Write) -> None:
    inner = packed(workbook() | {"xl/embeddings/book.xlsx": packed({"a.zip": bytes(1 << 20)}), "a.zip": b"PK\3\4"})
    assert load(write({"t.xlsx": inner}, "t.zip"))[0].rows == [["1"]]


def crafted(entries: list[tuple[str, bytes, int, int]]) -> bytes:
    """Return an archive of entries (name, packed bytes, size that is said, offset of the header or -1)."""
    out, listed = bytearray(), bytearray()
    for name, data, size, at in entries:
        offset = at if at >= 0 else len(out)
        check = zlib.crc32(zlib.decompress(data, -15)) if data else 0
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, check, len(data), size, len(name), 0)
        if at < 0:
            out += b"PK\3\4" + common + name.encode() + data
        listed += b"PK\1\2\24\0" + common + bytes(10) + struct.pack("<I", offset) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, *[min(len(entries), 65_535)] * 2, len(listed), len(out), 0)
    return bytes(out + listed) + b"PK\5\6" + end


def deflated(data: bytes) -> bytes:
    made = zlib.compressobj(9, wbits=-15)
    return made.compress(data) + made.flush()


PARTS = [
    (name, deflated(str(content).encode()), len(str(content).encode()), -1) for name, content in workbook().items()
]


def test_a_part_that_unpacks_a_thousandfold(write: Write) -> None:
    bomb = deflated(bytes(200 << 20))
    parts = [each for each in PARTS if each[0] != SHEET]
    said = refused(write(crafted([*parts, (SHEET, bomb, 200 << 20, -1)])))
    assert said == f"t.xlsx  {SHEET} unpacks to more than 300 times its size: no table does"
    # Said to be small: what is beyond the size said is never unpacked.
    assert "is broken or cut short" in refused(write(crafted([*parts, (SHEET, bomb, 1000, -1)])))
    assert "is larger than 1024 MiB" in refused(write(crafted([*parts, (SHEET, bomb, 3 << 30, -1)])))


def test_a_size_that_lies(write: Write) -> None:
    parts = [each for each in PARTS if each[0] != SHEET]
    rows = str(workbook()[SHEET]).encode()
    assert "cut short" in refused(write(crafted([*parts, (SHEET, deflated(rows), len(rows) + 1000, -1)])))


def test_entries_that_overlap(write: Write) -> None:
    again = [*PARTS, ("xl/media/a.png", b"", 0, 5)]
    assert "overlaps what follows it in the archive" in refused(write(crafted(again)))


def test_an_entry_without_a_name(write: Write) -> None:
    assert load(write(crafted([*PARTS, ("", b"", 0, -1)])))[0].rows == [["1"]]


def test_a_protected_part(write: Write) -> None:
    data = bytearray(packed(workbook()))
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data[at + 8] |= 1
    assert refused(write(bytes(data))).endswith("  the file is protected by a password — save it without one")


def test_thousands_of_parts(write: Write) -> None:
    few = [(f"xl/media/{i}", b"\3\0", 0, -1) for i in range(package.MAX_PARTS)]
    assert refused(write(crafted([*PARTS, *few]))) == "t.xlsx  the archive lists more than 10000 files"
    many = [(f"{i}", b"\3\0", 0, -1) for i in range(100_000)]
    assert refused(write(crafted(many))) == "t.xlsx  the archive lists more than 10000 files"


def test_markup_that_never_ends(write: Write) -> None:
    parts = workbook()
    names = "".join(f"<a{i}/>" for i in range(20_000))
    for bad in (f'<worksheet a="{"x y " * 500_000}"/>', f"<worksheet><!--{'x ' * 1_000_000}--></worksheet>",
                f"<worksheet>{names}</worksheet>"):  # fmt: skip
        parts[SHEET] = bad
        assert refused(write(parts)).startswith(f"t.xlsx  {SHEET} is not built like a worksheet")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row r="{}" s="1" customFormat="1"/>', [["1"]]),
        ('<row r="{0}"><c r="B{0}" s="0"/></row>', [["1"]]),
    ],
)
def test_a_million_empty_rows(write: Write, rows: str, expected: list[list[str]]) -> None:
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    path = write(workbook(first + "".join(map(rows.format, range(2, 1_048_577)))))
    assert in_little_memory(path) == repr((expected, [1]))


def test_the_last_cell_of_a_sheet(write: Write) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    after = '<mergeCells><mergeCell ref="B1:XFD1048575"/><mergeCell ref="A2:A1048576"/></mergeCells>'
    assert in_little_memory(write(workbook(rows, after))) == repr(([["1"], [""] * 16_383 + ["2"]], [1, 1_048_576]))


def test_cells_far_to_the_right_are_counted_with_their_gaps(write: Write) -> None:
    rows = "".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 3000))
    assert in_little_memory(write(workbook(rows))) == "t.xlsx:表!: table.cells {'limit': 20000000}"


def test_merged_areas_without_end(write: Write) -> None:
    columns = [f"{a}{b}" for a in " ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    after = "".join(f'<mergeCell ref="{name.strip()}2:{name.strip()}1048576"/>' for name in columns)
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 20_000))
    assert in_little_memory(write(workbook(rows, f"<mergeCells>{after}</mergeCells>"))).startswith("([['1'], ['2']]")


def test_shared_texts_without_end(write: Write) -> None:
    parts = workbook()
    parts[STRINGS] = f"<sst><si><t>{'x' * (50 << 20)}</t></si></sst>"
    assert in_little_memory(write(parts)).startswith(f"t.xlsx: table.bomb {{'part': '{STRINGS}'")
    parts[STRINGS] = "<sst><si>" + "".join(f"<t>{i:x}</t>" for i in range(2_000_000)) + "</si></sst>"
    assert in_little_memory(write(parts)) == "t.xlsx: table.long_cell {'limit': 100000}"


def in_little_memory(path: Path) -> str:
    """Read a workbook in a process that may have 300 MiB more than it begins with; return what it prints."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "import openpyxl.styles.numbers\n"
        "from heshu.errors import InputError\n"
        "from heshu import tables\n"
        "from heshu.tables import xlsx\n"
        "size = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size + (300 << 20),) * 2)\n"
        "try: [sheet] = tables.read(Path(sys.argv[1]), sys.argv[1])\n"
        "except InputError as error: print(error)\n"
        "else: print((sheet.rows[:2], sheet.lines[:2]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path.name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.strip()
