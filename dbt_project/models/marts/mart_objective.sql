-- Grain: objective: which measures tell whether it is reached, and whether there is any (domain.md 1.3). It is the
-- other side of the portfolio: that lists measures without an objective, this one objectives without a measure.
with recursive objective as (
    select * from {{ ref('dim_objective') }}
),

-- Each objective and all that lie below it.
below as (
    select
        objective_code,
        objective_code as descendant_objective_code
    from objective

    union all

    select
        below.objective_code,
        child.objective_code as descendant_objective_code
    from below
    inner join objective as child
        on below.descendant_objective_code = child.parent_objective_code
),

definition as (
    {{ measure_definition() }}
),

targeted as (
    select distinct measure_code from {{ ref('fct_target') }}
    where kind <> 'baseline'
),

linked as (
    select
        definition.objective_code,
        sum(case when definition.measure_kind = 'indicator' then 1 else 0 end) as indicators,
        sum(case when definition.measure_kind = 'ratio' then 1 else 0 end) as ratios,
        count(targeted.measure_code) as measures_with_target
    from definition
    left join targeted
        on definition.measure_code = targeted.measure_code
    where definition.objective_code is not null
    group by definition.objective_code
),

counted as (
    select
        below.objective_code,
        sum(case when below.objective_code = below.descendant_objective_code then linked.indicators else 0 end)
            as indicators,
        sum(case when below.objective_code = below.descendant_objective_code then linked.ratios else 0 end) as ratios,
        sum(case when below.objective_code <> below.descendant_objective_code then 1 else 0 end) as objectives_below,
        coalesce(sum(linked.indicators + linked.ratios), 0) as measures,
        coalesce(sum(linked.measures_with_target), 0) as measures_with_target
    from below
    left join linked
        on below.descendant_objective_code = linked.objective_code
    group by below.objective_code
)

select
    objective.objective_key,
    objective.objective_code,
    objective.name_vi as objective_name_vi,
    objective.name_en as objective_name_en,
    objective.level,
    objective.parent_objective_code,
    parent.name_vi as parent_objective_name_vi,
    parent.name_en as parent_objective_name_en,
    objective.owner_organisation_code,
    objective.legal_basis,
    objective.valid_from,
    objective.valid_to,
    cast(coalesce(counted.indicators, 0) as bigint) as indicators,
    cast(coalesce(counted.ratios, 0) as bigint) as ratios,
    cast(counted.objectives_below as bigint) as objectives_below,
    cast(counted.measures as bigint) as measures,
    cast(counted.measures_with_target as bigint) as measures_with_target,
    counted.measures = 0 as is_without_measure,
    counted.measures_with_target = 0 as is_without_target
from objective
inner join counted
    on objective.objective_code = counted.objective_code
left join objective as parent
    on objective.parent_objective_code = parent.objective_code
