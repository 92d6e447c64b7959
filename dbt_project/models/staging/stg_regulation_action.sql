-- Grain: one row of the table regulation_actions. Names and types only.
with source as (
    select * from {{ source('registry', 'regulation_actions') }}
)

select
    cast(regulation as string) as regulation_code,
    cast(stage as string) as stage,
    cast(action as string) as action,
    cast(effective_on as date) as effective_on,
    cast(document as string) as document,
    cast(replaced_by as string) as replaced_by_code
from source
