-- Grain: indicator x organisation x period x target group x measure kind x accumulation x source x vintage: what each
-- vintage changed in the one before it, by how much and after how many days (domain.md 3.4).
with vintage as (
    select * from {{ ref('fct_observation') }}
    where vintage_no > 1 or not is_current
),

pair as (
    select
        vintage.*,
        lag(vintage.vintage_no) over series as vintage_before,
        lag(vintage.value) over series as value_before,
        lag(vintage.obs_status) over series as status_before,
        lag(vintage.recorded_at) over series as recorded_before,
        lag(vintage.submission_id) over series as submission_before
    from vintage
    window series as (
        partition by
            indicator_key, organisation_key, time_key, target_group_key, measure_kind, accumulation, source_key
        order by vintage_no
    )
)

select
    pair.indicator_key,
    pair.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    pair.organisation_key,
    pair.organisation_code,
    pair.organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    pair.time_key,
    pair.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    pair.target_group_key,
    pair.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    pair.source_key,
    pair.source_code,
    pair.measure_kind,
    pair.accumulation,
    cast(pair.vintage_before as int) as vintage_before,
    pair.vintage_no as vintage_after,
    pair.value_before,
    pair.value as value_after,
    pair.unit,
    {{ measure('pair.value - pair.value_before') }} as revision,
    cast({{ ratio('pair.value - pair.value_before', 'abs(pair.value_before)') }} as double) as relative_revision,
    pair.status_before,
    pair.obs_status as status_after,
    pair.recorded_before,
    pair.recorded_at as recorded_after,
    {{ days_between('cast(pair.recorded_before as date)', 'cast(pair.recorded_at as date)') }} as days_between,
    {{ days_between('period.period_end_exclusive', 'cast(pair.recorded_at as date)') }} as days_after_period,
    pair.submission_before,
    pair.submission_id as submission_after
from pair
inner join {{ ref('dim_indicator') }} as indicator
    on pair.indicator_key = indicator.indicator_key
inner join {{ ref('dim_organisation') }} as organisation
    on pair.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on pair.time_key = period.time_key
inner join {{ ref('dim_target_group') }} as target_group
    on pair.target_group_key = target_group.target_group_key
where pair.vintage_before is not null
