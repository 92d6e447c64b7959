-- Grain: one row of the table peer_groups. Names and types only.
with source as (
    select * from {{ source('registry', 'peer_groups') }}
)

select
    cast(peer_group as string) as peer_group_code,
    cast(organisation_code as string) as organisation_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to
from source
