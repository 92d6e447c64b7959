-- Grain: one row of the table targets. Names and types only.
with source as (
    select * from {{ source('registry', 'targets') }}
)

select
    cast(measure_code as string) as measure_code,
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(target_group_code as string) as target_group_code,
    cast(kind as string) as kind,
    cast(value as decimal(38, 12)) as value,
    cast(low as decimal(38, 12)) as low,
    cast(high as decimal(38, 12)) as high,
    cast(accumulation as string) as accumulation,
    cast(trajectory as string) as trajectory,
    cast(legal_basis as string) as legal_basis,
    cast(recorded_at as date) as recorded_at
from source
