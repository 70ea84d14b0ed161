{#-
    How many known rows of an entity point at a parent row that never landed.
    {{ orphan_count('participant', 'enrollment', 'program_id', 'operations', 'program') }}
-#}
{% macro orphan_count(family, entity, column, parent, parent_key=none) -%}
    select
        '{{ family }}' as family,
        '{{ entity }}' as entity,
        '{{ column }}' as column_name,
        cast(count(*) as bigint) as orphan_count
    from {{ ref('stg_' ~ entity) }} as child
    where
        child.{{ column }} is not null
        and not exists (
            select 1 from {{ ref('stg_' ~ parent) }} as parent
            where parent.{{ parent_key or column }} = child.{{ column }}
        )
{%- endmacro %}
