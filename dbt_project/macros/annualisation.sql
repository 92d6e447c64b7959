{#- What brings a flow of one period to a year: by days, or by as many periods as make a year (domain.md 2.5). -#}
{% macro annualisation_factor(method, period) -%}
    case {{ method }}
        when 'days' then {{ ratio(period ~ '.days_in_year', period ~ '.days') }}
        when 'periods'
            then case {{ period }}.frequency when 'A' then 1 when 'S' then 2 when 'Q' then 4 when 'M' then 12 when 'W' then 52 end
    end
{%- endmacro %}
