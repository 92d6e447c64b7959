-- For each ratio: the calendar and frequency it is drawn in, the widest organisation that has it, and its last period.
create or replace temp table chosen_series as
with total as (
    select
        ratio.*,
        coalesce(ratio.frequency = registered.frequency, false) as is_own_frequency
    from marts.mart_ratio as ratio
    inner join core.dim_ratio as registered on ratio.ratio_key = registered.ratio_key
    where ratio.structure = 'as_is' and ratio.target_group_code = '_T'
),

frequency as (
    select
        ratio_key,
        calendar_code,
        frequency
    from total
    group by ratio_key, calendar_code, frequency, is_own_frequency
    qualify row_number() over (
        partition by ratio_key
        order by count(value) > 0 desc, is_own_frequency desc, count(distinct time_key) desc, calendar_code, frequency
    ) = 1
),

whole as (
    select
        total.ratio_key,
        total.organisation_key
    from total
    inner join frequency using (ratio_key, calendar_code, frequency)
    group by total.ratio_key, total.organisation_key, total.organisation_code
    qualify row_number() over (
        partition by total.ratio_key order by max(total.units_expected) desc, total.organisation_code, total.organisation_key
    ) = 1
),

-- What lies ahead or was never reported has rows as well: the last period is one of which something is known.
last_known as (
    select
        total.ratio_key,
        arg_max(total.time_key, total.period_start) as time_key,
        max(total.period_start) as period_start
    from total
    inner join frequency using (ratio_key, calendar_code, frequency)
    where total.value is not null
    group by total.ratio_key
)

select
    frequency.ratio_key,
    frequency.calendar_code,
    frequency.frequency,
    whole.organisation_key,
    last_known.time_key,
    last_known.period_start
from frequency
inner join whole on frequency.ratio_key = whole.ratio_key
inner join last_known on frequency.ratio_key = last_known.ratio_key;

-- Figures by the organisations of today, as the pages show them.
create or replace temp view figure as
select
    ratio_key,
    ratio_code,
    organisation_key,
    organisation_code,
    organisation_name_vi,
    organisation_name_en,
    organisation_level,
    calendar_code,
    frequency,
    time_key,
    period_start,
    period_code,
    period_label_vi,
    period_label_en,
    target_group_key,
    target_group_code,
    target_group_name_vi,
    target_group_name_en,
    value,
    lower,
    upper,
    least(coverage_numerator, coverage_denominator) as coverage,
    share_estimated,
    status,
    reason,
    open_findings
from marts.mart_ratio
where structure = 'as_is'
