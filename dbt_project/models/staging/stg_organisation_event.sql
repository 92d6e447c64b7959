-- Grain: one row of the table organisation_events. Names and types only.
with source as (
    select * from {{ source('registry', 'organisation_events') }}
)

select
    cast(event as string) as event_type,
    cast(from_code as string) as from_code,
    cast(to_code as string) as to_code,
    cast(date as date) as event_date,
    cast(weight_basis as string) as weight_basis,
    cast(weight as decimal(38, 12)) as weight,
    cast(scope as string) as scope,
    cast(legal_basis as string) as legal_basis
from source
