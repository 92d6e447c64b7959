-- Grain: programme x measure in its results chain: how far along it stands, and how many periods after the start.
-- Where several ways lead to a measure the longest counts; circles are refused at load (CHAIN-01).
with recursive link as (
    select * from {{ ref('stg_results_chain') }}
),

follower as (
    select distinct
        programme_code,
        to_measure_code
    from link
),

way as (
    select distinct
        link.programme_code,
        link.from_measure_code as measure_code,
        1 as stage,
        0 as lag
    from link
    left join follower
        on
            link.programme_code = follower.programme_code
            and link.from_measure_code = follower.to_measure_code
    where follower.to_measure_code is null

    union all

    select
        link.programme_code,
        link.to_measure_code as measure_code,
        way.stage + 1 as stage,
        way.lag + link.lag as lag
    from way
    inner join link
        on
            way.programme_code = link.programme_code
            and way.measure_code = link.from_measure_code
),

placed as (
    select
        programme_code,
        measure_code,
        max(stage) as stage,
        max(lag) as lag
    from way
    group by programme_code, measure_code
),

origin as (
    select
        programme_code,
        to_measure_code as measure_code,
        {{ sorted_list('from_measure_code', 'from_measure_code', '|') }} as follows_from,
        {{ sorted_list("coalesce(evidence, '')", 'from_measure_code', '|') }} as evidence
    from link
    group by programme_code, to_measure_code
)

select
    placed.programme_code,
    placed.measure_code,
    cast(placed.stage as int) as stage,
    cast(placed.lag as int) as lag,
    origin.follows_from,
    origin.evidence
from placed
left join origin
    on
        placed.programme_code = origin.programme_code
        and placed.measure_code = origin.measure_code
