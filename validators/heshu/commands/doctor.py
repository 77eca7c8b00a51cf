"""What is installed, which engine would run, and what the project here consists of; nothing heavy is imported."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from heshu import config
from heshu.errors import InputErrors
from heshu.messages import Lang, say

#: Packages that every installation has.
CORE = ("duckdb", "polars", "narwhals", "pandera", "pyarrow", "pydantic", "typer", "rich", "ruamel.yaml", "openpyxl")
#: Extra → the packages that it brings, by what they are for.
EXTRAS = {
    "spark": ("pyspark",),
    "postgres": ("adbc-driver-postgresql",),
    "gx": ("great-expectations",),
    "sdmx": ("sdmx1",),
}
#: The oldest Java that Spark 4 runs on.
JAVA = 17


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its name, what was found ("" if nothing), whether that will do, and what to do if not."""

    name: str
    found: str
    is_fine: bool = True
    remedy: str = ""


def look(here: Path, lang: Lang) -> list[Finding]:
    """Return what there is: this program, its packages, extras, Java, the machine, the settings and their datasets."""
    found = [
        Finding("heshu", _version("heshu")),
        Finding("python", platform.python_version()),
        Finding("machine", _machine()),
        Finding("language", str(lang)),
    ]
    for name in CORE:
        known = _version(name)
        found.append(Finding(name, known, bool(known), "" if known else say("doctor.install", lang, what=name)))
    for extra, names in EXTRAS.items():
        for name in names:
            known = _version(name)
            # What is an extra need not be there.
            found.append(Finding(name, known, True, "" if known else say("doctor.extra", lang, extra=extra)))
    found.append(_java(lang))
    found.append(
        Finding("git", shutil.which("git") or "", True, "" if shutil.which("git") else say("doctor.git", lang))
    )
    return found + _project(here, lang)


def _project(here: Path, lang: Lang) -> list[Finding]:
    try:
        settings, root = config.load(here)
    except InputErrors as errors:
        place = str(errors.errors[0].place)
        return [Finding("settings", place, False, say("doctor.settings.bad", lang))]
    file = next((root / name for name in ("heshu.toml", "pyproject.toml") if (root / name).is_file()), None)
    is_set = file is not None and (settings.model_fields_set or file.name == "heshu.toml")
    if not is_set:
        return [Finding("settings", "", True, say("doctor.settings.none", lang)), Finding("engine", settings.engine)]
    datasets = {path for glob in settings.datasets for path in config.globbed(root, glob)}
    remedy = "" if datasets or not settings.datasets else say("doctor.datasets.none", lang)
    return [
        Finding("settings", str(file)),
        Finding("datasets", str(len(datasets)), not remedy, remedy),
        Finding("rulebooks", ", ".join(settings.rulebooks) or "core"),
        Finding("engine", settings.engine),
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU, {memory / 2**30:.0f} GiB"


def _java(lang: Lang) -> Finding:
    """Look for a Java that Spark runs on; only Spark asks for it."""
    home = os.environ.get("JAVA_HOME")
    command = str(Path(home) / "bin" / "java") if home else shutil.which("java") or ""
    remedy = say("doctor.java", lang, version=JAVA)
    try:
        done = subprocess.run([command, "-version"], capture_output=True, text=True, check=False, timeout=20)  # noqa: S603
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return Finding("java", "", True, remedy)
    number = re.search(r'version "(\d+)', done.stderr)
    if number is None:
        return Finding("java", "", True, remedy)
    is_new = int(number[1]) >= JAVA
    return Finding("java", number[1], True, "" if is_new else remedy)


def as_data(found: list[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [asdict(each) for each in found]


def as_lines(found: list[Finding], lang: Lang) -> list[str]:
    """Return a line for each: what is there, what is missing and how to get it."""
    width = max(len(each.name) for each in found)
    lines = []
    for each in found:
        mark = "✓" if each.is_fine and each.found else "·" if each.is_fine else "✗"
        text = " — ".join(part for part in (each.found or say("doctor.absent", lang), each.remedy) if part)
        lines.append(f"{mark} {each.name:<{width}}  {text}")
    return lines
