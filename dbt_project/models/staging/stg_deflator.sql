-- Grain: one row of the table deflators. Names and types only.
with source as (
    select * from {{ source('registry', 'deflators') }}
)

select
    cast(code as string) as deflator_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(period_code as string) as period_code,
    cast(value as decimal(38, 12)) as value,
    cast(source as string) as source
from source
