{#- The one division of the project: NULL where the divisor is zero or missing, never inf or nan (domain.md 2.6). -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{#- A measure: exact, so that the order of addition cannot matter. -#}
{% macro measure(expression) -%}
    cast({{ expression }} as decimal(38, 12))
{%- endmacro %}

{#- A quotient that goes on as a measure, such as a mean over time. -#}
{% macro measure_quotient(numerator, denominator) -%}
    cast({{ ratio(numerator, denominator) }} as decimal(38, 12))
{%- endmacro %}

{#- A share that is added up later: decimal, because sums of doubles depend on their order. -#}
{% macro share(expression) -%}
    cast({{ expression }} as decimal(28, 15))
{%- endmacro %}

{#-
    The product of two measures, exact wherever six decimals hold each of them and thirteen digits before the point, else by
    double: a decimal cannot hold twice twelve decimals and an amount of money.
-#}
{% macro product(factor, other) -%}
    case
        when {{ factor }} = try_cast({{ factor }} as decimal(19, 6)) and {{ other }} = try_cast({{ other }} as decimal(18, 6))
            then cast(try_cast({{ factor }} as decimal(19, 6)) * try_cast({{ other }} as decimal(18, 6)) as decimal(38, 12))
        else cast(cast({{ factor }} as double) * cast({{ other }} as double) as decimal(38, 12))
    end
{%- endmacro %}
