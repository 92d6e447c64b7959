-- Grain: regulation x stage x action x day: reviewed, approved for reduction, or in force.
with action as (
    select * from {{ ref('stg_regulation_action') }}
)

select
    {{ integer_key(['regulation_code']) }} as regulation_key,
    regulation_code,
    stage,
    action,
    effective_on,
    document,
    replaced_by_code as replaced_by_regulation_code
from action
