-- Grain: one row of the table function_holders. Names and types only.
with source as (
    select * from {{ source('registry', 'function_holders') }}
)

select
    cast(function as string) as function_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(organisation_code as string) as organisation_code,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from source
