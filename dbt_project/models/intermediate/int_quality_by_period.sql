-- Grain: indicator x organisation x period, as reported or owed: how many cells had to be filled, were filled, held
-- back, or contradicted others; whether the submission was due, came, and how late (domain.md 6.6). Not rolled up.
{%- set contradictions = "'" ~ var('quality_consistency_rules') | join("', '") ~ "'" %}
with figure as (
    select * from {{ ref('fct_observation') }}
    where is_current and measure_kind = 'ACTUAL' and coalesce(flags, '') <> 'RETRACTED'
),

reported as (
    select
        indicator_key,
        organisation_key,
        time_key,
        count(case when obs_status <> 'M' then 1 end) as cells_required,
        count(case when obs_status not in ('M', 'O', 'L') then 1 end) as cells_filled
    from figure
    group by indicator_key, organisation_key, time_key
),

-- A cell in which several things are wrong is one cell; the gravest counts.
found as (
    select
        indicator.indicator_key,
        organisation.organisation_key,
        period.time_key,
        finding.finding_id,
        finding.severity,
        finding.severity = 'QUARANTINE' as is_held_back,
        split_part(finding.rule_id, '-', 1) in ({{ contradictions }}) as is_contradiction,
        coalesce(finding.submission_id, '') || '/' || coalesce(finding.sheet, '') || '!'
        || coalesce(finding.cell, finding.finding_id) as place
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('dim_indicator') }} as indicator
        on finding.indicator_code = indicator.indicator_code
    inner join {{ ref('dim_time') }} as period
        on finding.period_code = period.period_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            finding.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
),

faulty as (
    select
        indicator_key,
        organisation_key,
        time_key,
        count(distinct case when is_held_back then place end) as cells_quarantined,
        count(distinct case when is_contradiction then place end) as cells_inconsistent,
        count(case when severity = 'BLOCK' then 1 end) as findings_block,
        count(case when severity = 'QUARANTINE' then 1 end) as findings_quarantine,
        count(case when severity = 'WARN' then 1 end) as findings_warn,
        count(case when severity = 'INFO' then 1 end) as findings_info
    from found
    group by indicator_key, organisation_key, time_key
),

-- What a source carries it owes from the first period it carried it in, at the same frequency.
carried as (
    select
        figure.source_code,
        figure.indicator_key,
        period.frequency,
        period.calendar_code,
        min(period.period_start) as first_start
    from figure
    inner join {{ ref('dim_time') }} as period
        on figure.time_key = period.time_key
    group by figure.source_code, figure.indicator_key, period.frequency, period.calendar_code
),

owed as (
    select
        carried.indicator_key,
        submission.organisation_key,
        submission.time_key,
        max(submission.expected) as expected,
        max(submission.received) as received,
        max(submission.on_time) as on_time,
        min(
            greatest(coalesce(received_day.working_day_number - due_day.working_day_number, 0), 0)
        ) as working_days_late
    from {{ ref('mart_submission') }} as submission
    inner join {{ ref('dim_time') }} as period
        on submission.time_key = period.time_key
    inner join carried
        on
            submission.source_code = carried.source_code
            and period.frequency = carried.frequency
            and period.calendar_code = carried.calendar_code
            and period.period_start >= carried.first_start
    left join {{ ref('dim_date') }} as due_day
        on submission.due_date = due_day.calendar_date
    left join {{ ref('dim_date') }} as received_day
        on submission.received_on = received_day.calendar_date
    where submission.organisation_key is not null
    group by carried.indicator_key, submission.organisation_key, submission.time_key
),

place as (
    select
        indicator_key,
        organisation_key,
        time_key
    from reported
    union
    select
        indicator_key,
        organisation_key,
        time_key
    from faulty
    union
    select
        indicator_key,
        organisation_key,
        time_key
    from owed
)

select
    place.indicator_key,
    place.organisation_key,
    place.time_key,
    coalesce(faulty.cells_quarantined, 0)
    + case
        when reported.cells_required is not null then reported.cells_required
        when faulty.cells_quarantined > 0 then 0
        else 1
    end as cells_required,
    coalesce(reported.cells_filled, 0) + coalesce(faulty.cells_quarantined, 0) as cells_filled,
    coalesce(faulty.cells_quarantined, 0) as cells_quarantined,
    coalesce(faulty.cells_inconsistent, 0) as cells_inconsistent,
    coalesce(faulty.findings_block, 0) as findings_block,
    coalesce(faulty.findings_quarantine, 0) as findings_quarantine,
    coalesce(faulty.findings_warn, 0) as findings_warn,
    coalesce(faulty.findings_info, 0) as findings_info,
    coalesce(owed.expected, 0) as expected,
    coalesce(owed.received, 0) as received,
    coalesce(owed.on_time, 0) as on_time,
    coalesce(owed.received * owed.working_days_late, 0) as working_days_late,
    coalesce(
        owed.received * greatest(100 - {{ var('quality_points_a_day_late') }} * owed.working_days_late, 0), 0
    ) as timeliness_points
from place
left join reported
    on
        place.indicator_key = reported.indicator_key
        and place.organisation_key = reported.organisation_key
        and place.time_key = reported.time_key
left join faulty
    on
        place.indicator_key = faulty.indicator_key
        and place.organisation_key = faulty.organisation_key
        and place.time_key = faulty.time_key
left join owed
    on
        place.indicator_key = owed.indicator_key
        and place.organisation_key = owed.organisation_key
        and place.time_key = owed.time_key
