"""The invariants of domain.md 11.3, numbered as there: what must hold in every release of every workspace.

Each is a query, or several, that return the rows that break it. Those of a release that has no such mart have nothing
to break. Tests take the fixture ``invariant`` beside a release; ``tests/warehouse/test_invariants.py`` proves that each
can be broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

Rows = list[tuple[Any, ...]]
Check = Callable[[duckdb.DuckDBPyConnection], Rows]

#: Ratios whose parts are flows that add up over organisations and periods alike.
FLOW_RATIOS = """
    select ratio_code from core.bridge_ratio_indicator as term
    inner join core.dim_indicator as factor on factor.indicator_code = term.factor_1
    group by ratio_code
    having bool_and(factor.time_aggregation = 'sum' and factor.organisation_aggregation = 'sum')
        and count(term.factor_2) = 0
"""
#: Who is directly above whom in a period, by the hierarchy of the time.
CHILDREN = """
    select distinct link.ancestor_organisation_key as parent_key, link.descendant_organisation_key as child_key,
        period.time_key
    from core.bridge_organisation as link
    inner join core.dim_time as period
        on link.valid_from < period.period_end_exclusive
        and period.period_start < coalesce(link.valid_to, date '9999-12-31')
    where link.structure = 'as_was' and link.distance = 1
"""

VALUE_STATE = """
    case
        when value = 0 then 'zero'
        when value is not null then 'value'
        when obs_status = 'Q' then 'suppressed'
        when value_high is not null then 'value'
        when obs_status = 'M' then 'not_applicable'
        when obs_status = 'L' then 'not_collected'
        else 'missing'
    end
"""


@dataclass(frozen=True)
class Invariant:
    """One invariant: its number in domain.md 11.3, what it says, and what finds the rows that break it."""

    number: int
    says: str
    check: Check

    def broken(self, connection: duckdb.DuckDBPyConnection) -> Rows:
        """Some of the rows that break it; none if it holds."""
        return self.check(connection)

    def __str__(self) -> str:
        return f"{self.number:02d}_{self.says.replace(' ', '_')}"


def query(*statements: str) -> Check:
    """Rows of any of the statements; one about a table that the release has not is left out."""

    def check(connection: duckdb.DuckDBPyConnection) -> Rows:
        rows: Rows = []
        for statement in statements:
            try:
                rows += connection.execute(f"select * from ({statement}) limit 5").fetchall()
            except duckdb.CatalogException as error:
                if "mart_" not in str(error):
                    raise
        return rows

    return check


def _columns(connection: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where schema_name in ('core', 'marts', 'quality') and database_name = current_database() and data_type = ?",
        [kind],
    ).fetchall()


def not_finite(connection: duckdb.DuckDBPyConnection) -> Rows:
    return [
        (table, column, *row)
        for table, column in _columns(connection, "DOUBLE")
        for row in connection.execute(f'select 1 from {table} where not isfinite("{column}") limit 1').fetchall()
    ]


#: Addresses and numbers of persons: mail, and the twelve digits of an identity card in a cell of text.
PERSONAL = r"[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[a-z]{2,}|\b(CCCD|CMND)\W*\d{9,12}\b"


def personal_data(connection: duckdb.DuckDBPyConnection) -> Rows:
    return [
        (table, column, *row)
        for table, column in _columns(connection, "VARCHAR")
        for row in connection.execute(
            f'select "{column}" from {table} where regexp_matches("{column}", ?) limit 1', [PERSONAL]
        ).fetchall()
    ]


READINGS = ("core.fct_observation", "marts.mart_indicator", "marts.mart_ratio")


def known_by_now_differs(connection: duckdb.DuckDBPyConnection) -> Rows:
    def content(relation: str) -> tuple[Any, ...] | None:
        return connection.execute(
            f"select count(*), sum(cast(hash(row) as hugeint)), bit_xor(hash(row)) from {relation} as row"
        ).fetchone()

    return [(table,) for table in READINGS if content(table) != content(f"{table}_as_of(timestamp '9999-12-31')")]


def computed_otherwise_differs(connection: duckdb.DuckDBPyConnection) -> Rows:
    """The same models again, from the fact on, by one thread in another time zone and without an order of rows."""
    settings = ("set threads = 1", "set timezone = 'America/New_York'", "set preserve_insertion_order = false")
    for setting in settings:
        connection.execute(setting)
    try:
        return known_by_now_differs(connection) + [
            (table, column)
            for table, column in _columns(connection, "DOUBLE")
            if column in ("numerator", "denominator")
        ]
    finally:
        for name in ("threads", "timezone", "preserve_insertion_order"):
            connection.execute(f"reset {name}")


INVARIANTS = (
    Invariant(
        1,
        "no ratio is stored averaged or summed",
        query(
            "select * from core.fct_observation where indicator_code in (select ratio_code from core.dim_ratio) "
            "and measure_kind = 'ACTUAL'",
            "select * from marts.mart_ratio where value is not null and abs(value - cast(scale as double) "
            "* cast(numerator as double) / cast(denominator as double)) > 1e-9 * greatest(1, abs(value))",
        ),
    ),
    Invariant(
        2,
        "a ratio of a parent is the ratio of the sums of its matched units",
        query(
            f"""
            with ratio as (
                select * from marts.mart_ratio
                where structure = 'as_was' and units_matched > 0 and ratio_code in ({FLOW_RATIOS})
            ),
            reporter as (
                select distinct term.ratio_code, observation.organisation_key
                from core.fct_observation as observation
                inner join core.bridge_ratio_indicator as term on observation.indicator_code = term.factor_1
            ),
            summed as (
                select ratio.ratio_code, link.parent_key, ratio.time_key, ratio.target_group_key,
                    sum(ratio.numerator) as numerator, sum(ratio.denominator) as denominator
                from ratio
                inner join ({CHILDREN}) as link
                    on ratio.organisation_key = link.child_key and ratio.time_key = link.time_key
                group by all
            )
            select parent.ratio_code, parent.organisation_code, parent.period_code, parent.numerator, summed.numerator
            from ratio as parent
            inner join summed on parent.ratio_code = summed.ratio_code
                and parent.organisation_key = summed.parent_key and parent.time_key = summed.time_key
                and parent.target_group_key = summed.target_group_key
            left join reporter on parent.ratio_code = reporter.ratio_code
                and parent.organisation_key = reporter.organisation_key
            where reporter.ratio_code is null
                and (abs(parent.numerator - summed.numerator) > 1e-9
                    or abs(parent.denominator - summed.denominator) > 1e-9)
            """
        ),
    ),
    Invariant(
        3,
        "coverage of both parts is of the same units and reported",
        query(
            "select * from marts.mart_ratio where not coalesce(coverage_numerator between 0 and 1 "
            "and coverage_denominator between 0 and 1 and matched_share between 0 and 1 "
            "and units_matched <= units_expected, false)",
            "select * from marts.mart_ratio where units_expected > 0 "
            "and abs(matched_share - units_matched / units_expected) > 1e-9",
            "select * from marts.mart_ratio where value is not null and units_matched = 0",
        ),
    ),
    Invariant(4, "no number is infinite or undefined", not_finite),
    Invariant(
        5,
        "zero missing not applicable and suppressed are different",
        query(
            *(
                # an interval has bounds in place of a value; one that a source withheld stays suppressed
                # and what is included in another's figure (K) need not have one of its own
                f"select * from {table} where obs_status <> 'K' and (value is null and (value_high is null "
                f"or obs_status = 'Q')) <> (obs_status in ('O', 'L', 'M', 'Q')) or value_state <> {VALUE_STATE}"
                for table in ("core.fct_observation", "marts.mart_indicator", "marts.mart_indicator_as_is")
            ),
            "select * from marts.mart_ratio where (value is null) <> (status in ('O', 'L', 'M', 'Q')) "
            "or (value is null and reason is null)",
        ),
    ),
    Invariant(
        6,
        "one vintage of a figure is preferred and what was known can be read again",
        lambda connection: (
            query(
                "select indicator_key, organisation_key, time_key, target_group_key, measure_kind, accumulation "
                "from core.fct_observation group by all having count_if(is_preferred) <> 1 "
                "or count_if(is_preferred and not is_current) > 0",
                "select * from core.fct_observation where is_current <> (superseded_at is null)",
            )(connection)
            + known_by_now_differs(connection)
        ),
    ),
    Invariant(
        7,
        "the organisation of a figure overlaps its period",
        query(
            """
            select observation.* from core.fct_observation as observation
            left join core.dim_organisation as organisation using (organisation_key)
            left join core.dim_time as period using (time_key)
            where not coalesce(organisation.valid_from < period.period_end_exclusive
                and period.period_start < coalesce(organisation.valid_to, date '9999-12-31'), false)
                or organisation.organisation_code <> observation.organisation_code
                or organisation.valid_from <> observation.organisation_valid_from
            """
        ),
    ),
    Invariant(
        8,
        "no organisation is added to one below it",
        query(
            f"""
            with reporter as (select distinct indicator_key, organisation_key from core.fct_observation),
            summed as (
                select child.indicator_key, link.parent_key, child.time_key, child.target_group_key,
                    sum(child.value) as value, count(*) = count(child.value) as is_whole
                from marts.mart_indicator as child
                inner join ({CHILDREN}) as link
                    on child.organisation_key = link.child_key and child.time_key = link.time_key
                where child.value_state in ('value', 'zero')
                group by all
            )
            select parent.indicator_code, parent.organisation_code, parent.period_code, parent.value, summed.value
            from marts.mart_indicator as parent
            inner join summed on parent.indicator_key = summed.indicator_key
                and parent.organisation_key = summed.parent_key and parent.time_key = summed.time_key
                and parent.target_group_key = summed.target_group_key and summed.is_whole
            inner join core.dim_indicator as indicator on parent.indicator_key = indicator.indicator_key
                and indicator.time_aggregation = 'sum' and indicator.organisation_aggregation = 'sum'
                and indicator.accumulation <> 'SINCE_START'
            left join reporter on parent.indicator_key = reporter.indicator_key
                and parent.organisation_key = reporter.organisation_key
            where reporter.indicator_key is null and abs(parent.value - summed.value) > 1e-9
            """
        ),
    ),
    Invariant(
        9,
        "totals of the country are equal as it was and as it is",
        query(
            """
            with top as (
                select organisation_key from core.dim_organisation
                where parent_organisation_code is null and valid_to is null
            )
            select was.indicator_code, was.period_code, was.value, now.value
            from marts.mart_indicator as was
            inner join top using (organisation_key)
            full outer join (select * from marts.mart_indicator_as_is inner join top using (organisation_key)) as now
                using (indicator_key, organisation_key, time_key, target_group_key)
            where was.value is distinct from now.value and coalesce(abs(was.value - now.value) > 1e-9, true)
                and now.reason is null
            """,
            """
            select ratio_code, organisation_key, period_code, target_group_code from marts.mart_ratio
            inner join core.dim_organisation as organisation using (organisation_key)
            where organisation.parent_organisation_code is null and organisation.valid_to is null
            group by all
            having max(numerator) - min(numerator) > 1e-9 or max(denominator) - min(denominator) > 1e-9
                or count(*) <> 2
            """,
        ),
    ),
    Invariant(
        10,
        "parts add to their total or a finding says so",
        query(
            """
            with part as (
                -- What a figure was rounded to, at the least, as it was published (domain.md 5.4).
                select *, case when value % 1000 = 0 then 1000 when value % 100 = 0 then 100
                    when value % 10 = 0 then 10 else 1 end as rounding
                from core.fct_observation where is_preferred and measure_kind = 'ACTUAL'
            ),
            member as (
                select *, count(*) over (partition by dimension) as members from core.dim_target_group
                where dimension_count = 1 and relation = 'partition' and parent_target_group_code = '_T'
            ),
            summed as (
                select part.indicator_key, part.organisation_key, part.time_key, part.accumulation, part.source_key,
                    member.dimension, sum(part.value) as value, count(part.value) as parts,
                    min(rounding) as rounding
                from part inner join member using (target_group_key)
                group by all having count(part.value) = max(member.members)
            )
            select total.indicator_code, total.organisation_code, total.period_code, total.value, summed.value
            from part as total
            inner join summed using (indicator_key, organisation_key, time_key, accumulation, source_key)
            inner join core.dim_indicator as indicator using (indicator_key)
            left join core.fct_finding as finding on finding.rule_id like 'SUM%'
                and finding.indicator_code = total.indicator_code
            where total.target_group_code = '_T' and indicator.group_aggregation = 'sum'
                and abs(total.value - summed.value) > greatest(0.01 * abs(total.value),
                    (summed.parts + 1) * least(summed.rounding, total.rounding) / 2)
                and finding.rule_id is null
            """
        ),
    ),
    Invariant(
        11,
        "figures of a period and figures since the start of the year are never mixed",
        query(
            """
            with cumulated as (
                select observation.*, period.previous_time_key, period.year_start, period.period_start
                from core.fct_observation as observation
                inner join core.dim_time as period using (time_key)
                inner join core.dim_indicator as indicator using (indicator_key)
                where observation.is_preferred and observation.measure_kind = 'ACTUAL'
                    and observation.accumulation = 'YTD' and indicator.time_aggregation = 'sum'
            ),
            otherwise as (
                select distinct indicator_key from core.fct_observation
                where accumulation <> 'YTD' and measure_kind = 'ACTUAL'
            )
            select this.indicator_code, this.organisation_code, this.period_code, this.value, before.value, mart.value
            from cumulated as this
            inner join cumulated as before on this.indicator_key = before.indicator_key
                and this.organisation_key = before.organisation_key
                and this.target_group_key = before.target_group_key and this.previous_time_key = before.time_key
                and this.year_start = before.year_start and this.source_key = before.source_key
            inner join marts.mart_indicator as mart on this.indicator_key = mart.indicator_key
                and this.organisation_key = mart.organisation_key and this.time_key = mart.time_key
                and this.target_group_key = mart.target_group_key
            left join otherwise on this.indicator_key = otherwise.indicator_key
            where otherwise.indicator_key is null and this.period_start <> this.year_start
                and abs(mart.value - (this.value - before.value)) > 1e-9
            """
        ),
    ),
    Invariant(
        12,
        "money is compared on one basis only",
        query(
            """
            select term.ratio_code from core.bridge_ratio_indicator as term
            inner join core.dim_indicator as factor on term.factor_1 = factor.indicator_code
            where factor.unit = 'VND'
            group by term.ratio_code
            having count(distinct factor.price_basis) > 1 or count(distinct factor.cost_scope) > 1
            """
        ),
    ),
    Invariant(
        13,
        "effects add to the total change",
        query(
            """
            select ratio_code, structure, organisation_key, target_group_key, dimension, comparison, from_time_key,
                to_time_key
            from marts.mart_decomposition
            group by all
            having abs(sum(rate_effect + mix_effect + entry_exit_effect) - max(total_change))
                > 1e-9 * greatest(1, abs(max(total_change)), max(abs(value_from)), max(abs(value_to)))
            """
        ),
    ),
    Invariant(
        14,
        "weights of siblings add to one and scores say how they came",
        query(
            "select * from marts.mart_scorecard where method is null or coverage is null",
            """
            select scorecard_code, parent_node_code, organisation_key, time_key, score_kind from marts.mart_scorecard
            where parent_node_code is not null and weight is not null
            group by all having abs(sum(weight) - 1) > 1e-9
            """,
        ),
    ),
    Invariant(
        15,
        "what was decided after the period began is marked",
        query(
            *(
                f"""
                select mart.* from marts.{mart} as mart inner join core.dim_time as period using (time_key)
                where mart.decided_at > period.period_start and not coalesce(mart.is_decided_after_start, false)
                """
                for mart in ("mart_target", "mart_scorecard")
            )
        ),
    ),
    Invariant(
        16,
        "what is suppressed has no value anywhere",
        query(
            "select * from core.fct_observation where obs_status = 'Q' and value is not null",
            "select * from marts.mart_indicator where obs_status = 'Q' and value is not null",
            "select * from marts.mart_disaggregation where obs_status = 'Q' and value is not null",
            "select * from marts.mart_public where status = 'Q' and value is not null",
        ),
    ),
    Invariant(17, "no data about persons", personal_data),
    Invariant(
        18,
        "every number goes back to its cell",
        query(
            """
            select observation.* from core.fct_observation as observation
            left join core.fct_submission as submission using (submission_id)
            left join core.dim_indicator as indicator using (indicator_key)
            where submission.submission_id is null or indicator.version is null
                or coalesce(observation.sheet, '') = '' or coalesce(observation.cell, '') = ''
                or observation.vintage_no is null or submission.file_sha256 is null
            """,
            """
            -- Money in constant prices leads to the cell it restates, a full cost to the figures it was shared from.
            select mart.* from marts.mart_indicator as mart
            left join core.dim_indicator as indicator using (indicator_key)
            left join core.dim_indicator as nominal
                on indicator.derived_from_indicator_code = nominal.indicator_code
            left join core.fct_observation as observation
                on mart.submission_id = observation.submission_id and mart.sheet = observation.sheet
                and mart.cell = observation.cell
                and coalesce(nominal.indicator_key, mart.indicator_key) = observation.indicator_key
                and mart.organisation_key = observation.organisation_key
            left join marts.mart_cost_allocation as allocation
                on mart.indicator_key = allocation.indicator_key and mart.organisation_key = allocation.organisation_key
                and mart.time_key = allocation.time_key and mart.target_group_key = allocation.target_group_key
            where not mart.is_rolled_up and observation.indicator_key is null and allocation.indicator_key is null
            """,
        ),
    ),
    Invariant(19, "threads order and time zone change nothing", computed_otherwise_differs),
    Invariant(
        20,
        "signals of integrity are not published",
        query("select * from core.fct_finding where rule_id like 'INT-%' or severity = 'INTEGRITY'"),
    ),
)
