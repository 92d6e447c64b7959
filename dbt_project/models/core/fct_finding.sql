-- Grain: one finding of one rule, in the terms of the file it was found in.
with finding as (
    select * from {{ ref('stg_finding') }}
)

select
    finding_id,
    fault_id,
    rule_id,
    severity,
    route,
    gate,
    source_code,
    submission_id,
    file_name,
    sheet,
    cell,
    indicator_code,
    organisation_code,
    period_code,
    target_group_code,
    observed,
    expected,
    message_vi,
    message_en,
    found_at
from finding
