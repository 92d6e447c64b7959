-- Grain: source x organisation that owes x period. The organisation is empty where nobody is named.
-- A named organisation owes the source's submission as a whole, whoever its figures are about; each organisation of a
-- level owes its own figures.
-- Expected are the obligations of every organisation that was valid at any time in the period (domain.md 3.6).
with obligation as (
    select * from {{ ref('stg_obligation') }}
),

period as (
    select * from {{ ref('dim_time') }}
),

owed as (
    select
        obligation.source_code,
        obligation.due_date,
        period.time_key,
        organisation.organisation_key,
        obligation.organisation_code is not null as is_owed_as_a_whole
    from obligation
    inner join period
        on obligation.period_code = period.period_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            (
                obligation.organisation_code = organisation.organisation_code
                or (obligation.organisation_code is null and obligation.organisation_level = organisation.level)
            )
            and {{ overlaps('organisation') }}

    union all

    select
        obligation.source_code,
        obligation.due_date,
        period.time_key,
        cast(null as bigint) as organisation_key,
        true as is_owed_as_a_whole
    from obligation
    inner join period
        on obligation.period_code = period.period_code
    where obligation.organisation_code is null and obligation.organisation_level is null
),

expected as (
    select
        source_code,
        organisation_key,
        time_key,
        max(due_date) as due_date,
        max(case when is_owed_as_a_whole then 1 else 0 end) = 1 as is_owed_as_a_whole
    from owed
    group by source_code, organisation_key, time_key
),

-- What each submission carried: for which organisation and period, periods within the one owed included. Rows held
-- back are known by their findings: what was handed in was received, even if none of it could be accepted.
figure as (
    select
        source_code,
        organisation_key,
        time_key,
        submission_id
    from {{ ref('fct_observation') }}

    union

    select
        finding.source_code,
        organisation.organisation_key,
        period.time_key,
        finding.submission_id
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('fct_submission') }} as submission
        on finding.submission_id = submission.submission_id and submission.rows_quarantined > 0
    inner join period
        on finding.period_code = period.period_code
    left join {{ ref('dim_organisation') }} as organisation
        on
            finding.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
    where finding.gate = 'intake' and finding.severity = 'QUARANTINE'
),

carried as (
    select distinct
        figure.source_code,
        figure.organisation_key,
        within.ancestor_time_key as time_key,
        figure.submission_id
    from figure
    inner join {{ ref('bridge_time') }} as within
        on figure.time_key = within.descendant_time_key
),

delivery as (
    select distinct
        expected.source_code,
        expected.organisation_key,
        expected.time_key,
        expected.is_owed_as_a_whole,
        carried.submission_id
    from expected
    inner join carried
        on
            expected.source_code = carried.source_code
            and expected.time_key = carried.time_key
            and (expected.is_owed_as_a_whole or expected.organisation_key = carried.organisation_key)
),

received as (
    select
        delivery.source_code,
        delivery.organisation_key,
        delivery.time_key,
        min(submission.received_at) as received_at,
        min(submission.received_on) as received_on,
        sum(submission.rows_read) as rows_read,
        sum(submission.rows_accepted) as rows_accepted,
        sum(submission.rows_quarantined) as rows_quarantined
    from delivery
    inner join {{ ref('fct_submission') }} as submission
        on delivery.submission_id = submission.submission_id
    group by delivery.source_code, delivery.organisation_key, delivery.time_key
),

found as (
    select
        delivery.source_code,
        delivery.organisation_key,
        delivery.time_key,
        count(case when finding.severity = 'BLOCK' then 1 end) as findings_block,
        count(case when finding.severity = 'QUARANTINE' then 1 end) as findings_quarantine,
        count(case when finding.severity = 'WARN' then 1 end) as findings_warn,
        count(case when finding.severity = 'INFO' then 1 end) as findings_info
    from delivery
    inner join {{ ref('fct_finding') }} as finding
        on delivery.submission_id = finding.submission_id
    left join {{ ref('dim_organisation') }} as organisation
        on delivery.organisation_key = organisation.organisation_key
    inner join period
        on delivery.time_key = period.time_key
    left join period as finding_period
        on finding.period_code = finding_period.period_code
    where
        (
            delivery.is_owed_as_a_whole or finding.organisation_code is null
            or finding.organisation_code = organisation.organisation_code
        )
        and (
            finding_period.period_code is null
            or (
                finding_period.period_start >= period.period_start
                and finding_period.period_end_exclusive <= period.period_end_exclusive
            )
        )
    group by delivery.source_code, delivery.organisation_key, delivery.time_key
),

-- The sign-off that covers a submission: that of the nearest organisation above, of the source before that of all
-- sources. What was taken back covers nothing.
covering as (
    select
        expected.source_code,
        expected.organisation_key,
        expected.time_key,
        signoff.status,
        signoff.approved_at,
        row_number() over (
            partition by expected.source_code, expected.organisation_key, expected.time_key
            order by
                link.distance,
                case when signoff.source_code is null then 1 else 0 end,
                signoff.organisation_code
        ) as candidate_number
    from expected
    inner join period
        on expected.time_key = period.time_key
    inner join {{ ref('bridge_organisation') }} as link
        on
            link.structure = 'as_was'
            and expected.organisation_key = link.descendant_organisation_key
            and {{ overlaps('link') }}
    inner join {{ ref('stg_signoff') }} as signoff
        on
            link.ancestor_organisation_code = signoff.organisation_code
            and period.period_code = signoff.period_code
            and (signoff.source_code is null or expected.source_code = signoff.source_code)
    where signoff.status <> 'unsigned'
),

joined as (
    select
        expected.source_code,
        expected.organisation_key,
        expected.time_key,
        expected.due_date,
        received.received_at,
        received.received_on,
        received.received_at is not null as is_received,
        coalesce(received.received_on <= expected.due_date, false) as is_on_time,
        coalesce(received.rows_read, 0) as rows_read,
        coalesce(received.rows_accepted, 0) as rows_accepted,
        coalesce(received.rows_quarantined, 0) as rows_quarantined,
        coalesce(found.findings_block, 0) as findings_block,
        coalesce(found.findings_quarantine, 0) as findings_quarantine,
        coalesce(found.findings_warn, 0) as findings_warn,
        coalesce(found.findings_info, 0) as findings_info,
        coalesce(covering.status, 'unsigned') as signoff_status,
        covering.approved_at as signed_at
    from expected
    left join received
        on
            expected.source_code = received.source_code
            and expected.organisation_key is not distinct from received.organisation_key
            and expected.time_key = received.time_key
    left join found
        on
            expected.source_code = found.source_code
            and expected.organisation_key is not distinct from found.organisation_key
            and expected.time_key = found.time_key
    left join covering
        on
            expected.source_code = covering.source_code
            and expected.organisation_key = covering.organisation_key
            and expected.time_key = covering.time_key
            and covering.candidate_number = 1
)

select
    source.source_key,
    joined.source_code,
    source.name_vi as source_name_vi,
    source.name_en as source_name_en,
    joined.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    joined.time_key,
    period.period_code,
    period.calendar_code,
    period.period_start,
    period.period_end_exclusive,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    1 as expected,
    case when joined.is_received then 1 else 0 end as received,
    case when joined.is_on_time then 1 else 0 end as on_time,
    joined.due_date,
    joined.received_at,
    joined.received_on,
    cast(case when joined.is_received then 1 else 0 end as double) as completeness,
    cast(case when joined.is_on_time then 1 else 0 end as double) as timeliness,
    cast(joined.rows_read as bigint) as rows_read,
    cast(joined.rows_accepted as bigint) as rows_accepted,
    cast(joined.rows_quarantined as bigint) as rows_quarantined,
    cast(joined.findings_block as bigint) as findings_block,
    cast(joined.findings_quarantine as bigint) as findings_quarantine,
    cast(joined.findings_warn as bigint) as findings_warn,
    cast(joined.findings_info as bigint) as findings_info,
    joined.signoff_status,
    joined.signed_at
from joined
inner join period
    on joined.time_key = period.time_key
left join {{ ref('dim_source') }} as source
    on joined.source_code = source.source_code
left join {{ ref('dim_organisation') }} as organisation
    on joined.organisation_key = organisation.organisation_key
