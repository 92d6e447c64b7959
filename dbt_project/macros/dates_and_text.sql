{#- Whole days from one date to another. -#}
{% macro days_between(start_date, end_date) -%}
    {{ adapter.dispatch('days_between', 'outturn')(start_date, end_date) }}
{%- endmacro %}

{% macro default__days_between(start_date, end_date) -%}
    cast(date_diff('day', {{ start_date }}, {{ end_date }}) as int)
{%- endmacro %}

{% macro spark__days_between(start_date, end_date) -%}
    cast(datediff({{ end_date }}, {{ start_date }}) as int)
{%- endmacro %}

{#- One row for each part of a text; stands in a select list. -#}
{% macro split_to_rows(text, separator) -%}
    {{ adapter.dispatch('split_to_rows', 'outturn')(text, separator) }}
{%- endmacro %}

{% macro default__split_to_rows(text, separator) -%}
    unnest(string_split({{ text }}, '{{ separator }}'))
{%- endmacro %}

{% macro spark__split_to_rows(text, separator) -%}
    explode(split({{ text }}, '[{{ separator }}]'))
{%- endmacro %}

{#- Something with valid_from and valid_to was there on a day of a period (period_start, period_end_exclusive). -#}
{% macro overlaps(stretch, period='period') -%}
    {{ stretch }}.valid_from < coalesce({{ period }}.period_end_exclusive, date '9999-12-31')
    and {{ period }}.period_start < coalesce({{ stretch }}.valid_to, date '9999-12-31')
{%- endmacro %}

{#- Two things with valid_from and valid_to were there on the same day. -#}
{% macro valid_together(stretch, other) -%}
    {{ stretch }}.valid_from < coalesce({{ other }}.valid_to, date '9999-12-31')
    and {{ other }}.valid_from < coalesce({{ stretch }}.valid_to, date '9999-12-31')
{%- endmacro %}

{#- Something with valid_from and valid_to was there on a day. -#}
{% macro exists_on(stretch, day) -%}
    {{ stretch }}.valid_from <= {{ day }}
    and coalesce({{ stretch }}.valid_to, date '9999-12-31') > {{ day }}
{%- endmacro %}

{#- An aggregate: the texts of a group joined in the order of another column. -#}
{% macro sorted_list(text, sort_by, separator) -%}
    {{ adapter.dispatch('sorted_list', 'outturn')(text, sort_by, separator) }}
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

{#- Frequencies from the shortest period to the longest; a range (R) has no place among them. -#}
{% macro frequency_order(frequency) -%}
    case {{ frequency }} when 'D' then 1 when 'W' then 2 when 'M' then 3 when 'Q' then 4 when 'S' then 5 when 'A' then 6 end
{%- endmacro %}
