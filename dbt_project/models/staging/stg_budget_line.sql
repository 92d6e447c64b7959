-- Grain: one row of the table budget_lines. Names and types only.
with source as (
    select * from {{ source('registry', 'budget_lines') }}
)

select
    cast(programme as string) as programme_code,
    cast(code as string) as budget_line_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(planned as decimal(38, 12)) as planned,
    cast(spending_indicator as string) as spending_indicator_code,
    cast(result_indicator as string) as result_indicator_code,
    cast(planned_result as decimal(38, 12)) as planned_result,
    cast(recorded_at as date) as recorded_at
from source
