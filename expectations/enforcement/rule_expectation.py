"""One expectation class a rule, made from the catalogue: its name says the rule, its description is the sentence.

All of them ask the same question of a table: on how many rows does the rule fail? The metric is an aggregate, so that
Great Expectations answers it for a whole suite in one query.

Importing this module imports Great Expectations (seconds): import it inside functions.
"""

from __future__ import annotations

from functools import cache
from types import new_class
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.enforcement.validation import GX_SEVERITY
from expectations.rules.book import CheckInForce

METRIC = "rule.violation_count"


class RuleViolationCount(TableMetricProvider):
    """Number of rows of the table for which an SQL condition is true."""

    metric_name = METRIC
    value_keys = ("fails_where",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,  # noqa: N805 - Great Expectations calls metrics on the class
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> Any:
        fails = sa.literal_column(f"count(*) filter (where {metric_value_kwargs['fails_where']})", sa.BigInteger)
        return fails, metric_domain_kwargs, {}


class ExpectRuleToHold(BatchExpectation):
    """Expect no row of the table to meet the condition of failure. Rules are subclasses, see ``rule_expectation``."""

    fails_where: str
    check_id: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("fails_where", "check_id")
    args_keys: ClassVar[tuple[str, ...]] = ("fails_where", "check_id")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        violations = metrics[METRIC]
        return {"success": violations == 0, "result": {"observed_value": violations}}


@cache
def rule_expectation(rule_id: str, name: str, description: str) -> type[ExpectRuleToHold]:
    """The expectation class of a rule, for example ``ExpectFigureNotToBeNegative`` for VAL-01."""
    namespace = {"__module__": __name__, "__doc__": f"{rule_id}: {description}"}
    return new_class(name, (ExpectRuleToHold,), exec_body=lambda body: body.update(namespace))


def expectation_of(in_force: CheckInForce, fails_where: str) -> ExpectRuleToHold:
    """The expectation that a check fails on no row; ``fails_where`` is the condition, as SQL over the suite's table."""
    rule = in_force.rule
    return rule_expectation(rule.id, rule.expectation, rule.title.en)(
        check_id=in_force.check_id,
        fails_where=fails_where,
        severity=FailureSeverity(GX_SEVERITY[in_force.severity]),
        meta={"rule": rule.id, "sentence_vi": rule.title.vi, "sentence_en": rule.title.en},
    )
