"""Draw the pictures of the guides: what a command shows on a terminal (SVG), and the HTML report (PNG).

``make pictures`` runs the guides (``tests/docs/pages.py``) and draws what follows their commands. A PNG needs
Debian's chromium. A test compares the text of every SVG with a new run, and the report that a PNG was taken of by the
digest that it carries.
"""

from __future__ import annotations

import hashlib
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP / "tests" / "docs"))

import pages  # noqa: E402

WIDTH = 104
#: The picture loads no font: the reader's own is used, at the widths written in the file.
TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "font-family: Fira Code, monospace", "font-family: Menlo, Consolas, 'DejaVu Sans Mono', monospace"
)
LENGTH = re.compile(r'(?P<before><text[^>]*)textLength="[^"]*"(?P<after>[^>]*>)(?P<words>[^<]*)<')
#: Width of a cell in rich's pictures.
CELL = 12.2
KEYWORD = b"heshu-report"


def main() -> None:
    """Draw all pictures anew."""
    for page in sorted((TOP / "docs" / "guides").glob("*.md")):
        lang = "zh_CN.UTF-8" if page.name.endswith(".zh.md") else "en_US.UTF-8"
        with tempfile.TemporaryDirectory() as folder:
            pages.run(page, TOP / "datasets", Path(folder), lang, draw)


def draw(command: str, folder: Path, lang: str, target: Path) -> None:
    """Write the picture of what a command gives.

    :raises ValueError: if it is neither an SVG nor a PNG.
    """
    target.parent.mkdir(exist_ok=True)
    if target.suffix == ".svg":
        target.write_text(terminal(command, folder, lang), "utf-8")
    elif target.suffix == ".png":
        target.write_bytes(screenshot(report_of(command, folder)))
    else:
        raise ValueError(f"{target} is neither .svg nor .png")


def terminal(command: str, folder: Path, lang: str) -> str:
    """Return what a command shows on a terminal of :data:`WIDTH` columns, as SVG."""
    environment = {**pages.environment(folder, lang), "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    del environment["NO_COLOR"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, shell=True, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs,
        stderr=subprocess.DEVNULL,
    ):  # fmt: skip
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(shown.decode().replace("\r\n", "\n").rstrip("\n")))
    svg = console.export_svg(title=f"$ {command}", code_format=TEMPLATE, unique_id="heshu")
    return LENGTH.sub(_in_cells, svg) + "\n"


def _in_cells(text: re.Match[str]) -> str:
    """Give a text the width of its cells: Chinese takes two, rich counts characters."""
    return f'{text["before"]}textLength="{CELL * cell_len(unescape(text["words"])):.1f}"{text["after"]}{text["words"]}<'


def _read(ours: int) -> bytes:
    try:
        return os.read(ours, 65536)
    except OSError:  # How Linux says that nobody writes there any more.
        return b""


def texts(svg: str) -> list[str]:
    """Return the texts of a picture, without their places and colours."""
    return [unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text[^>]*>(.*?)</text>", svg)]


def report_of(command: str, folder: Path) -> Path:
    """Return the page that a command wrote.

    :raises ValueError: if it wrote none.
    """
    found = re.search(r"\S+\.html\b", command)
    if found is None:
        raise ValueError(f"{command} writes no page")
    return folder / found[0]


class _Words(HTMLParser):
    """Collects the texts of a page and of the data in it, but for its style and script."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._skip = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_code = tag == "script" and dict(attrs).get("type") in (None, "module", "text/javascript")
        self._skip = tag if tag == "style" or is_code else self._skip

    def handle_endtag(self, tag: str) -> None:
        self._skip = "" if tag == self._skip else self._skip

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words += data.split()


def digest(report: Path) -> str:
    """Return the SHA-256 of what a page says."""
    words = _Words()
    words.feed(report.read_text("utf-8"))
    return hashlib.sha256(" ".join(words.words).encode()).hexdigest()


def screenshot(report: Path) -> bytes:
    """Return the upper part of a page as PNG, with the digest of what the page says."""
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / "page.png"
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,1050",
             f"--user-data-dir={work}/profile", f"--screenshot={target}", report.resolve().as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
        data = target.read_bytes()
    body = KEYWORD + b"\0" + digest(report).encode()
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    return data[:33] + chunk + data[33:]  # After the signature and IHDR (PNG, W3C Recommendation, §5 and §11.2.1).


def taken_of(picture: Path) -> str:
    """Return the digest that a PNG carries, or nothing."""
    found = re.search(rb"tEXt" + KEYWORD + rb"\0([0-9a-f]{64})", picture.read_bytes())
    return found[1].decode() if found else ""


if __name__ == "__main__":
    main()
