"""The house rules: floors, sizes, names, the catalogue, and what is generated."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from pydantic_core import core_schema

from heshu import formats, kinds
from heshu.messages import catalogue

pytestmark = pytest.mark.checkout

TOP = Path(__file__).parent.parent
CODE = TOP / "validators" / "heshu"
MODULES = sorted(CODE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
LITERALS = {
    node.value
    for tree in TREES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}

# Beginnings of keys that stand before a {…} in the code, and where the rest of the key is written, whole.
PREFIXED = {
    "built_in": "codes that no rulebook declares",
    "change": "How",
    "changes": "How",
    "console": "the heads of the console's table",
    "error": "InputError(…)",
    "hint": "Unreadable(…), and InputError(…) again: a hint goes with its error",
    "how": "How",
    "kind": "MODULES, in kinds/__init__.py",
    "note": "reasons of outcomes, in engine/decide.py",
    "label": "wording.labelled(…)",
    "lint": "Problem(…)",
    "markdown": "heads of the blocks and columns of a comment, and the verdict",
    "reason": "the column `why` of relations",
    "role": "roles of relations, in kinds",
    "row": "the column `reason` of flags",
    "severity": "Severity",
    "slice": "what a slice is whole for",
    "state": "State",
    "suspect": "SUSPECTS, in engine/explain.py",
    "value": "Misdeclared(…), and types of pydantic's errors",
    "verdict": "Verdict",
    "what": "Unreadable(…), and `what` of documents",
}
# Those where the rest is put together too, and of what: only its parts are written in the code.
COMPOSED = {
    "assume": "an attribute of figures and its value: price.current",
    "body": "a kind and a verdict: growth.revision",
    "html": "parts of the page, their columns, filters and words: filter.severity",
    "name": "a measure and a comparison: growth.yoy",
}


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
    files |= {path.parent.name for path in (CODE / "formats").glob("*/__init__.py")}
    assert files == set(formats.MODULES.values())


def fields_of(template: str) -> list[str]:
    return sorted(re.findall(r"{(\w+)}", template))


def test_both_languages_say_the_same_with_the_same_fields() -> None:
    for key, texts in catalogue().items():
        assert set(texts) == {"en", "zh"}, key
        assert fields_of(texts["en"]) == fields_of(texts["zh"]), key


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    known = catalogue()
    for path in MODULES:
        text = path.read_text("utf-8")
        for key in re.findall(r"InputError\(\s*\"([a-z_.]+)\"", text):
            assert f"error.{key}" in known, f"{path}: {key}"
        for key in re.findall(r"\bsay\(\s*\"([a-z_.]+)\"", text):
            assert key in known, f"{path}: {key}"
    for path, tree in TREES.items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("first_reason"):
                reasons = [pair.elts[0] for pair in call.args if isinstance(pair, ast.Tuple)]
                for reason in reasons:
                    assert isinstance(reason, ast.Constant)
                    assert f"reason.{reason.value}" in known, f"{path}:{call.lineno}: {reason.value}"


def _is_of_others(literal: str) -> bool:
    """Whether it is the name of a file, of a setting of git or Spark, or of a column of Spark or of a query."""
    files = (".css", ".csv", ".html", ".js", ".json", ".toml", ".xml", ".yaml")
    others = ("spark.", "_metadata.", "user.", "x.", "y.", "z.", "added.", "options.")
    return literal.endswith(files) or literal.startswith(others)


def test_whatever_looks_like_a_key_is_in_the_catalogue() -> None:
    beginnings = ["", *(f"{first}." for first in {**PREFIXED, **COMPOSED})]
    for literal in LITERALS:
        if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", literal) and not _is_of_others(literal):
            assert any(beginning + literal in catalogue() for beginning in beginnings), literal


def test_hints_are_keys_and_get_the_fields_of_their_sentence() -> None:
    seen = set()
    for path, tree in TREES.items():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            hint = {"Unreadable": call.args[2:3], "_Unfit": call.args[:1]}.get(call.func.id, [])
            for node in hint:
                assert not isinstance(node, ast.JoinedStr), f"{path}:{node.lineno}: a hint is a key"
                if isinstance(node, ast.Constant):
                    key = f"hint.{node.value}"
                    assert key in catalogue(), f"{path}:{node.lineno}: {key}"
                    assert sorted(str(k.arg) for k in call.keywords) == fields_of(catalogue()[key]["en"]), key
                    seen.add(key)
    assert {"hint.near", "hint.number.verb", "hint.period.no_year", "hint.unit.measures"} <= seen


def test_every_key_of_the_catalogue_is_used() -> None:
    parts = {part for literal in LITERALS for part in literal.split(".")}
    types = set(get_args(core_schema.ErrorType))
    for key in catalogue():
        first, _, rest = key.partition(".")
        assert (
            key in LITERALS
            or (first in PREFIXED and {rest, rest.replace("_", " ")} & LITERALS)
            or (first == "value" and rest in types)
            or (first in COMPOSED and set(rest.split(".")) <= parts)
        ), f"{key} is said nowhere"


def test_no_address_of_a_registry_is_written_down() -> None:
    done = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True)
    hosts = re.compile("pypi" + r"\.org|python" + r"hosted\.org|registry\.npm" + r"js\.org|index" + "-url")
    for name in done.stdout.splitlines():
        path = TOP / name
        if path.is_file() and path.suffix in (".toml", ".txt", ".yaml", ".yml", ".json", ".cfg", ".sh", ".py", ""):
            assert not hosts.search(path.read_text("utf-8", errors="replace")), name


def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", TOP / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_fresh() -> None:
    for path, text in generate().generated().items():
        assert (TOP / path).read_text("utf-8") == text, f"{path} is stale: run `make docs`"


@pytest.mark.parametrize("name", sorted(kinds.MODULES))
def test_every_kind_says_what_it_compares_how_exactly_and_what_it_cannot_judge(name: str) -> None:
    found = generate().paragraphs(kinds.get(name).doc)
    assert found["true"].endswith(".")
    assert "|" not in "".join(found.values())
    zh = catalogue()[f"kind.{name}"]["zh"]
    assert ("至多提示" in zh) <= (found["warning"] != "–")


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
