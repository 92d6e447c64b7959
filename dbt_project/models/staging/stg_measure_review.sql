-- Grain: one row of the table measure_reviews. Names and types only.
with source as (
    select * from {{ source('registry', 'measure_reviews') }}
)

select
    cast(measure_code as string) as measure_code,
    cast(problem as int) as problem,
    cast(money as decimal(38, 12)) as money,
    cast(social as int) as social,
    cast(feasible as int) as feasible,
    cast(common as int) as common,
    cast(cost as int) as cost,
    cast(is_mandated as boolean) as is_mandated,
    cast(sensitive as int) as sensitive,
    cast(well_defined as int) as well_defined,
    cast(understandable as int) as understandable,
    cast(data_based as int) as data_based,
    cast(actionable as int) as actionable,
    cast(collectable as int) as collectable,
    cast(harmonised as int) as harmonised,
    cast(reviewed_on as date) as reviewed_on,
    cast(reviewer as string) as reviewer
from source
