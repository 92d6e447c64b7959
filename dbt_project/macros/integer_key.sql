{#- A stable integer key: the first 52 bits of the md5 of the columns, so that it is exact in a double as well. -#}
{% macro integer_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as string), '')") -%}
    {%- endfor -%}
    {{ adapter.dispatch('hexadecimal_to_integer', 'outturn')("substr(md5(concat_ws('|', " ~ parts | join(', ') ~ ")), 1, 13)") }}
{%- endmacro %}

{% macro default__hexadecimal_to_integer(text) -%}
    cast('0x' || {{ text }} as bigint)
{%- endmacro %}

{% macro spark__hexadecimal_to_integer(text) -%}
    cast(conv({{ text }}, 16, 10) as bigint)
{%- endmacro %}
