-- Grain: one row of the table objectives. Names and types only.
with source as (
    select * from {{ source('registry', 'objectives') }}
)

select
    cast(code as string) as objective_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(level as string) as level,
    cast(parent_code as string) as parent_code,
    cast(owner_code as string) as owner_code,
    cast(legal_basis as string) as legal_basis,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from source
