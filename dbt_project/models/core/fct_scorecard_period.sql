-- Grain: scorecard x organisation x period it is scored for, with the rules that were fixed for it.
-- A scorecard that no row assigns is scored for every year and every organisation that is there at its end and has an
-- observation of one of its indicators, in the calendar of most of them, by the default rules.
with assigned as (
    select
        assigned.scorecard_code,
        organisation.organisation_key,
        period.time_key,
        assigned.missing_data,
        assigned.minimum_coverage,
        assigned.node_cap,
        assigned.deadline,
        assigned.recorded_at,
        row_number() over (
            partition by assigned.scorecard_code, assigned.organisation_code, assigned.period_code
            order by organisation.valid_from desc
        ) as candidate_number
    from {{ ref('stg_scorecard_period') }} as assigned
    inner join {{ ref('dim_time') }} as period
        on assigned.period_code = period.period_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            assigned.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
),

free_indicator as (
    select
        node.scorecard_code,
        indicator.indicator_key,
        indicator.calendar_code
    from {{ ref('dim_scorecard_node') }} as node
    left join {{ ref('bridge_ratio_indicator') }} as part
        on node.measure_code = part.ratio_code
    inner join {{ ref('dim_indicator') }} as indicator
        on
            node.measure_code = indicator.indicator_code
            or part.factor_1_indicator_key = indicator.indicator_key
    left join assigned
        on node.scorecard_code = assigned.scorecard_code
    where assigned.scorecard_code is null
),

free_calendar as (
    select
        scorecard_code,
        calendar_code,
        row_number() over (partition by scorecard_code order by count(*) desc, calendar_code asc) as calendar_number
    from free_indicator
    group by scorecard_code, calendar_code
),

free as (
    select distinct
        free_indicator.scorecard_code,
        observation.organisation_key,
        calendar_year.time_key
    from free_indicator
    inner join free_calendar
        on
            free_indicator.scorecard_code = free_calendar.scorecard_code
            and free_calendar.calendar_number = 1
    inner join {{ ref('fct_observation') }} as observation
        on free_indicator.indicator_key = observation.indicator_key
    inner join {{ ref('dim_time') }} as observed
        on observation.time_key = observed.time_key
    inner join {{ ref('dim_time') }} as calendar_year
        on
            free_calendar.calendar_code = calendar_year.calendar_code
            and calendar_year.frequency = 'A'
            and observed.year_label = calendar_year.year_label
    inner join {{ ref('dim_organisation') }} as organisation
        on
            observation.organisation_key = organisation.organisation_key
            and calendar_year.period_end_exclusive > organisation.valid_from
            and calendar_year.period_end_exclusive <= coalesce(organisation.valid_to, date '9999-12-31')
    where observation.measure_kind = 'ACTUAL'
)

select
    scorecard_code,
    organisation_key,
    time_key,
    missing_data,
    minimum_coverage,
    node_cap,
    deadline,
    recorded_at
from assigned
where candidate_number = 1

union all

select
    scorecard_code,
    organisation_key,
    time_key,
    'renormalise' as missing_data,
    {{ measure(var('margin_completeness')) }} as minimum_coverage,
    {{ measure('120') }} as node_cap,
    cast(null as date) as deadline,
    date '1900-01-01' as recorded_at
from free
