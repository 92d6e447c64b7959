-- Grain: programme x measure of its results chain x organisation x period in which the inputs were spent.
-- Inputs, outputs and outcomes of one effort side by side: each measure is read as many periods later as the chain says
-- it takes (domain.md 2.11). What is not due yet is pending, not missing. Following is not yet causing.
with period as (
    select * from {{ ref('dim_time') }}
),

figure as (
    {{ measure_figure() }}
),

definition as (
    {{ measure_definition() }}
),

total_group as (
    select target_group_key from {{ ref('dim_target_group') }}
    where target_group_code = '_T'
),

link as (
    select
        chain.*,
        programme.name_vi as programme_name_vi,
        programme.name_en as programme_name_en,
        programme.calendar_code,
        programme.frequency
    from {{ ref('bridge_results_chain') }} as chain
    inner join {{ ref('dim_programme') }} as programme
        on chain.programme_code = programme.programme_code
),

-- Who began something when: a figure of one of the measures the chain starts with.
cohort as (
    select distinct
        link.programme_code,
        figure.organisation_key,
        figure.time_key
    from link
    inner join figure
        on link.measure_code = figure.measure_code
    inner join total_group
        on figure.target_group_key = total_group.target_group_key
    inner join period
        on
            figure.time_key = period.time_key
            and link.calendar_code = period.calendar_code
            and link.frequency = period.frequency
    where link.stage = 1 and figure.value is not null
),

known_until as (
    select max(cast(received_at as date)) as day from {{ ref('fct_submission') }}
),

followed as (
    select
        link.*,
        cohort.organisation_key,
        cohort.time_key,
        started.sequence_number,
        started.period_code,
        started.label_vi as period_label_vi,
        started.label_en as period_label_en,
        later.time_key as measured_time_key,
        later.period_code as measured_period_code,
        later.period_end_exclusive as measured_end
    from link
    inner join cohort
        on link.programme_code = cohort.programme_code
    inner join period as started
        on cohort.time_key = started.time_key
    left join period as later
        on
            link.calendar_code = later.calendar_code
            and link.frequency = later.frequency
            and later.sequence_number = started.sequence_number + link.lag
),

valued as (
    select
        followed.*,
        figure.value,
        figure.status,
        figure.coverage,
        case
            when figure.value is not null then null
            when followed.measured_end is null or followed.measured_end > known_until.day then 'PENDING_LAG'
            else coalesce(figure.reason, 'NO_VALUE')
        end as missing_reason
    from followed
    cross join total_group
    cross join known_until
    left join figure
        on
            followed.measure_code = figure.measure_code
            and followed.organisation_key = figure.organisation_key
            and followed.measured_time_key = figure.time_key
            and total_group.target_group_key = figure.target_group_key
),

changed as (
    select
        valued.*,
        before.value as value_before
    from valued
    left join valued as before
        on
            valued.programme_code = before.programme_code
            and valued.measure_code = before.measure_code
            and valued.organisation_key = before.organisation_key
            and valued.sequence_number = before.sequence_number + 1
)

select
    changed.programme_code,
    changed.programme_name_vi,
    changed.programme_name_en,
    changed.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    changed.time_key,
    changed.period_code,
    changed.period_label_vi,
    changed.period_label_en,
    changed.stage,
    definition.role,
    definition.measure_kind,
    changed.measure_code,
    definition.name_vi as measure_name_vi,
    definition.name_en as measure_name_en,
    definition.unit,
    definition.direction,
    changed.follows_from,
    changed.evidence,
    changed.lag,
    changed.measured_period_code,
    changed.value,
    changed.status,
    cast(changed.coverage as double) as coverage,
    changed.missing_reason,
    changed.value_before,
    {{ ratio('changed.value - changed.value_before', 'abs(changed.value_before)') }} as change_share
from changed
inner join definition
    on changed.measure_code = definition.measure_code
inner join {{ ref('dim_organisation') }} as organisation
    on changed.organisation_key = organisation.organisation_key
