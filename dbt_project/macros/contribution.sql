{#-
    The share of its figure that an organisation adds to the ones above it in a period (domain.md 2.5, 4.6): a flow in
    full, a mean by the part of the period in which it existed, a closing (opening) level if it was there at the end
    (start). `link` carries the stretch of its life, `validity` the sub-periods that fall into it.
-#}
{% macro share_of_life(time_rule, validity, link, period) -%}
    case
        when {{ time_rule }} = 'average'
            then coalesce({{ ratio(validity ~ '.valid_sub_periods', validity ~ '.sub_periods') }}, 1)
        when {{ time_rule }} = 'last' and {{ link }}.valid_to < {{ period }}.period_end_exclusive then 0
        when {{ time_rule }} = 'first' and {{ link }}.valid_from > {{ period }}.period_start then 0
        else 1
    end
{%- endmacro %}

{#- A measure times a share; a whole measure stays exact. -#}
{% macro scaled(value, share) -%}
    case
        when {{ share }} = 1 then {{ value }}
        else {{ measure_of_double('cast(' ~ value ~ ' as double) * ' ~ share) }}
    end
{%- endmacro %}
