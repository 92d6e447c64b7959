{#- What a productivity counts is work that was planned, not events that chance brings: it has no interval to tie in. -#}
{% macro is_up_to_chance(ratio) -%}
    {{ ratio }}.ratio_type <> 'productivity'
{%- endmacro %}

{#- CTEs of what is compared: the figures of the total group that have a value, with the ends of their intervals. -#}
{% macro total_figure(name, structure) -%}
    {{ name }}_of_any_group as (
        {{ measure_figure(structure) }}
    ),

    {{ name }} as (
        select
            measured.*,
            coalesce(case when {{ is_up_to_chance('ratio') }} then measured.lower end, measured.value) as low,
            coalesce(case when {{ is_up_to_chance('ratio') }} then measured.upper end, measured.value) as high
        from {{ name }}_of_any_group as measured
        left join {{ ref('dim_ratio') }} as ratio
            on measured.measure_code = ratio.ratio_code
        inner join {{ ref('dim_target_group') }} as target_group
            on measured.target_group_key = target_group.target_group_key
        where measured.value is not null and target_group.target_group_code = '_T'
    ),
{%- endmacro %}

{#- CTE: each figure with its direction as a sign, and why it takes no part in a ranking, if it does not. -#}
{% macro benchmark_subject() -%}
subject as (
    select
        figure.*,
        case when definition.role <> 'productivity' then definition.interval_method end as interval_method,
        definition.scale,
        definition.is_length_bound,
        case definition.direction when 'higher' then 1 when 'lower' then -1 else 0 end as sign,
        period.calendar_code,
        period.frequency,
        period.year_label,
        period.period_start,
        period.period_end_exclusive,
        period.previous_time_key,
        period.same_period_last_year_time_key,
        case
            when organisation.valid_to < period.period_end_exclusive then 'DISSOLVED'
            when definition.direction not in ('higher', 'lower') then 'NO_DIRECTION'
            when figure.coverage < {{ var('rag_coverage') }} then 'COVERAGE'
            when figure.status = 'V' then 'UNVALIDATED'
            when figure.status = 'U' or figure.reason = 'SMALL_DEN' then 'SMALL_DENOMINATOR'
            when
                definition.ratio_class = 'proportion'
                and figure.denominator < coalesce(definition.minimum_denominator, {{ var('rank_minimum_denominator') }})
                then 'SMALL_DENOMINATOR'
            when definition.interval_method = 'byar' and figure.numerator < {{ var('rank_minimum_events') }}
                then 'FEW_EVENTS'
        end as unranked_reason
    from figure
    inner join definition
        on
            figure.measure_kind = definition.measure_kind
            and figure.measure_code = definition.measure_code
    inner join {{ ref('dim_organisation') }} as organisation
        on figure.organisation_key = organisation.organisation_key
    inner join {{ ref('dim_time') }} as period
        on figure.time_key = period.time_key
),
{%- endmacro %}


{#-
    Standard deviation that chance alone gives a unit of this size around a norm, in the displayed unit: binomial for a
    proportion of cases, Poisson for a rate of events (domain.md 2.7); none for other measures.
-#}
{% macro funnel_deviation(row, norm) -%}
    {%- set share = '(' ~ ratio(norm, row ~ '.scale') ~ ')' -%}
    case
        when {{ row }}.denominator is null or {{ row }}.denominator <= 0 then null
        when {{ row }}.interval_method = 'wilson' and {{ share }} >= 0 and {{ share }} <= 1
            then {{ row }}.scale * sqrt({{ ratio(share ~ ' * (1 - ' ~ share ~ ')', row ~ '.denominator') }})
        when {{ row }}.interval_method = 'byar' and {{ share }} >= 0
            then {{ row }}.scale * sqrt({{ ratio(share, row ~ '.denominator') }})
    end
{%- endmacro %}

{#- Limit of the funnel; that of a proportion does not leave 0 to 1, that of a rate does not fall below 0. -#}
{% macro funnel_limit(row, z, direction) -%}
    {%- set limit = row ~ '.norm_value ' ~ direction ~ ' ' ~ var(z) ~ ' * ' ~ row ~ '.deviation' -%}
    {% if direction == '-' -%}
    case when {{ row }}.deviation is not null then greatest(0, {{ limit }}) end
    {%- else -%}
    case
        when {{ row }}.deviation is null then null
        when {{ row }}.interval_method = 'wilson' then least(cast({{ row }}.scale as double), {{ limit }})
        else {{ limit }}
    end
    {%- endif %}
{%- endmacro %}

{#- What a kind of norm is called where the norm has no name of its own. -#}
{% macro norm_name(kind, language) -%}
    {%- set names = {
        'PREV_PERIOD': ('Kỳ trước', 'Previous period'),
        'SAME_PERIOD_LY': ('Cùng kỳ năm trước', 'Same period last year'),
        'BASELINE': ('Số gốc', 'Baseline'),
        'TARGET': ('Mục tiêu', 'Target'),
        'TRAJECTORY': ('Lộ trình', 'Trajectory'),
    } -%}
    case {{ kind }}
        {%- for code, name in names.items() %} when '{{ code }}' then '{{ name[0 if language == 'vi' else 1] }}'{% endfor %}
        else {{ kind }}
    end
{%- endmacro %}
