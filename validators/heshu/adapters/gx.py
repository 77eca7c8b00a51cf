"""Great Expectations: rulebooks as Expectations, on batches of pandas and of Spark.

``ExpectFiguresToBeConsistent`` stands for all relation rules of rulebooks, ``ExpectFiguresToHoldRule`` for one rule. A
batch is judged once by :func:`heshu.check`, whatever the number of Expectations: what it finds is a metric. Spark's
batches are staged as Parquet and judged by Spark; only findings come back.

Needs the extra ``gx``. Importing it takes seconds, and defines the Expectations, as Great Expectations wants it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Literal

# Great Expectations reports on its use unless it is told not to; who wants that says so before.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

from great_expectations.compatibility import pydantic
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import ExecutionEngine, PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.render import LegacyRendererType, RenderedStringTemplateContent, RenderedTableContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.render.renderer_configuration import RendererConfiguration, RendererValueType

import heshu
from heshu import wording
from heshu.errors import InputErrors
from heshu.finding import Finding, Severity, Verdict
from heshu.report import Report
from heshu.rulebook import load
from heshu.rulebook.model import in_language
from heshu.run import DEFAULT_RULEBOOKS

METRIC = "heshu_findings"

#: Severities of rules → of Expectations.
SEVERITIES = {
    Severity.ERROR: FailureSeverity.CRITICAL, Severity.WARNING: FailureSeverity.WARNING,
    Severity.INFO: FailureSeverity.INFO,
}  # fmt: skip

#: Findings that a result carries; of more the number is told.
MOST = 1000


class FiguresFound(TableMetricProvider):
    """What the rules of rulebooks find in a batch: plain data, so that results can be stored."""

    metric_name = METRIC
    value_keys = ("rulebook", "defaults", "lang", "staging")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805  (Great Expectations makes it a class method)
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> dict[str, Any]:
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, MetricDomainTypes.TABLE)
        given = _given(metric_value_kwargs)
        return found(_checked(frame, given, defaults=given["defaults"]), given["lang"])

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(
        cls,  # noqa: N805
        execution_engine: SparkDFExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> dict[str, Any]:
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, MetricDomainTypes.TABLE)
        given = _given(metric_value_kwargs)
        with tempfile.TemporaryDirectory(dir=given["staging"]) as name:
            folder = Path(name)
            frame.write.parquet(str(folder / "figures"))
            parts = sorted(path.relative_to(folder).as_posix() for path in folder.glob("figures/*.parquet"))
            block = {"defaults": given["defaults"]}
            manifest = {"name": "batch", "resources": [{"name": "figures", "path": parts}], "heshu": block}
            (folder / "datapackage.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
            return found(_checked(folder, given, engine="spark"), given["lang"])


def _checked(data: Any, given: Mapping[str, Any], **more: Any) -> Report:
    """Check figures; what is wrong with the input as a whole is in the report as well."""
    try:
        return heshu.check(data, rules=given["rulebook"], lang=given["lang"], fail_on="never", **more)
    except InputErrors as errors:
        return Report(errors=errors.errors)


def _given(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rulebook": list(kwargs.get("rulebook") or DEFAULT_RULEBOOKS), "defaults": dict(kwargs.get("defaults") or {}),
        "lang": kwargs.get("lang") or "en", "staging": kwargs.get("staging"),
    }  # fmt: skip


def found(report: Report, lang: str) -> dict[str, Any]:
    """Return a report as plain data: per rule how much was judged, what fails, what could not be read.

    :raises RuntimeError: if a rule broke, which says nothing about the figures.
    """
    rules = [rule for dataset in report.datasets for rule in dataset.rules]
    if broken := [f"{rule.code}: {rule.broken}" for rule in rules if rule.broken]:
        raise RuntimeError("; ".join(broken))
    failed = [finding for finding in report.findings if finding.verdict is Verdict.FAIL]
    return {
        "judged": {rule.code: rule.matched - rule.not_evaluable for rule in rules},
        "not_judged": {rule.code: dict(rule.reasons) for rule in rules if rule.reasons},
        "relations": [rule.code for rule in rules if rule.is_relation],
        "findings": [_row(finding, lang) for finding in failed],
        "errors": [f"{fault.place}: {wording.error(fault, lang)}" for fault in report.all_errors],
    }


def _row(finding: Finding, lang: str) -> dict[str, Any]:
    """Return a finding as a row: where it is, what it says, the figures in it as printed."""
    return {
        "code": finding.code, "severity": str(finding.severity),
        "file": Path(finding.place.path).name, "row": finding.place.line,
        "figure": wording.subject(finding, lang), "finding": wording.in_a_line(finding, lang),
        "printed": [figure.printed for figure in finding.figures], "fingerprint": finding.fingerprint,
    }  # fmt: skip


class _OfFigures(BatchExpectation):
    """What the Expectations have in common: whose rules, what is declared, and how results are shown."""

    metric_dependencies = (METRIC,)
    domain_keys: ClassVar[tuple[str, ...]] = ()

    rulebook: list[str] = pydantic.Field(default_factory=lambda: list(DEFAULT_RULEBOOKS))
    defaults: dict[str, Any] = pydantic.Field(default_factory=dict)
    lang: str = "en"
    staging: str | None = None

    def _result(self, metrics: Mapping[str, Any], own: list[dict[str, Any]], codes: Sequence[str]) -> dict[str, Any]:
        """Return the result of these findings, by rules of these codes; with what could not be judged, and why."""
        found_ = metrics[METRIC]
        errors, judged = found_["errors"], sum(found_["judged"].get(code, 0) for code in codes)
        skipped = {code: reasons for code, reasons in found_["not_judged"].items() if code in codes}
        return {
            "success": not own and not errors,
            "result": {
                "observed_value": f"{len(own)} / {judged}",
                "unexpected_count": len(own), "element_count": judged,
                "unexpected_percent": 100 * len(own) / judged if judged else 0.0,
                "unexpected_rows": own[:MOST], "details": {"errors": errors[:MOST], "not_judged": skipped},
            },
        }  # fmt: skip

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration) -> RendererConfiguration:
        renderer_configuration.add_param(name="rulebook", param_type=RendererValueType.ARRAY)
        renderer_configuration.template_str = cls._said(renderer_configuration.kwargs)
        return renderer_configuration

    @classmethod
    def _said(cls, kwargs: Mapping[str, Any]) -> str:
        raise NotImplementedError

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> list[RenderedStringTemplateContent]:
        kwargs = (configuration or result.expectation_config).kwargs
        return [_text(cls._said(kwargs))]

    @classmethod
    @renderer(renderer_type=".".join([LegacyRendererType.DIAGNOSTIC, "unexpected_table"]))
    def _diagnostic_unexpected_table_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> list[RenderedTableContent] | None:
        rows = (result.result or {}).get("unexpected_rows") if result is not None else None
        if not rows:
            return None
        names = ("row", "code", "figure", "finding")
        # The site's templates put cells into the page as they are.
        table = [[escape(str(row[name])) for name in names] for row in rows]
        styling = {"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}}
        return [RenderedTableContent(content_block_type="table", table=table, header_row=list(names), styling=styling)]


def _text(words: str) -> RenderedStringTemplateContent:
    template = {"template": escape(words).replace("$", "$$"), "params": {}, "styling": {}}
    return RenderedStringTemplateContent(content_block_type="string_template", string_template=template)


class ExpectFiguresToBeConsistent(_OfFigures):
    """Expect that no relation between figures fails, by the rulebooks given, with severity error (or ``fail_on``).

    A batch of which nothing can be judged, or with figures that cannot be read, is no success either.
    """

    success_keys = ("rulebook", "defaults", "lang", "staging", "fail_on")
    args_keys = ("rulebook",)
    fail_on: Literal["error", "warning", "info"] = "error"

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict[str, Any]:
        found_ = metrics[METRIC]
        least = Severity(self.fail_on).rank
        relations = found_["relations"]
        own = [
            row for row in found_["findings"] if row["code"] in relations and Severity(row["severity"]).rank >= least
        ]
        result = self._result(metrics, own, relations)
        if not any(found_["judged"].values()):
            result["success"] = False
        return result

    @classmethod
    def _said(cls, kwargs: Mapping[str, Any]) -> str:
        return f"Figures are consistent by the relations of {', '.join(kwargs.get('rulebook') or DEFAULT_RULEBOOKS)}."


class ExpectFiguresToHoldRule(_OfFigures):
    """Expect that no figure breaks one rule of the rulebooks given; its severity is that of the rule."""

    success_keys = ("rulebook", "defaults", "lang", "staging", "code", "title")
    args_keys = ("code", "rulebook")
    code: str
    title: str = ""

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict[str, Any]:
        found_ = metrics[METRIC]
        if self.code not in found_["judged"] and not found_["errors"]:
            raise ValueError(f"no rule {self.code} in {', '.join(self.rulebook)}")
        # What an assumption holds to a warning is no failure of a critical Expectation.
        least = next(one.rank for one, severity in SEVERITIES.items() if severity == self.severity)
        own = [
            row for row in found_["findings"] if row["code"] == self.code and Severity(row["severity"]).rank >= least
        ]
        return self._result(metrics, own, [self.code])

    @classmethod
    def _said(cls, kwargs: Mapping[str, Any]) -> str:
        return f"{kwargs.get('code', '')} {kwargs.get('title', '')}".strip()


def expectations(
    rules: Sequence[str] = DEFAULT_RULEBOOKS,
    *,
    base: Path | None = None,
    defaults: Mapping[str, Any] | None = None,
    lang: str = "en",
) -> list[BatchExpectation]:
    """Return the Expectations of rulebooks: one for each row rule, one for all relations.

    :param base: the folder from which paths of rulebooks are meant.
    :raises InputErrors: if a rulebook cannot be read.
    """
    given: dict[str, Any] = {"rulebook": list(rules), "defaults": dict(defaults or {}), "lang": lang}
    made: list[BatchExpectation] = []
    for code, loaded in load(list(rules), base or Path.cwd()).rules.items():
        if loaded.kind.is_of_rows:
            title, severity = in_language(loaded.rule.title, lang), SEVERITIES[loaded.severity]
            made.append(ExpectFiguresToHoldRule(code=code, title=title, severity=severity, **given))
    return [*made, ExpectFiguresToBeConsistent(severity=FailureSeverity.CRITICAL, **given)]
