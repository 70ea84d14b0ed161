{#-
    Every version of a landed entity that was known at the end of the as-of date, with the time from
    which (known_from) and before which (known_to; null: still) it was the one to go by. What was
    known at the end of an earlier day is what was in force then, see known_then(): the same rows as
    latest_known() gives in a build as of that day.
    {{ known_versions('financial', 'contract') }}
-#}
{% macro known_versions(family, entity) -%}
    {%- set contract = entity_contract(family, entity) -%}
    {%- set times -%}
        {%- if known_times(family, entity) -%}
        coalesce({{ known_times(family, entity) }}, cast('1900-01-01' as timestamp))
        {%- else -%}
        cast('1900-01-01' as timestamp)
        {%- endif -%}
    {%- endset -%}
    select
        *,
        {{ times }} as known_from,
        lead({{ times }}) over (
            partition by {{ contract['key'] | join(', ') }}
            order by {{ times }}, _batch_id, _row_no
        ) as known_to
    from {{ source('raw_' ~ family, entity) }}
    {{ where_known(family, entity) }}
{%- endmacro %}

{#-
    Whether a version was the one to go by before a moment, as a build as of the day that ends
    there would have it.
    {{ known_then('contracts', 'moments.known_before_at') }}
-#}
{% macro known_then(versions, known_before_at) -%}
    {{ versions }}.known_from < {{ known_before_at }}
    and ({{ versions }}.known_to is null or {{ versions }}.known_to >= {{ known_before_at }})
{%- endmacro %}
