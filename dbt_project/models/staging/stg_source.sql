-- Grain: one row of the table source. Names and types only.
with source as (
    select * from {{ source('registry', 'source') }}
)

select
    cast(source_code as string) as source_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(publisher as string) as publisher,
    cast(steward as string) as steward,
    cast(licence as string) as licence,
    cast(priority as int) as priority,
    cast(recipe_version as string) as recipe_version
from source
