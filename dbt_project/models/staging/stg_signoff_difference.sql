-- Grain: one figure that is not what was signed. Names and types only.
with source as (
    select * from {{ source('stewardship', 'signoff_difference') }}
)

select
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(signed_source_code as string) as signed_source_code,
    cast(source_code as string) as source_code,
    cast(indicator_code as string) as indicator_code,
    cast(figure_organisation_code as string) as figure_organisation_code,
    cast(target_group_code as string) as target_group_code,
    cast(measure_kind as string) as measure_kind,
    cast(accumulation as string) as accumulation,
    cast(change as string) as change,
    cast(value_signed as decimal(38, 12)) as value_signed,
    cast(value_now as decimal(38, 12)) as value_now,
    cast(status_signed as string) as status_signed,
    cast(status_now as string) as status_now,
    cast(file_name as string) as file_name,
    cast(sheet as string) as sheet,
    cast(cell as string) as cell
from source
