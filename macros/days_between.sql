{#-
    Whole days from one date to another; negative when the second is earlier. Timestamps count by
    their UTC date.
    {{ days_between('start_date', 'activity_date') }}  ->  13
-#}
{% macro days_between(first, last) %}
    {{- return(adapter.dispatch('days_between')(first, last)) -}}
{% endmacro %}

{% macro default__days_between(first, last) -%}
    cast(datediff('day', cast({{ first }} as date), cast({{ last }} as date)) as bigint)
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    cast(datediff(cast({{ last }} as date), cast({{ first }} as date)) as bigint)
{%- endmacro %}
