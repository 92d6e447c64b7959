-- Grain: one thing that happened to a case: the log of the steward's desk, which is never changed.
with event as (
    select * from {{ ref('stg_finding_event') }}
),

finding_case as (
    select * from {{ ref('stg_finding_case') }}
)

select
    event.event_number,
    event.case_id,
    event.event,
    event.happened_at,
    event.actor,
    event.detail,
    finding_case.rule_id,
    finding_case.severity,
    finding_case.source_code,
    finding_case.indicator_code,
    finding_case.organisation_code,
    finding_case.period_code,
    cast(row_number() over (partition by event.case_id order by event.event_number) as bigint) as position_in_case
from event
inner join finding_case
    on event.case_id = finding_case.case_id
