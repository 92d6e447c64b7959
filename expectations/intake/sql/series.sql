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
    obs_status <> 'S' and not contains(coalesce(flags, ''), 'REORG_PARTIAL') as is_comparable,
    obs_status = 'B' as is_break
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
-- than a fifth is no outlier under any threshold worth setting, and most series change by less.
create table figure_past as
with moving as (
    select series_key
    from series_figure
    group by series_key
    having bool_or(abs(value - previous_value) > 0.2 * abs(previous_value))
        or max(abs(value)) > 10 * min(abs(value)) filter (where value <> 0)
),
logged as (
    select
        figure.*,
        is_latest and is_comparable as is_past,
        log_of(x) as log_x,
        case when x > 0 and previous_value > 0 then log_of(x / previous_value::double) end as log_step
    from figure
    semi join moving on moving.series_key = figure.series_key
)
select
    logged.*,
    count(*) filter (where is_past) over past as past_figures,
    median(x) filter (where is_past) over past as past_median,
    mad(x) filter (where is_past) over past as past_mad,
    min(x) filter (where is_past) over past as past_least,
    max(x) filter (where is_past) over past as past_greatest,
    count(*) filter (where is_past and x > 0) over past as past_positive,
    median(log_x) filter (where is_past) over past as past_log_median,
    mad(log_x) filter (where is_past) over past as past_log_mad,
    count(log_step) filter (where is_past) over past as past_steps,
    median(log_step) filter (where is_past) over past as past_step_median,
    mad(log_step) filter (where is_past) over past as past_step_mad,
    median(abs(log_step)) filter (where is_past) over past as past_step_size,
    -- what came later tells, too, how a series moves: for figures that were judged early
    count(*) filter (where is_past) over whole as whole_figures,
    count(*) filter (where is_past and x = 0) over whole as whole_zeros,
    median(log_x) filter (where is_past) over whole as whole_log_median,
    mad(log_x) filter (where is_past) over whole as whole_log_mad,
    median(abs(log_step)) filter (where is_past) over whole as whole_step_size
from logged
window
    past as (partition by series_key order by period_end_exclusive groups between 24 preceding and 1 preceding),
    whole as (partition by series_key);

-- grain: one figure that departs from the one before by more than a fifth: few, so that joins start from them
create temp table candidate as
with seasoned as (
    select
        *,
        -- what comes back every year comes back every week in days; years have no season
        case
            when period_end_exclusive - period_start = 1 then interval 7 day
            when months < 12 then interval 1 year
        end as season
    from figure_past
)
select
    seasoned.* exclude (season),
    (period_end_exclusive - season)::date as end_last_year,
    (previous_end - season)::date as previous_end_last_year,
    (period_end_exclusive + season)::date as end_next_year,
    coalesce(organisation.parent_code, '') as parent_code
from seasoned
left join organisation
    on organisation.code = seasoned.organisation_code
    and organisation.valid_from = seasoned.organisation_valid_from
where row_id is not null and is_comparable and accumulation not in ('YTD', 'SINCE_START')
    and abs(x - previous_value) > 0.2 * abs(previous_value);

-- grain: one period of a series in which something departs, as it stands now
create temp table latest as
select
    series_key, period_start, period_end_exclusive, x,
    -- the next figure, be it of a period that overlaps this one: years ending with each quarter
    lead(x) over (partition by series_key order by period_end_exclusive, period_start) as next_x
from figure_past
where is_latest and series_key in (select series_key from candidate);

-- grain: indicator × group: by how much figures of it usually move, in all organisations, where many are known
create temp table usual_step as
select
    indicator_code, target_group_code, accumulation, calendar_code, months,
    median(abs(log_step)) as pooled_step
from figure_past
where is_latest and is_comparable and log_step is not null
    and (indicator_code, target_group_code) in (select (indicator_code, target_group_code) from candidate)
group by all
having count(*) >= 30;

-- grain: parent × indicator × group × period in which something departs; what the organisations under the parent did
-- together there: what moves all of them is the season or the world, up to a factor of five
create temp table peer as
with stepped as (
    select distinct
        parent_code, indicator_code, target_group_code, accumulation, calendar_code, months, period_end_exclusive
    from candidate
),
step as (
    select
        coalesce(organisation.parent_code, '') as parent_code, indicator_code, target_group_code, accumulation,
        calendar_code, months, period_end_exclusive, log_of(x / previous_value::double) as log_step
    from figure
    join organisation
        on organisation.code = figure.organisation_code and organisation.valid_from = figure.organisation_valid_from
    where is_latest and x > 0 and previous_value > 0
)
select stepped.*, median(log_step) as peer_step
from stepped
join step using (
    parent_code, indicator_code, target_group_code, accumulation, calendar_code, months, period_end_exclusive
)
group by all
having count(*) >= 5 and abs(median(log_step)) < ln(5);

-- grain: one departure where more than half of the history is one value: the mean deviation stands in for the median one
create temp table constant as
select
    candidate.row_id,
    avg(abs(past.x - candidate.past_median)) as mean_deviation,
    avg(abs(log_of(past.x) - candidate.past_log_median)) filter (where past.x > 0) as log_mean_deviation
from candidate
join latest as past
    on past.series_key = candidate.series_key and past.period_end_exclusive < candidate.period_end_exclusive
where candidate.past_mad = 0 or candidate.past_log_mad = 0
group by candidate.row_id;

-- grain: one figure that departs from the one before, beside all that may explain it
create table departure as
with explained as (
    select
        candidate.*,
        last_year.x as last_year_x,
        -- what the season makes of the last figure: last year's, grown as the period before has grown since
        last_year.x * candidate.previous_value::double / nullif(before_last_year.x, 0) as seasonal_x,
        candidate.previous_value::double * exp(peer.peer_step) as peer_x,
        itself.next_x,
        usual_step.pooled_step,
        next_year.x as next_year_x,
        coalesce(measure.integer_only, false) as is_count,
        constant.mean_deviation,
        constant.log_mean_deviation
    from candidate
    left join latest as last_year
        on last_year.series_key = candidate.series_key
        and last_year.period_end_exclusive = candidate.end_last_year
    left join latest as before_last_year
        on before_last_year.series_key = candidate.series_key
        and before_last_year.period_end_exclusive = candidate.previous_end_last_year
    left join latest as next_year
        on next_year.series_key = candidate.series_key
        and next_year.period_end_exclusive = candidate.end_next_year
    left join latest as itself
        on itself.series_key = candidate.series_key and itself.period_start = candidate.period_start
        and itself.period_end_exclusive = candidate.period_end_exclusive
    left join usual_step using (indicator_code, target_group_code, accumulation, calendar_code, months)
    left join peer
        on peer.parent_code = candidate.parent_code and peer.indicator_code = candidate.indicator_code
        and peer.target_group_code = candidate.target_group_code
        and peer.accumulation = candidate.accumulation and peer.calendar_code = candidate.calendar_code
        and peer.months = candidate.months and peer.period_end_exclusive = candidate.period_end_exclusive
    left join measure
        on measure.code = candidate.indicator_code
        and measure.valid_from < candidate.period_end_exclusive
        and measure.superseded_on >= candidate.period_end_exclusive
    left join constant using (row_id)
)
select
    *,
    -- on logs where the past is positive: figures of the public sector are skewed to the right (domain.md 6.4)
    x > 0 and past_least >= 0 as is_on_logs,
    case when is_on_logs then past_positive else past_figures end as comparable_past,
    case when is_on_logs then exp(past_log_median) else past_median end as past_centre,
    case
        when is_on_logs then modified_z(log_x, past_log_median, past_log_mad, log_mean_deviation)
        else modified_z(x, past_median, past_mad, mean_deviation)
    end as level_z,
    case when past_steps >= 5 and past_step_mad > 0
        then modified_z(log_step, past_step_median, past_step_mad, null) end as step_z,
    -- a count varies by its square root by mere chance, unless its own past shows that it does not
    case when is_count and coalesce(past_mad >= 0.2 * sqrt(past_centre), true) then 3.5 * sqrt(greatest(abs(x), abs(past_centre), 1)) else 0 end as chance
from explained;

-- grain: one tidy row of a figure, beside what its indicator is
create view measure_of_row as
select figure.row_id, measure.integer_only, measure.allow_negative, measure.unit
from figure
join measure
    on measure.code = figure.indicator_code and measure.valid_from < figure.period_end_exclusive
    and measure.superseded_on >= figure.period_end_exclusive
where figure.row_id is not null;
