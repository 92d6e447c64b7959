{#-
    Readings: the warehouse as it was known at another moment (domain.md 3.4), as table functions that stay in the file
    and go with it into the release: `from marts.mart_ratio_as_of(timestamp '2024-06-30')`.

    No formula stands twice. A reading is the compiled SQL of the same models, from the fact to the mart, one CTE each,
    in which `stg_observation` is what had been recorded by then. Dimensions and bridges are read as they stand.
    A model asks for its reading by `meta: {as_of: true}`.
-#}
{% macro create_readings(results) -%}
    {%- if execute and results -%}
        {{ adapter.dispatch('create_readings', 'outturn')(results) }}
    {%- endif -%}
{%- endmacro %}

{#- Other engines have no table functions that read tables: there a reading is a build of the accepted rows till then. -#}
{% macro default__create_readings(results) -%}{%- endmacro %}

{#-
    The statements are kept as text in `intermediate.reading` too: a release makes its table functions from them. (DuckDB's
    own text of a macro loses the precedence of joins.) Where only a part was built, the statements of the other readings
    stand: the project they were made from is the same.
-#}
{% macro duckdb__create_readings(results) -%}
    {%- set built = {} -%}
    {%- for result in results if result.node.resource_type == 'model' and result.status == 'success' -%}
        {%- do built.update({result.node.unique_id: result.node}) -%}
    {%- endfor -%}
    {%- for node in built.values() if node.config.meta.get('as_of') and reading_chain(node, built) -%}
        {%- set statement = reading_statement(node, reading_chain(node, built)) -%}
        {% if loop.first -%}
            create table if not exists intermediate.reading (reading string, statement string);
        {%- endif %}
        {{ statement }};
        delete from intermediate.reading where reading = '{{ node.schema }}.{{ node.name }}_as_of';
        insert into intermediate.reading values ('{{ node.schema }}.{{ node.name }}_as_of', $reading${{ statement }}$reading$);
    {%- endfor -%}
    {#- dbt rolls back what a hook at the end of a run leaves open. -#}
    commit; begin
{%- endmacro %}

{#- The models between what is read as it stands and `node`, in the order they were built; none if one was not built. -#}
{% macro reading_chain(node, built) -%}
    {%- set wanted = [node.unique_id] -%}
    {%- for unique_id in wanted if not unique_id.endswith('.stg_observation') -%}
        {%- for parent in graph.nodes[unique_id].depends_on.nodes -%}
            {%- if parent not in wanted and is_made_anew(graph.nodes[parent]) -%}{%- do wanted.append(parent) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set chain = [] -%}
    {%- for unique_id, model in built.items() if unique_id in wanted -%}{%- do chain.append(model) -%}{%- endfor -%}
    {{ return(chain if chain | length == wanted | length else []) }}
{%- endmacro %}

{% macro is_made_anew(node) -%}
    {{ return(node.schema in ['intermediate', 'marts'] or node.name in ['fct_observation', 'stg_observation']) }}
{%- endmacro %}

{% macro reading_statement(node, chain) -%}
    {%- set columns = adapter.get_columns_in_relation(api.Relation.create(node.database, node.schema, node.name)) -%}
    create or replace macro {{ node.schema }}.{{ node.name }}_as_of(moment) as table
    with {% for model in chain -%}
        {{ model.name }} as (
            {{ observation_known_at('moment', model) if model.name == 'stg_observation' else reading_sql(model, chain) }}
        ){% if not loop.last %},{% endif %}
    {% endfor -%}
    select
        {%- for column in columns %}
        cast({{ column.name }} as {{ 'string' if column.is_string() else column.data_type }}) as {{ column.name }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ node.name }};
    comment on macro table {{ node.schema }}.{{ node.name }}_as_of is
    '{{ node.name }} as it was known at a moment (UTC), with the registry of today.'
{%- endmacro %}

{#- Compiled SQL in which models of the chain are CTEs, and all others tables of whatever file the reading stands in. -#}
{% macro reading_sql(model, chain) -%}
    {%- set named = namespace(sql=model.compiled_code) -%}
    {%- for parent in model.depends_on.nodes -%}
        {%- set relation = graph.nodes[parent] -%}
        {%- set is_in_chain = parent in (chain | map(attribute='unique_id')) -%}
        {%- set named.sql = named.sql.replace(
            relation.relation_name, relation.name if is_in_chain else relation.schema ~ '.' ~ relation.name
        ) -%}
    {%- endfor -%}
    {{ return(named.sql) }}
{%- endmacro %}

{#- `stg_observation` as it would have been: a repeated figure made no vintage and would make none again. -#}
{% macro observation_known_at(moment, staged) -%}
    {%- set kept_elsewhere = {
        'unit_code': 'observation.unit',
        'calendar_code': 'period.calendar_code',
        'period_start': 'period.period_start',
        'period_end_exclusive': 'period.period_end_exclusive',
    } -%}
    select
        {%- for column in adapter.get_columns_in_relation(api.Relation.create(staged.database, staged.schema, staged.name)) %}
        {{ kept_elsewhere.get(column.name, 'observation.' ~ column.name) }} as {{ column.name }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from core.fct_observation as observation
    inner join core.dim_time as period
        on observation.time_key = period.time_key
    where observation.recorded_at <= cast({{ moment }} as timestamp)
{%- endmacro %}
