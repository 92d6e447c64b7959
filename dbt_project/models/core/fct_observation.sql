-- Grain: one vintage of one reported figure: indicator x organisation x period x target group x measure kind x
-- accumulation x source x vintage. Nothing is updated in place; a repeated figure is not a new vintage (domain.md 3.4).
with observation as (
    select * from {{ ref('stg_observation') }}
),

keyed as (
    select
        indicator.indicator_key,
        organisation.organisation_key,
        period.time_key,
        target_group.target_group_key,
        source.source_key,
        source.priority as source_priority,
        observation.*
    from observation
    left join {{ ref('dim_indicator') }} as indicator
        on observation.indicator_code = indicator.indicator_code
    left join {{ ref('dim_organisation') }} as organisation
        on
            observation.organisation_code = organisation.organisation_code
            and observation.organisation_valid_from = organisation.valid_from
    left join {{ ref('dim_time') }} as period
        on observation.period_code = period.period_code
    left join {{ ref('dim_target_group') }} as target_group
        on observation.target_group_code = target_group.target_group_code
    left join {{ ref('dim_source') }} as source
        on observation.source_code = source.source_code
),

compared as (
    select
        keyed.*,
        row_number() over series as reading_number,
        lag(keyed.value) over series as value_before,
        lag(keyed.value_low) over series as value_low_before,
        lag(keyed.value_high) over series as value_high_before,
        lag(keyed.obs_status) over series as obs_status_before
    from keyed
    window series as (
        partition by
            indicator_key, organisation_key, time_key, target_group_key, measure_kind, accumulation, source_key
        order by recorded_at, submission_id, sheet, cell
    )
),

vintage as (
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
        vintage.*,
        row_number() over series as vintage_no,
        lead(vintage.recorded_at) over series as superseded_at,
        lead(vintage.submission_id) over series is null as is_current
    from vintage
    window series as (
        partition by
            indicator_key, organisation_key, time_key, target_group_key, measure_kind, accumulation, source_key
        order by recorded_at, submission_id, sheet, cell
    )
),

-- Of several sources of one figure the preferred one is used; one that says nothing yields to one that does.
preferred as (
    select
        dated.*,
        dated.is_current and row_number() over (
            partition by
                dated.indicator_key, dated.organisation_key, dated.time_key, dated.target_group_key,
                dated.measure_kind, dated.accumulation
            order by
                dated.is_current desc,
                case when dated.obs_status in ('O', 'L') then 1 else 0 end,
                dated.source_priority asc,
                dated.recorded_at desc,
                dated.source_code asc
        ) = 1 as is_preferred
    from dated
)

select
    indicator_key,
    indicator_code,
    organisation_key,
    organisation_code,
    organisation_valid_from,
    time_key,
    period_code,
    target_group_key,
    target_group_code,
    source_key,
    source_code,
    measure_kind,
    accumulation,
    cast(vintage_no as int) as vintage_no,
    is_current,
    is_preferred,
    value,
    value_low,
    value_high,
    unit_code as unit,
    obs_status,
    {{ value_state('value', 'value_high', 'obs_status') }} as value_state,
    recorded_at,
    superseded_at,
    submission_id,
    sheet,
    cell,
    raw_text,
    reported_unit,
    flags,
    note,
    indicator_label,
    organisation_label,
    period_label,
    target_group_label,
    recipe_version
from preferred
