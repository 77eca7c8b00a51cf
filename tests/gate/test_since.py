"""The gate on changes, in real repositories: what is new fails, what was there does not, no check is lost unseen."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gate_world import EXPECTED, GOOD, RULES, Call, Repository, text, told

Report = Callable[..., dict[str, Any]]

BREAK = "breaks: [{series: 总额, at: 2024, effect: revised_base, reason: r, source: s}]\n"


def changes(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["how"], change["by"]) for dataset in report["datasets"] for change in dataset["changes"]]


def gating(report: dict[str, Any]) -> list[str]:
    return [found["reason"] for found in report["findings"] if found["gates"]]


def test_a_change_is_told_whole(changed: Repository, report: Report) -> None:
    found = report("--since", "main")
    assert told(found) == EXPECTED
    assert found["exit_code"] == 1
    assert {finding["code"] for finding in found["findings"] if finding["gates"]} == {"GRW001", "SUM001", "COV001"}
    assert found["against"].startswith("main (")
    [a, b] = found["datasets"]
    assert sorted(change["how"] for change in a["changes"]) == ["changed", "changed", "finer"]
    assert sorted(change["how"] for change in b["changes"]) == ["changed", "removed"]
    assert [finding["code"] for finding in found["findings"] if finding["gates"]].count("COV001") == 1
    assert b["slice"]["lost"] == 2
    assert found["fixed"][0]["figures"][0]["file"] == "main:data/a/figures.csv"


def test_the_console_tells_it_in_both_languages(changed: Repository, heshu: Call) -> None:
    code, out, err = heshu("check", "--since", "main", "--lang", "en")
    assert (code, err) == (1, "")
    assert "against main (" in out
    assert "✓ fixed  GRW001  main:data/a/figures.csv:8" in out
    assert "某市 城镇 2024, growth year on year: 4.0% → 4.4%, +0.4 percentage points" in out
    assert "COV001" in out
    assert "is gone; " in out
    code, out, _ = heshu("check", "--since", "main", "--lang", "zh")
    assert code == 1
    assert "已消除" in out
    assert "不再核对" in out


def test_what_was_there_does_not_gate(repository: Repository, report: Report) -> None:
    found = report("--since", "main")
    assert (found["exit_code"], found["verdict"]) == (0, "clean")
    # Nothing has changed, so that nothing hangs on it, and nothing is judged again.
    assert (found["findings"], found["datasets"], len(found["same"])) == ([], [], 2)
    repository.write("data/a/figures.csv", (repository.path / "data/a/figures.csv").read_text("utf-8") + "\n")
    found = report("--since", "main")
    assert [(finding["state"], finding["gates"]) for finding in found["findings"]] == [("known", False)]
    assert [dataset["slice"]["judged"] for dataset in found["datasets"]] == [0]
    assert found["exit_code"] == 0


def test_unsaved_work_is_what_is_judged(repository: Repository, report: Report) -> None:
    repository.dataset("b", GOOD | {"乡村,2024,growth,yoy": "9.0,%"})
    assert told(report("--since", "HEAD")) == {("GRW001", "new", "乡村")}


def test_the_merge_base_counts_not_the_tip(changed: Repository, report: Report) -> None:
    """What came to main after the branch began is no change of the branch."""
    changed.git("checkout", "-q", "main")
    changed.dataset("b", GOOD | {"城镇,2023,level,": "299.0,亿元"})
    changed.commit("later")
    changed.git("checkout", "-q", "work")
    assert told(report("--since", "main")) == EXPECTED


def test_a_wrong_figure_that_gets_another_typo_is_new(repository: Repository, report: Report) -> None:
    repository.dataset("a", GOOD | {"总额,2024,growth,yoy": "60.0,%"})
    assert told(report("--since", "main")) == {("GRW001", "new", "总额")}


def test_rows_moved_and_sorted_are_no_change(repository: Repository, report: Report) -> None:
    rows = GOOD | {"总额,2024,growth,yoy": "6.0,%"}
    repository.dataset("a", dict(reversed(rows.items())))
    found = report("--since", "main")
    assert (found["exit_code"], changes(found)) == (0, [])
    assert [finding["state"] for finding in found["findings"]] == ["known"]


def test_a_file_and_a_folder_with_another_name(repository: Repository, report: Report) -> None:
    repository.git("mv", "data/b", "data/c")
    manifest = repository.path / "data/a/datapackage.json"
    manifest.write_text(manifest.read_text("utf-8").replace("figures.csv", "moved.csv"), "utf-8")
    repository.git("mv", "data/a/figures.csv", "data/a/moved.csv")
    found = report("--since", "main")
    assert (found["exit_code"], changes(found), told(found)) == (0, [], set())
    assert found["datasets"][0]["slice"]["whole"] == "rules"


@pytest.mark.parametrize(
    ("printed", "how", "by"),
    [
        ("0.0420,万亿元", "reprinted", ""),
        ("0.04200,万亿元", "finer", ""),
        ("0.042,万亿元", "coarser", ""),
        ("0.04,万亿元", "coarser", "−0.0020万亿元 (−4.76%)"),
        ("420.0,万元", "changed", "−4199580.0万元 (−99.99%)"),
        ("超420.0,亿元", "changed", ""),
        ("430.0,亿元", "changed", "+10.0亿元 (+2.38%)"),
        ("42x,亿元", "changed", ""),
    ],
)
def test_reformatted_numbers(repository: Repository, report: Report, printed: str, how: str, by: str) -> None:
    """420亿元 and 0.0420万亿元 are one value with as many digits; with fewer or more it is something else."""
    repository.dataset("b", GOOD | {"总额,2024,level,": "420,亿元"})
    repository.commit()
    repository.dataset("b", GOOD | {"总额,2024,level,": printed})
    assert changes(report("--since", "HEAD")) == [(how, by)]


def test_a_reprinted_figure_keeps_its_findings_known(repository: Repository, report: Report) -> None:
    repository.dataset("a", GOOD | {"总额,2024,growth,yoy": "6.0,%", "总额,2024,level,": "0.04200,万亿元"})
    found = report("--since", "main")
    assert (found["exit_code"], changes(found), told(found)) == (0, [("reprinted", "")], set())


def test_precision_lost_is_said(repository: Repository, heshu: Call) -> None:
    repository.dataset("b", GOOD | {"总额,2024,level,": "0.042,万亿元"})
    code, out, _ = heshu("check", "--since", "main")
    assert code == 0
    assert "420.0亿元 → 0.042万亿元, digits are lost" in out


def test_a_deleted_part_takes_its_sum_with_it(repository: Repository, report: Report) -> None:
    repository.dataset("b", GOOD | {"乡村,2023,level,": ""})
    found = report("--since", "main")
    assert gating(found) == ["coverage.removed"]
    [lost] = [finding["message"] for finding in found["findings"] if finding["code"] == "COV001"]
    assert "2 relation(s)" in lost
    assert "GRW001 × 1, SUM001 × 1" in lost


def test_a_figure_in_no_relation_may_go(repository: Repository, report: Report) -> None:
    repository.dataset("b", GOOD | {"总额,2022,level,": "380.0,亿元"})
    repository.commit()
    repository.dataset("b", GOOD)
    found = report("--since", "HEAD")
    assert (found["exit_code"], changes(found)) == (0, [("removed", "")])


def test_another_basis_is_told_and_gates(repository: Repository, report: Report) -> None:
    rows = {f"{key},": value for key, value in GOOD.items()}
    head = "indicator,period,measure,comparison,price,value,unit\n"
    repository.write("data/b/figures.csv", head + "".join(f"{key},{value}\n" for key, value in rows.items()))
    repository.commit()
    rows = {("总额,2024,level,,constant" if key == "总额,2024,level,," else key): value for key, value in rows.items()}
    repository.write("data/b/figures.csv", head + "".join(f"{key},{value}\n" for key, value in rows.items()))
    found = report("--since", "HEAD")
    assert [how for how, _ in changes(found)] == ["redeclared"]
    assert "price: current → constant" in found["datasets"][0]["changes"][0]["message"]
    assert "coverage.unjudged" in gating(found)
    assert any("price" in finding["message"] for finding in found["findings"] if finding["code"] == "COV001")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("  - {code: SUM001, title: {en: sums, zh: 分项}, kind: sum, with: {of: parts}}\n", "", "coverage.rule"),
        ("kind: sum, with: {of: parts}}", "kind: sum, severity: warning, with: {of: parts}}", "coverage.weight"),
        ("classifications: [{total: 总额, parts: [城镇, 乡村]}]\n", "", "coverage.unmade"),
        ("where: {measure: growth}", "where: {measure: growth, indicator: 总额}", "coverage.unseen"),
        ("rules:\n", BREAK + "rules:\n", "coverage.unjudged"),
        ("heshu: 1\n", "heshu: 1\nignore: [GRW001]\n", "coverage.rule"),
    ],
)  # fmt: skip
def test_a_check_that_is_taken_away_gates(
    repository: Repository, report: Report, old: str, new: str, reason: str
) -> None:
    assert old in RULES
    repository.write("rules.yaml", RULES.replace(old, new))
    found = report("--since", "main")
    assert found["exit_code"] == 1
    assert set(gating(found)) == {reason}
    assert {dataset["slice"]["whole"] for dataset in found["datasets"]} == {"rules"}


def test_a_rule_ignored_in_the_settings_gates(repository: Repository, report: Report) -> None:
    repository.write("heshu.toml", 'datasets = ["data/*"]\nignore = ["SUM001"]\n')
    assert set(gating(report("--since", "main"))) == {"coverage.rule"}


def test_a_dataset_that_is_left_out_gates(repository: Repository, report: Report) -> None:
    repository.write("heshu.toml", 'datasets = ["data/a"]\n')
    found = report("--since", "main")
    assert gating(found) == ["coverage.dataset"]
    assert found["findings"][0]["path"] == "main:data/b"


def test_a_lowered_gate_holds_from_the_next_change_on(repository: Repository, report: Report) -> None:
    repository.write("heshu.toml", 'datasets = ["data/*"]\nfail-on = "never"\n')
    repository.dataset("b", GOOD | {"乡村,2024,growth,yoy": "9.0,%"})
    found = report("--since", "main")
    assert (found["gate"], found["exit_code"]) == ("error", 1)
    assert report("--since", "main", "--fail-on", "never")["exit_code"] == 0


def test_a_new_dataset_is_judged_whole(repository: Repository, report: Report) -> None:
    repository.dataset("c", GOOD | {"总额,2024,growth,yoy": "6.0,%"})
    found = report("--since", "main")
    assert told(found) == {("GRW001", "new", "总额")}
    [added] = found["datasets"]
    assert added["slice"]["whole"] == "added"


def test_one_dataset_of_several(changed: Repository, report: Report) -> None:
    assert told(report("data/a", "--since", "main")) == {
        each for each in EXPECTED if each[1:] in {("new", "城镇"), ("fixed", "总额")}
    }


def test_from_a_folder_below(changed: Repository, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(changed.path / "data")
    assert told(report("--since", "main")) == EXPECTED
    assert told(report("a", "b", "--since", "main")) == EXPECTED


def test_the_next_change_starts_clean(changed: Repository, report: Report, heshu: Call) -> None:
    """Merged, with what is left in a baseline, everything is quiet; and without a comparison too."""
    code, out, _ = heshu("baseline")
    assert (code, "2 finding(s)" in out) == (0, True)
    changed.write("heshu.toml", 'datasets = ["data/*"]\nbaseline = "heshu-baseline.json"\n')
    changed.commit()
    found = report()
    assert (found["exit_code"], found["summary"]["states"]["known"], told(found)) == (0, 2, set())
    assert report("--since", "HEAD")["exit_code"] == 0


def test_of_two_hundred_datasets_only_those_that_changed_are_judged(
    repository: Repository, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200):
        repository.dataset(f"n{number:03}", GOOD)
    repository.commit()
    repository.dataset("n007", GOOD | {"乡村,2024,growth,yoy": "9.0,%"})
    repository.dataset("n150", GOOD | {"城镇,2024,level,": ""})
    from heshu.changes import gate

    judged: list[str] = []
    judge = gate.judge

    def counted(opened: Any, means: Any, ledger: Any = None) -> Any:
        judged.append(opened.report.name)
        return judge(opened, means, ledger)

    monkeypatch.setattr(gate, "judge", counted)
    found = report("--since", "HEAD")
    assert judged == ["n007", "n007", "n150", "n150"]
    assert len(found["same"]) == 200
    assert told(found) == {("GRW001", "new", "乡村"), ("COV001", "new", "城镇")}


# What cannot be compared.


def test_an_unknown_name(repository: Repository, heshu: Call) -> None:
    for name in ("nowhere", "--output=x", "HEAD~99"):
        code, out, err = heshu("check", f"--since={name}")
        assert (code, out) == (2, "")
        assert f"--since  {name} is no commit, branch or tag of this repository" in err


def test_a_shallow_clone_says_what_to_set(
    changed: Repository, heshu: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "--branch=work", f"file://{changed.path}", str(tmp_path / "shallow")],
        check=True,
    )
    monkeypatch.chdir(tmp_path / "shallow")
    code, out, err = heshu("check", "--since", "origin/main")
    assert (code, out) == (2, "")
    assert "fetch-depth: 0" in err
    # With the tip alone there is no common ancestor to be seen.
    subprocess.run(["git", "fetch", "-q", "--depth=1", "origin", "main:main"], check=True)
    code, out, err = heshu("check", "--since", "main")
    assert (code, out, "fetch-depth: 0" in err) == (2, "", True)


def test_no_repository_and_no_git(heshu: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(text(GOOD), "utf-8")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    code, _, err = heshu("check", "a.csv", "--since", "main")
    assert (code, "in no git repository" in err, "--against" in err) == (2, True, True)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = heshu("check", "a.csv", "--since", "main")
    assert (code, "git is not installed" in err) == (2, True)


def test_a_path_outside_the_repository(repository: Repository, heshu: Call, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(text(GOOD), "utf-8")
    code, _, err = heshu("check", str(tmp_path / "other.csv"), "--since", "main")
    assert (code, "does not lie below" in err) == (2, True)


def test_nothing_of_the_repository_runs(repository: Repository, report: Report) -> None:
    """Filters, hooks and links of an old commit are not followed."""
    mark = repository.path.parent / "ran"
    repository.write(".gitattributes", "*.csv filter=own\ndata/a/* export-ignore\n")
    repository.git("config", "filter.own.smudge", f"touch {mark}; cat")
    repository.git("config", "filter.own.clean", "cat")
    (repository.path / "out.csv").symlink_to("/etc/passwd")
    repository.commit()
    mark.unlink(missing_ok=True)
    repository.dataset("b", GOOD | {"乡村,2024,growth,yoy": "9.0,%"})
    assert told(report("--since", "HEAD")) == {("GRW001", "new", "乡村")}
    assert not mark.exists()


def test_what_could_not_be_read_before_counts_as_new(repository: Repository, report: Report) -> None:
    repository.write("data/b/figures.csv", "indicator,period\nx\n")
    repository.commit()
    repository.dataset("b", GOOD | {"乡村,2024,growth,yoy": "9.0,%"})
    found = report("--since", "HEAD")
    assert found["datasets"][0]["slice"]["whole"] == "unread"
    assert told(found) == {("GRW001", "new", "乡村")}


def test_one_bad_row_of_old_hides_nothing(repository: Repository, report: Report) -> None:
    """What could be read was judged: it is known, and what is taken from it is missed."""
    repository.dataset("a", GOOD | {"总额,2024,growth,yoy": "6.0,%", "总额,20x4,level,": "1,亿元"})
    repository.commit()
    repository.dataset("a", GOOD | {"总额,2024,growth,yoy": "6.0,%", "乡村,2024,level,": ""})
    found = report("--since", "HEAD")
    assert told(found) == {("COV001", "new", "乡村")}
    assert [finding["state"] for finding in found["findings"] if finding["code"] == "GRW001"] == ["known"]


def test_a_clone_without_old_files_fetches_none(
    changed: Repository, heshu: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed.git("config", "uploadpack.allowFilter", "true")
    clone, source = tmp_path / "partial", f"file://{changed.path}"
    subprocess.run(["git", "clone", "-q", "--filter=blob:none", "--branch=work", source, clone], check=True)
    monkeypatch.chdir(clone)
    code, out, err = heshu("check", "--since", "origin/main")
    assert (code, out) == (2, "")
    assert "lacks files of the commit" in err
