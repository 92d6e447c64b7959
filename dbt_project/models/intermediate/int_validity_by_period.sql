-- Grain: stretch of validity x period x frequency of its sub-periods: how many of them fall into the stretch.
-- Organisations share few such stretches, so expectations are counted here once and not organisation by organisation.
with stretch as (
    select distinct
        valid_from,
        valid_to
    from {{ ref('bridge_organisation') }}
),

sub_period as (
    select * from {{ ref('bridge_time') }}
    where is_tiled
)

select
    stretch.valid_from,
    stretch.valid_to,
    sub_period.ancestor_time_key as time_key,
    sub_period.descendant_frequency as frequency,
    cast(max(sub_period.sub_periods) as int) as sub_periods,
    cast(count(*) as int) as valid_sub_periods
from sub_period
inner join stretch
    on
        sub_period.descendant_end_exclusive > stretch.valid_from
        and sub_period.descendant_start < coalesce(stretch.valid_to, date '9999-12-31')
group by
    stretch.valid_from,
    stretch.valid_to,
    sub_period.ancestor_time_key,
    sub_period.descendant_frequency
