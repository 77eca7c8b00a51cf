"""What ci/ gives to others, run: the GitHub action's steps, the GitLab job, the hook of pre-commit, in a repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gate_world import GOOD, Repository
from ruamel.yaml import YAML

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parents[2]


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((TOP / name).read_text("utf-8"))
    return found


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with the one command that runners find once heshu is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "heshu"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from heshu.cli import main; main()" "$@"\n', "utf-8")
    command.chmod(0o755)
    return folder


def run(script: str, where: Path, tools: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("HOME", "PYTHONPATH") if name in os.environ}
    environment |= {"PATH": f"{tools}:{os.environ['PATH']}", "LANG": "C.UTF-8", **variables}
    return subprocess.run(
        ["bash", "-c", script], cwd=where, env=environment, capture_output=True, text=True, check=False
    )


def step(found: dict[str, Any], number: int, inputs: dict[str, str], base: str = "") -> tuple[str, dict[str, str]]:
    """Return a step's script and variables, with the expressions that a runner would fill in."""
    values = {f"inputs.{name}": inputs.get(name, entry["default"]) for name, entry in found["inputs"].items()}
    values |= {"github.action_path": str(TOP / "ci" / "github"), "github.base_ref": base}
    own = found["runs"]["steps"][number]
    filled = {
        name: re.sub(r"\$\{\{ ([a-z_.-]+) \}\}", lambda m: values[m[1]], text) for name, text in own["env"].items()
    }
    assert "${{" not in own["run"]
    return own["run"], filled


def test_the_github_action_on_a_pull_request(changed: Repository, tools: Path, tmp_path: Path) -> None:
    changed.git("remote", "add", "origin", str(changed.path))
    changed.git("fetch", "-q", "origin")
    script, variables = step(document("ci/github/action.yml"), 1, {"sarif": "heshu.sarif"}, base="main")
    summary, output = tmp_path / "summary", tmp_path / "output"
    files = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)}
    done = run(script, changed.path, tools, **variables, **files)
    assert done.returncode == 1, done.stderr
    errors = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert len(errors) == 3
    assert "file=data/a/figures.csv" in done.stdout
    assert "### ❌ heshu" in summary.read_text("utf-8")
    assert output.read_text("utf-8") == "exit-code=1\n"
    assert json.loads((changed.path / "heshu.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_the_github_action_without_a_base(repository: Repository, tools: Path) -> None:
    script, variables = step(document("ci/github/action.yml"), 1, {"paths": "data/b", "lang": "zh"})
    done = run(script, repository.path, tools, **variables)
    assert (done.returncode, done.stdout) == (0, "")


def test_inputs_of_the_action_are_not_run(repository: Repository, tools: Path) -> None:
    inputs = {"since": "$(touch ran)", "paths": "$(touch ran)", "sarif": "`touch ran`", "fail-on": ";touch ran"}
    script, variables = step(document("ci/github/action.yml"), 1, inputs)
    assert run(script, repository.path, tools, **variables).returncode == 2
    assert not (repository.path / "ran").exists()


def test_a_shallow_checkout_says_what_to_set(changed: Repository, tools: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", "--branch=work", f"file://{changed.path}", clone], check=True)
    script, variables = step(document("ci/github/action.yml"), 1, {}, base="main")
    done = run(script, clone, tools, **variables)
    assert (done.returncode, "fetch-depth: 0" in done.stderr) == (2, True)


def test_the_gitlab_job(changed: Repository, tools: Path, tmp_path: Path) -> None:
    job = document("ci/gitlab/heshu.yml")[".heshu"]
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--branch=work", str(changed.path), clone], check=True)
    variables = {**job["variables"], "HESHU_INSTALL": "none", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    script = "set -e\n" + "\n".join([*job["before_script"], *job["script"]])
    done = run(script, clone, tools, **variables)
    assert done.returncode == 1, done.stderr
    assert "COV001" in done.stdout
    reports = job["artifacts"]["reports"]
    issues = json.loads((clone / reports["codequality"]).read_text("utf-8"))
    assert sum(issue["severity"] == "critical" for issue in issues) == 3
    assert "<failure" in (clone / reports["junit"]).read_text("utf-8")
    assert (clone / job["artifacts"]["paths"][0]).read_text("utf-8").startswith("<!doctype html>")


def test_the_hook_checks_only_datasets_with_changes(repository: Repository, tools: Path) -> None:
    [hook] = YAML(typ="safe").load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))
    repository.dataset("b", GOOD | {"乡村,2024,growth,yoy": "9.0,%"})
    # Dataset a has an error of old: its files are not about to be committed.
    config = (
        f"repos:\n- repo: local\n  hooks:\n  - id: heshu\n    name: heshu\n    entry: {hook['entry']}\n"
        f"    language: system\n    files: '{hook['files']}'\n    require_serial: true\n"
    )
    repository.write(".pre-commit-config.yaml", config)
    repository.git("add", "-A")
    done = run(f"{sys.executable} -m pre_commit run", repository.path, tools)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "data/b/figures.csv:10" in done.stdout
    assert "data/a" not in done.stdout


@pytest.mark.parametrize(
    ("files", "judged"),
    [
        (("data/b/figures.csv",), ["b"]),
        (("data/b/datapackage.json", "data/b/figures.csv"), ["b"]),
        (("rules.yaml",), ["a", "b"]),
        (("heshu.toml",), ["a", "b"]),
        (("README.csv",), []),
    ],
)
def test_files_and_the_datasets_they_belong_to(
    repository: Repository, tools: Path, files: tuple[str, ...], judged: list[str]
) -> None:
    (repository.path / "README.csv").write_text("x\n", "utf-8")
    done = run(f"heshu check --changed --format json {' '.join(files)}", repository.path, tools)
    found = json.loads(done.stdout)["datasets"] if done.stdout else []
    assert [dataset["name"] for dataset in found] == judged
