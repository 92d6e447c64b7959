-- Grain: one fault whose case at the desk is resolved or waived. Names and types only.
with source as (
    select * from {{ source('stewardship', 'settled_fault') }}
)

select cast(fault_id as string) as fault_id
from source
