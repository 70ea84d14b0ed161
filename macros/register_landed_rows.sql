{#-
    On Spark, makes the exported raw rows readable as tables: one external table for each source,
    over the Parquet files in SPARK_RAW/<schema>/<table>. DuckDB attaches the raw file itself
    (profiles.yml), so there is nothing to do.
    on-run-start: "{{ register_landed_rows() }}"
-#}
{% macro register_landed_rows() %}
    {{- return(adapter.dispatch('register_landed_rows')()) -}}
{% endmacro %}

{% macro default__register_landed_rows() %}{% endmacro %}

{% macro spark__register_landed_rows() %}
    {%- if execute -%}
        {%- for node in graph.sources.values() -%}
            {%- do run_query('create schema if not exists ' ~ node.schema) -%}
            {%- do run_query('drop table if exists ' ~ node.schema ~ '.' ~ node.name) -%}
            {%- do run_query(
                'create table ' ~ node.schema ~ '.' ~ node.name ~ ' using parquet location '
                ~ "'" ~ env_var('SPARK_RAW') ~ '/' ~ node.schema ~ '/' ~ node.name ~ "'"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
