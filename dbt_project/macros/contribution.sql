{#-
    What an organisation adds to the ones above it in a period (domain.md 2.5, 4.6): a flow in full, a mean by the part
    of the period in which the organisation existed, a closing (opening) level if it existed at the end (start).
-#}
{% macro contribution(value, time_rule, valid_sub_periods, sub_periods, valid_from, valid_to, period_start, period_end) -%}
    case
        when {{ value }} is null then null
        when {{ time_rule }} = 'average' and {{ valid_sub_periods }} < {{ sub_periods }}
            then cast(cast({{ value }} as double) * {{ ratio(valid_sub_periods, sub_periods) }} as decimal(38, 12))
        when {{ time_rule }} = 'last' and coalesce({{ valid_to }}, date '9999-12-31') < {{ period_end }} then {{ measure('0') }}
        when {{ time_rule }} = 'first' and {{ valid_from }} > {{ period_start }} then {{ measure('0') }}
        else {{ value }}
    end
{%- endmacro %}

{#- The share of a value that a reorganisation gives to one successor. -#}
{% macro weighted(value, weight) -%}
    case
        when {{ weight }} = 1 then {{ value }}
        else cast(cast({{ value }} as double) * cast({{ weight }} as double) as decimal(38, 12))
    end
{%- endmacro %}
