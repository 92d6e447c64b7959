{#-
    A value brought from its period to a year: by days, or by as many periods as make a year (domain.md 2.5). An interval
    has none.
-#}
{% macro annualised(divided, period) -%}
    case
        when {{ divided }}.is_interval then null
        when {{ divided }}.annualisation = 'days'
            then {{ divided }}.quotient * {{ ratio(period ~ '.days_in_year', period ~ '.days') }}
        when {{ divided }}.annualisation = 'periods'
            then {{ divided }}.quotient * case {{ period }}.frequency
                when 'A' then 1 when 'S' then 2 when 'Q' then 4 when 'M' then 12 when 'W' then 52
            end
    end
{%- endmacro %}
