{#-
    Common table expressions that roll figures up over time, each by its indicator's rule (domain.md 2.5, 3.3). They read
    `level_cell`, `sub_period` and `held_period`; what comes out is `rolled_up`.
-#}
{% macro figures_over_time() -%}
-- Flows and levels apart from here on: flows are by far the most, and each is spread over all its longer periods.
{%- set families = {'flow': ['sum'], 'level': ['average', 'last', 'first', 'maximum', 'minimum', 'distinct']} %}

{%- for name, family in families.items() %}

{{ name }}_in_longer_period as (
    select
        level_cell.indicator_key,
        level_cell.organisation_key,
        sub_period.ancestor_time_key as time_key,
        level_cell.target_group_key,
        level_cell.time_rule,
        level_cell.low,
        level_cell.width,
        level_cell.opening,
        level_cell.status_rank,
        level_cell.completeness,
        sub_period.descendant_start,
        period.frequency_order,
        {{ sub_period_size('period.frequency', 'period.days') }} as size
    from level_cell
    inner join sub_period
        on level_cell.time_key = sub_period.descendant_time_key
    inner join {{ ref('dim_time') }} as period
        on level_cell.time_key = period.time_key
    left join held_period
        on
            level_cell.indicator_key = held_period.indicator_key
            and level_cell.organisation_key = held_period.organisation_key
            and level_cell.target_group_key = held_period.target_group_key
            and level_cell.time_key = held_period.time_key
    where
        level_cell.time_rule in ('{{ family | join("', '") }}')
        and coalesce(sub_period.ancestor_frequency_order < held_period.held_from_order, true)
),

{%- endfor %}

rolled_up as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        'sum' as time_rule,
        {{ roll_up_over_time('low', 'opening', 'descendant_start', families.flow) }} as low,
        {{ roll_up_over_time('width', 'null', 'descendant_start', families.flow) }} as width,
        max(status_rank) as status_rank,
        min(frequency_order) as frequency_order,
        cast(sum(size * completeness) as decimal(28, 15)) as present
    from flow_in_longer_period
    group by indicator_key, organisation_key, time_key, target_group_key

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        time_rule,
        {{ roll_up_over_time('low', 'opening', 'descendant_start', families.level) }} as low,
        case
            when time_rule = 'distinct'
                then {{ measure('nullif(sum(low + coalesce(width, 0)) - max(low), 0)') }}
            when count(width) > 0
                then {{ roll_up_over_time('coalesce(width, 0)', 'null', 'descendant_start', families.level) }}
        end as width,
        max(status_rank) as status_rank,
        min(frequency_order) as frequency_order,
        cast(sum(size * completeness) as decimal(28, 15)) as present
    from level_in_longer_period
    group by indicator_key, organisation_key, time_key, target_group_key, time_rule
)
{%- endmacro %}
