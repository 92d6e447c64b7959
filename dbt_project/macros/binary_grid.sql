{#-
    Doubles that are added up must not depend on the order, nor lose the last digit: effects of one change are rounded to
    multiples of a power of two so small that it is at most 2^-45 of the greatest of them, and so large that every sum of
    up to a hundred of them is exact. `grid` is the power: value x 2^grid is a whole number.
-#}
{% macro grid_of(greatest_value) -%}
    case when {{ greatest_value }} > 0 then 46 - ceil(log2({{ greatest_value }})) else 0 end
{%- endmacro %}

{% macro on_grid(value, grid) -%}
    round(({{ value }}) * power(2, {{ grid }})) * power(2, -({{ grid }}))
{%- endmacro %}
