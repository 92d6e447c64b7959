-- Grain: one finding. Names and types only.
with source as (
    select * from {{ source('accepted', 'finding') }}
)

select
    cast(finding_id as string) as finding_id,
    cast(fault_id as string) as fault_id,
    cast(rule_id as string) as rule_id,
    cast(severity as string) as severity,
    cast(route as string) as route,
    cast(gate as string) as gate,
    cast(source_code as string) as source_code,
    cast(submission_id as string) as submission_id,
    cast(file_name as string) as file_name,
    cast(sheet as string) as sheet,
    cast(cell as string) as cell,
    cast(indicator_code as string) as indicator_code,
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(target_group_code as string) as target_group_code,
    cast(observed as string) as observed,
    cast(expected as string) as expected,
    cast(message_vi as string) as message_vi,
    cast(message_en as string) as message_en,
    cast(found_at as timestamp) as found_at
from source
