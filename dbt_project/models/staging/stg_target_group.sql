-- Grain: one row of the table target_groups. Names and types only.
with source as (
    select * from {{ source('registry', 'target_groups') }}
)

select
    cast(dimension as string) as dimension,
    cast(code as string) as member,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(parent as string) as parent_member,
    cast(relation as string) as relation,
    cast(aliases as string) as aliases
from source
