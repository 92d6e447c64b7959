{#-
    No double of the table is infinite or not-a-number (domain.md 11.3, invariant 4): both compare greater than every real
    quotient. The columns are those that the model's contract declares as double, so that none can be left out.
-#}
{% test finite(model) %}
{%- set doubles = [] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == model.identifier -%}
        {%- for column in node.columns.values() if column.data_type == 'double' -%}
            {%- do doubles.append(column.name) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endif -%}
{%- for double in doubles %}
select
    '{{ double }}' as column_name,
    {{ double }} as found
from {{ model }}
where not (abs({{ double }}) < 1e300)
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- if not doubles %}
select 1 where false
{%- endif %}
{% endtest %}
