"""Files as streams of bytes: opened once, decompressed, bounded, known by what they begin with."""

from __future__ import annotations

import io
import re
import stat
from contextlib import ExitStack
from dataclasses import dataclass, field
from os import fstat
from pathlib import Path
from typing import Any, BinaryIO, cast

from heshu.errors import InputError, Place
from heshu.tables import packed

#: More than this is not read: a table of 10⁷ figures is smaller, a decompression bomb larger.
MAX_BYTES = 1 << 30

#: More cells than this are not held (at 8 bytes each, and more for each row): a small file can ask for any number.
MAX_CELLS = 1 << 28

#: Bytes looked at to tell what a file is.
HEAD = 4096

#: What a file begins with → what it is. PKWARE appnote; RFC 1952, 8878; ECMA-376; Apache Parquet and Arrow.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),  # its footer is encrypted
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow stream"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "pdf"),
)

#: What a bzip2 stream goes on with after BZh and a digit: a block, or the end. BZh alone may be text.
_BZIP2 = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")

#: What stands in a DuckDB file after a checksum of eight bytes, and before the version of its format, which has zeros.
_DUCKDB = re.compile(rb".{8}DUCK.{2}\0{6}", re.DOTALL)

_SUFFIXES = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}


def seen(head: bytes) -> str:
    """Return what a file that begins with ``head`` is, "" if nothing binary that we know."""
    if head.startswith(b"BZh") and head[4:10] in _BZIP2:
        return "bzip2"
    if _DUCKDB.match(head):
        return "duckdb"
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


@dataclass(slots=True)
class Source:
    """An opened file.

    ``suffix`` is that of the content: ``.csv`` of ``a.csv.gz``. ``stream`` gives it decompressed and raises
    :class:`InputError` where it is broken or longer than :data:`MAX_BYTES`; ``head`` is how it begins. Closing the
    stream closes the file.
    """

    path: Path
    shown: str
    suffix: str
    stream: io.BufferedReader[Any]
    head: bytes
    is_compressed: bool
    _file: BinaryIO = field(repr=False)

    @property
    def place(self) -> Place:
        """The file."""
        return Place(self.shown)

    def read(self) -> bytes:
        """Return all of the content."""
        return self.stream.read()

    def seekable(self) -> BinaryIO:
        """Return the content as a file one can seek in, instead of ``stream``.

        A plain file is not read into memory for it; it is closed with the stream.
        """
        status = fstat(self._file.fileno())
        if self.is_compressed or not stat.S_ISREG(status.st_mode):
            return io.BytesIO(self.read())
        if status.st_size > MAX_BYTES:
            raise too_large(self.place)
        self._file.seek(0)
        return self._file


def opened(path: Path, shown: str) -> Source:
    """Open a file.

    :raises InputError: if there is no such file, it may not be read, or it is not compressed as its name says.
    """
    place = Place(shown)
    with ExitStack() as held:
        file = held.enter_context(_file(path, place))
        raw = _Stream(file, place, is_packed=False)
        stream = io.BufferedReader(raw, HEAD * 16)
        head, suffix = stream.peek(HEAD)[:HEAD], path.suffix.lower()
        _check_name(suffix, seen(head), place)
        if is_compressed := suffix in _SUFFIXES:
            inner, name = _unpacked(file, stream, _SUFFIXES[suffix], place)
            held.callback(inner.close)
            raw = _Stream(inner, place, is_packed=True)
            stream = io.BufferedReader(raw, HEAD * 16)
            head = stream.peek(HEAD)[:HEAD]
            suffix = Path(name or path.stem).suffix.lower() or Path(path.stem).suffix.lower()
            # A workbook is a zip by itself.
            if suffix in _SUFFIXES or seen(head) in {*_SUFFIXES.values()} - {"zip"}:
                raise InputError("table.compressed_twice", place)
        raw.held = held.pop_all()
        return Source(path, shown, suffix, stream, head, is_compressed, file)
    raise AssertionError("an ExitStack that holds no handler swallows nothing")


def _file(path: Path, place: Place) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError("input.missing", place, what="table") from None
    except IsADirectoryError:
        raise InputError("input.folder", place, what="table") from None
    except OSError as error:
        raise InputError("input.unreadable", place, what="table", reason=error.strerror or "") from None
    except ValueError:
        raise InputError("input.path", place, what="table") from None


def _check_name(suffix: str, is_what: str, place: Place) -> None:
    """Raise if a name says that the file is compressed and it is not, or the other way round."""
    packings = {packing: name for name, packing in _SUFFIXES.items()}
    if suffix in _SUFFIXES:
        if is_what not in packings:
            raise InputError("table.not_compressed", place, suffix=suffix)
        if is_what != _SUFFIXES[suffix]:
            raise InputError("table.other_format", place, is_what=is_what, form=_SUFFIXES[suffix])
    elif is_what in packings and is_what != "zip":
        raise InputError("table.compressed", place, is_what=is_what, suffix=packings[is_what])


def _unpacked(
    file: BinaryIO, stream: io.BufferedReader[Any], packing: str, place: Place
) -> tuple[packed.Readable, str]:
    """Return the content of a compressed file, and its name if that stands in there."""
    if packing != "zip":
        return packed.unpacked(cast("BinaryIO", stream), packing), ""
    return packed.only_entry(file if file.seekable() else io.BytesIO(stream.read()), place)


def too_large(place: Place, limit: int | None = None) -> InputError:
    """Return the error for more than is read."""
    return InputError("table.too_large", place, limit=f"{(limit or MAX_BYTES) >> 20} MiB")


class _Stream(io.RawIOBase):
    """A stream that says where it is broken, in our words, and ends before it fills the memory."""

    def __init__(self, inner: packed.Readable, place: Place, *, is_packed: bool) -> None:
        self._inner, self._place, self._is_packed, self._left = inner, place, is_packed, MAX_BYTES
        self.held = ExitStack()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed has a wider buffer
        filled = 0
        try:
            while filled < len(buffer) and (data := self._inner.read(len(buffer) - filled)):
                buffer[filled : filled + len(data)] = data
                filled += len(data)
        except packed.BROKEN as error:
            reason = " ".join(str(error).split())
            if self._is_packed:
                raise InputError("table.broken", self._place, reason=reason) from None
            reason = getattr(error, "strerror", "") or reason
            raise InputError("input.unreadable", self._place, what="table", reason=reason) from None
        self._left -= filled
        if self._left < 0:
            raise too_large(self._place)
        return filled

    def close(self) -> None:
        super().close()
        self.held.close()
