{#-
    An e-mail address as it is compared: without blanks around it, in small letters; null if empty.
    {{ normalized_email('email') }}
-#}
{% macro normalized_email(column) -%}
    nullif(lower(trim({{ column }})), '')
{%- endmacro %}
