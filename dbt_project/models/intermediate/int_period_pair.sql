-- Grain: comparison x later period: the period a change is measured from, the one before or the same a year earlier.
with period as (
    select * from {{ ref('dim_time') }}
)

select
    'previous_period' as comparison,
    previous_time_key as from_time_key,
    time_key as to_time_key
from period
where previous_time_key is not null

union all

select
    'same_period_last_year' as comparison,
    same_period_last_year_time_key as from_time_key,
    time_key as to_time_key
from period
-- Of a year, or of twelve months from any day, the period before is the same a year earlier.
where same_period_last_year_time_key is not null and same_period_last_year_time_key is distinct from previous_time_key
