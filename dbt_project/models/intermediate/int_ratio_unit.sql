-- Grain: ratio x component (part x time rule) x organisation x period x target group: the parts of each ratio in each
-- unit, and whether the unit is matched, that is, has both parts and they may be divided (domain.md 2.6, 2.8).
-- A unit is the shortest period for which both parts are known: the coarser of their two frequencies.
with scope as (
    select distinct scope_code from {{ ref('bridge_succession') }}
),

term as (
    select
        term.ratio_key,
        term.part,
        term.sign,
        term.factor_1_indicator_key as factor_1_key,
        term.factor_2_indicator_key as factor_2_key,
        case
            when 'distinct' in (factor_1.time_aggregation, factor_2.time_aggregation) then 'none'
            when term.factor_2 is null then factor_1.time_aggregation
            when 'sum' in (factor_1.time_aggregation, factor_2.time_aggregation) then 'sum'
            else factor_1.time_aggregation
        end as time_rule,
        'sum' in (
            factor_1.organisation_aggregation, coalesce(factor_2.organisation_aggregation, 'none')
        ) as is_additive,
        coalesce(scope.scope_code, '*') as scope_code,
        case when ratio.lagged_part = term.part then ratio.lag else 0 end as lag,
        ratio.lag > 0 as is_lagged_ratio
    from {{ ref('bridge_ratio_indicator') }} as term
    inner join {{ ref('dim_ratio') }} as ratio
        on term.ratio_key = ratio.ratio_key
    inner join {{ ref('dim_indicator') }} as factor_1
        on term.factor_1_indicator_key = factor_1.indicator_key
    left join {{ ref('dim_indicator') }} as factor_2
        on term.factor_2_indicator_key = factor_2.indicator_key
    left join scope
        on term.factor_1 = scope.scope_code
),

-- What is rolled up over time by one rule: a part, unless its terms follow different rules.
numbered as (
    select
        term.*,
        cast(
            dense_rank() over (partition by term.ratio_key order by term.part, term.time_rule) as int
        ) as component_number
    from term
),

ratio_component as (
    select
        ratio_key,
        component_number,
        part,
        time_rule,
        max(scope_code) as scope_code,
        min(case when is_additive then 1 else 0 end) = 1 as is_additive
    from numbered
    group by ratio_key, component_number, part, time_rule
),

part_size as (
    select
        ratio_key,
        sum(case when part = 'numerator' then 1 else 0 end) as numerator_terms,
        sum(case when part = 'denominator' then 1 else 0 end) as denominator_terms
    from term
    group by ratio_key
),

-- A part that is itself incomplete in a period is no part of a unit.
figure as (
    select * from {{ ref('int_observation_by_period') }}
    where completeness = 1
),

term_value as (
    select
        term.ratio_key,
        term.component_number,
        term.part = 'numerator' as is_numerator,
        term.lag,
        term.is_lagged_ratio,
        term.sign,
        factor_1.organisation_key,
        factor_1.time_key,
        factor_1.target_group_key,
        case
            when term.factor_2_key is null then factor_1.low
            else {{ product('factor_1.low', 'factor_2.low') }}
        end as low,
        case
            when term.factor_2_key is null then factor_1.width
            when factor_1.width is not null or factor_2.width is not null then {{ measure(
                product('(factor_1.low + coalesce(factor_1.width, 0))', '(factor_2.low + coalesce(factor_2.width, 0))')
                ~ ' - ' ~ product('factor_1.low', 'factor_2.low')
            ) }}
        end as width,
        case when term.factor_2_key is null then factor_1.opening end as opening,
        case
            when term.factor_2_key is null then factor_1.status_rank
            else greatest(factor_1.status_rank, factor_2.status_rank)
        end as status_rank,
        not factor_1.is_rolled_up_over_time
        or not coalesce(factor_2.is_rolled_up_over_time, true) as is_leaf
    from numbered as term
    inner join figure as factor_1
        on term.factor_1_key = factor_1.indicator_key
    left join figure as factor_2
        on
            term.factor_2_key = factor_2.indicator_key
            and factor_1.organisation_key = factor_2.organisation_key
            and factor_1.time_key = factor_2.time_key
            and factor_1.target_group_key = factor_2.target_group_key
    where term.factor_2_key is null or factor_2.indicator_key is not null
),

-- The later part of a lagged ratio stands in the period of the earlier one; periods are counted at the frequency of
-- the unit (domain.md 2.11). Few ratios have a lag: their periods are paired before there are figures.
lagged_period as (
    select
        ratio.ratio_key,
        0 as lag,
        period.time_key,
        period.time_key as unit_time_key
    from {{ ref('dim_ratio') }} as ratio
    inner join {{ ref('dim_time') }} as period
        on ratio.frequency = period.frequency
    where ratio.lag > 0

    union all

    select
        ratio.ratio_key,
        ratio.lag,
        later.time_key,
        earlier.time_key as unit_time_key
    from {{ ref('dim_ratio') }} as ratio
    inner join {{ ref('dim_time') }} as later
        on ratio.frequency = later.frequency
    inner join {{ ref('dim_time') }} as earlier
        on
            later.calendar_code = earlier.calendar_code
            and later.frequency = earlier.frequency
            and later.sequence_number - ratio.lag = earlier.sequence_number
    where ratio.lag > 0
),

dated as (
    select
        term_value.*,
        term_value.time_key as unit_time_key
    from term_value
    where not term_value.is_lagged_ratio

    union all

    select
        term_value.*,
        lagged_period.unit_time_key
    from term_value
    inner join lagged_period
        on
            term_value.ratio_key = lagged_period.ratio_key
            and term_value.lag = lagged_period.lag
            and term_value.time_key = lagged_period.time_key
    where term_value.is_lagged_ratio
),

component as (
    select
        ratio_key,
        component_number,
        is_numerator,
        organisation_key,
        unit_time_key as time_key,
        target_group_key,
        count(*) as terms_present,
        {{ measure('sum(case when sign > 0 then low else -(low + coalesce(width, 0)) end)') }} as low,
        {{ measure('sum(width)') }} as width,
        case when count(opening) = count(*) then {{ measure('sum(sign * opening)') }} end as opening,
        max(status_rank) as status_rank,
        max(case when is_leaf or is_lagged_ratio then 1 else 0 end) as is_leaf
    from dated
    group by ratio_key, component_number, is_numerator, organisation_key, unit_time_key, target_group_key
),

unit as (
    select
        ratio_key,
        organisation_key,
        time_key,
        target_group_key,
        sum(case when is_numerator then low end) as numerator,
        sum(case when not is_numerator then low end) as denominator,
        sum(case when not is_numerator then coalesce(width, 0) end) as denominator_width,
        sum(case when is_numerator then terms_present else 0 end) as numerator_terms,
        sum(case when not is_numerator then terms_present else 0 end) as denominator_terms,
        max(case when is_numerator then is_leaf else 0 end) = 1 as is_numerator_leaf,
        max(case when not is_numerator then is_leaf else 0 end) = 1 as is_denominator_leaf,
        min(component_number) as first_component_number
    from component
    group by ratio_key, organisation_key, time_key, target_group_key
),

completed as (
    select
        unit.*,
        unit.numerator_terms = part_size.numerator_terms as has_numerator,
        unit.denominator_terms = part_size.denominator_terms as has_denominator
    from unit
    inner join part_size
        on unit.ratio_key = part_size.ratio_key
),

-- Outcomes that are not due yet: nobody has reported the later part for its period or any after it.
latest_outcome as (
    select
        component.ratio_key,
        max(period.sequence_number) as sequence_number
    from component
    inner join {{ ref('dim_ratio') }} as ratio
        on
            component.ratio_key = ratio.ratio_key
            and component.is_numerator = (ratio.lagged_part = 'numerator')
            and ratio.lag > 0
    inner join {{ ref('dim_time') }} as period
        on component.time_key = period.time_key and ratio.frequency = period.frequency
    group by component.ratio_key
),

judged as (
    select
        completed.*,
        ratio.lag > 0
        and case ratio.lagged_part
            when 'numerator' then not completed.has_numerator
            else not completed.has_denominator
        end
        and period.sequence_number > coalesce(latest_outcome.sequence_number, 0) as is_pending,
        completed.has_numerator and completed.has_denominator
        and (completed.is_numerator_leaf or completed.is_denominator_leaf)
        and completed.denominator >= 0
        and not (
            completed.denominator = 0 and completed.denominator_width = 0 and completed.numerator > 0
            and ratio.ratio_class in ('proportion', 'share', 'rate')
        ) as is_matched
    from completed
    inner join {{ ref('dim_ratio') }} as ratio
        on completed.ratio_key = ratio.ratio_key
    inner join {{ ref('dim_time') }} as period
        on completed.time_key = period.time_key
    left join latest_outcome
        on completed.ratio_key = latest_outcome.ratio_key
),

-- A part is present on its own, matched or not: that is what coverage is measured against.
marked as (
    select
        component.*,
        judged.is_matched,
        judged.is_pending,
        case
            when component.is_numerator then judged.has_numerator and judged.is_numerator_leaf
            else judged.has_denominator and judged.is_denominator_leaf
        end as is_present,
        judged.is_matched and judged.first_component_number = component.component_number as is_counted
    from component
    inner join judged
        on
            component.ratio_key = judged.ratio_key
            and component.organisation_key = judged.organisation_key
            and component.time_key = judged.time_key
            and component.target_group_key = judged.target_group_key
),

-- A unit of a longer period stands for the units within it, from its own frequency upwards.
several_frequencies as (
    select marked.ratio_key
    from marked
    inner join {{ ref('dim_time') }} as period
        on marked.time_key = period.time_key
    where marked.is_matched or marked.is_present
    group by marked.ratio_key
    having count(distinct period.frequency) > 1
),

held as (
    select
        marked.ratio_key,
        marked.component_number,
        marked.organisation_key,
        marked.time_key,
        marked.target_group_key,
        min(case when longer.is_matched then within.ancestor_frequency_order end) as matched_held_from_order,
        min(case when longer.is_present then within.ancestor_frequency_order end) as present_held_from_order
    from marked
    inner join several_frequencies
        on marked.ratio_key = several_frequencies.ratio_key
    inner join {{ ref('bridge_time') }} as within
        on marked.time_key = within.descendant_time_key and within.is_tiled and not within.is_self
    inner join marked as longer
        on
            marked.ratio_key = longer.ratio_key
            and marked.component_number = longer.component_number
            and marked.organisation_key = longer.organisation_key
            and marked.target_group_key = longer.target_group_key
            and within.ancestor_time_key = longer.time_key
    group by
        marked.ratio_key, marked.component_number, marked.organisation_key, marked.time_key, marked.target_group_key
)

select
    marked.ratio_key,
    marked.component_number,
    ratio_component.part,
    ratio_component.time_rule,
    marked.organisation_key,
    marked.time_key,
    marked.target_group_key,
    marked.low,
    marked.width,
    marked.opening,
    marked.status_rank,
    ratio_component.is_additive,
    ratio_component.scope_code,
    marked.is_matched,
    marked.is_present,
    marked.is_pending,
    marked.is_counted,
    held.matched_held_from_order,
    held.present_held_from_order
from marked
inner join ratio_component
    on marked.ratio_key = ratio_component.ratio_key and marked.component_number = ratio_component.component_number
left join held
    on
        marked.ratio_key = held.ratio_key
        and marked.component_number = held.component_number
        and marked.organisation_key = held.organisation_key
        and marked.time_key = held.time_key
        and marked.target_group_key = held.target_group_key
where marked.is_matched or marked.is_present
