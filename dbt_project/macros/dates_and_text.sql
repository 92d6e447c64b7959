{#- Whole days from one date to another. -#}
{% macro days_between(start_date, end_date) -%}
    {{ return(adapter.dispatch('days_between', 'outturn')(start_date, end_date)) }}
{%- endmacro %}

{% macro default__days_between(start_date, end_date) -%}
    cast(date_diff('day', {{ start_date }}, {{ end_date }}) as int)
{%- endmacro %}

{% macro spark__days_between(start_date, end_date) -%}
    cast(datediff({{ end_date }}, {{ start_date }}) as int)
{%- endmacro %}

{#- One row for each part of a text; stands in a select list. -#}
{% macro split_to_rows(text, separator) -%}
    {{ return(adapter.dispatch('split_to_rows', 'outturn')(text, separator)) }}
{%- endmacro %}

{% macro default__split_to_rows(text, separator) -%}
    unnest(string_split({{ text }}, '{{ separator }}'))
{%- endmacro %}

{% macro spark__split_to_rows(text, separator) -%}
    explode(split({{ text }}, '[{{ separator }}]'))
{%- endmacro %}

{#- Two half-open intervals have a day in common; an empty end is open. -#}
{% macro overlaps(start_1, end_1, start_2, end_2) -%}
    ({{ start_1 }} < coalesce({{ end_2 }}, date '9999-12-31') and {{ start_2 }} < coalesce({{ end_1 }}, date '9999-12-31'))
{%- endmacro %}

{#- An aggregate: the texts of a group joined in the order of another column. -#}
{% macro sorted_list(text, sort_by, separator) -%}
    {{ return(adapter.dispatch('sorted_list', 'outturn')(text, sort_by, separator)) }}
{%- endmacro %}

{% macro default__sorted_list(text, sort_by, separator) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ sort_by }}, {{ text }})
{%- endmacro %}

{% macro spark__sorted_list(text, sort_by, separator) -%}
    array_join(transform(array_sort(collect_list(struct({{ sort_by }} as sort_by, {{ text }} as text))), item -> item.text), '{{ separator }}')
{%- endmacro %}

{#- How much of a longer period a sub-period makes up: in months where periods are made of months, else in days. -#}
{% macro sub_period_size(frequency, days) -%}
    case {{ frequency }} when 'M' then 1 when 'Q' then 3 when 'S' then 6 when 'A' then 12 else {{ days }} end
{%- endmacro %}
