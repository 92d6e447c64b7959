-- Grain: one row of the table information_uses. Names and types only.
with source as (
    select * from {{ source('registry', 'information_uses') }}
)

select
    cast(measure_code as string) as measure_code,
    cast(product as string) as product,
    cast(audience as string) as audience,
    cast(used_on as date) as used_on,
    cast(uses as int) as uses,
    cast(decision as string) as decision
from source
