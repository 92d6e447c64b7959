{#- Roles as the ratio types know them: activities count as outputs, both kinds of outcome as one (domain.md 2.2). -#}
{% macro outcome_folded(role) -%}
    case {{ role }}
        when 'activity' then 'output'
        when 'intermediate_outcome' then 'outcome'
        when 'final_outcome' then 'outcome'
        else {{ role }}
    end
{%- endmacro %}
