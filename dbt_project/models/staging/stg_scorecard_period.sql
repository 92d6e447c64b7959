-- Grain: one row of the table scorecard_periods. Names and types only.
with source as (
    select * from {{ source('registry', 'scorecard_periods') }}
)

select
    cast(scorecard as string) as scorecard_code,
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(missing_data as string) as missing_data,
    cast(minimum_coverage as decimal(38, 12)) as minimum_coverage,
    cast(node_cap as decimal(38, 12)) as node_cap,
    cast(deadline as date) as deadline,
    cast(recorded_at as date) as recorded_at
from source
