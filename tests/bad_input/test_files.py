"""Files that are compressed, broken, cut short, hostile, or not what their names say: one clear error each."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heshu import tables, wording
from heshu.errors import InputError
from heshu.messages import Lang
from heshu.tables import Dialect, html, jsonl, source
from heshu.tables.sheet import Sheet

PAGE = b"<table><tr><td>\xe4\xba\xa7\xe5\x80\xbc<td>1</table>"
ROWS = [["产值", "1"]]


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd,
    ".zip": lambda data: zipped(("a.html", data)),
}
every_packing = pytest.mark.parametrize("suffix", PACK)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Sheet]]:
    def run_(name: str, data: bytes, **dialect: Any) -> list[Sheet]:
        (tmp_path / name).write_bytes(data)
        return tables.read(tmp_path / name, name, Dialect(**dialect))

    return run_


@pytest.fixture
def refused(read: Callable[..., list[Sheet]]) -> Callable[..., str]:
    """Return ``key`` of the error of a file; it can be said in both languages."""

    def run_(name: str, data: bytes, **dialect: Any) -> str:
        with pytest.raises(InputError) as caught:
            read(name, data, **dialect)
        for lang in Lang:
            assert "{" not in wording.error(caught.value, lang)
        return caught.value.key

    return run_


Read = Callable[..., list[Sheet]]
Refused = Callable[..., str]


@every_packing
def test_a_compressed_file_is_read(read: Read, suffix: str) -> None:
    assert read(f"a.html{suffix}", PACK[suffix](PAGE))[0].rows == ROWS
    assert read(f"a{suffix.upper()}", PACK[suffix](PAGE), format="html")[0].rows == ROWS


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_members_follow_each_other(read: Read, suffix: str) -> None:
    pack = PACK[suffix]
    assert read(f"a.html{suffix}", pack(PAGE[:20]) + pack(b"") + pack(PAGE[20:]))[0].rows == ROWS
    if suffix != ".zst":
        assert read(f"a.html{suffix}", pack(PAGE) + b"\0" * 100_000)[0].rows == ROWS


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_what_follows_and_is_no_member_is_an_error(refused: Refused, suffix: str) -> None:
    """The standard library would pass it over, and a table may be cut in two there."""
    for rest in (b"rest", b"\0\0\0\0rest", b"rest" * 50_000):
        assert refused(f"a.html{suffix}", PACK[suffix](PAGE) + rest) == "table.broken"


@every_packing
def test_a_compressed_file_that_is_cut_short(refused: Refused, suffix: str) -> None:
    data = PACK[suffix](PAGE * 1000)
    for size in (len(data) - 1, len(data) - 8, len(data) // 2, 12):
        assert refused(f"a.html{suffix}", data[:size]) == "table.broken", size


@every_packing
def test_a_compressed_file_with_a_flipped_bit(refused: Refused, suffix: str) -> None:
    data = bytearray(PACK[suffix](os.urandom(5000)))
    data[len(data) // 2] ^= 16
    # Zstandard has a checksum only if asked for: here the bytes are stored, and seem to be none of a page.
    # This format carries no check of its content unless asked to; what comes out is then no text, or damaged.
    damaged = {"table.encoding", "table.nul", "table.mojibake"} if suffix == ".zst" else set()
    expected = {"table.broken", *damaged}
    assert refused(f"a.html{suffix}", bytes(data)) in expected


@every_packing
def test_a_name_and_its_content_differ(refused: Refused, suffix: str) -> None:
    assert refused(f"a.html{suffix}", PAGE) == "table.not_compressed"
    assert refused(f"a.html{suffix}", b"") == "table.not_compressed"
    other = ".gz" if suffix != ".gz" else ".xz"
    assert refused(f"a.html{suffix}", PACK[other](PAGE)) == "table.other_format"
    assert refused("a.html", PACK[suffix](PAGE)) == ("table.other_format" if suffix == ".zip" else "table.compressed")


@every_packing
def test_compressed_twice(refused: Refused, suffix: str) -> None:
    once = PACK[suffix](PAGE)
    if suffix == ".zip":
        assert refused("a.zip", zipped(("a.zip", once))) == "table.compressed_twice"
        assert refused("a.zip", zipped(("a.html", gzip.compress(PAGE)))) == "table.compressed_twice"
    else:
        assert refused(f"a.html{suffix}{suffix}", PACK[suffix](once)) == "table.compressed_twice"
        assert refused(f"a.html{suffix}", PACK[suffix](once)) == "table.compressed_twice"


def test_text_may_begin_as_a_compressed_file_does(read: Read) -> None:
    assert read("a.html", b"BZh<table><td>a<td>1</table>")[0].rows == [["a", "1"]]


def test_an_archive_holds_one_table(read: Read, refused: Refused) -> None:
    assert refused("a.zip", zipped()) == "table.archive"
    assert refused("a.zip", zipped(("x/", b""))) == "table.archive"
    assert refused("a.zip", zipped(("a.html", PAGE), ("b.html", PAGE))) == "table.archive"
    litter = (("__MACOSX/._a.html", b"\0\5\x16\7"), ("x/.DS_Store", b"\0"))
    assert read("a.zip", zipped(("x/", b""), *litter, ("x/a.HTML", PAGE)))[0].rows == ROWS
    assert read("a.html.zip", zipped(("data", PAGE), method=zipfile.ZIP_STORED))[0].rows == ROWS
    assert refused("a.zip", zipped(("a.html", PAGE), method=zipfile.ZIP_LZMA)) == "table.archive_method"
    assert refused("a.zip", zipped(("a.html", PAGE), method=zipfile.ZIP_BZIP2)) == "table.archive_method"


def edited(data: bytes, offset: int, form: str, value: int) -> bytes:
    """Return an archive with a field of its one entry changed, in the central directory and the local header."""
    changed = bytearray(data)
    struct.pack_into(form, changed, data.index(b"PK\1\2") + offset, value)
    struct.pack_into(form, changed, offset - 2, value)  # a local header lacks the version of the writer
    return bytes(changed)


def test_an_archive_with_a_password(refused: Refused) -> None:
    assert refused("a.zip", edited(zipped(("a.html", PAGE)), 8, "<H", 1)) == "table.encrypted"


@pytest.mark.parametrize("size", [len(PAGE) - 1, len(PAGE) + 1, 0, 2**32 - 2])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_that_lies_about_sizes(refused: Refused, method: int, size: int) -> None:
    assert refused("a.zip", edited(zipped(("a.html", PAGE), method=method), 24, "<I", size)) == "table.broken"


@every_packing
def test_a_bomb_is_not_unpacked(refused: Refused, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 1 << 20)
    assert refused(f"a.html{suffix}", PACK[suffix](PAGE + b" " * (1 << 20))) == "table.too_large"


def child(code: str, path: Path, limit: int = 1 << 29) -> str:
    """Return what a child process says that may take so much address space more than it has at first."""
    code = (
        "import pathlib, resource, sys\n"
        "import pyarrow as pa, pyarrow.parquet, numpy\n"
        "from heshu import tables\n"
        "from heshu.errors import InputError\n"
        "from heshu.tables import arrow, html, jsonl, source\n"
        "pa.set_cpu_count(1); pa.set_io_thread_count(1)\n"
        "own = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (own + {limit}, own + {limit}))\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"{code}\n"
        "try: print(len(tables.read(path, path.name)[0].rows))\n"
        "except InputError as error: print(error.key)\n"
    )
    # Arrow's own allocator takes a gigabyte of addresses, and no memory, as soon as it is used.
    env = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"}
    done = run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False, env=env)
    return done.stdout + done.stderr


linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are Linux's")


@linux
@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst", ".zip"])
def test_a_bomb_does_not_fill_the_memory(tmp_path: Path, suffix: str) -> None:
    """A page of 600 MB of blanks; a reader that asked for all of it would not get it."""
    path, blanks = tmp_path / f"a.html{suffix}", b" " * (1 << 20)
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.html", "w") as entry:
            for _ in range(600):
                entry.write(blanks)
    else:
        path.write_bytes(PACK[suffix](blanks) * 600)
    assert child("html.MAX_PAGE = 1 << 26; source.MAX_BYTES = 1 << 25", path, 1 << 28) == "table.too_large\n"
    assert child("", path, 1 << 28) == "table.too_large\n"


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
def test_a_file_of_records_that_is_cut_short(refused: Refused, name: str) -> None:
    data = BINARY[name]
    for size in (len(data) - 1, len(data) - 9, len(data) * 2 // 3, len(data) // 3, 8):
        if name == "c.arrow" and size == len(data) - 1:
            continue  # only the mark of the end is missing, which a stream may lack
        assert refused(name, data[:size]) == "table.broken", size
    assert refused(name, data[:3]) == "table.broken_format"
    assert refused(name, b"") == "table.empty"


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


def test_a_page_checksum_is_looked_at(refused: Refused) -> None:
    data = bytearray(parquet_bytes(compression="none", use_dictionary=False, write_page_checksum=True))
    data[data.index(struct.pack("<dd", 15.0, 2.5))] ^= 1
    assert refused("a.parquet", bytes(data)) == "table.broken"


def test_an_encrypted_parquet_file(refused: Refused) -> None:
    assert refused("a.parquet", b"PARE" + BINARY["a.parquet"][4:-4] + b"PARE") == "table.encrypted"


def test_files_that_are_something_else(refused: Refused) -> None:
    assert refused("a.parquet", BINARY["a.arrow"]) == "table.other_format"
    assert refused("a.arrow", BINARY["a.parquet"]) == "table.other_format"
    assert refused("a.jsonl", BINARY["a.parquet"]) == "table.other_format"
    assert refused("a.jsonl", PAGE) == "table.other_format"
    assert refused("a.html", b"%PDF-1.7") == "table.other_format"
    assert refused("a.parquet", b"indicator,value\n") == "table.broken_format"
    assert refused("a.feather", b"FEA1....FEA1") == "table.broken_format"


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
def test_a_page_that_has_no_table(refused: Refused, data: bytes, key: str) -> None:
    assert refused("a.html", data) == key


def test_a_long_page_is_refused(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_PAGE", len(PAGE) - 1)
    assert refused("a.html", PAGE) == "table.too_large"


def test_many_cells_are_refused(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_CELLS", 5)
    assert refused("a.parquet", BINARY["a.parquet"]) == "table.too_many_cells"
    assert refused("c.arrow", BINARY["c.arrow"]) == "table.too_many_cells"
    assert refused("a.jsonl", b'{"a": 1, "b": 2}\n' * 3) == "table.too_many_cells"
    monkeypatch.setattr(source, "MAX_BYTES", 100)
    assert refused("a.parquet", BINARY["a.parquet"]) == "table.too_large"


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


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), suffix=st.sampled_from(sorted(PACK)), cut=st.integers(0, 30))
def test_no_compressed_file_is_read_in_part(tmp_path: Path, data: bytes, suffix: str, cut: int) -> None:
    """Either every byte of it is there, or there is an error."""
    whole = PACK[suffix](data)
    (tmp_path / f"a.html{suffix}").write_bytes(whole[: len(whole) - cut])
    found: bytes | None = None
    try:
        opened = source.opened(tmp_path / f"a.html{suffix}", "a")
        with opened.stream:
            found = opened.read()
    except InputError as error:
        is_twice = error.key == "table.compressed_twice"
    assert found == data or (found is None and (cut or is_twice))
