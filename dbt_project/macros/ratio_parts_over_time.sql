{#-
    Common table expressions that roll the parts of ratios up over time, each by its own rule (domain.md 2.5). They read
    `period`; what comes out is `component`, what is rolled up by one rule, and `over_time`, its figures.
-#}
{% macro ratio_parts_over_time() -%}
-- What is rolled up by one rule; its parts have everything in common but their figures.
component as (
    select distinct
        ratio_key,
        component_number,
        part,
        case time_rule when 'none' then 'last' else time_rule end as time_rule,
        is_additive,
        scope_code
    from {{ ref('int_ratio_unit') }}
),

unit as (
    select
        unit.*,
        coalesce(validity.valid_sub_periods, 1) as units,
        {{ sub_period_size('period.frequency', 'period.days') }} as size
    from {{ ref('int_ratio_unit') }} as unit
    inner join {{ ref('dim_ratio') }} as ratio
        on unit.ratio_key = ratio.ratio_key
    inner join period
        on unit.time_key = period.time_key
    inner join {{ ref('dim_organisation') }} as organisation
        on unit.organisation_key = organisation.organisation_key
    left join {{ ref('int_validity_by_period') }} as validity
        on
            unit.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and organisation.valid_from = validity.valid_from
            and organisation.valid_to is not distinct from validity.valid_to
),

-- Flows and levels apart from here on: flows are by far the most, and each is spread over all its longer periods.
{%- set families = {'flow': ['sum'], 'level': ['average', 'last', 'first', 'maximum', 'minimum']} %}

{%- for name, family in families.items() %}

{{ name }}_in_period as (
    select
        unit.ratio_key,
        unit.component_number,
        case unit.time_rule when 'none' then 'last' else unit.time_rule end as time_rule,
        unit.organisation_key,
        within.ancestor_time_key as time_key,
        unit.target_group_key,
        within.descendant_start,
        unit.low,
        unit.width,
        unit.opening,
        unit.status_rank,
        unit.is_pending,
        unit.is_counted,
        unit.units,
        unit.size,
        unit.is_matched
        and coalesce(
            within.is_self or within.ancestor_frequency_order < unit.matched_held_from_order, true
        ) as is_matched,
        unit.is_present
        and coalesce(
            within.is_self or within.ancestor_frequency_order < unit.present_held_from_order, true
        ) as is_present
    from unit
    inner join {{ ref('bridge_time') }} as within
        on unit.time_key = within.descendant_time_key and within.is_tiled
    where
        unit.time_rule in ('{{ family | join("', '") }}')
        {% if name == 'level' %}or (unit.time_rule = 'none' and within.is_self){% endif %}
),

{%- endfor %}

over_time as (
    {% for name, family in families.items() %}
        select
            ratio_key,
            component_number,
            organisation_key,
            time_key,
            target_group_key,
            {{ roll_up_over_time('low', 'opening', 'descendant_start', family, 'is_matched') }} as matched,
            {{ roll_up_over_time('width', 'null', 'descendant_start', family, 'is_matched') }} as matched_width,
            {{ present_over_time(family) }} as present,
            max(case when is_matched then status_rank else 0 end) as status_rank,
            sum(case when is_matched and is_counted then units else 0 end) as units,
            max(case when is_pending then 1 else 0 end) as has_pending
        from {{ name }}_in_period
        group by
            ratio_key,
            component_number,
            {% if name == 'level' %}time_rule,{% endif %}
            organisation_key,
            time_key,
            target_group_key
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)
{%- endmacro %}
