-- Grain: one row of the table cost_allocations. Names and types only.
with source as (
    select * from {{ source('registry', 'cost_allocations') }}
)

select
    cast(indicator as string) as indicator_code,
    cast(direct as string) as direct_indicator_code,
    cast(overhead as string) as overhead_indicator_code,
    cast(driver as string) as driver_indicator_code,
    cast(across as string) as across,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from source
