-- Grain: one period of one calendar. Dates define a period, never its label (domain.md 3.1).
with period as (
    select * from {{ ref('stg_period') }}
),

ordered as (
    select
        period.*,
        {{ frequency_order('period.frequency') }} as frequency_order,
        row_number() over (
            partition by period.calendar_code, period.frequency
            order by period.period_start, period.period_code
        ) as sequence_number,
        -- The first ISO week of a year may begin in the year before, and a named window anywhere.
        min(case when period.frequency not in ('R', 'W') then period.period_start end)
            over (partition by period.calendar_code, period.year_label) as year_start,
        max(
            case
                when period.frequency = 'A'
                    then {{ days_between('period.period_start', 'period.period_end_exclusive') }}
            end
        ) over (partition by period.calendar_code, period.year_label) as days_in_year
    from period
)

select
    {{ integer_key(['period_code']) }} as time_key,
    period_code,
    calendar_code,
    frequency,
    cast(frequency_order as int) as frequency_order,
    period_start,
    period_end_exclusive,
    {{ days_between('period_start', 'period_end_exclusive') }} as days,
    cast(sequence_number as int) as sequence_number,
    year_label,
    coalesce(year_start, period_start) as year_start,
    label_vi,
    label_en,
    case
        when previous_period_code is not null then {{ integer_key(['previous_period_code']) }}
    end as previous_time_key,
    previous_period_code,
    case
        when same_period_last_year_code is not null then {{ integer_key(['same_period_last_year_code']) }}
    end as same_period_last_year_time_key,
    same_period_last_year_code,
    days_in_year,
    sdmx_time_period
from ordered
