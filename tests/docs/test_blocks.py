"""No block of the documentation is only shown: pages are run, and settings are read by what reads them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from test_pages import PAGES

from heshu.config import Config
from heshu.dataset.manifest import Resource

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parents[2]
#: Pages that a test of their own runs, with what it needs, and those whose blocks are looked at below.
ELSEWHERE = {
    "docs/adapters/gx.md": "tests/adapters/gx/test_page.py",
    "docs/adapters/sdmx.md": "tests/adapters/sdmx/test_sdmx_page.py",
    "docs/layouts.md": "tests/test_layouts.py",
    "docs/spark.md": "tests/spark/test_page.py",
    "README.md": "tests/test_readme.py",
    "README.zh.md": "tests/test_readme.py",
}
#: What the runner of pages leaves alone and no test below reads: code of other tools, and texts.
SHOWN = {"r", "py", "text", "sql", "csv", "ini"}
READ = {
    ("docs/ci.md", "yaml"), ("docs/databases.md", "json"), ("docs/adapters/sql.md", "yaml"),
    ("docs/guides/engineer.md", "yaml"), ("docs/guides/engineer.zh.md", "yaml"),
}  # fmt: skip
BLOCK = re.compile(r"^ *(?:<!-- file: (\S+) -->\n+ *)?```(\w+)[^\n]*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def blocks(page: str, kind: str) -> list[str]:
    """Return the blocks of a kind that are not written to a file, without the indentation of lists."""
    found = [body for file, own, body in BLOCK.findall((TOP / page).read_text("utf-8")) if own == kind and not file]
    return [re.sub(r"(?m)^ {3}", "", body) if body.startswith("   ") else body for body in found]


def pages() -> list[str]:
    ours = [path for path in (TOP / "docs").rglob("*.md") if not {"gx-sample", "site"} & set(path.parts)]
    return sorted(path.relative_to(TOP).as_posix() for path in [*ours, *TOP.glob("README*.md")])


@pytest.mark.parametrize("page", pages())
def test_every_block_is_run_or_read(page: str) -> None:
    kinds = {(kind, bool(file)) for file, kind, _ in BLOCK.findall((TOP / page).read_text("utf-8"))}
    if page in ELSEWHERE:
        assert page.rpartition("/")[2] in (TOP / ELSEWHERE[page]).read_text("utf-8")
        return
    if page not in PAGES:
        assert not kinds
    for kind, has_file in kinds - {("console", False), ("python", False)}:
        if kind == "sh":
            assert all(re.fullmatch(r"pip install \S+\n", body) for body in blocks(page, kind))
        else:
            assert has_file or kind in SHOWN or (page, kind) in READ, f"nothing reads the {kind} of {page}"


def test_pip_installs_what_the_project_offers() -> None:
    offered = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    extras = {name for page in pages() for body in blocks(page, "sh") for name in re.findall(r"heshu\[(\w+)\]", body)}
    assert extras >= {"gx", "sdmx", "spark", "postgres"}
    assert extras <= set(offered)


def test_settings_of_spark_are_settings() -> None:
    first, second = blocks("docs/spark.md", "toml")
    assert Config.model_validate(tomllib.loads(first)).spark["spark.executor.memory"] == "8g"
    assert list(Config.model_validate(tomllib.loads(second)).spark) == ["spark.remote"]


def test_resources_in_databases_are_resources() -> None:
    file, server = (Resource.model_validate(json.loads(body)) for body in blocks("docs/databases.md", "json"))
    assert (file.table_dialect, file.paths) == ({"table": "figures"}, ("figures.duckdb",))
    assert server.paths == ("postgresql:stats",)


def document(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.mark.parametrize("page", ["docs/ci.md", "docs/guides/engineer.md", "docs/guides/engineer.zh.md"])
def test_workflows_use_the_action_there_is(page: str) -> None:
    found = document(blocks(page, "yaml")[0])
    step = found.get("steps", found.get("jobs", {}).get("figures", {}).get("steps"))[-1]
    action = TOP / step["uses"].removeprefix("OWNER/heshu/").partition("@")[0] / "action.yml"
    assert set(step.get("with", ())) <= set(document(action.read_text("utf-8"))["inputs"])


def test_jobs_and_hooks_are_those_there_are() -> None:
    _, gitlab, hooks = map(document, blocks("docs/ci.md", "yaml"))
    job = document((TOP / gitlab["include"][0]["file"]).read_text("utf-8"))[gitlab["figures"]["extends"]]
    assert set(gitlab["figures"]["variables"]) <= set(job["variables"])
    ours = {hook["id"] for hook in document((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert {hook["id"] for hook in hooks["repos"][0]["hooks"]} <= ours


def test_the_project_of_dbt_is_yaml() -> None:
    [project] = blocks("docs/adapters/sql.md", "yaml")
    assert "data_tests" in document(project)
