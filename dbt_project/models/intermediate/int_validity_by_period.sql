-- Grain: stretch of validity x period x frequency of its sub-periods: how many of them fall into the stretch.
-- A period that has no sub-periods of the frequency counts as one. Organisations share few such stretches, so
-- expectations are counted here once and not organisation by organisation.
with stretch as (
    select distinct
        valid_from,
        valid_to
    from {{ ref('bridge_organisation') }}
),

frequency as (
    select distinct frequency from {{ ref('dim_indicator') }}
    union
    select distinct descendant_frequency as frequency from {{ ref('bridge_time') }}
    where is_tiled
),

period as (
    select * from {{ ref('dim_time') }}
),

counted as (
    select
        stretch.valid_from,
        stretch.valid_to,
        sub_period.ancestor_time_key as time_key,
        sub_period.descendant_frequency as frequency,
        max(sub_period.sub_periods) as sub_periods,
        count(*) as valid_sub_periods
    from {{ ref('bridge_time') }} as sub_period
    inner join stretch
        on
            sub_period.descendant_end_exclusive > stretch.valid_from
            and sub_period.descendant_start < coalesce(stretch.valid_to, date '9999-12-31')
    where sub_period.is_tiled
    group by stretch.valid_from, stretch.valid_to, sub_period.ancestor_time_key, sub_period.descendant_frequency
)

select
    stretch.valid_from,
    stretch.valid_to,
    period.time_key,
    frequency.frequency,
    cast(coalesce(counted.sub_periods, 1) as int) as sub_periods,
    cast(coalesce(counted.valid_sub_periods, 1) as int) as valid_sub_periods
from stretch
inner join period
    on {{ overlaps('stretch') }}
cross join frequency
left join counted
    on
        period.time_key = counted.time_key
        and frequency.frequency = counted.frequency
        and stretch.valid_from = counted.valid_from
        and stretch.valid_to is not distinct from counted.valid_to
