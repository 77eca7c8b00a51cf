"""Office packages: ZIP archives of XML parts (ECMA-376 Part 2), opened without trust.

Nothing is unpacked to disk and no external target is followed. What an archive may do to a reader is bounded before
and while it is read: entries that overlap or share a name, sizes that lie, text that unpacks a thousandfold, and
XML with a document type (entities that expand, files that are fetched), which ECMA-376 Part 2 forbids.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import IO, Any, BinaryIO, cast
from urllib.parse import unquote
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, property_interning_dict

from defusedxml.common import DTDForbidden
from defusedxml.expatreader import DefusedExpatParser

from heshu.errors import InputError, Place
from heshu.tables.source import MAX_BYTES

#: A workbook of a thousand sheets with drawings has some thousand parts.
MAX_PARTS = 10_000

#: Bytes that are read at once: the list of 10 000 parts is shorter, and is all that is read so.
MAX_DIRECTORY = 4 << 20

#: DEFLATE reaches 1032 : 1. Rows of nothing but zeros come to about 50 : 1.
MAX_RATIO = 300

#: A part of this size unpacks in a moment, whatever its ratio.
SMALL = 16 << 20

#: Elements in elements: worksheets have some ten levels.
MAX_DEPTH = 256

#: Bytes of one piece of markup; what is longer is read again and again while it is incomplete.
MAX_MARKUP = 1 << 20

#: Different names of elements and attributes: ECMA-376 Part 1 has some hundred for worksheets.
MAX_NAMES = 10_000

_CHUNK = 1 << 16
# NotImplementedError is a RuntimeError.
_BROKEN = (EOFError, OSError, ValueError, LookupError, RuntimeError, zipfile.BadZipFile, zlib.error)


class Part(ContentHandler):
    """What is done with the XML of a part. Namespaces are not looked at: prefixes are cut off by :func:`local`."""

    depth = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  # the name is xml.sax's
        """Count the level; subclasses that override it must, too."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SAXException("depth")
        self.start(local(name), attrs)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Count the level."""
        self.depth -= 1
        self.end(local(name))

    def start(self, name: str, attrs: Any) -> None:
        """Begin an element."""

    def end(self, name: str) -> None:
        """End an element."""


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def attributes(attrs: Any) -> dict[str, str]:
    """Return the attributes of an element by their names without prefixes."""
    return {local(name): value for name, value in attrs.items()}


class _Parser(DefusedExpatParser):
    """Hands elements on as expat gives them, attributes as a plain dict: up to a third less time."""

    def __init__(self, part: Part) -> None:
        super().__init__(forbid_dtd=True)
        self.setContentHandler(part)
        self.start_element = part.startElement  # type: ignore[method-assign]
        self.end_element = part.endElement  # type: ignore[method-assign]
        self.character_data = part.characters  # type: ignore[method-assign, assignment]


class _Window(io.RawIOBase):
    """A file of which only little can be read at once: a list of entries without end is no list of entries."""

    def __init__(self, file: BinaryIO, place: Place) -> None:
        self._file, self._place = file, place

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise InputError("table.parts", self._place, limit=MAX_PARTS)
        return self._file.read(MAX_DIRECTORY if size is None or size < 0 else size)


class Package:
    """An opened package.

    :raises InputError: from every method, if the file is broken or means harm.
    """

    def __init__(self, file: BinaryIO, place: Place) -> None:
        self.place, self._left = place, MAX_BYTES
        try:
            self._archive = zipfile.ZipFile(cast("IO[bytes]", _Window(file, place)))
        except _BROKEN as error:
            raise self.broken(error) from None
        self._entries = self._checked()

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        """Return the parts by name; those of one name, ignoring case, are the same part (Part 2, §6.3.5)."""
        entries = [entry for entry in self._archive.infolist() if not entry.filename.endswith("/")]
        if len(entries) > MAX_PARTS:
            raise InputError("table.parts", self.place, limit=MAX_PARTS)
        names: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.filename.replace("\\", "/").lstrip("/")
            if ".." in name.split("/"):
                raise InputError("table.part_name", self.place, part=entry.filename[:80])
            if names.setdefault(name.lower(), entry) is not entry:
                raise InputError("table.part_twice", self.place, part=name[:80])
        entries.sort(key=lambda entry: entry.header_offset)
        # A local header has 30 bytes and the name (PKWARE appnote, 4.3.7).
        ends = (each.header_offset + 30 + len(each.orig_filename) + each.compress_size for each in entries)
        starts = (*(each.header_offset for each in entries[1:]), self._archive.start_dir)
        for entry, end, start in zip(entries, ends, starts, strict=True):
            if end > start:
                raise InputError("table.overlap", self.place, part=entry.filename[:80])
        return names

    def broken(self, reason: object, part: str = "") -> InputError:
        """Return the error about a file that cannot be read."""
        text = " ".join(str(reason).split())[:200] or type(reason).__name__
        return InputError("table.broken", self.place, reason=f"{part}: {text}" if part else text)

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lower() in self._entries

    def _open(self, part: str) -> IO[bytes]:
        entry = self._entries.get(part.lower())
        if entry is None:
            raise InputError("table.part_missing", self.place, part=part[:80])
        if entry.flag_bits & 1:
            raise InputError("table.encrypted", self.place)
        if entry.file_size > self._left:
            raise InputError("table.too_large", self.place, limit=f"{MAX_BYTES >> 20} MiB")
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * entry.compress_size:
            raise InputError("table.bomb", self.place, part=part[:80], ratio=MAX_RATIO)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.broken(f"compression method {entry.compress_type}", part)
        return self._archive.open(entry)

    def parse(self, part: str, handler: Part) -> None:
        """Read the XML of a part from its beginning to its end."""
        # The names of elements and attributes, each once: the parser keeps them for as long as it lives.
        names: dict[str, str] = {}
        parser = _Parser(handler)
        parser.setProperty(property_interning_dict, names)
        waiting, position, length = 0, (0, 0), 0
        try:
            with self._open(part) as stream:
                # A parser that was fed nothing does not miss anything at the end.
                parser.feed(b"")
                while chunk := stream.read(_CHUNK):
                    self._left -= len(chunk)
                    length += len(chunk)
                    parser.feed(chunk)
                    now = parser.getLineNumber(), parser.getColumnNumber() or 0
                    waiting, position = waiting + len(chunk) if now == position else 0, now
                    if waiting > MAX_MARKUP or len(names) > MAX_NAMES:
                        raise InputError("table.markup", self.place, part=part[:80])
                parser.close()
            if length != self._entries[part.lower()].file_size:
                raise self.broken("not of the size that is said", part)
        except DTDForbidden:
            raise InputError("table.doctype", self.place, part=part[:80]) from None
        except SAXParseException as error:
            where = f"{part}:{error.getLineNumber()}:{(error.getColumnNumber() or 0) + 1}"
            raise self.broken(error.getMessage(), where) from None
        except SAXException:
            raise InputError("table.markup", self.place, part=part[:80]) from None
        except _BROKEN as error:
            raise self.broken(error, part) from None

    def targets(self, part: str = "") -> dict[str, tuple[str, str]]:
        """Return what a part, or the package, relates to: id → (last word of the type, part). Part 2, §6.5.

        What lies outside of the package is left out.
        """
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        handler = _Relations(folder)
        if self.has(relations):
            self.parse(relations, handler)
        return handler.targets


class _Relations(Part):
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attrs: Any) -> None:
        found = attributes(attrs)
        if name == "Relationship" and found.get("TargetMode") != "External":
            target = posixpath.join("/", self._folder, unquote(found.get("Target", "")))
            kind = found.get("Type", "").rpartition("/")[2]
            self.targets[found.get("Id", "")] = kind, posixpath.normpath(target).lstrip("/")
