"""Adopting checks where there are findings already: baseline, waivers; and telling figures apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gate_world import GOOD, Call, Repository, text, told

Report = Callable[..., dict[str, Any]]
WRONG = {"总额,2024,growth,yoy": "6.0,%"}


@pytest.fixture
def fingerprint(repository: Repository, report: Report) -> str:
    """The one finding of the repository."""
    [finding] = report()["findings"]
    return str(finding["fingerprint"])


def baseline(repository: Repository) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((repository.path / "heshu-baseline.json").read_text("utf-8"))
    return found


def test_what_is_in_the_baseline_does_not_gate(repository: Repository, heshu: Call, report: Report) -> None:
    assert report()["exit_code"] == 1
    code, out, err = heshu("baseline")
    assert (code, err) == (0, "")
    assert "1 finding(s)" in out
    found = report("--baseline", "heshu-baseline.json")
    assert (found["exit_code"], [finding["state"] for finding in found["findings"]]) == (0, ["known"])
    [entry] = baseline(repository)["findings"]
    assert (entry["code"], entry["about"]) == ("GRW001", "某市 总额 2024 6.0%")


def test_files_are_named_from_where_one_stands_and_from_the_settings(
    repository: Repository, heshu: Call, monkeypatch: pytest.MonkeyPatch, fingerprint: str
) -> None:
    monkeypatch.chdir(repository.path / "data")
    lines = heshu("baseline")[1].splitlines()
    assert lines[0].startswith("../heshu-baseline.json: 1 finding(s)")
    assert 'baseline = "heshu-baseline.json", or use --baseline ../heshu-baseline.json' in lines[1]
    said = heshu("waive", fingerprint, "--reason", "asked", "--until", "2999-01-01", "--owner", "me")[1]
    assert "../waivers.yaml" in said
    assert str(repository.path) not in said


def test_another_typo_in_a_known_relation_is_new(repository: Repository, heshu: Call, report: Report) -> None:
    heshu("baseline")
    repository.write("heshu.toml", 'datasets = ["data/*"]\nbaseline = "heshu-baseline.json"\n')
    assert report()["exit_code"] == 0
    repository.dataset("a", GOOD | {"总额,2024,growth,yoy": "6.1,%"})
    found = report()
    assert (found["exit_code"], found["summary"]["outlived"]) == (1, 1)
    # Moving its row makes it no other finding.
    repository.dataset("a", dict(reversed((GOOD | WRONG).items())))
    assert report()["exit_code"] == 0


def test_update_only_takes_out(repository: Repository, heshu: Call, report: Report) -> None:
    repository.dataset("b", GOOD | WRONG)
    heshu("baseline", "data/a")
    assert len(baseline(repository)["findings"]) == 1
    code, out, _ = heshu("baseline", "--update")
    assert (code, len(baseline(repository)["findings"])) == (0, 1)
    assert "1 finding(s) left, 0 dropped" in out
    repository.dataset("a", GOOD)
    repository.dataset("b", GOOD | {"城镇,2024,growth,yoy": "9.9,%"})
    code, out, _ = heshu("baseline", "--update")
    assert (code, baseline(repository)["findings"]) == (0, [])


def test_a_baseline_that_is_there_is_not_written_over(repository: Repository, heshu: Call) -> None:
    heshu("baseline")
    before = baseline(repository)
    repository.dataset("b", GOOD | WRONG)
    code, _, err = heshu("baseline")
    assert (code, "--force" in err, baseline(repository) == before) == (2, True, True)
    assert heshu("baseline", "--force")[0] == 0
    # Findings of two datasets that say the same of the same keys are one entry.
    assert len(baseline(repository)["findings"]) == 1


def test_nothing_is_recorded_where_something_cannot_be_read(repository: Repository, heshu: Call) -> None:
    repository.dataset("b", GOOD | {"城镇,20x4,level,": "312.0,亿元"})
    code, _, err = heshu("baseline")
    assert (code, "figures.csv:11" in err, Path("heshu-baseline.json").exists()) == (2, True, False)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"heshu": "baseline/1", "findings": [{"fingerprint": "x"}]}', '{"heshu": "baseline/9"']
)
def test_a_bad_baseline(repository: Repository, heshu: Call, content: str) -> None:
    repository.write("b.json", content)
    code, out, err = heshu("check", "--baseline", "b.json")
    assert (code, out, err.startswith("b.json")) == (2, "", True)
    assert heshu("check", "--baseline", "nowhere.json")[0] == 2


def test_five_hundred_old_findings(repository: Repository, heshu: Call, report: Report) -> None:
    head = "area,indicator,period,measure,comparison,value,unit\n"
    rows = "".join(
        f"县{n},总额,2023,level,,100.0,亿元\n县{n},总额,2024,level,,110.0,亿元\n县{n},总额,2024,growth,yoy,20.0,%\n"
        for n in range(500)
    )
    repository.write("data/a/figures.csv", head + rows)
    assert "500 finding(s)" in heshu("baseline")[1]
    repository.write(
        "data/a/figures.csv", head + rows.replace("县7,总额,2024,growth,yoy,20.0", "县7,总额,2024,growth,yoy,21.0")
    )
    found = report("--baseline", "heshu-baseline.json")
    assert [finding["figures"][0]["name"].split()[0] for finding in found["findings"] if finding["gates"]] == ["县7"]


def test_a_waived_finding_stays_in_sight(repository: Repository, heshu: Call, report: Report, fingerprint: str) -> None:
    code, out, err = heshu(
        "waive", fingerprint, "--reason", "等待发布方答复: 见邮件", "--until", "2999-12-31", "--owner", "甲"
    )
    assert (code, err) == (0, "")
    assert fingerprint in out
    found = report()
    assert found["exit_code"] == 0
    [finding] = found["findings"]
    assert (finding["state"], finding["gates"]) == ("waived", False)
    assert finding["waiver"] == {"reason": "等待发布方答复: 见邮件", "owner": "甲", "until": "2999-12-31"}
    _, out, _ = heshu("check", "--lang", "zh")
    assert "已豁免  GRW001  data/a/figures.csv:8" in out
    assert "（甲，至 2999-12-31：等待发布方答复: 见邮件）" in out


def test_waiving_keeps_the_notes_of_the_file(repository: Repository, heshu: Call, fingerprint: str) -> None:
    repository.write("waivers.yaml", "# Ours.\nheshu: waivers/1\nwaivers:\n  - fingerprint: '00000000000000aa'  # old\n"
                     "    reason: r\n    owner: o\n    until: 2999-01-01\n")  # fmt: skip
    for until in ("2999-12-31", "2998-12-31"):
        code = heshu("waive", fingerprint, "--reason", "r", "--until", until, "--owner", "o")[0]
        assert code == 0
    written = Path("waivers.yaml").read_text("utf-8")
    assert written.startswith("# Ours.\n")
    assert "# old" in written
    assert written.count(fingerprint) == 1
    assert "2998-12-31" in written


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ("reason: r\n    owner: o\n    until: 2020-01-31", "WVR001", "ended on 2020-01-31"),
        ("owner: o\n    until: 2999-01-31", "WVR003", "lacks reason"),
        ("reason: ' '\n    until: 2999-01-31", "WVR003", "lacks reason, owner"),
        ("reason: r\n    owner: o", "WVR003", "lacks until"),
    ],
)
def test_a_waiver_that_does_not_do_is_a_finding(
    repository: Repository, report: Report, fingerprint: str, fields: str, code: str, said: str
) -> None:
    repository.write("waivers.yaml", f"heshu: waivers/1\nwaivers:\n  - fingerprint: '{fingerprint}'\n    {fields}\n")
    found = report()
    waiver, finding = found["findings"]
    assert (waiver["code"], waiver["line"], said in waiver["message"]) == (code, 3, True)
    # And what it was for gates.
    assert (finding["code"], finding["gates"], found["exit_code"]) == ("GRW001", True, 1)


def test_a_waiver_of_nothing(repository: Repository, report: Report, heshu: Call) -> None:
    repository.dataset("a", GOOD)
    entry = "{fingerprint: '00000000000000aa', reason: r, owner: o, until: 2999-01-01}"
    repository.write("waivers.yaml", f"heshu: waivers/1\nwaivers: [{entry}]\n")
    found = report()
    assert ([finding["code"] for finding in found["findings"]], found["exit_code"]) == (["WVR002"], 0)
    assert report("--fail-on", "warning")["exit_code"] == 1
    # A part of the project cannot tell.
    assert report("data/b")["findings"] == []
    assert report("--ignore", "SUM")["findings"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("xyz", "--reason", "r", "--until", "2999-01-01"),
        ("00000000000000aa", "--reason", " ", "--until", "2999-01-01"),
        ("00000000000000aa", "--reason", "r", "--until", "soon"),
        ("00000000000000aa", "--reason", "r", "--until", "2020-01-01"),
        ("00000000000000aa", "--reason", "r", "--until", "2999-01-01", "--owner", ""),
    ],
)
def test_a_waiver_that_cannot_be(repository: Repository, heshu: Call, arguments: tuple[str, ...]) -> None:
    own = () if "--owner" in arguments else ("--owner", "o")
    code, out, err = heshu("waive", *arguments, *own)
    assert (code, out, bool(err), Path("waivers.yaml").exists()) == (2, "", True, False)


@pytest.mark.parametrize(
    "content",
    ["- x\n", "heshu: 1\n", "heshu: waivers/1\nwaivers: [{fingerprint: 1}]\n", "heshu: waivers/1\nwaivers:\n"
     "  - {fingerprint: '00000000000000aa', until: 2020-13-01}\n", "heshu: waivers/1\nmore: 1\n", "a: &x 1\nb: *x\n"],
)  # fmt: skip
def test_a_bad_file_of_waivers(repository: Repository, heshu: Call, content: str) -> None:
    repository.write("waivers.yaml", content)
    code, out, err = heshu("check")
    assert (code, out, "waivers.yaml:" in err) == (2, "", True)


def test_a_lost_check_can_be_waived(changed: Repository, heshu: Call, report: Report) -> None:
    found = report("--since", "main")
    for finding in found["findings"]:
        if finding["gates"]:
            heshu("waive", finding["fingerprint"], "--reason", "r", "--until", "2999-01-01", "--owner", "o")
    found = report("--since", "main")
    assert (found["exit_code"], {state for _, state, _ in told(found)}) == (0, {"waived", "fixed"})


# Without git.


def test_against_a_copy(repository: Repository, report: Report, tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    rules = ("--rules", "rules.yaml")
    old.write_text(text(GOOD), "utf-8")
    new.write_text(text(GOOD | WRONG), "utf-8")
    found = report(str(new), "--against", str(old), *rules)
    [finding] = found["findings"]
    # Nobody says that it is one release: a warning.
    assert (finding["state"], finding["severity"], found["against"]) == ("new", "warning", str(old))
    assert report(str(new), "--against", str(new), *rules)["exit_code"] == 0
    assert report(str(old), "--against", str(new), *rules)["fixed"][0]["figures"][0]["file"] == str(new)


def test_against_a_copy_of_the_project(repository: Repository, report: Report, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(repository.path, tmp_path / "before", ignore=shutil.ignore_patterns(".git"))
    repository.dataset("b", GOOD | {"城镇,2024,level,": ""})
    found = report("--against", str(tmp_path / "before"))
    assert told(found) == {("COV001", "new", "城镇")}
    assert told(report("data/b", "--against", str(tmp_path / "before/data/b"))) == {("COV001", "new", "城镇")}
    assert told(report("data/a", "data/b", "--against", str(tmp_path / "before"))) == {("COV001", "new", "城镇")}


def test_against_nothing_or_both(repository: Repository, heshu: Call) -> None:
    assert heshu("check", "--against", "nowhere")[0] == 2
    code, _, err = heshu("check", "--against", "data", "--since", "main")
    assert (code, "--against" in err) == (2, True)


def test_diff_says_was_and_is(repository: Repository, heshu: Call, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(text(GOOD), "utf-8")
    more = {"总额,2024,growth,yoy": "5.5,%", "城镇,2024,level,": "", "总额,2022,level,": "380.0,亿元"}
    (tmp_path / "new.csv").write_text(text(GOOD | more | {"总额,2024,level,": "0.0420,万亿元"}), "utf-8")
    files = (str(tmp_path / "old.csv"), str(tmp_path / "new.csv"), "--rules", "rules.yaml")
    code, out, err = heshu("diff", *files)
    assert (code, err) == (0, "")
    assert [line.split("  ", 1)[-1] for line in out.splitlines()] == [
        "总额 2024: 420.0亿元 → 0.0420万亿元, digits are lost",
        "总额 2024, growth year on year: 5.0% → 5.5%, +0.5 percentage points",
        "总额 2022: 380.0亿元 is new",
        "城镇 2024: 312.0亿元 is gone",
        "1 changed, 1 added, 1 removed, 1 with fewer digits",
    ]
    code, out, _ = heshu("diff", *files, "--format", "json")
    assert [change["how"] for change in json.loads(out)] == ["coarser", "changed", "added", "removed"]
    _, out, _ = heshu("diff", files[0], files[0], *files[2:], "--lang", "zh")
    assert out == "数据没有变化\n"


def test_diff_of_what_cannot_be_read(repository: Repository, heshu: Call, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("indicator,period\nx\n", "utf-8")
    code, out, err = heshu("diff", str(tmp_path / "bad.csv"), "data/a")
    assert (code, out, "bad.csv" in err) == (2, "", True)


def test_what_is_not_judged_again_is_neither_unused_nor_outlived(
    repository: Repository, report: Report, heshu: Call
) -> None:
    """Nobody looked whether the findings of an unchanged dataset are still there."""
    heshu("baseline")
    entry = "{fingerprint: '00000000000000aa', reason: r, owner: o, until: 2999-01-01}"
    repository.write("waivers.yaml", f"heshu: waivers/1\nwaivers: [{entry}]\n")
    repository.write("heshu.toml", 'datasets = ["data/*"]\nbaseline = "heshu-baseline.json"\n')
    repository.commit()
    repository.dataset("b", GOOD | {"城镇,2024,growth,yoy": "9.9,%"})
    found = report("--since", "HEAD")
    assert [finding["code"] for finding in found["findings"]] == ["GRW001"]
    assert (found["summary"]["outlived"], len(found["same"])) == (0, 1)
    repository.dataset("a", GOOD)
    found = report("--since", "HEAD")
    assert "WVR002" in {finding["code"] for finding in found["findings"]}
    assert (found["summary"]["outlived"], found["same"]) == (1, [])
