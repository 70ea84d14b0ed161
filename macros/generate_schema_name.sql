{#-
    A folder's schema is its own name, without dbt's prefix: funnel_conversion, not main_funnel_conversion.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
