"""Check every dataset here and compare with the findings expected in its ``expected.json``.

``python datasets/verify.py`` shows the report and says whether the findings are those expected (exit 0) or not
(exit 1); ``--update`` writes the expectations anew, to be reviewed as a diff.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import heshu
from heshu import wording
from heshu.formats import console
from heshu.messages import language
from heshu.report import DatasetReport, Report

HERE = Path(__file__).parent
FILE = "expected.json"


def run(here: Path = HERE) -> Report:
    """Return the report on all datasets in ``here``, with paths as seen from where one stands."""
    return heshu.check([Path(os.path.relpath(path.parent)) for path in sorted(here.glob("*/datapackage.json"))])


def outcome(dataset: DatasetReport) -> dict[str, Any]:
    """Return what is expected of a dataset: its findings, and how many relations each rule judged."""
    return {
        "findings": [
            {
                "code": finding.code,
                "severity": str(finding.severity),
                "verdict": str(finding.verdict),
                "reason": finding.reason,
                "line": finding.place.line,
                "figures": [
                    f"{figure.role}: {wording.name(figure, 'zh')} {figure.printed}" for figure in finding.figures
                ],
            }
            for finding in dataset.findings
        ],
        "relations": {
            rule.code: {"exact": rule.exact, "rounded": rule.rounded, **dict(sorted(rule.reasons.items()))}
            for rule in dataset.rules
            if rule.is_relation and rule.matched
        },
    }


def main() -> int:
    """Run, compare, report."""
    report = run()
    if "--update" in sys.argv[1:]:
        for dataset in report.datasets:
            text = json.dumps(outcome(dataset), ensure_ascii=False, indent=2) + "\n"
            (Path(dataset.path) / FILE).write_text(text, encoding="utf-8")
        return 0
    is_terminal = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = os.get_terminal_size().columns if is_terminal else 0
    print(console.render(report, language(), color=is_terminal, width=width))
    wrong = [f"{error}" for error in report.all_errors]
    for dataset in report.datasets:
        path = Path(dataset.path) / FILE
        expected = json.loads(path.read_text("utf-8")) if path.is_file() else None
        if outcome(dataset) != expected:
            wrong.append(f"{dataset.path}: not the outcome expected in {path}")
    for line in wrong:
        print(line)
    found = len(report.findings)
    print("✗ not as expected" if wrong else f"✓ as expected: {found} findings in {len(report.datasets)} datasets")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
