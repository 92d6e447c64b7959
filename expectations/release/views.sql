-- What formulas of several marts read. Each view stands for itself: a release without its marts has not got it.

-- Every figure of an indicator or ratio as it was: the one place where any other mart may have taken it from.
create view published.measure_figure as
select
    'indicator' as measure_kind, indicator_code as measure_code, organisation_key, time_key, target_group_key,
    target_group_code, period_code, calendar_code, frequency, period_start, period_end_exclusive,
    value::double as value, null::double as lower, null::double as upper, value as numerator,
    null::decimal(38, 12) as denominator, coverage, obs_status as status, null::varchar as reason,
    value_low::double as interval_low, value_high::double as interval_high, open_findings
from warehouse.marts.mart_indicator
union all
select
    'ratio', ratio_code, organisation_key, time_key, target_group_key,
    target_group_code, period_code, calendar_code, frequency, period_start, period_end_exclusive,
    value, case when status <> 'Q' then lower end, case when status <> 'Q' then upper end, numerator,
    denominator, least(coverage_numerator, coverage_denominator) as coverage, status, reason,
    case when reason = 'INTERVAL' then lower end, case when reason = 'INTERVAL' then upper end, open_findings
from warehouse.marts.mart_ratio
where structure = 'as_was';

-- What a measure is: whether its periods add up, its class, scale and direction.
create view published.measure as
select
    indicator_code as measure_code, direction, role, time_aggregation = 'sum' as is_additive,
    time_aggregation = 'sum' as is_length_bound, null::varchar as ratio_class, null::varchar as interval_method, 1::double as scale, decimals
from warehouse.core.dim_indicator
union all
select
    ratio_code, direction, ratio_type, false, coalesce(is_length_bound, false), ratio_class, interval_method, scale::double, decimals
from warehouse.core.dim_ratio;

-- Each measure and the indicators in it; an indicator is its own part.
create view published.measure_part as
select indicator_code as measure_code, indicator_key from warehouse.core.dim_indicator
union
select ratio_code, unnest([factor_1_indicator_key, factor_2_indicator_key]) from warehouse.core.bridge_ratio_indicator;

-- The latest decision on each point of a trajectory, increments added up to levels.
create view published.target_point as
with latest as (
    select target.*, period.calendar_code, period.frequency, period.period_end_exclusive as due
    from warehouse.core.fct_target as target
    inner join warehouse.core.dim_time as period using (time_key)
    qualify row_number() over (
        partition by measure_code, organisation_code, time_key, target_group_key, kind order by recorded_at desc
    ) = 1
)
select
    measure_code, organisation_code, target_group_key, kind, period_code, calendar_code, frequency, due,
    low::double as low, high::double as high, accumulation,
    case accumulation
        when 'incremental' then sum(value) over (
            partition by measure_code, organisation_code, target_group_key order by due, kind rows unbounded preceding
        )
        else value
    end::double as level
from latest;

-- Who is directly above whom in a period, by the hierarchy of the time.
create view published.child as
select distinct
    link.ancestor_organisation_key as parent_key, link.descendant_organisation_key as organisation_key, period.time_key
from warehouse.core.bridge_organisation as link
inner join warehouse.core.dim_time as period
    on link.valid_from < period.period_end_exclusive
    and period.period_start < coalesce(link.valid_to, date '9999-12-31')
where link.structure = 'as_was' and link.distance = 1;
