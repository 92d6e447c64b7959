-- Grain: one row of the table organisations. Names and types only.
with source as (
    select * from {{ source('registry', 'organisations') }}
)

select
    cast(code as string) as organisation_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(level as string) as level,
    cast(parent_code as string) as parent_code,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    cast(aliases as string) as aliases
from source
