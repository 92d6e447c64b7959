-- Grain: one finding of one rule, in the terms of the file it was found in.
-- It is open until its case at the steward's desk is resolved or waived; what the desk has not recorded yet is open.
with finding as (
    select * from {{ ref('stg_finding') }}
),

settled as (
    select * from {{ ref('stg_settled_fault') }}
)

select
    finding.finding_id,
    finding.fault_id,
    finding.rule_id,
    finding.severity,
    finding.route,
    finding.gate,
    finding.source_code,
    finding.submission_id,
    finding.file_name,
    finding.sheet,
    finding.cell,
    finding.indicator_code,
    finding.organisation_code,
    finding.period_code,
    finding.target_group_code,
    finding.observed,
    finding.expected,
    finding.message_vi,
    finding.message_en,
    finding.found_at,
    finding.severity <> 'INFO' and settled.fault_id is null as is_open
from finding
left join settled
    on finding.fault_id = settled.fault_id
