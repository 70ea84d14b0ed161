{#-
    A timestamp some minutes later (or earlier).
    {{ add_minutes('occurred_at', '-420') }}
-#}
{% macro add_minutes(moment, minutes) %}
    {{- return(adapter.dispatch('add_minutes')(moment, minutes)) -}}
{% endmacro %}

{% macro default__add_minutes(moment, minutes) -%}
    ({{ moment }} + to_minutes(cast({{ minutes }} as bigint)))
{%- endmacro %}

{% macro spark__add_minutes(moment, minutes) -%}
    timestampadd(minute, cast({{ minutes }} as bigint), {{ moment }})
{%- endmacro %}
