-- Grain: one day. What deadlines and lateness are counted by; periods stand in dim_time.
with day as (
    select * from {{ ref('stg_day') }}
)

select
    cast(
        extract(year from calendar_date) * 10000 + extract(month from calendar_date) * 100
        + extract(day from calendar_date) as int
    ) as date_key,
    calendar_date,
    cast(extract(year from calendar_date) as int) as calendar_year,
    cast(extract(quarter from calendar_date) as int) as calendar_quarter,
    cast(extract(month from calendar_date) as int) as calendar_month,
    is_working_day,
    working_day_number,
    holiday_name_vi,
    holiday_name_en
from day
