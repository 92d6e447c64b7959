-- Grain: indicator x organisation x period x target group: the one actual figure in force, in-period.
-- Of several sources the preferred one; figures since the start of the year are taken apart (domain.md 3.3, WE-12).
-- With the full costs of services (domain.md 2.10) and what is restated in constant prices (2.9).

-- Indicators with more than one way to a figure of a period; all others have the one that was reported.
with several_ways as (
    select indicator_key from {{ ref('fct_observation') }}
    where is_preferred and measure_kind = 'ACTUAL'
    group by indicator_key
    having min(accumulation) <> max(accumulation) or max(accumulation) = 'YTD'

    union

    select indicator_key from {{ ref('bridge_cost_allocation') }}
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
        period.frequency,
        period.period_start,
        period.period_end_exclusive,
        period.year_start,
        greatest(period.year_start, organisation.valid_from) as counted_from,
        greatest(period.year_start, organisation.valid_from) >= period.period_start as is_first_of_year
    from reported
    inner join {{ ref('dim_time') }} as period
        on reported.time_key = period.time_key
    inner join {{ ref('dim_organisation') }} as organisation
        on reported.organisation_key = organisation.organisation_key
    where reported.accumulation = 'YTD'
),

{{ increments_of('cumulative') }},

{{ costs_allocated() }},

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
    where not has_gap

    union all

    -- Over a gap the sum is known and the parts are not: each lies between nothing and all of it (domain.md 3.3).
    select
        increment.indicator_key,
        increment.organisation_key,
        missed.time_key,
        increment.target_group_key,
        null as value,
        case when not increment.is_withheld and not increment.is_negative_allowed then 0 end as value_low,
        case
            when not increment.is_withheld and not increment.is_negative_allowed then increment.increment_high
        end as value_high,
        case when increment.is_withheld or increment.is_negative_allowed then 'O' else 'E' end as obs_status,
        'IN_PERIOD' as accumulation,
        increment.submission_id,
        increment.sheet,
        increment.cell,
        increment.recorded_at,
        increment.source_code,
        increment.source_priority,
        5 as derivation_order
    from increment
    inner join {{ ref('dim_time') }} as missed
        on
            increment.calendar_code = missed.calendar_code
            and increment.frequency = missed.frequency
            and increment.span_start <= missed.period_start
            and increment.period_start >= missed.period_start
    where increment.has_gap

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
        'IN_PERIOD' as accumulation,
        submission_id,
        sheet,
        cell,
        recorded_at,
        source_code,
        source_priority,
        8 as derivation_order
    from cumulative
    where time_aggregation = 'sum' and not is_first_of_year and coalesce(value, value_high) is null

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        value,
        null as value_low,
        null as value_high,
        case when value is null then 'O' else {{ status_of_rank('status_rank') }} end as obs_status,
        accumulation,
        null as submission_id,
        null as sheet,
        null as cell,
        null as recorded_at,
        null as source_code,
        0 as source_priority,
        7 as derivation_order
    from full_cost
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
                candidate.source_code asc,
                -- One workbook may state the year twice, as its last month and as its last quarter.
                candidate.sheet asc,
                candidate.cell asc,
                candidate.value asc
        ) as choice_number
    from candidate
),

stated as (
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
),

reported_constant as (
    select stated.*
    from stated
    inner join {{ ref('dim_indicator') }} as constant
        on stated.indicator_key = constant.indicator_key and constant.derived_from_indicator_code is not null
),

-- Each figure at its own prices, before any is added to another. A figure that is reported in constant prices stays.
restated as (
    select
        constant.indicator_key,
        stated.organisation_key,
        stated.time_key,
        stated.target_group_key,
        {% for column in ['value', 'value_low', 'value_high'] %}
            {{ measure_quotient('cast(stated.' ~ column ~ ' as double) * base.value', 'level.value') }} as {{ column }},
        {% endfor %}
        case when level.value is null then 'O' else stated.obs_status end as obs_status,
        stated.accumulation,
        stated.submission_id,
        stated.sheet,
        stated.cell
    from stated
    inner join {{ ref('dim_indicator') }} as nominal
        on stated.indicator_key = nominal.indicator_key
    inner join {{ ref('dim_indicator') }} as constant
        on nominal.indicator_code = constant.derived_from_indicator_code
    left join {{ ref('fct_deflator') }} as base
        on constant.deflator_code = base.deflator_code and constant.price_base_period_code = base.period_code
    left join {{ ref('fct_deflator') }} as level
        on constant.deflator_code = level.deflator_code and stated.time_key = level.time_key
    left join reported_constant
        on
            constant.indicator_key = reported_constant.indicator_key
            and stated.organisation_key = reported_constant.organisation_key
            and stated.time_key = reported_constant.time_key
            and stated.target_group_key = reported_constant.target_group_key
    where reported_constant.indicator_key is null
),

in_force as (
    {% for figure in ['stated', 'restated'] %}
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
        from {{ figure }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
