-- Grain: full-cost indicator x pool of overhead x first day: a rule by which overhead is shared (domain.md 2.10).
with rule as (
    select * from {{ ref('stg_cost_allocation') }}
)

select
    {{ integer_key(['indicator_code']) }} as indicator_key,
    indicator_code,
    case when direct_indicator_code is not null then {{ integer_key(['direct_indicator_code']) }} end
        as direct_indicator_key,
    direct_indicator_code,
    {{ integer_key(['overhead_indicator_code']) }} as overhead_indicator_key,
    overhead_indicator_code,
    {{ integer_key(['driver_indicator_code']) }} as driver_indicator_key,
    driver_indicator_code,
    across,
    valid_from,
    valid_to
from rule
