-- Grain: a period and a period of the same calendar that lies within it (itself included, at frequency distance 0).
with period as (
    select * from {{ ref('dim_time') }}
),

contained as (
    select
        ancestor.time_key as ancestor_time_key,
        descendant.time_key as descendant_time_key,
        ancestor.calendar_code,
        ancestor.period_code as ancestor_period_code,
        ancestor.frequency as ancestor_frequency,
        ancestor.frequency_order as ancestor_frequency_order,
        ancestor.period_start as ancestor_start,
        ancestor.period_end_exclusive as ancestor_end_exclusive,
        ancestor.days as ancestor_days,
        descendant.period_code as descendant_period_code,
        descendant.frequency as descendant_frequency,
        descendant.period_start as descendant_start,
        descendant.period_end_exclusive as descendant_end_exclusive,
        descendant.days as descendant_days
    from period as ancestor
    inner join period as descendant
        on
            ancestor.calendar_code = descendant.calendar_code
            and ancestor.frequency_order > descendant.frequency_order
            and ancestor.period_start <= descendant.period_start
            and ancestor.period_end_exclusive >= descendant.period_end_exclusive
),

tiled as (
    select
        contained.*,
        sum(contained.descendant_days) over (
            partition by contained.ancestor_time_key, contained.descendant_frequency
        ) = contained.ancestor_days as is_tiled,
        count(*) over (partition by contained.ancestor_time_key, contained.descendant_frequency) as sub_periods
    from contained
),

itself as (
    select
        time_key as ancestor_time_key,
        time_key as descendant_time_key,
        calendar_code,
        period_code as ancestor_period_code,
        frequency as ancestor_frequency,
        frequency_order as ancestor_frequency_order,
        period_start as ancestor_start,
        period_end_exclusive as ancestor_end_exclusive,
        days as ancestor_days,
        period_code as descendant_period_code,
        frequency as descendant_frequency,
        period_start as descendant_start,
        period_end_exclusive as descendant_end_exclusive,
        days as descendant_days,
        true as is_tiled,
        1 as sub_periods
    from period
),

closure as (
    select * from tiled
    union all
    select * from itself
)

select
    ancestor_time_key,
    ancestor_period_code,
    ancestor_frequency,
    ancestor_frequency_order,
    ancestor_start,
    ancestor_end_exclusive,
    descendant_time_key,
    descendant_period_code,
    descendant_frequency,
    descendant_start,
    descendant_end_exclusive,
    calendar_code,
    ancestor_time_key = descendant_time_key as is_self,
    is_tiled,
    cast(sub_periods as int) as sub_periods
from closure
