-- grain: one vintage of one actual figure, beside what earlier periods of the same figure showed
create table figure as
with vintages as (
    select
        row_id, submission_id, source_code, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
        target_group_code, accumulation, calendar_code, period_code, period_start, period_end_exclusive, value,
        obs_status, flags, recorded_at
    from sound
    where value is not null and measure_kind = 'ACTUAL'
    union all
    select
        null, submission_id, source_code, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
        target_group_code, accumulation, calendar_code, period_code, period_start, period_end_exclusive, value,
        obs_status, flags, recorded_at
    from history
    where value is not null and measure_kind = 'ACTUAL' and source_code = getvariable('source_code')
),
dated as (
    select
        *,
        value::double as x,
        -- a year-to-date figure stands on the period it ends with, so that its length says nothing
        case when accumulation in ('YTD', 'SINCE_START') then 0
            else date_diff('month', period_start, period_end_exclusive) end as months,
        regexp_extract(period_code, '[0-9]{4}') as year_label,
        obs_status <> 'S' and not contains(coalesce(flags, ''), 'REORG_PARTIAL') as is_comparable,
        row_number() over (
            partition by indicator_code, organisation_code, organisation_valid_from, target_group_code, accumulation,
                calendar_code, period_start, period_end_exclusive
            order by recorded_at desc, submission_id desc, sheet desc, cell desc
        ) = 1 as is_latest
    from vintages
)
select
    *,
    count(*) filter (where is_latest and is_comparable) over past as past_figures,
    median(x) filter (where is_latest and is_comparable) over past as past_median,
    mad(x) filter (where is_latest and is_comparable) over past as past_mad,
    max(value) filter (where is_latest) over before as previous_value,
    max(period_end_exclusive) filter (where is_latest) over before as previous_end,
    max(year_label) filter (where is_latest) over before as previous_year_label
from dated
window
    past as (
        partition by indicator_code, organisation_code, organisation_valid_from, target_group_code, accumulation,
            calendar_code, months
        order by period_end_exclusive groups between 24 preceding and 1 preceding
    ),
    before as (
        partition by indicator_code, organisation_code, organisation_valid_from, target_group_code, accumulation,
            calendar_code, months
        order by period_end_exclusive groups between 1 preceding and 1 preceding
    );
