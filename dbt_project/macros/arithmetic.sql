{#- The one division of the project: NULL where the divisor is zero or missing, never inf or nan (domain.md 2.6). -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}

{#- A measure: exact, so that the order of addition cannot matter. -#}
{% macro measure(expression) -%}
    cast({{ expression }} as decimal(38, 12))
{%- endmacro %}

{#-
    A double that goes on as a measure: by the shortest text that means it, so that digits which it does not hold are zeros
    on every engine. DuckDB's own cast writes its binary digits out.
-#}
{% macro measure_of_double(expression) -%}
    {{ adapter.dispatch('measure_of_double', 'outturn')(expression) }}
{%- endmacro %}

{% macro default__measure_of_double(expression) -%}
    cast(cast({{ expression }} as string) as decimal(38, 12))
{%- endmacro %}

{% macro spark__measure_of_double(expression) -%}
    cast({{ expression }} as decimal(38, 12))
{%- endmacro %}

{#- A quotient that goes on as a measure, such as a mean over time. -#}
{% macro measure_quotient(numerator, denominator) -%}
    {{ measure_of_double(ratio(numerator, denominator)) }}
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
        else {{ measure_of_double('cast(' ~ factor ~ ' as double) * cast(' ~ other ~ ' as double)') }}
    end
{%- endmacro %}
