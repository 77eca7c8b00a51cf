"""Files as streams of bytes: opened once, decompressed, bounded, known by what they begin with."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from heshu.errors import InputError, Place

#: More than this is not read: a table of 10⁷ figures is smaller, a decompression bomb larger.
MAX_BYTES = 1 << 30

#: Bytes looked at to tell what a file is.
HEAD = 4096

#: What a file begins with → what it is. PKWARE appnote; RFC 1952, 8878; ECMA-376; Apache Parquet and Arrow.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow stream"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "pdf"),
)

_SUFFIXES = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
_BROKEN = (EOFError, zlib.error, lzma.LZMAError, OSError, zipfile.BadZipFile)


def seen(head: bytes) -> str:
    """Return what a file that begins with ``head`` is, "" if nothing binary that we know."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


@dataclass(slots=True)
class Source:
    """An opened file.

    ``suffix`` is that of the content: ``.csv`` of ``a.csv.gz``. ``stream`` gives it decompressed and raises
    :class:`InputError` where it is broken or longer than :data:`MAX_BYTES`; ``head`` is how it begins.
    """

    path: Path
    shown: str
    suffix: str
    stream: io.BufferedReader[Any]
    head: bytes
    is_compressed: bool

    @property
    def place(self) -> Place:
        """The file."""
        return Place(self.shown)

    def read(self) -> bytes:
        """Return all of the content."""
        return self.stream.read()

    def seekable(self) -> BinaryIO:
        """Return the content as a file one can seek in; a plain file is not read into memory for it."""
        if self.is_compressed or not self.path.is_file():
            return io.BytesIO(self.read())
        return self.path.open("rb")


def opened(path: Path, shown: str) -> Source:
    """Open a file.

    :raises InputError: if there is no such file, it may not be read, or its compression is broken.
    """
    place = Place(shown)
    try:
        raw = path.open("rb")
    except FileNotFoundError:
        raise InputError("input.missing", place, what="table") from None
    except IsADirectoryError:
        raise InputError("input.folder", place, what="table") from None
    except OSError as error:
        raise InputError("input.unreadable", place, what="table", reason=error.strerror or "") from None
    except ValueError:
        raise InputError("input.path", place, what="table") from None
    kind = seen(raw.peek(8)[:8])
    suffix = path.suffix.lower()
    is_archive = kind == "zip" and suffix == ".zip"
    is_compressed = is_archive or kind in _SUFFIXES.values()
    if suffix in (*_SUFFIXES, ".zip"):
        if not is_compressed:
            raise InputError("table.not_compressed", place, suffix=suffix)
        suffix = Path(path.stem).suffix.lower()
    if is_archive:
        inner, suffix = _only_member(raw, place)
    else:
        inner = _decompressed(raw, kind, place)
    stream = io.BufferedReader(_Bounded(inner, place), HEAD * 16)
    return Source(path, shown, suffix, stream, stream.peek(HEAD)[:HEAD], is_compressed)


def _decompressed(raw: io.BufferedReader, kind: str, place: Place) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if kind == "bzip2":
        return bz2.BZ2File(raw)
    if kind == "xz":
        return lzma.LZMAFile(raw)
    if kind == "zstd":
        import pyarrow as pa

        return cast("IO[bytes]", pa.CompressedInputStream(pa.PythonFile(raw), "zstd"))
    return raw


def _only_member(raw: io.BufferedReader, place: Place) -> tuple[IO[bytes], str]:
    """Return the one file of an archive and its suffix."""
    try:
        archive = zipfile.ZipFile(raw)
        names = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(names) != 1:
            raise InputError("table.archive", place, count=len(names))
        if names[0].flag_bits & 1:
            raise InputError("table.encrypted", place)
        return archive.open(names[0]), Path(names[0].filename).suffix.lower()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError("table.broken", place, reason=str(error)) from None


class _Bounded(io.RawIOBase):
    """A stream that says where it is broken, in our words, and ends before it fills the memory."""

    def __init__(self, inner: IO[bytes], place: Place) -> None:
        self._inner, self._place, self._left = inner, place, MAX_BYTES

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._inner.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed has a wider buffer
        try:
            data = self._inner.read(len(buffer))
        except _BROKEN as error:
            raise InputError("table.broken", self._place, reason=" ".join(str(error).split())) from None
        self._left -= len(data)
        if self._left < 0:
            raise InputError("table.too_large", self._place, limit=f"{MAX_BYTES >> 20} MiB")
        buffer[: len(data)] = data
        return len(data)
