{#-
    A boolean as a category: yes, no, or unknown.
    {{ yes_or_no('is_promoted_before') }}  ->  'yes'
-#}
{% macro yes_or_no(column) -%}
    case when {{ column }} then 'yes' when not {{ column }} then 'no' else 'unknown' end
{%- endmacro %}
