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

-- Of what was not reported: sums over target groups, over time and over organisations.
rolled_up as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        low,
        width,
        status_rank,
        completeness as units_present,
        {{ share('1') }} as units_expected
    from own
    where not is_reported

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
        above.units_expected
    from above
    left join own
        on
            above.indicator_key = own.indicator_key
            and above.organisation_key = own.organisation_key
            and above.time_key = own.time_key
            and above.target_group_key = own.target_group_key
    where own.indicator_key is null
),

-- Cells that say why there is no value, where nothing could be rolled up in their place.
silent as (
    select reported.*
    from {{ ref('int_observation_current') }} as reported
    left join rolled_up
        on
            reported.indicator_key = rolled_up.indicator_key
            and reported.organisation_key = rolled_up.organisation_key
            and reported.time_key = rolled_up.time_key
            and reported.target_group_key = rolled_up.target_group_key
    where not reported.has_figure and rolled_up.indicator_key is null
),

completed as (
    {% for reported, share in [(ref('int_observation_current'), 1), ('silent', 0)] %}
        select
            indicator_key,
            organisation_key,
            time_key,
            target_group_key,
            value,
            value_low,
            value_high,
            false as is_rolled_up,
            {{ share }} as coverage,
            {{ share }} as units_present,
            1 as units_expected,
            obs_status,
            submission_id,
            sheet,
            cell
        from {{ reported }}
        {% if share %}where has_figure{% endif %}

        union all
    {% endfor %}

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        case when width is null then low end as value,
        case when width is not null then low end as value_low,
        case when width is not null then low + width end as value_high,
        true as is_rolled_up,
        coalesce({{ ratio('units_present', 'units_expected') }}, 0) as coverage,
        units_present,
        units_expected,
        case
            when width is not null then 'Q'
            when units_present < units_expected and status_rank < {{ status_rank("'E'") }} then 'E'
            else {{ status_of_rank('status_rank') }}
        end as obs_status,
        null as submission_id,
        null as sheet,
        null as cell
    from rolled_up
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
