{#-
    Every entity of the input contract as a row: family, entity, tier. Read from the source YAML,
    its one home.
    entities as ({{ contract_entities() }})
-#}
{% macro contract_entities() -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() | sort(attribute='unique_id')
            if node.source_name.startswith('raw_') %}
    select
        '{{ node.source_name[4:] }}' as family,
        '{{ node.name }}' as entity,
        '{{ (node.config.meta or node.meta)["tier"] }}' as tier
    {%- if not loop.last %}
    union all
    {%- endif %}
        {%- endfor %}
    {%- else -%}
    select '' as family, '' as entity, '' as tier
    {%- endif %}
{%- endmacro %}
