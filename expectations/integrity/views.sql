-- What signals are asked of, over the published tables of the attached database ``warehouse``.

-- The chance of at least x of n where either side is equally likely: exact, by the logarithms of the binomials.
create macro upper_tail(n, x) as
    list_sum(list_transform(range(x::bigint, n::bigint + 1),
        lambda k: exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * ln(2))));

-- grain: one current figure as reported
create view figure as
select
    observation.indicator_code, observation.organisation_key, observation.organisation_code, observation.period_code,
    observation.target_group_key, observation.target_group_code, observation.accumulation, observation.value,
    observation.unit, period.period_start as starts, period.period_end_exclusive as ends,
    date_diff('month', period.period_start, period.period_end_exclusive) as months,
    coalesce(indicator.is_integer_only, false) as is_count
from warehouse.core.fct_observation as observation
join warehouse.core.dim_time as period using (time_key)
join warehouse.core.dim_indicator as indicator using (indicator_code)
where observation.is_preferred and observation.measure_kind = 'ACTUAL' and observation.value is not null;

-- grain: one count, once however often it is repeated, of indicators that are not rounded to tens throughout
create view counted_figure as
with counted as (
    select distinct indicator_code, organisation_code, target_group_code, value,
        (abs(value)::hugeint % 10)::int as last_digit
    from figure
    where is_count
),
rounded as (
    select indicator_code from counted where abs(value) >= 100
    group by indicator_code having avg((last_digit = 0)::int) > 0.9
)
select counted.* from counted anti join rounded using (indicator_code);

-- grain: one proportion of one organisation as it was, from its own figures
create view share as
select
    ratio.ratio_code as measure_code, ratio.organisation_key, ratio.organisation_code, ratio.time_key,
    ratio.period_code, ratio.target_group_key, ratio.numerator, ratio.denominator::double as denominator,
    ratio.numerator::double / ratio.denominator::double as share, period.period_start as starts,
    period.period_end_exclusive as ends,
    date_diff('month', period.period_start, period.period_end_exclusive) as months
from warehouse.marts.mart_ratio as ratio
join warehouse.core.dim_time as period using (time_key)
where ratio.structure = 'as_was' and ratio.ratio_class = 'proportion' and ratio.value is not null and ratio.denominator > 0;

-- grain: one ratio and the stricter one that must be shown beside it
create view guardrail as
select ratio_code as measure_code, guardrail_ratio_code as strict_code
from warehouse.core.dim_ratio
where guardrail_ratio_code is not null;

-- grain: one target that was decided, in the order of decisions
create view aim as
select
    target.measure_code, target.organisation_code, target.period_code, target.value::double as target,
    target.recorded_at::date as decided_on, period.period_start as starts, period.period_end_exclusive as ends,
    coalesce(ratio.unit, indicator.unit) as unit,
    row_number() over (
        partition by target.measure_code, target.organisation_key, target.time_key, target.target_group_key, target.kind
        order by target.recorded_at
    ) as version
from warehouse.core.fct_target as target
join warehouse.core.dim_time as period using (time_key)
left join warehouse.core.dim_ratio as ratio on ratio.ratio_code = target.measure_code
left join warehouse.core.dim_indicator as indicator on indicator.indicator_code = target.measure_code
where target.kind in ('interim', 'final') and target.value is not null;

-- grain: one measure of one organisation in one period, as it was, all groups together
create view result as
select ratio_code as measure_code, organisation_code, period_code, value::double as value
from warehouse.marts.mart_ratio
where structure = 'as_was' and target_group_code = '_T' and value is not null
union all
select indicator_code, organisation_code, period_code, value::double
from warehouse.marts.mart_indicator
where target_group_code = '_T' and value is not null;

-- grain: one figure that replaced another of the same source
create view edit as
select
    observation.organisation_code, indicator.direction, observation.value,
    lag(observation.value) over vintages as value_before,
    date_diff('day', first_value(observation.recorded_at) over vintages, observation.recorded_at) as days_after_first
from warehouse.core.fct_observation as observation
join warehouse.core.dim_indicator as indicator using (indicator_code)
where observation.measure_kind = 'ACTUAL' and observation.value is not null
window vintages as (
    partition by observation.indicator_code, observation.organisation_key, observation.time_key,
        observation.target_group_key, observation.accumulation, observation.source_code
    order by observation.vintage_no
);
