"""The files of a dataset: those its manifest lists, and families of files whose names say what is in them."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from heshu.errors import InputError, Place

if TYPE_CHECKING:
    from heshu.dataset.manifest import Resource

#: The file of a manifest (Data Package).
MANIFEST = "datapackage.json"

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the dataset, how it is to be read, and what its name says, by column of the figures table."""

    path: Path
    resource: Resource
    given: dict[str, str] = field(default_factory=dict)


def names(pattern: str) -> list[str]:
    """Return what a pattern such as ``retail-{period}.csv`` reads from file names."""
    return _NAME.findall(pattern)


def leads_out(path: str) -> bool:
    """Whether a path is not one below the manifest: the standard forbids that, and manifests are untrusted."""
    return Path(path).is_absolute() or ".." in Path(path).parts or "://" in path


def expand(folder: Path, pattern: str, resources: Sequence[Resource]) -> list[File]:
    """Return the files of the resources that are tables, and all others that the pattern names, in order of name.

    A package may have other files, which are left alone. A file of the family is read as the first resource is.

    :raises InputError: if the pattern names no file.
    """
    resources = [resource for resource in resources if resource.is_tabular] or resources
    found = [File(folder / path, resource, given(pattern, path)) for resource in resources for path in resource.paths]
    # Data in the manifest stand in its file.
    found += [File(folder / MANIFEST, resource) for resource in resources if resource.data is not None]
    if not pattern:
        return found
    listed = {file.path for file in found}
    family = []
    wild = "*".join(map(glob.escape, _NAME.split(pattern)[::2]))
    for path in sorted(folder.glob(wild)):
        inside = path.relative_to(folder).as_posix()
        # Offices leave ~$name.xlsx and .~lock beside what they have open.
        is_table = path.is_file() and not path.name.startswith((".", "~"))
        if is_table and path not in listed and (said := given(pattern, inside)):
            family.append(File(path, resources[0], said))
    # A manifest must list a resource; the family's may be the pattern itself.
    found = [file for file in found if not (file.path.name == Path(pattern).name and not file.path.exists())]
    if not found and not family:
        raise InputError("manifest.no_files", Place(str(folder)), pattern=pattern)
    return found + family


def given(pattern: str, path: str) -> dict[str, str]:
    """Return what ``path`` says by ``pattern``, {} if it is none of the family."""
    if not pattern:
        return {}
    parts = _NAME.split(pattern)
    regex = ""
    for i, part in enumerate(parts):
        repeats = i % 2 and f"(?P<{part}>" in regex
        regex += f"(?P={part})" if repeats else f"(?P<{part}>[^/]+?)" if i % 2 else re.escape(part)
    matched = re.fullmatch(regex, path)
    said = matched.groupdict() if matched else {}
    if "period" in said:
        said["period"] = _period(said["period"])
        said.setdefault("year", said["period"][:4])
    return said


def _period(text: str) -> str:
    """Return a period as file names write it in a form that can be read elsewhere: 202112, 2021_12, 20211231."""
    if matched := re.fullmatch(r"((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-3]\d))?", text):
        return "-".join(filter(None, matched.groups()))
    return text
