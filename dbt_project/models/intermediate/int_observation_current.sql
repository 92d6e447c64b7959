-- Grain: indicator x organisation x period x target group: the one actual figure in force, in-period.
-- Of several sources the preferred one; figures since the start of the year are taken apart (domain.md 3.3, WE-12).

-- Indicators with more than one way to a figure of a period; all others have the one that was reported.
with several_ways as (
    select indicator_key from {{ ref('fct_observation') }}
    where is_preferred and measure_kind = 'ACTUAL'
    group by indicator_key
    having min(accumulation) <> max(accumulation) or max(accumulation) = 'YTD'
),

reported as (
    select
        observation.indicator_key,
        observation.organisation_key,
        observation.time_key,
        observation.target_group_key,
        observation.accumulation,
        observation.value,
        observation.value_low,
        observation.value_high,
        observation.obs_status,
        observation.submission_id,
        observation.sheet,
        observation.cell,
        observation.recorded_at,
        observation.source_code,
        source.priority as source_priority,
        indicator.time_aggregation,
        indicator.is_negative_allowed
    from {{ ref('fct_observation') }} as observation
    inner join {{ ref('dim_indicator') }} as indicator
        on observation.indicator_key = indicator.indicator_key
    inner join several_ways
        on observation.indicator_key = several_ways.indicator_key
    inner join {{ ref('dim_source') }} as source
        on observation.source_key = source.source_key
    where observation.is_preferred and observation.measure_kind = 'ACTUAL'
),

cumulative as (
    select
        reported.*,
        period.calendar_code,
        period.period_start,
        period.period_end_exclusive,
        period.year_start,
        period.previous_time_key,
        greatest(period.year_start, organisation.valid_from) >= period.period_start as is_first_of_year
    from reported
    inner join {{ ref('dim_time') }} as period
        on reported.time_key = period.time_key
    inner join {{ ref('dim_organisation') }} as organisation
        on reported.organisation_key = organisation.organisation_key
    where reported.accumulation = 'YTD'
),

difference as (
    select
        this_period.*,
        previous.time_key is not null as has_previous,
        this_period.value - previous.value as increment,
        coalesce(this_period.value_low, this_period.value)
        - coalesce(previous.value_high, previous.value) as increment_low,
        coalesce(this_period.value_high, this_period.value)
        - coalesce(previous.value_low, previous.value) as increment_high,
        case
            when {{ status_rank('previous.obs_status') }} > {{ status_rank('this_period.obs_status') }}
                then previous.obs_status
            else this_period.obs_status
        end as increment_status
    from cumulative as this_period
    left join cumulative as previous
        on
            this_period.indicator_key = previous.indicator_key
            and this_period.organisation_key = previous.organisation_key
            and this_period.target_group_key = previous.target_group_key
            and this_period.previous_time_key = previous.time_key
            and this_period.year_start = previous.year_start
    where this_period.time_aggregation = 'sum' and not this_period.is_first_of_year
),

-- An increment below zero of a measure that cannot be negative says that one of two cumulative figures is wrong, and
-- so does the increment after it, which starts from the doubtful one: both are withheld until restated.
doubtful as (
    select
        indicator_key,
        organisation_key,
        target_group_key,
        time_key
    from difference
    where increment < 0 and not is_negative_allowed
),

increment as (
    select
        difference.*,
        not difference.has_previous
        or difference.increment_status in ('O', 'L', 'M', 'Q')
        or itself.time_key is not null
        or before.time_key is not null as is_withheld
    from difference
    left join doubtful as itself
        on
            difference.indicator_key = itself.indicator_key
            and difference.organisation_key = itself.organisation_key
            and difference.target_group_key = itself.target_group_key
            and difference.time_key = itself.time_key
    left join doubtful as before
        on
            difference.indicator_key = before.indicator_key
            and difference.organisation_key = before.organisation_key
            and difference.target_group_key = before.target_group_key
            and difference.previous_time_key = before.time_key
),

candidate as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        value,
        value_low,
        value_high,
        obs_status,
        accumulation,
        submission_id,
        sheet,
        cell,
        recorded_at,
        source_code,
        source_priority,
        case accumulation when 'IN_PERIOD' then 0 when 'POINT_IN_TIME' then 1 when 'ROLLING_12' then 5 else 6 end
            as derivation_order
    from reported
    where accumulation <> 'YTD'

    union all

    -- Since the start of the year, up to the end of a longer period that starts then too: that period's own figure.
    select
        cumulative.indicator_key,
        cumulative.organisation_key,
        period.time_key,
        cumulative.target_group_key,
        cumulative.value,
        cumulative.value_low,
        cumulative.value_high,
        cumulative.obs_status,
        'IN_PERIOD' as accumulation,
        cumulative.submission_id,
        cumulative.sheet,
        cumulative.cell,
        cumulative.recorded_at,
        cumulative.source_code,
        cumulative.source_priority,
        case when cumulative.time_key = period.time_key then 2 else 3 end as derivation_order
    from cumulative
    inner join {{ ref('dim_time') }} as period
        on
            cumulative.calendar_code = period.calendar_code
            and cumulative.period_end_exclusive = period.period_end_exclusive
            and cumulative.year_start = period.period_start
    where cumulative.time_key = period.time_key or period.frequency <> 'R'

    union all

    -- The first figure of an organisation that began within the year.
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        value,
        value_low,
        value_high,
        obs_status,
        'IN_PERIOD' as accumulation,
        submission_id,
        sheet,
        cell,
        recorded_at,
        source_code,
        source_priority,
        3 as derivation_order
    from cumulative
    where is_first_of_year and year_start <> period_start

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        case when not is_withheld then increment end as value,
        case when not is_withheld and increment is null then increment_low end as value_low,
        case when not is_withheld and increment is null then increment_high end as value_high,
        case when is_withheld then 'O' else increment_status end as obs_status,
        'IN_PERIOD' as accumulation,
        submission_id,
        sheet,
        cell,
        recorded_at,
        source_code,
        source_priority,
        4 as derivation_order
    from increment
),

chosen as (
    select
        candidate.*,
        row_number() over (
            partition by
                candidate.indicator_key, candidate.organisation_key, candidate.time_key, candidate.target_group_key
            order by
                case when candidate.value is null and candidate.value_high is null then 1 else 0 end,
                candidate.source_priority asc,
                candidate.derivation_order asc,
                candidate.recorded_at desc,
                candidate.source_code asc
        ) as choice_number
    from candidate
),

in_force as (
    select
        observation.indicator_key,
        observation.organisation_key,
        observation.time_key,
        observation.target_group_key,
        observation.value,
        observation.value_low,
        observation.value_high,
        observation.obs_status,
        observation.accumulation,
        observation.submission_id,
        observation.sheet,
        observation.cell
    from {{ ref('fct_observation') }} as observation
    left join several_ways
        on observation.indicator_key = several_ways.indicator_key
    where
        observation.is_preferred and observation.measure_kind = 'ACTUAL'
        and several_ways.indicator_key is null

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        value,
        value_low,
        value_high,
        obs_status,
        accumulation,
        submission_id,
        sheet,
        cell
    from chosen
    where choice_number = 1
)

select
    in_force.indicator_key,
    in_force.organisation_key,
    in_force.time_key,
    in_force.target_group_key,
    in_force.value,
    in_force.value_low,
    in_force.value_high,
    in_force.obs_status,
    in_force.accumulation,
    -- What may be done with it over time: a rolling figure stands alone, one since the start is a stock.
    case
        when in_force.accumulation = 'ROLLING_12' then 'none'
        when in_force.accumulation = 'SINCE_START' and indicator.time_aggregation = 'sum' then 'last'
        else indicator.time_aggregation
    end as time_rule,
    -- An interval that is open at one end has no least and no greatest sum.
    in_force.value is not null or (in_force.value_low is not null and in_force.value_high is not null) as has_figure,
    in_force.submission_id,
    in_force.sheet,
    in_force.cell
from in_force
inner join {{ ref('dim_indicator') }} as indicator
    on in_force.indicator_key = indicator.indicator_key
