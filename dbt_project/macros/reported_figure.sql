{#- What makes two reports reports of one figure; with the source it makes them readings of one series. -#}
{% macro figure_columns(relation) -%}
    {% for column in [
        'indicator_code', 'organisation_code', 'organisation_valid_from', 'period_code', 'target_group_code',
        'measure_kind', 'accumulation'
    ] -%}
        {{ relation }}.{{ column }}{% if not loop.last %}, {% endif %}
    {%- endfor %}
{%- endmacro %}

{% macro is_same_figure(relation, other) -%}
    {%- for column, other_column in zip(figure_columns(relation).split(', '), figure_columns(other).split(', ')) -%}
        {{ column }} = {{ other_column }}{% if not loop.last %} and {% endif %}
    {%- endfor -%}
{%- endmacro %}
