-- Grain: one row of the table compliance_costs. Names and types only.
with source as (
    select * from {{ source('registry', 'compliance_costs') }}
)

select
    cast(regulation as string) as regulation_code,
    cast(state as string) as state,
    cast(hours as decimal(38, 12)) as hours,
    cast(hourly_wage as decimal(38, 12)) as hourly_wage,
    cast(fee as decimal(38, 12)) as fee,
    cast(other_cost as decimal(38, 12)) as other_cost,
    cast(executions as decimal(38, 12)) as executions,
    cast(subjects as decimal(38, 12)) as subjects,
    cast(price_year as int) as price_year,
    cast(method as string) as method
from source
