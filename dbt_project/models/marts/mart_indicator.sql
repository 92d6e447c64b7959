-- Grain: indicator x organisation x period x target group, current vintage, structure as it was.
-- An organisation's own figure where there is one, else the sum of those below it, none of them counted twice.
with own as (
    select * from {{ ref('int_observation_by_period') }}
),

period as (
    select * from {{ ref('dim_time') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

{{ sums_over_organisations('as_was') }},

figure as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        low,
        width,
        status_rank,
        completeness as units_present,
        {{ share('1') }} as units_expected,
        not is_reported as is_rolled_up
    from own

    union all

    select
        above.indicator_key,
        above.organisation_key,
        above.time_key,
        above.target_group_key,
        above.low,
        above.width,
        above.status_rank,
        above.units_present,
        above.units_expected,
        true as is_rolled_up
    from above
    left join own
        on
            above.indicator_key = own.indicator_key
            and above.organisation_key = own.organisation_key
            and above.time_key = own.time_key
            and above.target_group_key = own.target_group_key
    where own.indicator_key is null
),

-- With the cells that say why there is no value, where nothing could be rolled up in their place.
completed as (
    select
        coalesce(figure.indicator_key, reported.indicator_key) as indicator_key,
        coalesce(figure.organisation_key, reported.organisation_key) as organisation_key,
        coalesce(figure.time_key, reported.time_key) as time_key,
        coalesce(figure.target_group_key, reported.target_group_key) as target_group_key,
        case
            when not coalesce(figure.is_rolled_up, false) then reported.value
            when figure.width is null then figure.low
        end as value,
        case
            when not coalesce(figure.is_rolled_up, false) then reported.value_low
            when figure.width is not null then figure.low
        end as value_low,
        case
            when not coalesce(figure.is_rolled_up, false) then reported.value_high
            when figure.width is not null then figure.low + figure.width
        end as value_high,
        coalesce(figure.is_rolled_up, false) as is_rolled_up,
        coalesce({{ ratio('figure.units_present', 'figure.units_expected') }}, 0) as coverage,
        coalesce(figure.units_present, 0) as units_present,
        coalesce(figure.units_expected, 1) as units_expected,
        case
            when not coalesce(figure.is_rolled_up, false) then reported.obs_status
            when figure.width is not null then 'Q'
            when figure.units_present < figure.units_expected and figure.status_rank < {{ status_rank("'E'") }} then 'E'
            else {{ status_of_rank('figure.status_rank') }}
        end as obs_status,
        case when not coalesce(figure.is_rolled_up, false) then reported.submission_id end as submission_id,
        case when not coalesce(figure.is_rolled_up, false) then reported.sheet end as sheet,
        case when not coalesce(figure.is_rolled_up, false) then reported.cell end as cell
    from figure
    full outer join {{ ref('int_observation_current') }} as reported
        on
            figure.indicator_key = reported.indicator_key
            and figure.organisation_key = reported.organisation_key
            and figure.time_key = reported.time_key
            and figure.target_group_key = reported.target_group_key
)

select
    completed.indicator_key,
    indicator.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    completed.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    organisation.level as organisation_level,
    completed.time_key,
    period.period_code,
    period.calendar_code,
    period.frequency,
    period.period_start,
    period.period_end_exclusive,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    completed.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    {{ measure('completed.value') }} as value,
    {{ measure('completed.value_low') }} as value_low,
    {{ measure('completed.value_high') }} as value_high,
    indicator.unit,
    completed.obs_status,
    {{ value_state('completed.value', 'completed.value_high', 'completed.obs_status') }} as value_state,
    cast(completed.coverage as double) as coverage,
    {{ share('completed.units_present') }} as units_present,
    {{ share('completed.units_expected') }} as units_expected,
    completed.is_rolled_up,
    {{ open_findings('open_finding', 'completed.is_rolled_up') }},
    completed.submission_id,
    completed.sheet,
    completed.cell
from completed
inner join indicator
    on completed.indicator_key = indicator.indicator_key
inner join period
    on completed.time_key = period.time_key
inner join {{ ref('dim_organisation') }} as organisation
    on completed.organisation_key = organisation.organisation_key
inner join {{ ref('dim_target_group') }} as target_group
    on completed.target_group_key = target_group.target_group_key
left join {{ ref('int_open_finding') }} as open_finding
    on {{ is_open_on('completed', 'indicator', "'as_was'") }}
