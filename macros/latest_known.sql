{#-
    The rows of a landed entity as they were known at the end of the as-of date, one per key: of
    several versions the one known last, then the one that landed last. Key and
    known_at come from the contract.
    {{ latest_known('participant', 'enrollment') }}
-#}
{% macro latest_known(family, entity) -%}
    {%- set contract = entity_contract(family, entity) -%}
    {{ known_rows(family, entity) }}
    qualify
        row_number() over (
            partition by {{ contract['key'] | join(', ') }}
            order by
                {% if known_times(family, entity) -%}
                coalesce({{ known_times(family, entity) }}, cast('1900-01-01' as timestamp)) desc,
                {% endif -%}
                _batch_id desc, _row_no desc
        ) = 1
{%- endmacro %}
