-- Grain: one regulation of a programme of reduction, with what complying cost before and after (domain.md 7.4.1).
-- Yearly cost = (hours x wage + fee + other cost) x executions a year x subjects.
with regulation as (
    select * from {{ ref('stg_regulation') }}
),

estimate as (
    select
        regulation_code,
        state,
        {{ measure_of_double(
            '(cast(hours as double) * cast(hourly_wage as double) + cast(fee as double) + cast(other_cost as double))'
            ~ ' * cast(executions as double) * cast(subjects as double)'
        ) }} as yearly_cost
    from {{ ref('stg_compliance_cost') }}
)

select
    {{ integer_key(['regulation.regulation_code']) }} as regulation_key,
    regulation.regulation_code,
    regulation.programme_code,
    regulation.function_code,
    regulation.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    regulation.document,
    regulation.in_force_on,
    regulation.in_force_on <= programme.baseline_date as is_baseline,
    before.yearly_cost as cost_before,
    after.yearly_cost as cost_after
from regulation
inner join {{ ref('dim_programme') }} as programme
    on regulation.programme_code = programme.programme_code
inner join {{ ref('stg_target_group') }} as target_group
    on regulation.target_group_code = target_group.dimension || '=' || target_group.member
left join estimate as before
    on
        regulation.regulation_code = before.regulation_code
        and before.state = 'before'
left join estimate as after
    on
        regulation.regulation_code = after.regulation_code
        and after.state = 'after'
