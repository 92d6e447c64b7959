{#- Severities that somebody has to act on, the gravest last (domain.md 6.2); what is for information has no rank. -#}
{% macro severities() -%}
    {{ return(['WARN', 'QUARANTINE', 'BLOCK']) }}
{%- endmacro %}

{% macro severity_rank(severity) -%}
    case {{ severity }}{% for name in severities() %} when '{{ name }}' then {{ loop.index }}{% endfor %} end
{%- endmacro %}

{% macro severity_of_rank(rank) -%}
    case {{ rank }}{% for name in severities() %} when {{ loop.index }} then '{{ name }}'{% endfor %} end
{%- endmacro %}

{#-
    How many faults are open on what a row of a mart stands on, and the gravest: what is below a figure that was rolled
    up, and the figure alone where it was reported.
-#}
{% macro open_findings(open_finding, is_rolled_up=none) -%}
    {%- set findings, rank = open_finding ~ '.findings', open_finding ~ '.worst_rank' -%}
    {%- if is_rolled_up -%}
        {%- set findings = 'case when ' ~ is_rolled_up ~ ' then ' ~ findings ~ ' else ' ~ findings ~ '_own end' -%}
        {%- set rank = 'case when ' ~ is_rolled_up ~ ' then ' ~ rank ~ ' else ' ~ rank ~ '_own end' -%}
    {%- endif -%}
    cast(coalesce({{ findings }}, 0) as bigint) as open_findings,
    {{ severity_of_rank(rank) }} as worst_severity
{%- endmacro %}

{#- A row of int_open_finding is about a row of a mart that still has its keys. -#}
{% macro is_open_on(row, measure_kind, structure, open_finding='open_finding') -%}
    {{ open_finding }}.structure = {{ structure }}
    and {{ open_finding }}.measure_kind = '{{ measure_kind }}'
    and {{ row }}.{{ measure_kind }}_key = {{ open_finding }}.measure_key
    and {{ row }}.organisation_key = {{ open_finding }}.organisation_key
    and {{ row }}.time_key = {{ open_finding }}.time_key
    and {{ row }}.target_group_key = {{ open_finding }}.target_group_key
{%- endmacro %}
