"""Hooks of the site: which pages there are, and in what order.

The navigation is that of ``docs/README.md``: a line that ends in a colon opens a section, each page linked from the
list below it is an entry. Pages that it does not name are filed by folder, so that none is lost. What pages link to
outside of ``docs/`` (the READMEs, notes of datasets, schemas) comes along below ``project/``; folders are named only.
"""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

TOP = Path(__file__).parents[2]
LINK = re.compile(r"\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)")
DEFINITION = re.compile(r"(?m)^\[(?P<label>[^\]]+)\]: (?P<target>[^\s#]+)(?P<anchor>#\S*)?$")
#: An end of line within Chinese, which is no space.
WRAPPED = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])\n(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])")
#: Blocks of code, in which nothing is a link.
BLOCK = re.compile(r"(```.*?```)", re.DOTALL)


def on_startup(**_: object) -> None:
    """Let jieba keep what it has read below the checkout, not where others of the machine may write, and be quiet."""
    import jieba

    (TOP / "build").mkdir(exist_ok=True)
    jieba.dt.tmp_dir = str(TOP / "build")
    jieba.setLogLevel(logging.WARNING)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is linked outside of ``docs/``, then lay out the navigation."""
    waiting = [f"docs/{file.src_uri}" for file in files.documentation_pages()]
    while waiting:
        source = waiting.pop()
        for linked in _linked(source):
            uri = _uri(linked)
            if (TOP / linked).is_file() and files.get_file_from_path(uri) is None and uri.startswith("project/"):
                files.append(File.generated(config, uri, content=(TOP / linked).read_bytes()))
                if linked.endswith(".md"):
                    waiting.append(linked)
    config.nav = navigation(files)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point links to where the site has their targets; folders have none and stay as words."""
    source = _source(page.file.src_uri)

    def point(found: re.Match[str]) -> str:
        path = _path(source, found["target"])
        if path is None:
            return found[0]
        if (TOP / path).is_dir():
            return f"{found['words']} (`{path}/`)"
        target = posixpath.relpath(_uri(path), posixpath.dirname(page.file.src_uri) or ".")
        return f"[{found['words']}]({target}{found['anchor'] or ''})"

    def define(found: re.Match[str]) -> str:
        path = _path(source, found["target"])
        if path is None:
            return found[0]
        target = posixpath.relpath(_uri(path), posixpath.dirname(page.file.src_uri) or ".")
        return f"[{found['label']}]: {target}{found['anchor'] or ''}"

    return "".join(
        part if part.startswith("```") else DEFINITION.sub(define, LINK.sub(point, WRAPPED.sub("", part)))
        for part in BLOCK.split(markdown)
    )


def navigation(files: Files) -> list[Any]:
    """Return the sections of ``docs/README.md``, and what it leaves out, by folder."""
    known = {file.src_uri for file in files.documentation_pages()}
    nav: list[Any] = [{"heshu": ["README.md"]}]
    named = {"README.md"}
    section: list[Any] | None = None
    for line in (TOP / "docs" / "README.md").read_text("utf-8").splitlines():
        if line.endswith(":") and not line.startswith((" ", "-")):
            section = []
            label = re.split(r"[,:]", line)[0].removeprefix("For ")
            nav.append({label[0].upper() + label[1:]: section})
        elif line.startswith(("-", " ")) and section is not None:
            for found in LINK.finditer(line):
                path = _path("docs/README.md", found["target"])
                uri = _uri(path) if path else ""
                if uri in known - named:
                    named.add(uri)
                    section.append({found["words"]: uri})
    nav = [part for part in nav if all(part.values())]
    for folder in sorted({str(PurePosixPath(uri).parent) for uri in known - named}):
        rest = sorted(uri for uri in known - named if str(PurePosixPath(uri).parent) == folder)
        if not folder.startswith("project"):
            nav.append({_heading(folder): rest})
    return nav


def _heading(folder: str) -> str:
    """Return the heading of a folder's README, else its name."""
    about = TOP / "docs" / folder / "README.md"
    if folder == "." or not about.is_file():
        return "More" if folder == "." else folder.capitalize()
    return about.read_text("utf-8").partition("\n")[0].removeprefix("# ")


def _linked(source: str) -> list[str]:
    text = BLOCK.sub("", (TOP / source).read_text("utf-8"))
    targets = [found["target"] for pattern in (LINK, DEFINITION) for found in pattern.finditer(text)]
    return [path for target in targets if (path := _path(source, target)) is not None]


def _path(source: str, target: str) -> str | None:
    """Return the path below the top that a link of a file means; none if it is of elsewhere or not there."""
    if not target or "://" in target or target.startswith(("/", "mailto:")):
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    return path if not path.startswith("..") and (TOP / path).exists() else None


def _uri(path: str) -> str:
    return path.removeprefix("docs/") if path.startswith("docs/") else f"project/{path}"


def _source(uri: str) -> str:
    return uri.removeprefix("project/") if uri.startswith("project/") else f"docs/{uri}"
