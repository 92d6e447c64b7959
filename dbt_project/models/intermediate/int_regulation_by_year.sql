-- Grain: regulation x year of its programme's calendar: how far it has come when the year ends.
-- Abolished after it was simplified, it is abolished and counts once; merging or replacing it is no reduction.
with regulation as (
    select * from {{ ref('fct_regulation') }}
),

action as (
    select * from {{ ref('fct_regulation_action') }}
),

-- Years from the baseline to the last that anything happened in.
last_day as (
    select
        regulation.programme_code,
        max(coalesce(action.effective_on, regulation.in_force_on)) as day
    from regulation
    left join action
        on regulation.regulation_key = action.regulation_key
    group by regulation.programme_code
),

calendar_year as (
    select
        programme.programme_code,
        period.time_key,
        period.period_start,
        period.period_end_exclusive
    from {{ ref('dim_programme') }} as programme
    inner join last_day
        on programme.programme_code = last_day.programme_code
    inner join {{ ref('dim_time') }} as period
        on
            programme.calendar_code = period.calendar_code
            and period.frequency = 'A'
            and programme.baseline_date < period.period_end_exclusive
            and last_day.day >= period.period_start
),

reached as (
    select
        regulation.regulation_key,
        calendar_year.time_key,
        min(case when action.stage = 'reviewed' then action.effective_on end) as reviewed_on,
        min(case when action.stage = 'approved' then action.effective_on end) as approved_on,
        {% for action in ['abolish', 'simplify', 'merge', 'replace'] %}
            min(case when action.stage = 'implemented' and action.action = '{{ action }}' then action.effective_on end)
                as {{ action }}_on,
        {% endfor %}
        min(case when action.stage = 'implemented' then action.effective_on end) as implemented_on
    from regulation
    inner join calendar_year
        on
            regulation.programme_code = calendar_year.programme_code
            and regulation.in_force_on < calendar_year.period_end_exclusive
    left join action
        on
            regulation.regulation_key = action.regulation_key
            and calendar_year.period_end_exclusive > action.effective_on
    group by regulation.regulation_key, calendar_year.time_key
)

select
    reached.regulation_key,
    regulation.programme_code,
    regulation.function_code,
    regulation.target_group_code,
    regulation.target_group_name_vi,
    regulation.target_group_name_en,
    reached.time_key,
    calendar_year.period_start,
    calendar_year.period_end_exclusive,
    regulation.is_baseline,
    regulation.in_force_on >= calendar_year.period_start and not regulation.is_baseline as is_new_this_year,
    reached.reviewed_on,
    reached.approved_on,
    reached.implemented_on,
    case
        when reached.abolish_on is not null then 'abolished'
        when reached.simplify_on is not null then 'simplified'
        when reached.merge_on is not null then 'merged'
        when reached.replace_on is not null then 'replaced'
        else 'unchanged'
    end as outcome,
    least(
        coalesce(reached.abolish_on, reached.simplify_on), coalesce(reached.simplify_on, reached.abolish_on)
    ) as cut_on,
    reached.abolish_on,
    case
        when reached.approved_on is not null and reached.implemented_on is null
            then {{ days_between('reached.approved_on', 'calendar_year.period_end_exclusive') }}
    end as days_open,
    regulation.cost_before,
    case
        when reached.abolish_on is not null then regulation.cost_before
        when reached.simplify_on is not null then regulation.cost_before - regulation.cost_after
    end as cost_saved
from reached
inner join regulation
    on reached.regulation_key = regulation.regulation_key
inner join calendar_year
    on
        regulation.programme_code = calendar_year.programme_code
        and reached.time_key = calendar_year.time_key
