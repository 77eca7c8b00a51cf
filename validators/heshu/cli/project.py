"""What a command runs on: paths and settings, as they are and as they were."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heshu.errors import InputError, InputErrors, Place

if TYPE_CHECKING:
    from heshu.changes.gate import Former
    from heshu.config import Config
    from heshu.run import Sources


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of datasets and rules; it goes before the settings."""

    paths: Sequence[Path] = ()
    rules: Sequence[str] | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole project, as its settings have it."""
        return not (self.paths or self.rules or self.select or self.ignore)


def sources(asked: Asked, settings: Config, root: Path, here: Path, errors: list[InputError]) -> Sources:
    """Return what to check; ``root`` is the folder of the settings, ``here`` where the command stands.

    :raises InputErrors: if neither the command line nor settings name a dataset.
    """
    from heshu.run import DEFAULT_RULEBOOKS, Sources

    paths = list(asked.paths) or list(_globbed(settings, root, errors))
    if not paths and not errors:
        raise InputErrors([InputError("input.no_paths", Place(str(here)))])
    return Sources(
        paths, asked.rules, settings.rulebooks or DEFAULT_RULEBOOKS, here if asked.rules else root,
        asked.select or settings.select, [*settings.ignore, *asked.ignore],
    )  # fmt: skip


def holding(files: Sequence[Path], settings: Config, root: Path) -> list[Path]:
    """Return the datasets that changed files belong to; all of the project if one is a rulebook or the settings.

    A file belongs to the folder above it that has a manifest, or is a dataset itself if the settings name it.
    """
    from heshu.dataset.manifest import FILE

    known = list(_globbed(settings, root, []))
    own = {path.resolve() for path in known}
    found: dict[Path, None] = {}
    for file in files:
        folder = next((folder for folder in file.parents if (folder / FILE).is_file()), None)
        if folder is not None:
            found[folder] = None
        elif file.resolve() in own:
            found[file] = None
        elif file.name in ("heshu.toml", "pyproject.toml") or _is_rulebook(file):
            return known
    return list(found)


def _is_rulebook(file: Path) -> bool:
    if file.suffix not in (".yaml", ".yml"):
        return False
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return re.search(r"^heshu:", text.read(10_000), re.MULTILINE) is not None
    except OSError:
        # It is gone: what it ruled is judged anew.
        return True


def _globbed(settings: Config, root: Path, errors: list[InputError]) -> Iterator[Path]:
    from heshu import config

    for glob in settings.datasets:
        found = config.globbed(root, glob)
        if not found:
            errors.append(InputError("input.glob", config.place(root, "datasets"), glob=glob))
        yield from (Path(os.path.relpath(path)) for path in found)


@contextmanager
def since(ref: str, asked: Asked) -> Iterator[tuple[Former, Path, str]]:
    """Yield how things were where HEAD left ``ref``, the folder both states are below, and what to call it.

    :raises InputErrors: if that cannot be told.
    """
    from heshu.changes import tree

    here = Path.cwd()
    commit = tree.find(ref, here)
    with tree.files_of(commit) as folder:
        yield _former(asked, commit.top, folder, here, shown=f"{ref}:", top=folder), commit.top, commit.shown


def against(path: Path, asked: Asked) -> tuple[Former, Path, str]:
    """Return how things were at ``path``: a former state of the one dataset that is asked for, or of this folder.

    :raises InputErrors: if there is nothing.
    """
    if not path.exists():
        raise InputErrors([InputError("input.missing", Place(str(path)), what="dataset")])
    here = Path.cwd()
    if len(asked.paths) == 1:
        [own] = asked.paths
        root = own if own.is_dir() else own.parent
        old = path if path.is_dir() == own.is_dir() or path.is_file() else path / own.name
        asked = Asked((old,), asked.rules, asked.select, asked.ignore)
        return _former(asked, root, path if path.is_dir() else path.parent, here, shown="", top=None), root, str(path)
    return _former(asked, here, path, here, shown="", top=path), here, str(path)


def _former(asked: Asked, root: Path, folder: Path, here: Path, *, shown: str, top: Path | None) -> Former:
    """Return the state that ``folder`` holds of what is below ``root`` now; settings are looked for up to ``top``."""
    from heshu import config
    from heshu.changes.gate import Former
    from heshu.finding import Severity
    from heshu.run import DEFAULT_RULEBOOKS, Sources

    if top is None:
        settings, at = config.load(here)
        place, paths = here, list(asked.paths)
    else:
        place = folder / _below(here, root)
        settings, at = config.load(place, top)
        paths = [folder / _below(here / path, root) for path in asked.paths]
    unseen: list[InputError] = []
    try:
        found = sources(Asked(paths, asked.rules, asked.select, asked.ignore), settings, at, place, unseen)
    except InputErrors:
        found = Sources((), None, DEFAULT_RULEBOOKS, place)
    gate = None if settings.fail_on == "never" else Severity(settings.fail_on)
    return Former(found, folder, shown, gate)


def _below(path: Path, root: Path) -> str:
    """Return where a path is below the root of its side.

    :raises InputErrors: if it is elsewhere.
    """
    try:
        return os.path.normpath(path.resolve().relative_to(root.resolve()))
    except ValueError:
        raise InputErrors([InputError("git.outside", Place(str(path)), root=str(root))]) from None
