"""One expectation class a rule, made from the catalogue: its name says the rule, its description is the sentence.

All of them ask the same question of a table: on how many rows does the rule fail? The metric is an aggregate, so that
Great Expectations answers it for a whole suite in one query.

Importing this module imports Great Expectations (seconds): import it inside functions.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.rules.model import Rule

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
        execution_engine: SqlAlchemyExecutionEngine,  # noqa: ARG002
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
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
        self, metrics: dict[str, Any], runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002
        execution_engine: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        violations = metrics[METRIC]
        return {"success": violations == 0, "result": {"observed_value": violations}}


@cache
def rule_expectation(rule_id: str, name: str, description: str) -> type[ExpectRuleToHold]:
    """The expectation class of a rule, for example ``ExpectFigureNotToBeNegative`` for VAL-01."""
    return type(ExpectRuleToHold)(
        name, (ExpectRuleToHold,), {"__module__": __name__, "__doc__": f"{rule_id}: {description}"}
    )


def expectation_of(rule: Rule) -> type[ExpectRuleToHold]:
    """The class that enforces the rule."""
    return rule_expectation(rule.id, rule.expectation, rule.title.en)
