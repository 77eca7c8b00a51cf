"""Compressed bytes unpacked in bounded steps: gzip, bzip2, xz, Zstandard, and archives of one file.

Conventions: RFC 1952 and the xz format allow several members one after another, and zeros as padding; RFC 8878;
ISO/IEC 21320-1 (what documents use of ZIP: stored or deflated, one password-free volume).
"""

from __future__ import annotations

import bz2
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO, Protocol, cast

from heshu.errors import InputError, Place

#: Compressed bytes read at a time.
_STEP = 1 << 16

#: What an xz file may ask for; ``xz -9`` needs 65 MiB.
_XZ_MEMORY = 1 << 28

#: What macOS puts beside every file that it packs.
_LITTER = ("__MACOSX/", ".DS_Store")

#: Raised by the libraries on broken bytes: each has its own, and none says so of all of them.
BROKEN = (
    EOFError, OSError, ValueError, OverflowError, RuntimeError, NotImplementedError,
    zlib.error, lzma.LZMAError, zipfile.BadZipFile,
)  # fmt: skip


class Readable(Protocol):
    """What unpacked bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none only at the end."""

    def close(self) -> None:
        """Let go of what is held, except the file given."""


def unpacked(raw: BinaryIO, kind: str) -> Readable:
    """Return the content of a compressed file."""
    if kind == "gzip":
        return _Members(raw, lambda: _Deflate(zlib.decompressobj(zlib.MAX_WBITS | 16)))
    if kind == "bzip2":
        return _Members(raw, bz2.BZ2Decompressor)
    if kind == "xz":
        return _Members(raw, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY))
    import pyarrow as pa

    return cast("Readable", pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"))


class _Decoder(Protocol):
    """The decompressors of bz2 and lzma."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Deflate:
    """zlib's decompressor with the manners of the others, which keep what they have not decoded yet."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return cast("bytes", self._inner.unused_data)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return cast("bytes", self._inner.decompress(self._inner.unconsumed_tail + data, max_length))


class _Members:
    """Members one after another. What follows them and is none is an error: the standard library passes it over."""

    def __init__(self, raw: BinaryIO, begin: Callable[[], _Decoder]) -> None:
        self._raw, self._begin, self._decoder = raw, begin, begin()

    def read(self, size: int, /) -> bytes:
        while True:
            data = b""
            if self._decoder.eof:
                data = self._rest()
                if not data:
                    return b""
                self._decoder = self._begin()
            elif self._decoder.needs_input:
                data = self._raw.read(_STEP)
            found = self._decoder.decompress(data, size)
            if found:
                return found
            if not data and not self._decoder.eof and self._decoder.needs_input:
                raise EOFError("the compressed file ends too early")

    def _rest(self) -> bytes:
        """Return how the next member begins, b"" at the end."""
        data = self._decoder.unused_data
        while not (data := data.lstrip(b"\0")):
            data = self._raw.read(_STEP)
            if not data:
                break
        return data

    def close(self) -> None:
        pass


class _Entry:
    """A file of an archive, which must be as long as the archive says."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        self._archive, self._left = archive, entry.file_size
        self._inner: IO[bytes] = archive.open(entry)

    def read(self, size: int, /) -> bytes:
        data = self._inner.read(size)
        self._left -= len(data)
        if not data and self._left:
            raise EOFError("the file in the archive ends too early")
        return data

    def close(self) -> None:
        self._inner.close()
        self._archive.close()


def only_entry(raw: BinaryIO, place: Place) -> tuple[Readable, str]:
    """Return the one file of an archive, and its name.

    :raises InputError: if there is not one, it has a password, or is compressed in a way that cannot be bounded.
    """
    try:
        archive = zipfile.ZipFile(raw)
    except BROKEN as error:
        raise InputError("table.broken", place, reason=" ".join(str(error).split())) from None
    try:
        entries = [
            entry
            for entry in archive.infolist()
            if not entry.is_dir() and not entry.filename.startswith(_LITTER) and not entry.filename.endswith(_LITTER)
        ]
        if len(entries) != 1:
            raise InputError("table.archive", place, count=len(entries))
        [entry] = entries
        if entry.flag_bits & 1:
            raise InputError("table.encrypted", place)
        # zipfile decodes bzip2 and LZMA without a bound on what comes out.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputError("table.archive_method", place, method=entry.compress_type)
        return _Entry(archive, entry), entry.filename
    except BROKEN as error:
        archive.close()
        raise InputError("table.broken", place, reason=" ".join(str(error).split())) from None
    except InputError:
        archive.close()
        raise
