-- Every figure that an edition could show, once for each table, structure and part: `cell`. What is known of a measure
-- as a whole stands in `measure`; `treatment_of_indicator` comes from the policy.
create temp table indicator as
select indicator.*, treatment.treatment, treatment.has_contributors
from warehouse.core.dim_indicator as indicator
inner join treatment_of_indicator as treatment using (indicator_code);

create temp table term as
select
    term.ratio_key,
    term.ratio_code,
    case term.part when 'numerator' then 'N' else 'D' end as kind,
    term.sign,
    term.factor_1_indicator_key,
    term.factor_2_indicator_key,
    case when ratio.lagged_part = term.part then coalesce(ratio.lag, 0) else 0 end as lag,
    coalesce(ratio.lag, 0) > 0 as is_lagged_ratio,
    ratio.frequency
from warehouse.core.bridge_ratio_indicator as term
inner join warehouse.core.dim_ratio as ratio using (ratio_key);

create temp table measure as
select
    'I' as kind,
    indicator_key as measure_key,
    indicator_code as measure_code,
    group_aggregation = 'sum' as adds_over_groups,
    organisation_aggregation = 'sum' as adds_over_organisations,
    time_aggregation as time_rule,
    is_integer_only as is_count,
    coalesce(is_negative_allowed, false) as can_be_negative,
    treatment,
    has_contributors,
    unit,
    indicator_code as scope_code
from indicator
union all
select
    term.kind,
    term.ratio_key,
    any_value(term.ratio_code),
    bool_and(factor_1.group_aggregation = 'sum'),
    bool_and(coalesce('sum' in (factor_1.organisation_aggregation, factor_2.organisation_aggregation), false)),
    -- A part whose terms follow different rules is rolled up term by term.
    case when count(distinct factor_1.time_aggregation) = 1 and count(factor_2.indicator_key) = 0
        then any_value(factor_1.time_aggregation)
        when bool_and(coalesce('sum' in (factor_1.time_aggregation, factor_2.time_aggregation), false)) then 'sum' end,
    bool_and(coalesce(factor_1.is_integer_only, false) and factor_2.indicator_key is null),
    bool_or(term.sign < 0 or coalesce(factor_1.is_negative_allowed, false)),
    case when bool_or(factor_1.treatment = 'closed' or coalesce(factor_2.treatment = 'closed', false)) then 'closed'
        when bool_and(factor_1.treatment = 'open' and coalesce(factor_2.treatment = 'open', true)) then 'open'
        else 'protected' end,
    false,
    any_value(factor_1.unit),
    max(factor_1.indicator_code)
from term
inner join indicator as factor_1 on term.factor_1_indicator_key = factor_1.indicator_key
left join indicator as factor_2 on term.factor_2_indicator_key = factor_2.indicator_key
group by term.kind, term.ratio_key;

create temp table cell as
with figure as (
    select
        'I' as kind, indicator_key as measure_key, 'as_was' as structure, organisation_key, time_key, target_group_key,
        -- An interval that came from the source counts as withheld by it; its middle stands for the unknown figure.
        coalesce(cast(value as double), cast(value_low + value_high as double) / 2) as value,
        value is null as is_withheld_by_source
    from warehouse.marts.mart_indicator
    where value is not null or value_high is not null or obs_status = 'Q'
    union all
    select
        part.kind, ratio_key, structure, organisation_key, time_key, target_group_key,
        cast(case part.kind when 'N' then numerator else denominator end as double),
        coalesce(reason = 'INTERVAL', false)
    from warehouse.marts.mart_ratio
    cross join (values ('N'), ('D')) as part (kind)
    where case part.kind when 'N' then numerator else denominator end is not null
)
select
    cast(row_number() over (order by figure.kind, measure_key, structure, organisation_key, time_key, target_group_key) - 1
        as bigint) as cell_id,
    figure.* replace (coalesce(figure.value, 0) as value),
    organisation.level as organisation_level
from figure
inner join warehouse.core.dim_organisation as organisation using (organisation_key);
