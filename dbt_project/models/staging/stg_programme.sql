-- Grain: one row of the table programmes. Names and types only.
with source as (
    select * from {{ source('registry', 'programmes') }}
)

select
    cast(code as string) as programme_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(objective as string) as objective_code,
    cast(owner_code as string) as owner_code,
    cast(calendar as string) as calendar,
    cast(frequency as string) as frequency,
    cast(baseline_date as date) as baseline_date
from source
