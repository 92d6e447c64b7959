-- Grain: one programme: the frame in which inputs, outputs and outcomes are read side by side.
with programme as (
    select * from {{ ref('stg_programme') }}
)

select
    {{ integer_key(['programme_code']) }} as programme_key,
    programme_code,
    name_vi,
    name_en,
    objective_code,
    owner_code as owner_organisation_code,
    calendar as calendar_code,
    frequency,
    baseline_date
from programme
