"""A plugin of pytest: ``pytest --heshu datasets/`` makes a test of each rule and dataset.

A test fails if findings of its rule gate, with what the console would say of them; it is skipped, with the reasons, if
nothing of it could be judged. The fixture ``heshu_report`` is the report of what ``--heshu`` names. Nothing is
imported before that: the plugin costs no run that does not use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from heshu.finding import Finding
    from heshu.report import DatasetReport, Report, RuleCount

_REPORT = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("heshu", "checking published figures")
    group.addoption("--heshu", action="append", metavar="PATH", help="Dataset, or folder of datasets; repeatable.")
    group.addoption("--heshu-rules", action="append", metavar="RULEBOOK", help="Rulebook; overrules manifests.")
    group.addoption(
        "--heshu-fail-on", default="error", choices=("error", "warning"), help="Severity that fails a test."
    )


def pytest_collection(session: pytest.Session) -> None:
    """Run the check once, before tests are collected, where one is asked for."""
    config = session.config
    if (paths := config.getoption("heshu")) and not hasattr(config, "workerinput"):
        config.stash[_REPORT] = _checked(config, paths)


def _checked(config: pytest.Config, paths: list[str]) -> Report:
    import heshu

    try:
        return heshu.check(paths, rules=config.getoption("heshu_rules"), fail_on=config.getoption("heshu_fail_on"))
    except heshu.InputErrors as errors:
        raise pytest.UsageError("\n".join(map(_said, errors.errors))) from None


def _said(error: Any) -> str:
    from heshu import wording
    from heshu.messages import language

    return f"{error.place}: {wording.error(error, language(None))}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test for each rule and dataset."""
    if (report := config.stash.get(_REPORT, None)) is not None:
        node = _Figures.from_parent(session, name="heshu", nodeid="heshu")
        node.report = report
        items.extend(node.collect())


@pytest.fixture(scope="session")
def heshu_report(pytestconfig: pytest.Config) -> Report:
    """The report of the datasets that ``--heshu`` names."""
    report: Report | None = pytestconfig.stash.get(_REPORT, None)
    if report is None:
        pytest.skip("--heshu names no dataset")
    return report


class _Figures(pytest.Collector):
    """What ``--heshu`` names."""

    report: Report

    def collect(self) -> Iterator[pytest.Item]:
        for label, dataset in self.report.named:
            for rule in dataset.rules:
                item = _Rule.from_parent(self, name=f"{label}::{rule.code}")
                item.judged = (self.report, dataset, rule)
                yield item
            if not dataset.rules or dataset.errors:
                unread = _Input.from_parent(self, name=f"{label}::input")
                unread.judged = (self.report, dataset)
                yield unread


class _Rule(pytest.Item):
    """One rule on one dataset."""

    judged: tuple[Report, DatasetReport, RuleCount]

    def runtest(self) -> None:
        from heshu.messages import language, say

        report, dataset, rule = self.judged
        if rule.broken:
            raise RuntimeError(f"{rule.code}: {rule.broken}")
        found = [finding for finding in dataset.findings if finding.code == rule.code and report.gates(finding)]
        if found:
            raise _Found(found)
        if rule.matched == rule.not_evaluable:
            lang = language(None)
            reasons = "; ".join(f"{n} × {say(f'reason.{key}', lang)}" for key, n in rule.reasons.most_common())
            pytest.skip(reasons or say("console.none_judged", lang))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """Say what was found, as on the console, and not where in our code."""
        if isinstance(excinfo.value, _Found):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        _, dataset, rule = self.judged
        return Path(dataset.path), None, f"{self.name}: {rule.title}"


class _Input(pytest.Item):
    """What of a dataset could not be read."""

    judged: tuple[Report, DatasetReport]

    def runtest(self) -> None:
        report, dataset = self.judged
        raise _Unread("\n".join(map(_said, [*report.errors, *dataset.errors])) or f"{dataset.path}: nothing was judged")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """Say what cannot be read."""
        return str(excinfo.value) if isinstance(excinfo.value, _Unread) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return Path(self.judged[1].path), None, self.name


class _Unread(Exception):
    """Input that cannot be read."""


class _Found(Exception):
    """Findings that gate."""

    def __init__(self, found: list[Finding]) -> None:
        from heshu import wording
        from heshu.messages import language

        lang = language(None)
        lines: list[str] = []
        for finding in found:
            lines.append(f"{finding.place}  {wording.headline(finding, lang)}")
            lines += [f"  {text}" for text in (wording.subject(finding, lang), *wording.body(finding, lang)) if text]
            lines += [
                f"    {wording.place(figure)}  {wording.name(figure, lang)}  {wording.clean(figure.printed)}"
                for figure in finding.figures[1:]
            ]
        super().__init__("\n".join(lines))
