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
