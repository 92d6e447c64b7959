-- Grain: organisation x period x source that is signed (empty: all). Names and types only.
with source as (
    select * from {{ source('stewardship', 'signoff') }}
)

select
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(source_code as string) as source_code,
    cast(status as string) as status,
    cast(prepared_by as string) as prepared_by,
    cast(prepared_at as timestamp) as prepared_at,
    cast(approved_by as string) as approved_by,
    cast(approved_at as timestamp) as approved_at,
    cast(withdrawn_by as string) as withdrawn_by,
    cast(withdrawn_at as timestamp) as withdrawn_at,
    cast(signed_hash as string) as signed_hash,
    cast(current_hash as string) as current_hash,
    cast(figures as bigint) as figures,
    cast(figures_changed as bigint) as figures_changed
from source
