"""Running what a page of the documentation shows.

A block under ``<!-- file: path -->`` is written to that path. Of ``console`` blocks every line that begins with ``$ ``
is run by a shell, and what follows it is what must be printed, up to a line ``…`` where the page cuts it. A ``python``
block is run, and the ``text`` block that follows it at once is what it must print. A picture that follows a
``console`` block at once shows what its last command gives (``docs/pictures.py`` draws it). Other blocks are only
shown. Blocks of a page share one folder, in which ``datasets/`` lies as in the project. ``HESHU_UPDATE_DOCS=1`` pastes
outputs anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n+)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
OUTPUT = re.compile(r"\n*```text\n(.*?)```\n", re.DOTALL)
PICTURE = re.compile(r"\n*!\[[^\]]*\]\((?P<target>\S+)\)")
IS_UPDATE = bool(os.environ.get("HESHU_UPDATE_DOCS"))


#: Called with a command, its folder, its locale and the path of the picture that shows what it gives.
Pictured = Callable[[str, Path, str, Path], None]


def environment(folder: Path, lang: str) -> dict[str, str]:
    """Return that of commands of a page: ``heshu`` is ours, and commits are of one day, so that their names are."""
    scripts = folder / ".bin"
    scripts.mkdir(exist_ok=True)
    own = scripts / "heshu"
    if not own.exists():
        own.write_text(f"#!{sys.executable}\nfrom heshu.cli import main\nmain()\n", "utf-8")
        own.chmod(0o755)
    path = os.pathsep.join([str(scripts), str(Path(sys.executable).parent), os.environ["PATH"]])
    day = "2026-01-05T09:00:00+00:00"
    own_day = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    return {**os.environ, **own_day, "LANG": lang, "LC_ALL": lang, "NO_COLOR": "1", "PATH": path}


def shell(command: str | list[str], folder: Path, lang: str) -> str:
    """Return what a command prints, with what it writes to stderr; of Python's that only if it fails."""
    env = environment(folder, lang)
    is_shell = isinstance(command, str)
    done = subprocess.run(
        command, cwd=folder, shell=is_shell, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if is_shell else subprocess.PIPE, text=True, encoding="utf-8", env=env, check=False,
    )  # fmt: skip
    return done.stdout + (done.stderr if done.returncode and not is_shell else "")


def run(
    page: Path, datasets: Path, folder: Path, lang: str = "en_US.UTF-8", pictured: Pictured | None = None
) -> list[str]:
    """Run a page and return what is not as it shows, or paste it; hand over the commands that have a picture.

    :raises AssertionError: if the page shows nothing that could be run.
    """
    text = page.read_text("utf-8")
    shutil.copytree(datasets, folder / "datasets")
    wrong: list[str] = []
    pasted: list[tuple[int, int, str]] = []
    ran = 0
    for found in BLOCK.finditer(text):
        kind, body = found["kind"], found["body"]
        if found["file"]:
            path = folder / found["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, "utf-8")
        elif kind == "console":
            ran += 1
            new = "".join(_console(part, folder, lang, wrong) for part in re.split(r"(?m)^(?=\$ )", body) if part)
            pasted.append((*found.span("body"), new))
            picture = PICTURE.match(text, found.end())
            if picture and pictured:
                command = re.findall(r"(?m)^\$ (.*)", body)[-1]
                pictured(command, folder, lang, (page.parent / picture["target"]).resolve())
        elif kind == "python":
            ran += 1
            out = shell([sys.executable, "-c", body], folder, lang)
            shown = OUTPUT.match(text, found.end())
            if shown is None:
                wrong += [f"{body}prints\n{out}"] if out else []
            elif not _same(out, shown[1]):
                wrong.append(f"{body}prints\n{out}instead of\n{shown[1]}")
                pasted.append((*shown.span(1), _cut(out, shown[1])))
    assert ran, f"{page} shows nothing that runs"
    if IS_UPDATE:
        for start, end, new in reversed(pasted):
            text = text[:start] + new + text[end:]
        page.write_text(text, "utf-8")
        return []
    return wrong


def _console(part: str, folder: Path, lang: str, wrong: list[str]) -> str:
    line, _, expected = part.partition("\n")
    if not line.startswith("$ "):
        raise AssertionError(f"a console block begins with a command: {part}")
    out = shell(line.removeprefix("$ "), folder, lang)
    tail = "\n" if expected.endswith("\n\n") and not out.endswith("\n\n") else ""
    if not _same(out + tail, expected):
        wrong.append(f"{line}\n{out}instead of\n{expected}")
    return f"{line}\n{_cut(out, expected)}{tail}"


def _same(out: str, expected: str) -> bool:
    if expected.rstrip().endswith("…"):
        return out.startswith(expected.rstrip().removesuffix("…"))
    return out == expected


def _cut(out: str, expected: str) -> str:
    kept, mark, after = expected.rstrip().rpartition("…")
    if not mark or after or (kept and not kept.endswith("\n")):
        return out
    return "".join(f"{line}\n" for line in out.splitlines()[: len(kept.rstrip().splitlines())]) + "…\n"
