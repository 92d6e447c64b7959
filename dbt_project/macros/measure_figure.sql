{#-
    Indicators and ratios as one kind of thing, a measure: its figures in one structure, for every period and group.
    Marts that compare measures read this instead of the two marts; value and bounds are in the displayed unit, and
    parts are before scaling. For an indicator `denominator` is empty and the value stands for the numerator.
-#}
{% macro measure_figure(structure='as_was') -%}
    select
        {% if structure == 'as_was' -%}
        'indicator' as measure_kind,
        indicator_code as measure_code,
        organisation_key,
        time_key,
        target_group_key,
        cast(value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        value as numerator,
        cast(null as decimal(38, 12)) as denominator,
        coverage,
        obs_status as status,
        cast(null as string) as reason
    from {{ ref('mart_indicator') }}

    union all

    select
        {% endif -%}
        'ratio' as measure_kind,
        ratio_code as measure_code,
        organisation_key,
        time_key,
        target_group_key,
        value,
        case when status <> 'Q' then lower end as lower,
        case when status <> 'Q' then upper end as upper,
        numerator,
        denominator,
        {{ ratio_coverage() }} as coverage,
        status,
        reason
    from {{ ref('mart_ratio') }}
    where structure = '{{ structure }}'
{%- endmacro %}

{#- Names, unit and direction of indicators and ratios, one row a measure; one that is bound to the length of its
    periods is comparable over equally long periods alone. -#}
{% macro measure_definition() -%}
    select
        'indicator' as measure_kind,
        indicator_code as measure_code,
        name_vi,
        name_en,
        role,
        unit,
        direction,
        objective_code,
        programme_code,
        mix_dimension,
        time_aggregation = 'sum' as is_additive,
        time_aggregation = 'sum' as is_length_bound,
        cast(null as string) as ratio_class,
        cast(null as string) as interval_method,
        cast(1 as decimal(38, 12)) as scale,
        cast(null as decimal(38, 12)) as minimum_denominator
    from {{ ref('dim_indicator') }}

    union all

    select
        'ratio' as measure_kind,
        ratio_code as measure_code,
        name_vi,
        name_en,
        ratio_type as role,
        unit,
        direction,
        objective_code,
        programme_code,
        mix_dimension,
        false as is_additive,
        coalesce(is_length_bound, false) as is_length_bound,
        ratio_class,
        interval_method,
        scale,
        minimum_denominator
    from {{ ref('dim_ratio') }}
{%- endmacro %}

{#- Each measure and the indicators in it; an indicator is its own part. -#}
{% macro measure_part() -%}
    select
        indicator_code as measure_code,
        indicator_key
    from {{ ref('dim_indicator') }}

    union

    select
        ratio_code as measure_code,
        factor_1_indicator_key as indicator_key
    from {{ ref('bridge_ratio_indicator') }}

    union

    select
        ratio_code as measure_code,
        factor_2_indicator_key as indicator_key
    from {{ ref('bridge_ratio_indicator') }}
    where factor_2_indicator_key is not null
{%- endmacro %}
