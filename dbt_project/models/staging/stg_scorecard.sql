-- Grain: one row of the table scorecards. Names and types only.
with source as (
    select * from {{ source('registry', 'scorecards') }}
)

select
    cast(scorecard as string) as scorecard_code,
    cast(code as string) as node_code,
    cast(parent as string) as parent_node_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(node_type as string) as node_type,
    cast(measure_code as string) as measure_code,
    cast(weight as decimal(38, 12)) as weight,
    cast(method as string) as method,
    cast(baseline as decimal(38, 12)) as baseline,
    cast(target as decimal(38, 12)) as target,
    cast(range_low as decimal(38, 12)) as range_low,
    cast(range_high as decimal(38, 12)) as range_high,
    cast(band as string) as band,
    cast(is_veto as boolean) as is_veto,
    cast(cap as decimal(38, 12)) as cap,
    cast(floor as decimal(38, 12)) as floor
from source
