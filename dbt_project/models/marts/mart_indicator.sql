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

link as (
    select * from {{ ref('bridge_organisation') }}
    where structure = 'as_was' and distance > 0
),

reporter as (
    select distinct
        indicator_key,
        organisation_key
    from own
),

-- Indicators that are reported by organisations within one another: there the upper figure stands for the lower ones.
several_levels as (
    select distinct reporter.indicator_key
    from reporter
    inner join link
        on reporter.organisation_key = link.descendant_organisation_key
    inner join reporter as upper_reporter
        on
            link.ancestor_organisation_key = upper_reporter.organisation_key
            and reporter.indicator_key = upper_reporter.indicator_key
),

held as (
    select distinct
        own.indicator_key,
        own.time_key,
        own.target_group_key,
        own.organisation_key,
        above.ancestor_organisation_key
    from own
    inner join several_levels
        on own.indicator_key = several_levels.indicator_key
    inner join link
        on own.organisation_key = link.descendant_organisation_key
    inner join own as middle
        on
            own.indicator_key = middle.indicator_key
            and own.time_key = middle.time_key
            and own.target_group_key = middle.target_group_key
            and link.ancestor_organisation_key = middle.organisation_key
    inner join link as above
        on middle.organisation_key = above.descendant_organisation_key
),

contributing as (
    select
        own.indicator_key,
        own.time_key,
        own.target_group_key,
        link.ancestor_organisation_key as organisation_key,
        own.low,
        own.width,
        {{ share_of_life('own.time_rule', 'validity', 'link', 'period') }} as share,
        own.status_rank,
        own.completeness,
        coalesce(validity.valid_sub_periods, 1) as units
    from own
    inner join indicator
        on own.indicator_key = indicator.indicator_key and indicator.organisation_aggregation = 'sum'
    inner join period
        on own.time_key = period.time_key
    inner join link
        on
            own.organisation_key = link.descendant_organisation_key
            and {{ overlaps('link') }}
    left join held
        on
            own.indicator_key = held.indicator_key
            and own.time_key = held.time_key
            and own.target_group_key = held.target_group_key
            and own.organisation_key = held.organisation_key
            and link.ancestor_organisation_key = held.ancestor_organisation_key
    left join {{ ref('int_validity_by_period') }} as validity
        on
            own.time_key = validity.time_key
            and indicator.frequency = validity.frequency
            and link.valid_from = validity.valid_from
            and link.valid_to is not distinct from validity.valid_to
    where held.indicator_key is null
),

summed as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        {{ measure('sum(' ~ scaled('low', 'share') ~ ')') }} as low,
        {{ measure('sum(' ~ scaled('width', 'share') ~ ')') }} as width,
        max(status_rank) as status_rank,
        cast(sum(units * completeness) as decimal(28, 15)) as units_present
    from contributing
    group by indicator_key, organisation_key, time_key, target_group_key
),

-- Who is expected: for a total the organisations of the reporting level, else those that have ever reported it.
expected_reporter as (
    select
        reporter.indicator_key,
        organisation.organisation_key,
        total.target_group_key
    from (select distinct indicator_key from reporter) as reporter
    inner join indicator
        on reporter.indicator_key = indicator.indicator_key
    inner join {{ ref('dim_organisation') }} as organisation
        on indicator.reporting_level = organisation.level
    inner join {{ ref('dim_target_group') }} as total
        on total.target_group_code = '_T'

    union

    select distinct
        own.indicator_key,
        own.organisation_key,
        own.target_group_key
    from own
    inner join indicator
        on own.indicator_key = indicator.indicator_key
    inner join {{ ref('dim_target_group') }} as target_group
        on own.target_group_key = target_group.target_group_key
    inner join {{ ref('dim_organisation') }} as organisation
        on own.organisation_key = organisation.organisation_key
    where
        case
            when indicator.reporting_level is null then true
            when target_group.target_group_code = '_T' then false
            else organisation.level = indicator.reporting_level
        end
),

expected_stretch as (
    select
        expected_reporter.indicator_key,
        expected_reporter.target_group_key,
        link.ancestor_organisation_key as organisation_key,
        link.valid_from,
        link.valid_to,
        count(*) as reporters
    from expected_reporter
    inner join link
        on expected_reporter.organisation_key = link.descendant_organisation_key
    group by
        expected_reporter.indicator_key, expected_reporter.target_group_key, link.ancestor_organisation_key,
        link.valid_from, link.valid_to
),

expected as (
    select
        expected_stretch.indicator_key,
        expected_stretch.target_group_key,
        expected_stretch.organisation_key,
        summed.time_key,
        sum(expected_stretch.reporters * coalesce(validity.valid_sub_periods, 1)) as units_expected
    from summed
    inner join expected_stretch
        on
            summed.indicator_key = expected_stretch.indicator_key
            and summed.target_group_key = expected_stretch.target_group_key
            and summed.organisation_key = expected_stretch.organisation_key
    inner join indicator
        on summed.indicator_key = indicator.indicator_key
    inner join period
        on
            summed.time_key = period.time_key
            and {{ overlaps('expected_stretch') }}
    left join {{ ref('int_validity_by_period') }} as validity
        on
            summed.time_key = validity.time_key
            and indicator.frequency = validity.frequency
            and expected_stretch.valid_from = validity.valid_from
            and expected_stretch.valid_to is not distinct from validity.valid_to
    group by
        expected_stretch.indicator_key, expected_stretch.target_group_key, expected_stretch.organisation_key,
        summed.time_key
),

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
        summed.indicator_key,
        summed.organisation_key,
        summed.time_key,
        summed.target_group_key,
        summed.low,
        summed.width,
        summed.status_rank,
        summed.units_present,
        {{ share('greatest(coalesce(expected.units_expected, 0), summed.units_present)') }} as units_expected,
        true as is_rolled_up
    from summed
    left join expected
        on
            summed.indicator_key = expected.indicator_key
            and summed.organisation_key = expected.organisation_key
            and summed.time_key = expected.time_key
            and summed.target_group_key = expected.target_group_key
    left join own
        on
            summed.indicator_key = own.indicator_key
            and summed.organisation_key = own.organisation_key
            and summed.time_key = own.time_key
            and summed.target_group_key = own.target_group_key
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
