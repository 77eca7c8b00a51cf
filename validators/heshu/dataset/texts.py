"""Reading the texts that a manifest names."""

from __future__ import annotations

from pathlib import Path

from heshu.dataset.manifest import TextFile
from heshu.errors import InputError, Place
from heshu.tables.text import decode
from heshu.texts import Text, Texts

WHAT = "text"
#: Longest text in bytes, and most bytes of all texts of a dataset.
MAX_BYTES, MAX_TOTAL = 4 * 1024 * 1024, 64 * 1024 * 1024
#: Encodings that are found out.
FOUND_OUT = "UTF-8, GB 18030"


def read(folder: Path, files: tuple[TextFile, ...], errors: list[InputError]) -> Texts:
    """Return the texts of a dataset; what cannot be read is added to ``errors``."""
    found: list[Text] = []
    left = MAX_TOTAL
    for file in files:
        path = folder / file.path
        try:
            data = _bytes(path, folder, min(MAX_BYTES, left))
            found.append(Text(decode(data, file.encoding, str(path)), str(path), file.source))
            left -= len(data)
        except InputError as error:
            is_unread = error.key.startswith("table.") and error.key != "table.mojibake"
            errors.append(
                InputError("text.encoding", error.place, encoding=file.encoding or FOUND_OUT) if is_unread else error
            )
    return Texts(tuple(found))


def _bytes(path: Path, folder: Path, limit: int) -> bytes:
    """Return the bytes of a file in the folder of its dataset, wherever links lead.

    :raises InputError: if it is elsewhere, no file, too large, or cannot be read.
    """
    place = Place(str(path))
    try:
        if not path.exists():
            raise InputError("input.missing", place, what=WHAT)
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError("manifest.path", place, path=str(path))
        if not path.is_file():
            raise InputError("input.unreadable", place, what=WHAT, reason="not a file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InputError("input.unreadable", place, what=WHAT, reason=error.strerror or str(error)) from None
    except ValueError:
        raise InputError("input.path", place, what=WHAT) from None
    if len(data) > limit:
        raise InputError("document.too_large", place, what=WHAT, limit=limit)
    return data
