{#-
    Sources are Parquet files below OUTTURN_ACCEPTED. DuckDB reads them by their `external_location`; elsewhere each becomes a
    view of its own name.
-#}
{% macro expose_sources() -%}
    {%- if execute -%}
        {{ adapter.dispatch('expose_sources', 'outturn')() }}
    {%- endif -%}
{%- endmacro %}

{% macro default__expose_sources() -%}{%- endmacro %}

{% macro spark__expose_sources() -%}
    {%- for source in graph.sources.values() -%}
        {%- set files = env_var('OUTTURN_ACCEPTED') ~ '/' ~ source.meta.external_location.split("'")[1] -%}
        {%- do run_query('create schema if not exists ' ~ source.schema) -%}
        {%- do run_query(
            'create or replace view ' ~ source.schema ~ '.' ~ source.identifier ~ ' as select * from parquet.`' ~ files ~ '`'
        ) -%}
    {%- endfor -%}
{%- endmacro %}
