"""Files that are broken, cut short, hostile, or not what their names say: one clear error each."""

from __future__ import annotations

import gzip
import io
import os
import struct
import sys
import threading
from pathlib import Path
from subprocess import run
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packings import PAGE, Refused, child, linux, zipped

from heshu import tables
from heshu.errors import InputError
from heshu.tables import Dialect, html, jsonl, source


@linux
def test_a_line_without_an_end_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": "') + gzip.compress(b"x" * (1 << 20)) * 900)
    assert child("", path, 1 << 27) == "table.long_line\n"


@linux
@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "<tr>" + "<td colspan=1000>1" * 3000,
        "<table>" + "<tr><td colspan=1000>1" * 3000,
        "<table>" + "<tr>" + "<td rowspan=65534 colspan=1000>1" * 100 + "<tr><td>" * 60_000,
        "<table><td>1" * 100_000,
        "<table><tr><td>1" + "<p style='text-indent:1em'>" * 100_000,
        "<table><tr><td>1" + "<p hidden>" * 100_000,
        "<table><tr><td>1" + "<!--" * 200_000,
        "<table><tr><td>1" + "<![CDATA[>" * 100_000,
        "<table><tr><td>1" + "<a x='" * 100_000,
        "<table><tr><td>1" + "<a x=\"'>" * 100_000,
        "<table><tr><td>1" + "<" * 200_000,
        "<table><tr><td>1" + "<script" * 100_000,
        "<table><tr><td>1" + "<script>" * 100_000,
        "<table><tr><td>1" + "</" * 200_000,
        "<table><tr><td " + "= " * 200_000,
        "<table><tr><td " + "a" * 200_000,
        "<table><tr><td style='" + ";" * 200_000 + "'>",
        "<table><tr><td>1" + "&" * 200_000,
        "<table><tr><td>1" + "<sup>1" * 100_000,
        "<table><tr><td>1" + "<sup>1</sup>" * 100_000,
        "<table><td>" * 100_000,
        "<table>" * 100_000,
    ],
    ids=range(22),
)  # fmt: skip
def test_a_hostile_page_ends_in_bounded_memory(tmp_path: Path, page: str) -> None:
    """Work that grew with the square of its size would not end while anybody waits."""
    path = tmp_path / "a.html"
    path.write_text(page, "utf-8")
    said = child("", path).strip()
    assert said in ("table.too_many_cells", "table.no_table") or int(said) > 0


@linux
def test_a_small_table_of_many_cells_is_refused(tmp_path: Path) -> None:
    """Encoded in runs, 30 million rows are a few kilobytes; so is a long text that stands in every row."""
    rows = 30_000_000
    pq.write_table(pa.table({"a": pa.nulls(rows, pa.int64())}), tmp_path / "a.parquet")
    assert child("", tmp_path / "a.parquet") == "table.too_many_cells\n"
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int8()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"a": texts}), tmp_path / "b.parquet", compression="zstd")
    assert (tmp_path / "b.parquet").stat().st_size < 1 << 21
    assert child("", tmp_path / "b.parquet") == "100001\n"


@linux
@pytest.mark.parametrize("is_stream", [False, True])
def test_an_arrow_bomb_is_not_unpacked(tmp_path: Path, is_stream: bool) -> None:
    """A few kilobytes say that they are 300 MB; a dictionary, that it has so much text."""
    path, options = tmp_path / "a.arrow", pa.ipc.IpcWriteOptions(compression="zstd")
    zeros = pa.Array.from_buffers(pa.int64(), 40_000_000, [None, pa.py_buffer(bytes(320_000_000))])
    words = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.array(["x" * 320_000_000]))
    for column, key in ((zeros, "table.too_many_cells"), (words, "table.too_large")):
        with (pa.ipc.new_stream if is_stream else pa.ipc.new_file)(
            path, pa.schema([("a", column.type)]), options=options
        ) as writer:
            writer.write_batch(pa.record_batch([column], names=["a"]))
        assert path.stat().st_size < 1 << 17
        assert child("source.MAX_BYTES = 1 << 27", path, 1 << 27) == f"{key}\n"


def table() -> pa.Table:
    return pa.table({"地区": ["浙江", "安徽"] * 50, "value": [15.0, 2.5] * 50, "n": list(range(100))})


def parquet_bytes(**options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table(), buffer, row_group_size=40, **options)
    return buffer.getvalue()


def arrow_bytes(compression: str | None, *, is_stream: bool = False) -> bytes:
    buffer = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    begin = pa.ipc.new_stream if is_stream else pa.ipc.new_file
    with begin(buffer, table().schema, options=options) as writer:
        writer.write_table(table(), max_chunksize=40)
    return buffer.getvalue()


BINARY = {
    "a.parquet": parquet_bytes(),
    "b.parquet": parquet_bytes(compression="zstd", use_dictionary=False, write_page_checksum=True),
    "a.arrow": arrow_bytes(None),
    "b.arrow": arrow_bytes("lz4"),
    "c.arrow": arrow_bytes("zstd", is_stream=True),
}


@pytest.mark.parametrize("name", BINARY)
def test_a_file_of_records_that_is_cut_short(key_of: Refused, name: str) -> None:
    data = BINARY[name]
    for size in (len(data) - 1, len(data) - 9, len(data) * 2 // 3, len(data) // 3, 8):
        if name == "c.arrow" and size == len(data) - 1:
            continue  # only the mark of the end is missing, which a stream may lack
        assert key_of(name, data[:size]) == "table.broken", size
    assert key_of(name, data[:3]) == "table.broken_format"
    assert key_of(name, b"") == "table.empty"


@pytest.mark.parametrize("name", BINARY)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(edits=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=5))
def test_broken_bytes_never_crash(tmp_path: Path, name: str, edits: list[tuple[float, int]]) -> None:
    """What is changed may still be a table; anything else is an error of ours."""
    data = bytearray(BINARY[name])
    for where, flip in edits:
        data[int(where * len(data))] ^= flip
    (tmp_path / name).write_bytes(bytes(data))
    try:
        sheets = tables.read(tmp_path / name, name)
    except InputError:
        return
    assert all(isinstance(text, str) for row in sheets[0].rows for text in row)


def test_a_page_checksum_is_looked_at(key_of: Refused) -> None:
    data = bytearray(parquet_bytes(compression="none", use_dictionary=False, write_page_checksum=True))
    data[data.index(struct.pack("<dd", 15.0, 2.5))] ^= 1
    assert key_of("a.parquet", bytes(data)) == "table.broken"


def test_an_encrypted_parquet_file(key_of: Refused) -> None:
    assert key_of("a.parquet", b"PARE" + BINARY["a.parquet"][4:-4] + b"PARE") == "table.encrypted"


def test_files_that_are_something_else(key_of: Refused) -> None:
    assert key_of("a.parquet", BINARY["a.arrow"]) == "table.other_format"
    assert key_of("a.arrow", BINARY["a.parquet"]) == "table.other_format"
    assert key_of("a.jsonl", BINARY["a.parquet"]) == "table.other_format"
    assert key_of("a.jsonl", PAGE) == "table.other_format"
    assert key_of("a.html", b"%PDF-1.7") == "table.other_format"
    assert key_of("a.parquet", b"indicator,value\n") == "table.broken_format"
    assert key_of("a.feather", b"FEA1....FEA1") == "table.broken_format"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "table.empty"), (b" \n", "table.empty"), (b"<p>1</p>", "table.no_table"), (b"text", "table.no_table"),
        (b"<table></table>", "table.no_table"), (b"<table><td>&nbsp;<tr></table>", "table.no_table"),
        (b"<table hidden><td>1</table>", "table.no_table"), (b"<table><td>\0", "table.nul"),
        (b"<meta charset=utf-8><table>\n<td>\xb2\xfa\xd6\xb5", "table.encoding"),
        (b"<table><td>\xff\xff", "table.encoding"),
        (b"<meta charset=unicode_escape><table><td>1", "table.codec"), (b"<meta charset=rot13>", "table.codec"),
    ],
)  # fmt: skip
def test_a_page_that_has_no_table(key_of: Refused, data: bytes, key: str) -> None:
    assert key_of("a.html", data) == key


def test_a_long_page_is_refused(key_of: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_PAGE", len(PAGE) - 1)
    assert key_of("a.html", PAGE) == "table.too_large"


def test_many_cells_are_refused(key_of: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_CELLS", 5)
    assert key_of("a.parquet", BINARY["a.parquet"]) == "table.too_many_cells"
    assert key_of("c.arrow", BINARY["c.arrow"]) == "table.too_many_cells"
    assert key_of("a.jsonl", b'{"a": 1, "b": 2}\n' * 3) == "table.too_many_cells"
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    assert key_of("a.parquet", BINARY["a.parquet"]) == "table.too_large"


@pytest.mark.parametrize("name", ["a.html", "a.html.gz", "a.html.zip", "a.jsonl", "a.parquet", "c.arrow"])
def test_a_pipe_is_read_once(tmp_path: Path, name: str) -> None:
    content = {"a.html": PAGE, "a.html.gz": gzip.compress(PAGE), "a.html.zip": zipped(("a.html", PAGE))}
    data = (content | BINARY | {"a.jsonl": b'{"a": 1}\n'})[name]
    os.mkfifo(tmp_path / name)

    def write() -> None:
        with (tmp_path / name).open("wb", buffering=0) as pipe:
            pipe.write(data[:1])
            pipe.write(data[1:])

    writer = threading.Thread(target=write)
    writer.start()
    [sheet] = tables.read(tmp_path / name, name)
    writer.join()
    assert len(sheet.rows) in (1, 2, 101)


def test_devices_are_files() -> None:
    for form in ("html", "jsonl"):
        with pytest.raises(InputError) as caught:
            tables.read(Path("/dev/null"), "null", Dialect(format=form))
        assert caught.value.key == "table.empty"
    with pytest.raises(InputError) as caught:
        tables.read(Path("/dev/zero"), "zero", Dialect(format="jsonl"))
    assert caught.value.key == "table.long_line"
    assert jsonl.MAX_LINE < source.MAX_BYTES


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "loop.html").symlink_to("loop.html")
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "gone.html").symlink_to("nowhere")
    names = {
        "loop.html": "input.unreadable", "folder.html": "input.folder", "gone.html": "input.missing",
        "none.html": "input.missing", "a\0b.html": "input.path", "x" * 300 + ".html": "input.unreadable",
    }  # fmt: skip
    for name, key in names.items():
        with pytest.raises(InputError) as caught:
            tables.read(tmp_path / name, name)
        assert (caught.value.key, caught.value.place.path) == (key, name)
        assert caught.value.fields.get("reason", "x")


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    (tmp_path / "a.html").chmod(0o000)
    # Root may read everything, so the child drops its rights; it stands in the folder already and names it relatively.
    code = (
        "import os, pathlib\n"
        "from heshu import tables\n"
        "from heshu.errors import InputError\n"
        "if os.geteuid() == 0:\n    os.chmod('.', 0o755)\n    os.setuid(65534)\n"
        "try: tables.read(pathlib.Path('a.html'), 'a.html')\n"
        "except InputError as error: print(error.place, error.key, error.fields)\n"
    )
    done = run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "a.html input.unreadable {'what': 'table', 'reason': 'Permission denied'}\n", done.stderr


@linux
def test_a_file_that_breaks_while_it_is_read() -> None:
    """Not the file is broken then, but the reading of it."""
    with pytest.raises(InputError) as caught:
        tables.read(Path("/proc/self/mem"), "mem", Dialect(format="html"))
    assert caught.value.key == "input.unreadable"
