{#- Precedence of the statuses a value can carry when several are combined: the graver one shows. -#}
{% macro status_rank(status) -%}
    case {{ status }}
        {%- for code in var('status_precedence') %} when '{{ code }}' then {{ loop.index0 }}{% endfor %} else 0
    end
{%- endmacro %}

{% macro status_of_rank(rank) -%}
    case {{ rank }}
        {%- for code in var('status_precedence') %} when {{ loop.index0 }} then '{{ code }}'{% endfor %}
    end
{%- endmacro %}

{#- The rank of a status, or of an estimate if that is graver. -#}
{% macro estimated_at_least(rank) -%}
    greatest({{ rank }}, {{ status_rank("'E'") }})
{%- endmacro %}

{#- The six states of a cell that are never mixed up (domain.md 11.3.5). -#}
{% macro value_state(value, value_high, obs_status) -%}
    case
        when {{ value }} = 0 then 'zero'
        when {{ value }} is not null then 'value'
        when {{ obs_status }} = 'Q' then 'suppressed'
        when {{ value_high }} is not null then 'value'
        when {{ obs_status }} = 'M' then 'not_applicable'
        when {{ obs_status }} = 'L' then 'not_collected'
        else 'missing'
    end
{%- endmacro %}
