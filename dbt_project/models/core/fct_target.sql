-- Grain: one version of a baseline, interim or final target: measure x organisation x period x group x kind x decision.
with target as (
    select * from {{ ref('stg_target') }}
),

-- The organisation that bears the code in the period the target is due in; the latest, if it changes within it.
resolved as (
    select
        target.*,
        period.time_key,
        organisation.organisation_key,
        row_number() over (
            partition by
                target.measure_code, target.organisation_code, target.period_code, target.target_group_code,
                target.kind, target.recorded_at
            order by organisation.valid_from desc
        ) as candidate_number
    from target
    left join {{ ref('dim_time') }} as period
        on target.period_code = period.period_code
    left join {{ ref('dim_organisation') }} as organisation
        on
            target.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
)

select
    resolved.measure_code,
    case when indicator.indicator_code is not null then 'indicator' else 'ratio' end as measure_kind,
    resolved.organisation_key,
    resolved.organisation_code,
    resolved.time_key,
    resolved.period_code,
    {{ integer_key(['resolved.target_group_code']) }} as target_group_key,
    resolved.target_group_code,
    resolved.kind,
    resolved.value,
    resolved.low,
    resolved.high,
    resolved.accumulation,
    resolved.trajectory,
    resolved.legal_basis,
    resolved.recorded_at
from resolved
left join {{ ref('dim_indicator') }} as indicator
    on resolved.measure_code = indicator.indicator_code
where resolved.candidate_number = 1
