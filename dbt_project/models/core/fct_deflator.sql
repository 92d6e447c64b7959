-- Grain: deflator x period of any calendar: the level of a price or wage index that holds for the period.
-- As published; else the mean of shorter periods that fill it; else the shortest longer period in which its middle day
-- lies, so that a month of any calendar is deflated by the index of its year (domain.md 2.9).
with period as (
    select * from {{ ref('dim_time') }}
),

published as (
    select
        deflator.deflator_code,
        deflator.name_vi,
        deflator.name_en,
        period.time_key,
        period.calendar_code,
        period.frequency_order,
        period.period_start,
        period.period_end_exclusive,
        deflator.value,
        'published' as method
    from {{ ref('stg_deflator') }} as deflator
    inner join period
        on deflator.period_code = period.period_code
),

averaged as (
    select
        published.deflator_code,
        max(published.name_vi) as name_vi,
        max(published.name_en) as name_en,
        within.ancestor_time_key as time_key,
        published.frequency_order as given_frequency_order,
        {{ measure_quotient('sum(published.value)', 'count(*)') }} as value
    from published
    inner join {{ ref('bridge_time') }} as within
        on published.time_key = within.descendant_time_key and within.is_tiled and not within.is_self
    left join published as itself
        on
            published.deflator_code = itself.deflator_code
            and within.ancestor_time_key = itself.time_key
    where itself.time_key is null
    group by published.deflator_code, within.ancestor_time_key, published.frequency_order
    having count(*) = max(within.sub_periods)
),

coarsest as (
    select
        averaged.*,
        row_number() over (
            partition by averaged.deflator_code, averaged.time_key
            order by averaged.given_frequency_order desc
        ) as choice_number
    from averaged
),

known as (
    select * from published

    union all

    select
        coarsest.deflator_code,
        coarsest.name_vi,
        coarsest.name_en,
        coarsest.time_key,
        period.calendar_code,
        period.frequency_order,
        period.period_start,
        period.period_end_exclusive,
        coarsest.value,
        'mean_of_shorter_periods' as method
    from coarsest
    inner join period
        on coarsest.time_key = period.time_key
    where coarsest.choice_number = 1
),

surrounding as (
    select
        known.deflator_code,
        known.name_vi,
        known.name_en,
        period.time_key,
        known.value,
        row_number() over (
            partition by known.deflator_code, period.time_key
            order by
                known.frequency_order asc,
                case when known.calendar_code = period.calendar_code then 0 else 1 end,
                known.calendar_code asc,
                known.period_start asc
        ) as choice_number
    from period
    inner join known
        on
            coalesce(period.frequency_order, 0) <= known.frequency_order
            and 2 * {{ days_between('known.period_start', 'period.period_start') }} + period.days >= 0
            and 2 * {{ days_between('period.period_start', 'known.period_end_exclusive') }} > period.days
    left join known as itself
        on known.deflator_code = itself.deflator_code and period.time_key = itself.time_key
    where itself.time_key is null
),

level as (
    select
        deflator_code,
        name_vi,
        name_en,
        time_key,
        value,
        method
    from known

    union all

    select
        deflator_code,
        name_vi,
        name_en,
        time_key,
        value,
        'longer_period' as method
    from surrounding
    where choice_number = 1
)

select
    level.deflator_code,
    level.name_vi as deflator_name_vi,
    level.name_en as deflator_name_en,
    level.time_key,
    period.period_code,
    level.value,
    level.method
from level
inner join period
    on level.time_key = period.time_key
