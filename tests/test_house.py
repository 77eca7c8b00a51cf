"""The house rules: floors, sizes, names, the catalogue, and what is generated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from heshu import formats, kinds
from heshu.messages import catalogue

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parent.parent
CODE = TOP / "validators" / "heshu"
MODULES = sorted(CODE.rglob("*.py"))


def test_imports_go_down_the_floors_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=TOP, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CODE)))
def test_no_module_is_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_no_file_is_a_cupboard() -> None:
    names = {part for path in MODULES for part in path.relative_to(CODE).with_suffix("").parts}
    assert not names & {"utils", "util", "helpers", "helper", "manager", "common", "misc", "validator"}


def test_no_public_name_is_a_module_name() -> None:
    import heshu

    assert not set(heshu.__all__) & {path.stem for path in CODE.glob("*.py")}


@pytest.mark.parametrize("name", sorted(kinds.MODULES))
def test_every_kind_has_its_file_its_case_file_and_a_rule(name: str) -> None:
    assert (CODE / "kinds" / f"{kinds.MODULES[name]}.py").is_file()
    assert (TOP / "tests" / "kinds" / f"{name}.md").is_file()
    kind = kinds.get(name)
    assert kind.name == name
    assert len(kind.doc) > 20
    assert all(field.description for field in kind.options.model_fields.values() if not field.is_required())


def test_every_kind_file_is_registered() -> None:
    files = {path.stem for path in (CODE / "kinds").glob("*.py")} - {"__init__"}
    assert files == set(kinds.MODULES.values())


def test_every_format_file_is_registered() -> None:
    files = {path.stem for path in (CODE / "formats").glob("*.py")} - {"__init__"}
    assert files == set(formats.MODULES.values())


def test_both_languages_say_the_same_with_the_same_fields() -> None:
    for key, texts in catalogue().items():
        assert set(texts) == {"en", "zh"}, key
        fields = [sorted(re.findall(r"{(\w+)}", text)) for text in texts.values()]
        assert fields[0] == fields[1], key


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    known = catalogue()
    for path in MODULES:
        text = path.read_text("utf-8")
        for key in re.findall(r"InputError\(\s*\"([a-z_.]+)\"", text):
            assert f"error.{key}" in known, f"{path}: {key}"
        for key in re.findall(r"\bsay\(\s*\"([a-z_.]+)\"", text):
            assert key in known, f"{path}: {key}"
        for key in re.findall(r"first_reason\((.*?)\)\.alias|first_reason\((.*?)\n    \)", text, re.DOTALL):
            for reason in re.findall(r"\(\"([a-z.]+)\",", "".join(key)):
                assert f"reason.{reason}" in known, f"{path}: {reason}"


def test_no_address_of_a_registry_is_written_down() -> None:
    done = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True)
    hosts = re.compile("pypi" + r"\.org|python" + r"hosted\.org|registry\.npm" + r"js\.org|index" + "-url")
    for name in done.stdout.splitlines():
        path = TOP / name
        if path.is_file() and path.suffix in (".toml", ".txt", ".yaml", ".yml", ".json", ".cfg", ".sh", ".py", ""):
            assert not hosts.search(path.read_text("utf-8", errors="replace")), name


def test_generated_files_are_fresh() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("generate", TOP / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, text in module.generated().items():
        assert (TOP / path).read_text("utf-8") == text, f"{path} is stale: run `make docs`"


def test_shipped_rulebooks_follow_their_schema() -> None:
    import json

    from jsonschema import Draft202012Validator

    from heshu.document import read_yaml
    from heshu.rulebook import shipped

    schema = json.loads((TOP / "rules" / "rulebook.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    for path in shipped().glob("*.yaml"):
        errors = list(Draft202012Validator(schema).iter_errors(read_yaml(path, "rulebook").data))
        assert errors == [], path
