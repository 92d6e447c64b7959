-- Grain: source x organisation x period: how accurate, complete and on time an agency's information is (domain.md 6.9).
-- A cell held back, or changed later after a rule had questioned it, is inaccurate; a correction that the agency sent
-- of its own accord does not count against it.
with figure as (
    select * from {{ ref('fct_observation') }}
    where measure_kind = 'ACTUAL'
),

questioned as (
    select distinct
        submission_id,
        sheet,
        cell
    from {{ ref('fct_finding') }}
    where severity in ('BLOCK', 'QUARANTINE', 'WARN') and cell is not null
),

held_back as (
    select
        finding.source_code,
        organisation.organisation_key,
        period.time_key,
        count(distinct coalesce(finding.submission_id, '') || coalesce(finding.sheet, '') || '!' || finding.cell)
            as cells
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('dim_time') }} as period
        on finding.period_code = period.period_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            finding.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
    where finding.severity = 'QUARANTINE' and finding.cell is not null
    group by finding.source_code, organisation.organisation_key, period.time_key
),

revised as (
    select
        figure.source_code,
        figure.organisation_key,
        figure.time_key,
        count(case when figure.vintage_no = 1 and figure.obs_status not in ('M', 'O', 'L') then 1 end) as cells,
        count(case when figure.superseded_at is not null and questioned.cell is not null then 1 end)
            as cells_revised_after_question,
        count(case when figure.superseded_at is not null and questioned.cell is null then 1 end)
            as cells_revised_unasked
    from figure
    left join questioned
        on
            figure.submission_id = questioned.submission_id
            and figure.sheet = questioned.sheet
            and figure.cell = questioned.cell
    group by figure.source_code, figure.organisation_key, figure.time_key
),

place as (
    select
        source_code,
        organisation_key,
        time_key
    from revised
    union
    select
        source_code,
        organisation_key,
        time_key
    from held_back
),

counted as (
    select
        place.source_code,
        place.organisation_key,
        place.time_key,
        coalesce(revised.cells, 0) + coalesce(held_back.cells, 0) as cells,
        coalesce(held_back.cells, 0) as cells_quarantined,
        coalesce(revised.cells_revised_after_question, 0) as cells_revised_after_question,
        coalesce(revised.cells_revised_unasked, 0) as cells_revised_unasked
    from place
    left join revised
        on
            place.source_code = revised.source_code
            and place.organisation_key = revised.organisation_key
            and place.time_key = revised.time_key
    left join held_back
        on
            place.source_code = held_back.source_code
            and place.organisation_key = held_back.organisation_key
            and place.time_key = held_back.time_key
)

select
    source.source_key,
    counted.source_code,
    source.name_vi as source_name_vi,
    source.name_en as source_name_en,
    counted.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    counted.time_key,
    period.period_code,
    period.period_start,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    cast(counted.cells as bigint) as cells,
    cast(counted.cells_quarantined as bigint) as cells_quarantined,
    cast(counted.cells_revised_after_question as bigint) as cells_revised_after_question,
    cast(counted.cells_revised_unasked as bigint) as cells_revised_unasked,
    cast(
        greatest(
            1 - {{ ratio('counted.cells_quarantined + counted.cells_revised_after_question', 'counted.cells') }}, 0
        ) as double
    ) as accuracy,
    submission.completeness,
    submission.timeliness,
    submission.due_date,
    submission.received_at
from counted
inner join {{ ref('dim_organisation') }} as organisation
    on counted.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on counted.time_key = period.time_key
left join {{ ref('dim_source') }} as source
    on counted.source_code = source.source_code
left join {{ ref('mart_submission') }} as submission
    on
        counted.source_code = submission.source_code
        and counted.organisation_key = submission.organisation_key
        and counted.time_key = submission.time_key
