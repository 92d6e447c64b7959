{#-
    Readings: the warehouse as it was known at another moment (domain.md 3.4), or by the organisations of another day
    (4.7), as table functions that stay in the file and go with it into the release:
    `from marts.mart_ratio_as_of(timestamp '2024-06-30')`, `from marts.mart_ratio_as_at(date '2025-06-30')`.

    No formula stands twice. A reading is the compiled SQL of the same models, one CTE each, in which one of them is
    replaced: `stg_observation` by what had been recorded by then, or `dim_structure` by one that names the day. All that
    is published and does not follow from the one replaced is read as it stands.
    A model asks for its readings by `meta: {as_of: true, as_at: name_of_the_reading}`.
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
    create schema if not exists intermediate;
    create table if not exists intermediate.reading (reading string, statement string);
    {% set made = namespace(any=false) -%}
    {% for node in built.values() -%}
        {%- for kind in reading_kinds() if node.config.meta.get(kind.name) and reading_chain(node, built, kind) -%}
            {%- set reading = node.name ~ '_as_of' if kind.name == 'as_of' else node.config.meta[kind.name] -%}
            {%- set statement = reading_statement(node, reading_chain(node, built, kind), kind, reading) -%}
            {%- set made.any = true -%}
            {{ statement }};
            delete from intermediate.reading where reading = '{{ node.schema }}.{{ reading }}';
            insert into intermediate.reading values ('{{ node.schema }}.{{ reading }}', $reading${{ statement }}$reading$);
        {%- endfor -%}
    {%- endfor -%}
    {#- dbt rolls back what a hook at the end of a run leaves open; where nothing was made, nothing is open. -#}
    {% if made.any %}commit; begin{% endif %}
{%- endmacro %}

{#- By kind: its parameter, the model it replaces, the published models that follow from that one, and what it says. -#}
{% macro reading_kinds() -%}
    {{ return([
        {
            'name': 'as_of', 'parameter': 'moment', 'replaced': 'stg_observation',
            'follow': ['stg_observation', 'fct_observation'],
            'meaning': 'as it was known at a moment (UTC), with the registry of today.',
        },
        {
            'name': 'as_at', 'parameter': 'day', 'replaced': 'dim_structure',
            'follow': ['dim_structure', 'bridge_succession', 'bridge_organisation'],
            'meaning': 'with all periods by the organisations of a day.',
        },
    ]) }}
{%- endmacro %}

{#-
    The models to be computed anew, up to `node`, each after those it reads and else by name, so that the statement is the
    same whichever of them was built first; none if one of them was not built.
-#}
{% macro reading_chain(node, built, kind) -%}
    {%- set wanted = [node.unique_id] -%}
    {%- for unique_id in wanted if not unique_id.endswith('.' ~ kind.replaced) -%}
        {%- for parent in graph.nodes[unique_id].depends_on.nodes if parent not in wanted and parent in graph.nodes -%}
            {%- set model = graph.nodes[parent] -%}
            {%- if model.schema in ['intermediate', 'marts'] or model.name in kind.follow -%}
                {%- do wanted.append(parent) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set chain = [] -%}
    {%- set placed = [] -%}
    {%- for step in wanted -%}
        {%- for unique_id in wanted | sort if unique_id in built and unique_id not in placed -%}
            {%- set parents = built[unique_id].depends_on.nodes | select('in', wanted) | list -%}
            {%- if unique_id.endswith('.' ~ kind.replaced) or parents | reject('in', placed) | list | length == 0 -%}
                {%- do placed.append(unique_id) -%}
                {%- do chain.append(built[unique_id]) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(chain if chain | length == wanted | length else []) }}
{%- endmacro %}

{% macro reading_statement(node, chain, kind, reading) -%}
    {%- set columns = adapter.get_columns_in_relation(api.Relation.create(node.database, node.schema, node.name)) -%}
    {%- set has_structures = 'structure' in columns | map(attribute='name') and kind.name == 'as_at' -%}
    create or replace macro {{ node.schema }}.{{ reading }}({{ kind.parameter }}) as table
    with {% for model in chain -%}
        {{ model.name }} as (
            {%- if model.name != kind.replaced -%}{{ reading_sql(model, chain) }}
            {%- elif kind.name == 'as_of' -%}{{ observation_known_at('moment', model) }}
            {%- else -%}{{ structure_on('day') }}
            {%- endif -%}
        ){% if not loop.last %},{% endif %}
    {% endfor -%}
    select
        {%- for column in columns %}
        {% if column.name == 'structure' and has_structures -%}
            'as_at' as structure
        {%- else -%}
            cast({{ column.name }} as {{ 'string' if column.is_string() else column.data_type }}) as {{ column.name }}
        {%- endif -%}
        {% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ node.name }}
    {%- if has_structures %} where structure = 'as_is'{% endif %};
    comment on macro table {{ node.schema }}.{{ reading }} is '{{ node.name }} {{ kind.meaning }}'
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

{#- `dim_structure` with another day. -#}
{% macro structure_on(day) -%}
    select
        structure,
        name_vi,
        name_en,
        case when structure_day is not null then cast({{ day }} as date) end as structure_day
    from core.dim_structure
{%- endmacro %}
