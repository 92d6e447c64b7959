-- Grain: measure x product x audience x month: who used it, how often, and what was decided on it (domain.md 1.2).
with use as (
    select * from {{ ref('stg_information_use') }}
)

select
    measure_code,
    product,
    audience,
    used_on,
    cast(sum(uses) as int) as uses,
    max(decision) as decision
from use
group by measure_code, product, audience, used_on
