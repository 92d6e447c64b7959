-- Grain: measure x day of review: people's judgement by the criteria of domain.md 1.5 and 1.6.
with review as (
    select * from {{ ref('stg_measure_review') }}
)

select
    measure_code,
    problem,
    money,
    social,
    feasible,
    common,
    cost,
    is_mandated,
    sensitive,
    well_defined,
    understandable,
    data_based,
    actionable,
    collectable,
    harmonised,
    reviewed_on,
    reviewer,
    row_number() over (partition by measure_code order by reviewed_on desc nulls last) = 1 as is_latest
from review
