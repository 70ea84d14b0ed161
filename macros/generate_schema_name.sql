{#-
    A folder's schema is its own name, without dbt's prefix: trust, not main_trust.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
