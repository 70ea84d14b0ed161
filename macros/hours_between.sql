{#-
    Hours from one timestamp to another, counted in whole seconds.
    {{ hours_between('last_known_at', 'known_before_at') }}  ->  26.5
-#}
{% macro hours_between(first, last) %}
    {{- return(adapter.dispatch('hours_between')(first, last)) -}}
{% endmacro %}

{% macro default__hours_between(first, last) -%}
    cast(date_sub('second', {{ first }}, {{ last }}) as double) / 3600
{%- endmacro %}

{% macro spark__hours_between(first, last) -%}
    cast(timestampdiff(second, {{ first }}, {{ last }}) as double) / 3600
{%- endmacro %}
