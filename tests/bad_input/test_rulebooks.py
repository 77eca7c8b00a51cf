"""Rulebooks that are refused: with path, line and column, what is wrong and what to do, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heshu.errors import InputErrors
from heshu.rulebook import Rulebook, load

Refused = Callable[..., list[str]]
Judge = Callable[..., Any]

RULE = "rules:\n  - code: RNG001\n    title: t\n    kind: range\n    with: {min: 0}\n"
BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # keys and types
        ("serie: {}\n", "2:1  unknown key serie in the rulebook — did you mean series?"),
        ("xyzzy: 1\n", "2:1  unknown key xyzzy in the rulebook — known here: breaks, classifications"),
        ("1: x\n", "2:1  unknown key 1 in the rulebook"),
        ("series:\n  产值:\n    unti: 亿元\n", "4:5  unknown key unti in the rulebook — did you mean unit?"),
        (f"{RULE}    severty: info\n", "7:5  unknown key severty in the rulebook — did you mean severity?"),
        ("rules: 3\n", "2:1  rules: "),
        ("series: [产值]\n", "2:1  series: "),
        ("series:\n  产值: {decimals: many}\n", "3:8  series.产值.decimals: "),
        ("series:\n  产值: {nature: flows}\n", "3:8  series.产值.nature: cannot be flows; allowed: flow, stock"),
        (RULE.replace("code: RNG001", "code: RNG1"), "3:5  rules.0.code: "),
        (RULE.replace("code: RNG001", "code: 3"), "3:5  rules.0.code: "),
        (RULE.replace("    title: t\n", ""), "3:5  the key title is missing"),
        ("title: a\nseries: {}\ntitle: b\n", "4:1  the key title stands twice"),
        ("? [a, b]\n: x\n", "2:3  a key must be plain text"),
        # rules
        (RULE + RULE.removeprefix("rules:\n"), "7:5  the code RNG001 is taken: "),
        (RULE.replace("kind: range", "kind: rnge"), "5:5  no kind of check called rnge — did you mean range?"),
        (RULE.replace("kind: range", "kind: 宋"), "5:5  no kind of check called 宋 — kinds: agreement, allowed"),
        (RULE.replace("{min: 0}", "{mni: 0}"), "6:12  unknown key mni in the rulebook — did you mean min?"),
        (RULE.replace("{min: 0}", "{min: abc}"), "6:"),
        (RULE.replace("{min: 0}", "{min: .nan}"), "6:"),
        (RULE.replace("{min: 0}", "{unit: '%'}"), "6:"),
        (RULE.replace("{min: 0}", "{min: 0, unit: 百分}"), "6:"),
        (RULE.replace("{min: 0}", "[min]"), "6:5  rules.0.with: "),
        (RULE.replace("range", "sum").replace("{min: 0}", "{of: prts}"), "6:12  of: cannot be prts; allowed: parts, "),
        ("extends: [core]\nseverity:\n  REQ01: info\n", "4:3  REQ01 matches no rule — did you mean REQ001?"),
        ("extends: [core]\nseverity: {REQ001: fatal}\n", "3:12  severity.REQ001: cannot be fatal; allowed: info, "),
        ("extends: [core]\nselect: [SUM, REQ01]\n", "3:15  REQ01 matches no rule — did you mean REQ001?"),
        ("extends: [core]\nignore:\n  - XYZ\n", "4:5  XYZ matches no rule — rules: AGR001, "),
        # what is declared
        ("series:\n  电量: {unit: 千瓦是}\n", "3:8  series.电量.unit: not a unit: 千瓦是 — did you mean 千瓦时"),
        ("series:\n  甲: {price: curent}\n", "3:7  series.甲.price: cannot be curent; allowed: current, "),
        ("series:\n  甲: {price: {levl: current}}\n", "3:"),
        ("series:\n  甲: {aliases: [丙]}\n  乙: {aliases: [丙]}\n", "4:7  series.乙.aliases: 丙 is an alias of both"),
        ("breaks:\n  - {series: 甲, at: 2018-13, effect: scope, reason: r}\n", "3:17  breaks.0.at: not a period"),
        ("breaks:\n  - {series: 甲, at: 2018, effect: scop, reason: r}\n", "3:27  breaks.0.effect: cannot be scop; "),
        ("classifications:\n  - {total: 甲, parts: [甲, 乙]}\n", "3:5  classifications.0: the total and its parts"),
        ("styles:\n  NBS: {rounding: nearst}\n", "3:9  styles.NBS.rounding: cannot be nearst; allowed: nearest, "),
        # extends
        ("extends: [cor]\n", "2:11  no shipped rulebook called cor — did you mean core?"),
        ("extends:\n  - core\n  - xyzzy\n", "4:5  no shipped rulebook called xyzzy — shipped: cn-macro, core"),
        ("extends: [book.yaml]\n", "2:11  rulebooks extend each other in a circle: book.yaml → book.yaml"),
        ("extends: [1]\n", "2:11  extends.0: "),
        ('extends: ["a\\0b.yaml"]\n', "2:11  the rulebook cannot be read: no such path can be"),
        ('extends: ["\\ud800.yaml"]\n', "2:11  extends.0: has half of a surrogate pair"),
        ("extends: [nosuch.yaml]\n", "2:11  no such rulebook: "),
        ("extends: [./rules]\n", "2:11  "),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(refused: Refused, text: str, said: str) -> None:
    lines = refused("heshu: 1\n" + text)
    assert any(line.startswith(f"book.yaml:{said}") for line in lines), lines
    assert all("book.yaml:0" not in line and "  : " not in line for line in lines)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            f"{RULE}    where: {{indicatr: 产值}}\n",
            "`where` names indicatr, which is no key column — did you mean indicator?",
        ),
        (
            RULE.replace("range", "required").replace("min: 0", "columns: [valeu]"),
            "the rule names valeu, which is no column of the figures — did you mean value?",
        ),
    ],
)
def test_columns_are_asked_of_the_dataset_which_may_have_its_own(judge: Judge, rule: str, said: str) -> None:
    Path("rules.yaml").write_text("heshu: 1\n" + rule, "utf-8")
    outcome = judge("indicator,period,value\n产值,2020,1\n")
    assert outcome.said == [f"rules.yaml:3:5  {said}"]
    assert outcome.report.exit_code == 2
    for name in ("indicatr", "valeu"):
        assert (
            judge(f"indicator,period,value,{name}\n产值,2020,1,产值\n", dimensions=[name]).said == []
            or name not in rule
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("heshu: 1\nrules:\n\t- code: RNG001\n", "book.yaml:3:1  a tab stands where YAML wants spaces"),
        ("heshu: 1\n" + BOMB, "book.yaml:2:4  anchors and aliases are not allowed in a rulebook — write"),
        ("heshu: 1\nseries:\n  甲: &x {unit: 亿元}\n  乙: {<<: *x}\n", "book.yaml:3:6  anchors and aliases"),
        ("heshu: 1\nseries:\n  甲: {<<: {unit: 亿元}}\n", "book.yaml:3:7  unknown key << in the rulebook"),
        ("heshu: 1\ntitle: !!python/object:os.system x\n", "book.yaml:2:8  the tag "),
        ("heshu: 1\ntitle: !secret x\n", "book.yaml:2:8  the tag !secret is not allowed in a rulebook"),
        ("heshu: 1\nseries: !!python/object/apply:os.system [ls]\n", "book.yaml:2:9  the tag "),
        ("heshu: 1\nseries: !!python/object:os.system {甲: {}}\n", "book.yaml:2:9  the tag "),
        ("heshu: 1\nseries: !secret {}\n", "book.yaml:2:9  the tag !secret is not allowed in a rulebook"),
        ("heshu: 1\ntitle: !!binary aGVsbG8=\n", "book.yaml:2:8  the tag "),
        ("heshu: 1\ntitle: " + "[" * 1000 + "]" * 1000, "book.yaml"),
        ("heshu: 1\ntitle: " + "[" * 100_000, "book.yaml"),
        ("heshu: 1\nseries: " + "{a: " * 100 + "}" * 100, "book.yaml"),
        ("heshu: 1\n# " + "x" * 5_000_000, "book.yaml  the rulebook is larger than 4194304 bytes"),
        ("", "book.yaml  the rulebook must be a mapping of keys to values"),
        ("# nothing\n", "book.yaml  the rulebook must be a mapping of keys to values"),
        ("- a\n- b\n", "book.yaml:1:1  the rulebook must be a mapping of keys to values"),
        ("title: x\n", "book.yaml:1:1  the key heshu is missing"),
        ("heshu: 2\n", "book.yaml:1:1  heshu: should be 1"),
        ("heshu: 1\nrules: [\n", "book.yaml:3:1  the rulebook cannot be parsed: "),
        ("heshu: 1\n---\nheshu: 1\n", "book.yaml:2:1  the rulebook cannot be parsed: "),
        ("heshu: 1\ntitle: a\0b\n", "book.yaml"),
        (b"heshu: 1\ntitle: " + "中文".encode("gb18030"), "book.yaml  the rulebook cannot be read: not UTF-8 at "),
        ("heshu: 1\n".encode("utf-16"), "book.yaml  the rulebook cannot be read: not UTF-8 at byte 0"),
    ],
    ids=range(24),
)  # fmt: skip
def test_a_document_that_is_hostile_or_no_rulebook(refused: Refused, text: str | bytes, said: str) -> None:
    lines = refused(text)
    assert any(line.startswith(said) for line in lines), lines
    assert max(map(len, lines)) < 600


def test_several_faults_are_named_in_one_go(refused: Refused) -> None:
    lines = refused("heshu: 1\nserie: {}\ntitel: x\n")
    assert [line.split()[0] for line in lines] == ["book.yaml:2:1", "book.yaml:3:1"]
    rules = RULE.replace("range", "rnge") + RULE.removeprefix("rules:\n").replace("001", "002").replace("min", "mni")
    assert [line.split()[0] for line in refused("heshu: 1\n" + rules)] == ["book.yaml:5:5", "book.yaml:10:12"]


def test_a_text_in_one_language_only_is_one_fault(refused: Refused) -> None:
    lines = refused("heshu: 1\n" + RULE.replace("title: t", "title: {en: t}"))
    assert lines == ["book.yaml:4:5  the key zh is missing"]


@pytest.mark.parametrize("fault", ["rules: 3\n", "series: [a]\n", "extends: [1]\n", RULE.replace("RNG001", "RNG1")])
def test_a_wrong_value_is_described_in_words_that_are_not_pythons(refused: Refused, fault: str) -> None:
    [line] = refused("heshu: 1\n" + fault)
    assert not any(word in line for word in ("tuple", "dictionary", "pattern", "^["))


def test_a_circle_of_two_is_shown(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("heshu: 1\nextends:\n  - book.yaml\n", "utf-8")
    assert refused("heshu: 1\nextends: [other.yaml]\n") == [
        "other.yaml:3:5  rulebooks extend each other in a circle: book.yaml → other.yaml → book.yaml"
    ]


def test_a_diamond_is_no_circle(accepted: Callable[[str], Rulebook], tmp_path: Path) -> None:
    for name in ("left", "right"):
        (tmp_path / f"{name}.yaml").write_text("heshu: 1\nextends: [core]\n", "utf-8")
    book = accepted("heshu: 1\nextends: [left.yaml, right.yaml]\n")
    assert "SUM001" in book.rules


def test_a_chain_without_end_is_cut_off(refused: Refused, tmp_path: Path) -> None:
    for i in range(60):
        (tmp_path / f"b{i}.yaml").write_text(f"heshu: 1\nextends: [b{i + 1}.yaml]\n", "utf-8")
    [line] = refused("heshu: 1\nextends: [b0.yaml]\n")
    assert "more than 50 rulebooks extend each other" in line


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        (["cor"], {}, "cor: rulebook.unknown"),
        (["nosuch.yaml"], {}, "input.missing"),
        (["a\0b.yaml"], {}, ""),
        ([""], {}, "rulebook.unknown"),
        (["x" * 5000 + ".yaml"], {}, "input.unreadable"),
        (["."], {}, ""),
        (["core"], {"select": ["GRW01"]}, "--select: rulebook.unknown_code"),
        (["core"], {"ignore": ["XYZ"]}, "--ignore: rulebook.unknown_code"),
        (["core"], {"select": [""]}, "--select: rulebook.unknown_code"),
        (["core"], {"ignore": [""]}, "--ignore: rulebook.unknown_code"),
    ],
)
def test_names_and_codes_that_do_not_exist(
    names: list[str], options: dict[str, list[str]], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputErrors) as caught:
        load(names, tmp_path, **options)
    assert said in str(caught.value)


def test_a_rulebook_that_may_not_expand_stays_small(accepted: Callable[[str], Rulebook]) -> None:
    book = accepted("\ufeffheshu: 1\n" + "series:\n" + "".join(f"  序列{i}: {{unit: 亿元}}\n" for i in range(300)))
    assert len(book.registry.series) == 300
