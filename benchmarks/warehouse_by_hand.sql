-- The fact, the roll-ups and the ratios of benchmarks/warehouse.py in as little SQL as they can be had with: every
-- figure is a sum, every unit is there, nobody was reorganised, nothing is divided into target groups.
create schema core;
create schema marts;

create table core.fct_observation as
select
    indicator_code,
    organisation_code,
    organisation_valid_from,
    period_code,
    target_group_code,
    source_code,
    measure_kind,
    accumulation,
    row_number() over series::int as vintage_no,
    lead(recorded_at) over series is null as is_current,
    lead(recorded_at) over series is null as is_preferred,
    value,
    value_low,
    value_high,
    unit_code as unit,
    obs_status,
    if(value = 0, 'zero', 'value') as value_state,
    recorded_at::timestamp as recorded_at,
    (lead(recorded_at) over series)::timestamp as superseded_at,
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
from read_parquet('observation/*/*.parquet')
window series as (partition by indicator_code, organisation_code, period_code order by recorded_at);

create table core.dim_organisation as select * from read_parquet('registry/organisations.parquet');

create table core.dim_time as select * from read_parquet('registry/period.parquet');

create table core.dim_indicator as select * from read_parquet('registry/indicators.parquet');

-- Who is counted in whom, and when in when.
create temp table within_organisation as
select code as organisation_code, code as ancestor_code from core.dim_organisation
union all
select code, parent_code from core.dim_organisation where parent_code is not null
union all
select child.code, parent.parent_code
from core.dim_organisation as child
inner join core.dim_organisation as parent on child.parent_code = parent.code
where parent.parent_code is not null;

create temp table within_time as
select month.period_code, longer.period_code as ancestor_code
from core.dim_time as month
inner join core.dim_time as longer
    on
        month.frequency = 'M'
        and month.calendar_code = longer.calendar_code
        and longer.period_start <= month.period_start
        and longer.period_end_exclusive >= month.period_end_exclusive
        and longer.frequency in ('M', 'Q', 'S', 'A');

create temp table by_time as
select indicator_code, organisation_code, ancestor_code as period_code, sum(value)::decimal(38, 12) as value
from core.fct_observation
inner join within_time using (period_code)
where is_preferred
group by all;

create temp table by_organisation as
select indicator_code, ancestor_code as organisation_code, period_code, sum(value)::decimal(38, 12) as value,
    count(*) as units
from by_time
inner join within_organisation using (organisation_code)
group by all;

create table marts.mart_indicator as
select
    indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    organisation.level as organisation_level,
    period_code,
    period.calendar_code,
    period.frequency,
    period.period_start,
    period.period_end_exclusive,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    '_T' as target_group_code,
    figure.value,
    indicator.unit,
    'A' as obs_status,
    if(figure.value = 0, 'zero', 'value') as value_state,
    1::double as coverage,
    fact.cell is null as is_rolled_up,
    fact.submission_id,
    fact.sheet,
    fact.cell
from by_organisation as figure
inner join core.dim_indicator as indicator on indicator_code = indicator.code
inner join core.dim_organisation as organisation on organisation_code = organisation.code
inner join core.dim_time as period using (period_code)
left join (
    select indicator_code, organisation_code, period_code, submission_id, sheet, cell
    from core.fct_observation where is_preferred
) as fact using (indicator_code, organisation_code, period_code);

create table marts.mart_ratio as
with part as (
    select code as ratio_code, numerator as indicator_code, true as is_numerator
    from read_parquet('registry/ratios.parquet')
    union all
    select code, denominator, false from read_parquet('registry/ratios.parquet')
),
summed as (
    select
        ratio_code,
        organisation_code,
        period_code,
        sum(value) filter (is_numerator)::decimal(38, 12) as numerator,
        sum(value) filter (not is_numerator)::decimal(38, 12) as denominator
    from by_organisation
    inner join part using (indicator_code)
    group by all
)
select
    ratio_code,
    ratio.name_vi as ratio_name_vi,
    ratio.name_en as ratio_name_en,
    structure,
    organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    organisation.level as organisation_level,
    period_code,
    period.calendar_code,
    period.frequency,
    period.period_start,
    period.period_end_exclusive,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    '_T' as target_group_code,
    summed.numerator,
    summed.denominator,
    summed.numerator::double / nullif(summed.denominator::double, 0) as value,
    1::double as coverage_numerator,
    1::double as coverage_denominator,
    1::double as matched_share,
    'A' as status,
    null::varchar as reason
from summed
inner join read_parquet('registry/ratios.parquet') as ratio on ratio_code = ratio.code
inner join core.dim_organisation as organisation on organisation_code = organisation.code
inner join core.dim_time as period using (period_code)
cross join (values ('as_was'), ('as_is')) as reading(structure);
