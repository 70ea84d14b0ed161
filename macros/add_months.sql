{#-
    The first of a month some months later (or earlier), from the first of a month.
    {{ add_months('month', 12) }}  ->  2026-07-01 for 2025-07-01
-#}
{% macro add_months(month, months) %}
    {{- return(adapter.dispatch('add_months')(month, months)) -}}
{% endmacro %}

{% macro default__add_months(month, months) -%}
    cast({{ month }} + to_months(cast({{ months }} as int)) as date)
{%- endmacro %}

{% macro spark__add_months(month, months) -%}
    add_months({{ month }}, cast({{ months }} as int))
{%- endmacro %}
