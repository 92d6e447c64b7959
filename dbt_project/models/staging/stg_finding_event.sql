-- Grain: one thing that happened to a case. Names and types only.
with source as (
    select * from {{ source('stewardship', 'finding_event') }}
)

select
    cast(event_number as bigint) as event_number,
    cast(case_id as string) as case_id,
    cast(event as string) as event,
    cast(happened_at as timestamp) as happened_at,
    cast(actor as string) as actor,
    cast(detail as string) as detail
from source
