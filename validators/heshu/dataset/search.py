"""Finding datasets: a path to a file, to a dataset's folder, or to a folder with datasets somewhere below."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from heshu.dataset import manifest as manifests
from heshu.errors import InputError, Place


def find(path: Path, errors: list[InputError]) -> list[Path]:
    """Return the datasets at ``path``: a CSV file, a folder with a manifest, or all such folders below it.

    Hidden folders are left out, and links to folders are not followed, so that no circle of links is walked. A folder
    below that cannot be listed is added to ``errors``, and the search goes on beside it.

    :raises InputError: if there is nothing there.
    """
    place = Place(str(path))
    try:
        if not path.exists():
            raise InputError("input.dead_link" if path.is_symlink() else "input.missing", place, what="dataset")
        if path.is_file():
            return [path.parent if path.name == manifests.FILE else path]
    except OSError as error:
        raise InputError("input.unreadable", place, what="dataset", reason=error.strerror or str(error)) from None
    unlisted: list[InputError] = []
    found = sorted(_search(path, unlisted))
    errors += unlisted
    if not found and not unlisted:
        raise InputError("input.no_dataset", place, manifest=manifests.FILE)
    return found


def _search(top: Path, errors: list[InputError]) -> Iterator[Path]:
    """Yield ``top`` if it has a manifest, else every folder below that has one."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            if (folder / manifests.FILE).is_file():
                yield folder
                if folder == top:
                    return
            with os.scandir(folder) as entries:
                inner = [e.name for e in entries if not e.name.startswith(".") and e.is_dir(follow_symlinks=False)]
        except OSError as error:
            reason = error.strerror or str(error)
            errors.append(
                InputError("input.unreadable", Place(str(folder)), what="folder", reason=reason, hint="input.unlisted")
            )
            continue
        waiting += [folder / name for name in inner]
