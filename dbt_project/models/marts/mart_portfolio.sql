-- Grain: indicator or ratio: what it is for, how good and how important it is, what it costs, who uses it.
-- Points are people's; what a machine can test it tests (domain.md 1.5, 1.6). A use of a ratio is a use of its parts.
with definition as (
    {{ measure_definition() }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

-- Each measure and the indicators in it; an indicator is its own part.
part as (
    {{ measure_part() }}
),

-- How much each indicator moves from period to period, and how much it is revised: the middle one of each.
movement as (
    select
        now.indicator_key,
        'change' as kind,
        {{ ratio('abs(now.value - before.value)', 'abs(before.value)') }} as size,
        now.organisation_key,
        now.time_key,
        now.target_group_key
    from {{ ref('mart_indicator') }} as now
    inner join indicator
        on
            now.indicator_key = indicator.indicator_key
            and now.frequency = indicator.frequency
    inner join {{ ref('dim_time') }} as period
        on now.time_key = period.time_key
    inner join {{ ref('mart_indicator') }} as before
        on
            now.indicator_key = before.indicator_key
            and now.organisation_key = before.organisation_key
            and period.previous_time_key = before.time_key
            and now.target_group_key = before.target_group_key
    where not now.is_rolled_up and now.value is not null and before.value <> 0

    union all

    select
        indicator_key,
        'revision' as kind,
        abs(relative_revision) as size,
        organisation_key,
        time_key,
        target_group_key
    from {{ ref('mart_revision') }}
    where relative_revision is not null
),

placed as (
    select
        movement.*,
        row_number() over (
            partition by movement.indicator_key, movement.kind
            order by movement.size, movement.organisation_key, movement.time_key, movement.target_group_key
        ) as place,
        count(*) over (partition by movement.indicator_key, movement.kind) as movements
    from movement
),

middle as (
    select
        indicator_key,
        max(case when kind = 'change' then size end) as middle_change,
        max(case when kind = 'revision' then size end) as middle_revision
    from placed
    where 2 * place in (movements, movements + 1)
    group by indicator_key
),

-- What came, and what came on time, in the last four periods that something was owed for.
owed as (
    select
        quality.*,
        dense_rank() over (partition by quality.indicator_key order by quality.period_start desc) as recency
    from {{ ref('mart_quality') }} as quality
    inner join indicator
        on quality.indicator_key = indicator.indicator_key
    inner join {{ ref('dim_time') }} as period
        on
            quality.time_key = period.time_key
            and indicator.frequency = period.frequency
    where not quality.is_rolled_up
),

delivered as (
    select
        indicator_key,
        {{ ratio('sum(cells_filled)', 'sum(cells_required)') }} as completeness,
        {{ ratio('sum(on_time)', 'sum(expected)') }} as timeliness
    from owed
    where recency <= 4
    group by indicator_key
),

-- A measure is as complete and as timely as the worst of its parts, and costs what its parts cost.
tested as (
    select
        part.measure_code,
        min(delivered.completeness) as completeness,
        min(delivered.timeliness) as timeliness,
        sum(indicator.collection_cost) as collection_cost,
        max(middle.middle_change) as middle_change,
        max(middle.middle_revision) as middle_revision
    from part
    inner join indicator
        on part.indicator_key = indicator.indicator_key
    left join delivered
        on part.indicator_key = delivered.indicator_key
    left join middle
        on part.indicator_key = middle.indicator_key
    group by part.measure_code
),

used as (
    select
        measure_code,
        sum(uses) as uses,
        sum(case when decision is not null then 1 else 0 end) as decisions,
        max(used_on) as last_used_on
    from {{ ref('fct_information_use') }}
    group by measure_code
),

used_in as (
    select
        own_part.measure_code,
        sum(used.uses) as uses,
        sum(used.decisions) as decisions,
        max(used.last_used_on) as last_used_on
    from part as own_part
    inner join indicator
        on own_part.measure_code = indicator.indicator_code
    inner join part as whole
        on own_part.indicator_key = whole.indicator_key
    inner join used
        on whole.measure_code = used.measure_code
    group by own_part.measure_code
),

{% set weights = var('priority_weights') %}
{% set points = {
    'problem': 'review.problem / 3.0',
    'money': 'case when review.money is not null then least(1, cast(review.money as double) / ' ~ var('priority_full_money') ~ ') end',
    'social': 'review.social / 3.0',
    'feasible': 'review.feasible / 3.0',
    'common': 'case when review.common is not null then least(1, cast(review.common as double) / ' ~ var('priority_full_common') ~ ') end',
    'cost': '1 - review.cost / 3.0',
} %}
gathered as (
    select
        definition.*,
        indicator.legal_basis,
        indicator.definition_vi,
        indicator.definition_en,
        objective.name_vi as objective_name_vi,
        objective.name_en as objective_name_en,
        objective.owner_organisation_code,
        review.problem,
        review.money,
        review.social,
        review.feasible,
        review.common,
        review.cost,
        review.sensitive,
        review.well_defined,
        review.understandable,
        review.data_based,
        review.actionable,
        review.collectable,
        review.harmonised,
        review.reviewed_on,
        coalesce(review.is_mandated, false) as is_mandated,
        review.measure_code is not null as is_reviewed,
        {% for name, value in points.items() %}
            coalesce({{ weights[name] }} * ({{ value }}), 0){{ ' +' if not loop.last }}
        {% endfor %} as points,
        {% for name, value in points.items() %}
            case when ({{ value }}) is null then 0 else {{ weights[name] }} end{{ ' +' if not loop.last }}
        {% endfor %} as weight_judged,
        tested.completeness,
        tested.timeliness,
        tested.collection_cost,
        case when definition.measure_kind = 'indicator' then tested.middle_change end as middle_change,
        case when definition.measure_kind = 'indicator' then tested.middle_revision end as middle_revision,
        coalesce(used_in.uses, used.uses, 0) as uses,
        coalesce(used_in.decisions, used.decisions, 0) as decisions,
        coalesce(used_in.last_used_on, used.last_used_on) as last_used_on
    from definition
    left join indicator
        on
            definition.measure_kind = 'indicator'
            and definition.measure_code = indicator.indicator_code
    left join {{ ref('dim_objective') }} as objective
        on definition.objective_code = objective.objective_code
    left join {{ ref('fct_measure_review') }} as review
        on
            definition.measure_code = review.measure_code
            and review.is_latest
    left join tested
        on definition.measure_code = tested.measure_code
    left join used
        on definition.measure_code = used.measure_code
    left join used_in
        on definition.measure_code = used_in.measure_code
),

judged as (
    select
        gathered.*,
        100 * {{ ratio('points', 'weight_judged') }} as priority_score,
        {{ ratio('middle_change', 'middle_revision') }} as sensitivity,
        case
            when gathered.middle_change is null then null
            when coalesce(gathered.middle_revision, 0) = 0 then gathered.middle_change > 0
            else gathered.middle_change >= gathered.middle_revision
        end as passes_sensitivity,
        gathered.measure_kind = 'ratio'
        or (gathered.definition_vi is not null and gathered.definition_en is not null) as passes_definition,
        gathered.direction is not null
        and gathered.name_vi <> gathered.name_en
        and length(coalesce(gathered.definition_vi, '')) <= 300
        and length(coalesce(gathered.definition_en, '')) <= 300 as passes_clarity,
        gathered.completeness >= 0.8 as passes_data,
        gathered.objective_code is not null and gathered.owner_organisation_code is not null as passes_relevance,
        gathered.timeliness >= 0.9
        and coalesce(gathered.collection_cost, 0) <= {{ var('collection_cost_limit') }} as passes_feasibility
    from gathered
),

{% set tests = [
    'passes_sensitivity', 'passes_definition', 'passes_clarity', 'passes_data', 'passes_relevance', 'passes_feasibility'
] %}
flagged as (
    select
        judged.*,
        {% for test in tests %}
            case when {{ test }} then 1 else 0 end{{ ' +' if not loop.last }}
        {% endfor %} as tests_passed,
        {% for test in tests %}
            case when {{ test }} is null then 0 else 1 end{{ ' +' if not loop.last }}
        {% endfor %} as tests_run,
        judged.objective_code is null as is_orphan,
        judged.uses > 0 as is_used,
        judged.is_mandated
        and coalesce(judged.priority_score < {{ var('priority_low') }}, false) as is_mandated_but_low,
        judged.measure_kind = 'indicator'
        and coalesce(judged.collection_cost, 0) > 0
        and judged.uses = 0 as is_collected_but_unused
    from judged
),

programme_cost as (
    select
        programme_code,
        {{ ratio('sum(collection_cost)', 'sum(case when is_used then 1 else 0 end)') }} as cost_per_used
    from flagged
    where measure_kind = 'indicator' and programme_code is not null
    group by programme_code
)

select
    flagged.measure_kind,
    flagged.measure_code,
    flagged.name_vi as measure_name_vi,
    flagged.name_en as measure_name_en,
    flagged.role,
    flagged.unit,
    flagged.objective_code,
    flagged.objective_name_vi,
    flagged.objective_name_en,
    flagged.owner_organisation_code,
    flagged.programme_code,
    flagged.legal_basis,
    flagged.is_orphan,
    flagged.is_mandated,
    flagged.is_reviewed,
    flagged.reviewed_on,
    {% for name in points %}
        flagged.{{ name }} as priority_{{ name }},
    {% endfor %}
    flagged.priority_score,
    cast(flagged.weight_judged as double) as priority_coverage,
    {% for name in [
        'sensitive', 'well_defined', 'understandable', 'data_based', 'actionable', 'collectable', 'harmonised'
    ] %}
        flagged.{{ name }} as quality_{{ name }},
    {% endfor %}
    flagged.sensitivity,
    flagged.passes_sensitivity,
    flagged.passes_definition,
    flagged.passes_clarity,
    flagged.completeness,
    flagged.passes_data,
    flagged.passes_relevance,
    flagged.timeliness,
    flagged.passes_feasibility,
    cast(flagged.tests_passed as int) as tests_passed,
    cast(flagged.tests_run as int) as tests_run,
    {{ measure('flagged.collection_cost') }} as collection_cost,
    cast(flagged.uses as bigint) as uses,
    cast(flagged.decisions as bigint) as decisions,
    flagged.last_used_on,
    flagged.is_used,
    {{ ratio('flagged.collection_cost', 'flagged.uses') }} as cost_per_use,
    programme_cost.cost_per_used as programme_cost_per_used,
    flagged.is_mandated_but_low,
    flagged.is_collected_but_unused,
    nullif(concat_ws(
        '|',
        case when flagged.is_orphan then 'ORPHAN' end,
        case when flagged.is_mandated_but_low then 'MANDATED_LOW_VALUE' end,
        case when flagged.is_collected_but_unused then 'COLLECTED_UNUSED' end,
        case when not flagged.is_reviewed then 'NOT_REVIEWED' end
    ), '') as attention
from flagged
left join programme_cost
    on flagged.programme_code = programme_cost.programme_code
