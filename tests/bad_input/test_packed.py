"""Files that are compressed, or say that they are: one clear error each."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packings import PACK, PAGE, ROWS, Read, Refused, child, every_packing, linux, zipped

from heshu.errors import InputError
from heshu.tables import source


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
def test_what_follows_and_is_no_member_is_an_error(key_of: Refused, suffix: str) -> None:
    """The standard library would pass it over, and a table may be cut in two there."""
    for rest in (b"rest", b"\0\0\0\0rest", b"rest" * 50_000):
        assert key_of(f"a.html{suffix}", PACK[suffix](PAGE) + rest) == "table.broken"


@every_packing
def test_a_compressed_file_that_is_cut_short(key_of: Refused, suffix: str) -> None:
    data = PACK[suffix](PAGE * 1000)
    for size in (len(data) - 1, len(data) - 8, len(data) // 2, 12):
        assert key_of(f"a.html{suffix}", data[:size]) == "table.broken", size


@every_packing
def test_a_compressed_file_with_a_flipped_bit(key_of: Refused, suffix: str) -> None:
    data = bytearray(PACK[suffix](os.urandom(5000)))
    data[len(data) // 2] ^= 16
    # Zstandard has a checksum only if asked for: here the bytes are stored, and seem to be none of a page.
    # This format carries no check of its content unless asked to; what comes out is then no text, or damaged.
    damaged = {"table.encoding", "table.nul", "table.mojibake"} if suffix == ".zst" else set()
    expected = {"table.broken", *damaged}
    assert key_of(f"a.html{suffix}", bytes(data)) in expected


@every_packing
def test_a_name_and_its_content_differ(key_of: Refused, suffix: str) -> None:
    assert key_of(f"a.html{suffix}", PAGE) == "table.not_compressed"
    assert key_of(f"a.html{suffix}", b"") == "table.not_compressed"
    other = ".gz" if suffix != ".gz" else ".xz"
    assert key_of(f"a.html{suffix}", PACK[other](PAGE)) == "table.other_format"
    assert key_of("a.html", PACK[suffix](PAGE)) == ("table.other_format" if suffix == ".zip" else "table.compressed")


@every_packing
def test_compressed_twice(key_of: Refused, suffix: str) -> None:
    once = PACK[suffix](PAGE)
    if suffix == ".zip":
        assert key_of("a.zip", zipped(("a.zip", once))) == "table.compressed_twice"
        assert key_of("a.zip", zipped(("a.html", gzip.compress(PAGE)))) == "table.compressed_twice"
    else:
        assert key_of(f"a.html{suffix}{suffix}", PACK[suffix](once)) == "table.compressed_twice"
        assert key_of(f"a.html{suffix}", PACK[suffix](once)) == "table.compressed_twice"


def test_text_may_begin_as_a_compressed_file_does(read: Read) -> None:
    assert read("a.html", b"BZh<table><td>a<td>1</table>")[0].rows == [["a", "1"]]


def test_an_archive_holds_one_table(read: Read, key_of: Refused) -> None:
    assert key_of("a.zip", zipped()) == "table.archive"
    assert key_of("a.zip", zipped(("x/", b""))) == "table.archive"
    assert key_of("a.zip", zipped(("a.html", PAGE), ("b.html", PAGE))) == "table.archive"
    litter = (("__MACOSX/._a.html", b"\0\5\x16\7"), ("x/.DS_Store", b"\0"))
    assert read("a.zip", zipped(("x/", b""), *litter, ("x/a.HTML", PAGE)))[0].rows == ROWS
    assert read("a.html.zip", zipped(("data", PAGE), method=zipfile.ZIP_STORED))[0].rows == ROWS
    assert key_of("a.zip", zipped(("a.html", PAGE), method=zipfile.ZIP_LZMA)) == "table.archive_method"
    assert key_of("a.zip", zipped(("a.html", PAGE), method=zipfile.ZIP_BZIP2)) == "table.archive_method"


def edited(data: bytes, offset: int, form: str, value: int) -> bytes:
    """Return an archive with a field of its one entry changed, in the central directory and the local header."""
    changed = bytearray(data)
    struct.pack_into(form, changed, data.index(b"PK\1\2") + offset, value)
    struct.pack_into(form, changed, offset - 2, value)  # a local header lacks the version of the writer
    return bytes(changed)


def test_an_archive_with_a_password(key_of: Refused) -> None:
    assert key_of("a.zip", edited(zipped(("a.html", PAGE)), 8, "<H", 1)) == "table.encrypted"


@pytest.mark.parametrize("size", [len(PAGE) - 1, len(PAGE) + 1, 0, 2**32 - 2])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_that_lies_about_sizes(key_of: Refused, method: int, size: int) -> None:
    assert key_of("a.zip", edited(zipped(("a.html", PAGE), method=method), 24, "<I", size)) == "table.broken"


@every_packing
def test_a_bomb_is_not_unpacked(key_of: Refused, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 1 << 20)
    assert key_of(f"a.html{suffix}", PACK[suffix](PAGE + b" " * (1 << 20))) == "table.too_large"


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
