-- Series: the same figure over time, as far as earlier periods and submissions show it.

-- grain: one vintage of one actual figure; narrow, because there is one for every row
create temp table vintage as
with vintages as (
    select
        row_id, submission_id, indicator_code, organisation_code, organisation_valid_from, target_group_code,
        accumulation, calendar_code, period_code, period_start, period_end_exclusive, value, obs_status, flags, recorded_at
    from sound
    where value is not null and measure_kind = 'ACTUAL'
    union all
    select
        null, submission_id, indicator_code, organisation_code, organisation_valid_from, target_group_code,
        accumulation, calendar_code, period_code, period_start, period_end_exclusive, value, obs_status, flags, recorded_at
    from history
    where value is not null and measure_kind = 'ACTUAL' and source_code = getvariable('source_code')
),
dated as (
    select
        *,
        -- a year-to-date figure stands on the period it ends with, so that its length says nothing
        case when accumulation in ('YTD', 'SINCE_START') then 0
            else date_diff('month', period_start, period_end_exclusive) end as months
    from vintages
)
select
    row_id, submission_id, period_code, period_start, period_end_exclusive, value, recorded_at,
    -- 128 bits of MD5 stand for the key: one number sorts ten times faster than seven texts
    md5_number(concat_ws(
        chr(31), indicator_code, organisation_code, organisation_valid_from, target_group_code, accumulation,
        calendar_code, months
    )) as series_key,
    {
        'indicator_code': indicator_code, 'organisation_code': organisation_code,
        'organisation_valid_from': organisation_valid_from, 'target_group_code': target_group_code,
        'accumulation': accumulation, 'calendar_code': calendar_code, 'months': months
    } as series,
    obs_status <> 'S' and not contains(coalesce(flags, ''), 'REORG_PARTIAL') as is_comparable
from dated;

-- grain: one submission that this gate judges; figures of earlier ones need no name
create table submission_number as
select submission_id, row_number() over (order by submission_id)::int as submission_no from submission;

-- grain: one series
create table series as
select series_key, unnest(any_value(series)) from vintage group by series_key;

-- grain: one vintage of one figure of a series, beside the figure of the period before
create table series_figure as
with ordered as (
    select
        * exclude (series),
        -- the last vintage of a period is followed by another period
        lead((period_start, period_end_exclusive)) over vintages is distinct from (period_start, period_end_exclusive) as is_latest
    from vintage
    window vintages as (
        partition by series_key order by period_end_exclusive, period_start, recorded_at, submission_id, row_id
    )
)
select
    ordered.* exclude (recorded_at, submission_id),
    submission_no,
    max(value) filter (where is_latest) over before as previous_value,
    max(period_end_exclusive) filter (where is_latest) over before as previous_end,
    max(period_code) filter (where is_latest) over before as previous_period_code
from ordered
left join submission_number using (submission_id)
window before as (partition by series_key order by period_end_exclusive groups between 1 preceding and 1 preceding);

drop table vintage;

-- grain: one vintage of one figure, with all that names it: what rules about series read
create view figure as
select
    series_figure.*, series.* exclude (series_key), submission_number.submission_id, value::double as x,
    regexp_extract(period_code, '[0-9]{4}') as year_label,
    regexp_extract(previous_period_code, '[0-9]{4}') as previous_year_label
from series_figure
join series using (series_key)
left join submission_number using (submission_no);

-- grain: one figure of a series that moves at all, beside what its last 24 periods showed. A change by less
-- than a tenth is no outlier under any threshold worth setting, and most series change by less.
create table figure_past as
with moving as (
    select series_key
    from series_figure
    group by series_key
    having bool_or(abs(value - previous_value) > 0.1 * abs(previous_value))
        or max(abs(value)) > 10 * min(abs(value)) filter (where value <> 0)
)
select
    figure.*,
    count(*) filter (where is_latest and is_comparable) over past as past_figures,
    median(x) filter (where is_latest and is_comparable) over past as past_median,
    mad(x) filter (where is_latest and is_comparable) over past as past_mad
from figure
semi join moving on moving.series_key = figure.series_key
window past as (partition by series_key order by period_end_exclusive groups between 24 preceding and 1 preceding);
