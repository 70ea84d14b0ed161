{#-
    All landed versions of an entity that were known at the end of the as-of date. A row without a
    known_at is known since its event_time; one without either is always known. The columns come
    from the contract.
    {{ known_rows('participant', 'learning_event') }}
-#}
{% macro known_rows(family, entity) -%}
    {%- set landed = source('raw_' ~ family, entity) -%}
    {%- set as_of = ref('stg_as_of') -%}
    {%- set contract = entity_contract(family, entity) -%}
    {%- set known_times = [contract.get('known_at'), contract.get('event_time')] | select | list -%}
    select *
    from {{ landed }}
    {%- if known_times %}
    where
        coalesce(
            {%- for column in known_times %}
            cast({{ column }} as timestamp),
            {%- endfor %}
            cast('1900-01-01' as timestamp)
        ) < (select as_of.known_before_at from {{ as_of }} as as_of)
    {%- endif %}
{%- endmacro %}

{#- What the contract says of an entity: tier, key, times; a stand-in while dbt only parses. -#}
{% macro entity_contract(family, entity) -%}
    {%- if execute -%}
        {%- set node = graph.sources.values()
            | selectattr('source_name', 'equalto', 'raw_' ~ family)
            | selectattr('name', 'equalto', entity) | first -%}
        {{ return(node.config.meta or node.meta) }}
    {%- endif -%}
    {{ return({'key': ['unknown_while_parsing']}) }}
{%- endmacro %}
