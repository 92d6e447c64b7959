-- Grain: one fault, with all that happened to it at the desk. Names and types only.
with source as (
    select * from {{ source('stewardship', 'finding_case') }}
)

select
    cast(case_id as string) as case_id,
    cast(state as string) as state,
    cast(resolution as string) as resolution,
    cast(finding_id as string) as finding_id,
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
    cast(steward as string) as steward,
    cast(role as string) as role,
    cast(opened_at as timestamp) as opened_at,
    cast(first_seen_at as timestamp) as first_seen_at,
    cast(last_seen_at as timestamp) as last_seen_at,
    cast(seen_count as bigint) as seen_count,
    cast(reopened_count as bigint) as reopened_count,
    cast(deadline as date) as deadline,
    cast(escalations as bigint) as escalations,
    cast(acknowledged_at as timestamp) as acknowledged_at,
    cast(acknowledged_by as string) as acknowledged_by,
    cast(explanation as string) as explanation,
    cast(waived_until as date) as waived_until,
    cast(reason as string) as reason,
    cast(resolved_at as timestamp) as resolved_at,
    cast(resolved_by as string) as resolved_by
from source
