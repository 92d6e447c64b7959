-- Grain: one vintage of one reported figure: indicator x organisation x period x target group x measure kind x
-- accumulation x source x vintage. Nothing is updated in place; a repeated figure is not a new vintage (domain.md 3.4).
{%- set reported = [
    'indicator_code', 'organisation_code', 'organisation_valid_from', 'period_code', 'target_group_code',
    'measure_kind', 'accumulation', 'value', 'value_low', 'value_high', 'unit_code', 'obs_status', 'recorded_at',
    'source_code', 'submission_id', 'sheet', 'cell', 'raw_text', 'reported_unit', 'flags', 'note', 'indicator_label',
    'organisation_label', 'period_label', 'target_group_label', 'recipe_version'
] %}

-- Most figures are reported once, by one source: only the others have to be put in order.
with reported_again as (
    select {{ figure_columns('observation') }}
    from {{ ref('stg_observation') }} as observation
    group by {{ figure_columns('observation') }}
    having count(*) > 1
),

compared as (
    select
        observation.*,
        row_number() over series as reading_number,
        lag(observation.value) over series as value_before,
        lag(observation.value_low) over series as value_low_before,
        lag(observation.value_high) over series as value_high_before,
        lag(observation.obs_status) over series as obs_status_before
    from {{ ref('stg_observation') }} as observation
    inner join reported_again
        on {{ is_same_figure('observation', 'reported_again') }}
    window series as (
        partition by {{ figure_columns('observation') }}, observation.source_code
        order by
            observation.recorded_at, observation.submission_id, observation.sheet, observation.cell, observation.value,
            observation.obs_status
    )
),

changed as (
    select * from compared
    where
        reading_number = 1
        or value is distinct from value_before
        or value_low is distinct from value_low_before
        or value_high is distinct from value_high_before
        or obs_status is distinct from obs_status_before
),

dated as (
    select
        changed.*,
        row_number() over series as vintage_no,
        lead(changed.recorded_at) over series as superseded_at,
        lead(changed.submission_id) over series is null as is_current
    from changed
    window series as (
        partition by {{ figure_columns('changed') }}, changed.source_code
        order by
            changed.recorded_at, changed.submission_id, changed.sheet, changed.cell, changed.value,
            changed.obs_status
    )
),

-- Of several sources of one figure the preferred one is used; one that says nothing yields to one that does.
preferred as (
    select
        dated.*,
        dated.is_current and row_number() over (
            partition by {{ figure_columns('dated') }}
            order by
                dated.is_current desc,
                case when dated.obs_status in ('O', 'L') then 1 else 0 end,
                source.priority asc,
                dated.recorded_at desc,
                dated.source_code asc
        ) = 1 as is_preferred
    from dated
    left join {{ ref('dim_source') }} as source
        on dated.source_code = source.source_code
),

vintage as (
    select
        {% for column in reported %}observation.{{ column }},
        {% endfor -%}
        1 as vintage_no,
        cast(null as timestamp) as superseded_at,
        true as is_current,
        true as is_preferred
    from {{ ref('stg_observation') }} as observation
    left join reported_again
        on {{ is_same_figure('observation', 'reported_again') }}
    where reported_again.indicator_code is null

    union all

    select
        {% for column in reported %}{{ column }},
        {% endfor -%}
        vintage_no,
        superseded_at,
        is_current,
        is_preferred
    from preferred
)

select
    indicator.indicator_key,
    vintage.indicator_code,
    organisation.organisation_key,
    vintage.organisation_code,
    vintage.organisation_valid_from,
    period.time_key,
    vintage.period_code,
    target_group.target_group_key,
    vintage.target_group_code,
    source.source_key,
    vintage.source_code,
    greatest(period.period_start, organisation.valid_from) as covered_from,
    least(period.period_end_exclusive, coalesce(organisation.valid_to, period.period_end_exclusive)) as covered_to,
    vintage.measure_kind,
    vintage.accumulation,
    cast(vintage.vintage_no as int) as vintage_no,
    vintage.is_current,
    vintage.is_preferred,
    vintage.value,
    vintage.value_low,
    vintage.value_high,
    vintage.unit_code as unit,
    vintage.obs_status,
    {{ value_state('vintage.value', 'vintage.value_high', 'vintage.obs_status') }} as value_state,
    vintage.recorded_at,
    vintage.superseded_at,
    vintage.submission_id,
    vintage.sheet,
    vintage.cell,
    vintage.raw_text,
    vintage.reported_unit,
    vintage.flags,
    vintage.note,
    vintage.indicator_label,
    vintage.organisation_label,
    vintage.period_label,
    vintage.target_group_label,
    vintage.recipe_version
from vintage
left join {{ ref('dim_indicator') }} as indicator
    on vintage.indicator_code = indicator.indicator_code
left join {{ ref('dim_organisation') }} as organisation
    on
        vintage.organisation_code = organisation.organisation_code
        and vintage.organisation_valid_from = organisation.valid_from
left join {{ ref('dim_time') }} as period
    on vintage.period_code = period.period_code
left join {{ ref('dim_target_group') }} as target_group
    on vintage.target_group_code = target_group.target_group_code
left join {{ ref('dim_source') }} as source
    on vintage.source_code = source.source_code
