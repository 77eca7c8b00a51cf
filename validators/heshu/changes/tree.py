"""A commit's files, written to a folder as git has them.

Blobs are written as they are stored: no filter, hook or attribute of the repository is run or followed, and nothing is
fetched.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from heshu.errors import InputError, InputErrors, Place

_FILE, _LINK = "100", "120000"


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that a change is held against: the repository's top folder, its id, what it was called."""

    top: Path
    commit: str
    name: str

    @property
    def shown(self) -> str:
        """The name with the first digits of the id."""
        return f"{self.name} ({self.commit[:8]})"


def find(ref: str, start: Path) -> Commit:
    """Return the merge base of ``ref`` and HEAD: what a branch began from.

    :raises InputErrors: if this is no repository, ``ref`` is unknown, or history is too shallow to tell.
    """
    try:
        top = Path(_git(start, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    except FileNotFoundError:
        raise _refused("git.missing", ref) from None
    except subprocess.CalledProcessError:
        raise _refused("git.no_repository", ref) from None
    is_shallow = _git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except subprocess.CalledProcessError:
        raise _refused("git.shallow" if is_shallow else "git.unknown_ref", ref) from None
    try:
        base = _git(top, "merge-base", commit.decode().strip(), "HEAD")
    except subprocess.CalledProcessError:
        raise _refused("git.shallow" if is_shallow else "git.no_base", ref) from None
    return Commit(top, base.decode().strip(), ref)


@contextmanager
def files_of(commit: Commit) -> Iterator[Path]:
    """Yield a temporary folder with the files of a commit."""
    with tempfile.TemporaryDirectory(prefix="heshu-", ignore_cleanup_errors=True) as folder:
        _write(commit, Path(folder))
        yield Path(folder)


def _write(commit: Commit, folder: Path) -> None:
    listing = _git(commit.top, "ls-tree", "-r", "-z", "--full-tree", commit.commit)
    entries = [entry.split(b"\t", 1) for entry in listing.split(b"\0") if entry]
    wanted = [
        (mode, blob, path)
        for (mode, kind, blob), path in ((head.decode().split(), os.fsdecode(name)) for head, name in entries)
        if kind == "blob" and mode.startswith((_FILE, _LINK)) and _is_inside(path)
    ]
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{blob}\n" for _, blob, _ in wanted).encode())
        asked.seek(0)
        command = ["git", "cat-file", "--batch"]
        with subprocess.Popen(  # noqa: S603 - a fixed command, without a shell
            command, cwd=commit.top, env=_environment(), stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as running:
            if running.stdout is None:
                raise RuntimeError("no output of git")
            for mode, _, path in wanted:
                told = running.stdout.readline().split()
                if len(told) < 3:
                    # A clone may be without the contents of files; they are not fetched for it.
                    raise _refused("git.incomplete", commit.name)
                size = int(told[2])
                data = running.stdout.read(size)
                running.stdout.read(1)
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                if mode != _LINK:
                    target.write_bytes(data)
                elif _is_inside(str(PurePosixPath(path).parent / os.fsdecode(data))):
                    target.symlink_to(os.fsdecode(data))


def _is_inside(path: str) -> bool:
    """Whether a path stays below the folder that it is written to."""
    normal = os.path.normpath(path)
    return (
        not os.path.isabs(path) and normal != ".." and not normal.startswith("../") and ".git" not in normal.split("/")
    )


def _git(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(  # noqa: S603 - arguments are ours, and names come after --end-of-options
        ["git", *arguments],  # noqa: S607 - the user's own git, as a shell would find it
        cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return done.stdout


def _environment() -> dict[str, str]:
    """Return the environment of git: it writes nothing, and fetches nothing over any protocol."""
    return os.environ | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "LC_ALL": "C"}


def _refused(key: str, ref: str) -> InputErrors:
    return InputErrors([InputError(key, Place("--since"), ref=ref)])
