-- Grain: one row of the table obligation. Names and types only.
with source as (
    select * from {{ source('registry', 'obligation') }}
)

select
    cast(source_code as string) as source_code,
    cast(calendar_code as string) as calendar_code,
    cast(period_code as string) as period_code,
    cast(organisation_level as string) as organisation_level,
    cast(organisation_code as string) as organisation_code,
    cast(due_date as date) as due_date
from source
