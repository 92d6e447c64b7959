-- Grain: one row of the table period. Names and types only.
with source as (
    select * from {{ source('registry', 'period') }}
)

select
    cast(calendar_code as string) as calendar_code,
    cast(period_code as string) as period_code,
    cast(frequency as string) as frequency,
    cast(period_start as date) as period_start,
    cast(period_end_exclusive as date) as period_end_exclusive,
    cast(year_label as string) as year_label,
    cast(label_vi as string) as label_vi,
    cast(label_en as string) as label_en,
    cast(previous_period_code as string) as previous_period_code,
    cast(same_period_last_year_code as string) as same_period_last_year_code,
    cast(sdmx_time_period as string) as sdmx_time_period
from source
