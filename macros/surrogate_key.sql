{#-
    A hash of a composite grain, the same on both engines.
    {{ surrogate_key(['account_id', 'valid_from']) }}  ->  md5(account_id || '|' || valid_from)
-#}
{% macro surrogate_key(columns) -%}
    md5(
        {%- for column in columns -%}
        coalesce(cast({{ column }} as {{ dbt.type_string() }}), '')
        {%- if not loop.last %} || '|' || {% endif -%}
        {%- endfor -%}
    )
{%- endmacro %}
