-- Grain: one fault, with all that happened to it at the steward's desk, however often it was seen.
-- An organisation is the body that bore the code in the period, or the last one that bore it.
with finding_case as (
    select * from {{ ref('stg_finding_case') }}
),

bearer as (
    select
        finding_case.case_id,
        organisation.organisation_key,
        organisation.name_vi,
        organisation.name_en,
        row_number() over (
            partition by finding_case.case_id
            order by
                case when {{ overlaps('organisation') }} then 0 else 1 end,
                organisation.valid_from desc
        ) as candidate_number
    from finding_case
    inner join {{ ref('dim_organisation') }} as organisation
        on finding_case.organisation_code = organisation.organisation_code
    left join {{ ref('dim_time') }} as period
        on finding_case.period_code = period.period_code
),

indicator as (
    select
        indicator_code,
        name_vi,
        name_en,
        row_number() over (partition by indicator_code order by version desc) as version_number
    from {{ ref('dim_indicator') }}
)

select
    finding_case.case_id,
    finding_case.state,
    finding_case.state in ('open', 'assigned') as is_unsettled,
    finding_case.resolution,
    finding_case.finding_id,
    finding_case.rule_id,
    finding_case.severity,
    finding_case.route,
    finding_case.gate,
    finding_case.source_code,
    source.name_vi as source_name_vi,
    source.name_en as source_name_en,
    finding_case.submission_id,
    finding_case.file_name,
    finding_case.sheet,
    finding_case.cell,
    finding_case.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    bearer.organisation_key,
    finding_case.organisation_code,
    bearer.name_vi as organisation_name_vi,
    bearer.name_en as organisation_name_en,
    finding_case.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    finding_case.target_group_code,
    finding_case.observed,
    finding_case.expected,
    finding_case.message_vi,
    finding_case.message_en,
    finding_case.steward,
    finding_case.role,
    finding_case.opened_at,
    finding_case.first_seen_at,
    finding_case.last_seen_at,
    finding_case.seen_count,
    finding_case.reopened_count,
    finding_case.deadline,
    finding_case.escalations,
    finding_case.acknowledged_at,
    finding_case.acknowledged_by,
    finding_case.explanation,
    finding_case.waived_until,
    finding_case.reason,
    finding_case.resolved_at,
    finding_case.resolved_by,
    case
        when finding_case.resolved_at is not null
            then
                finding_case.escalations = 0
                and {{ days_between('cast(finding_case.opened_at as date)', 'cast(finding_case.resolved_at as date)') }}
                <= {{ days_between('cast(finding_case.opened_at as date)', 'finding_case.deadline') }}
    end as was_settled_in_time
from finding_case
left join bearer
    on finding_case.case_id = bearer.case_id and bearer.candidate_number = 1
left join indicator
    on finding_case.indicator_code = indicator.indicator_code and indicator.version_number = 1
left join {{ ref('dim_source') }} as source
    on finding_case.source_code = source.source_code
left join {{ ref('dim_time') }} as period
    on finding_case.period_code = period.period_code
