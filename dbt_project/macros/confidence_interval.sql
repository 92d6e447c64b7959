{#- 95 % intervals of a proportion (Wilson) and of a rate of events (Byar), before scaling (domain.md 2.7). -#}
{% macro wilson_bound(numerator, denominator, direction) -%}
    {%- set z = var('z_95') -%}
    {%- set p = '(' ~ ratio(numerator, denominator) ~ ')' -%}
    {%- set n = 'nullif(cast(' ~ denominator ~ ' as double), 0)' -%}
    {%- set bound -%}
        ({{ p }} + ({{ z }} * {{ z }}) / (2 * {{ n }})
        {{ direction }} {{ z }} * sqrt(greatest({{ p }} * (1 - {{ p }}), 0) / {{ n }} + ({{ z }} * {{ z }}) / (4 * {{ n }} * {{ n }})))
        / (1 + ({{ z }} * {{ z }}) / {{ n }})
    {%- endset -%}
    {#- Of none or all the bound is the share itself, which doubles miss by their last digit. -#}
    {% if direction == '-' %}greatest(0, least({{ p }}, {{ bound }})){% else %}least(1, greatest({{ p }}, {{ bound }})){% endif %}
{%- endmacro %}

{#- Cubes are products: engines differ in the last digit of a power. -#}
{% macro byar_bound(events, exposure, direction) -%}
    {%- set z = var('z_95') -%}
    {%- set x = 'cast(' ~ events ~ ' as double)' -%}
    {%- if direction == '-' -%}
        {%- set root = '(1 - 1 / nullif(9 * ' ~ x ~ ', 0) - ' ~ z ~ ' / nullif(3 * sqrt(' ~ x ~ '), 0))' -%}
        case when {{ x }} = 0 then 0 else {{ x }} * {{ root }} * {{ root }} * {{ root }} end
        / nullif(cast({{ exposure }} as double), 0)
    {%- else -%}
        {%- set root = '(1 - 1 / (9 * (' ~ x ~ ' + 1)) + ' ~ z ~ ' / (3 * sqrt(' ~ x ~ ' + 1)))' -%}
        ({{ x }} + 1) * {{ root }} * {{ root }} * {{ root }} / nullif(cast({{ exposure }} as double), 0)
    {%- endif -%}
{%- endmacro %}
