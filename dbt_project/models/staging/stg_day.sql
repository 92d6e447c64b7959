-- Grain: one row of the table day. Names and types only.
with source as (
    select * from {{ source('registry', 'day') }}
)

select
    cast(date as date) as calendar_date,
    cast(is_working_day as boolean) as is_working_day,
    cast(working_day_number as int) as working_day_number,
    cast(holiday_name_vi as string) as holiday_name_vi,
    cast(holiday_name_en as string) as holiday_name_en
from source
