-- Grain: one row of the table regulations. Names and types only.
with source as (
    select * from {{ source('registry', 'regulations') }}
)

select
    cast(code as string) as regulation_code,
    cast(programme as string) as programme_code,
    cast(function as string) as function_code,
    cast(regulation_type as string) as target_group_code,
    cast(document as string) as document,
    cast(in_force_on as date) as in_force_on
from source
