-- Grain: budget line x organisation x period x decision: what was appropriated, and what it is to deliver.
with line as (
    select * from {{ ref('stg_budget_line') }}
),

resolved as (
    select
        line.*,
        period.time_key,
        organisation.organisation_key,
        row_number() over (
            partition by
                line.programme_code, line.budget_line_code, line.organisation_code, line.period_code, line.recorded_at
            order by organisation.valid_from desc
        ) as candidate_number
    from line
    inner join {{ ref('dim_time') }} as period
        on line.period_code = period.period_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            line.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
)

select
    programme_code,
    budget_line_code,
    name_vi,
    name_en,
    organisation_key,
    organisation_code,
    time_key,
    period_code,
    planned,
    planned_result,
    spending_indicator_code,
    result_indicator_code,
    recorded_at
from resolved
where candidate_number = 1
