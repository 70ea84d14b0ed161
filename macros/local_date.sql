{#-
    The day on which a UTC timestamp fell in a time zone of seed `time_zones`; without one, in UTC.
    DuckDB converts 200,000 a second; for rows by the million, see int_time_zone_day_expand.
    {{ local_date('exited_at', 'timezone') }}
-#}
{% macro local_date(moment, time_zone) -%}
    cast({{ local_time(moment, time_zone) }} as date)
{%- endmacro %}

{#-
    The clock of a time zone at a UTC timestamp.
    {{ local_time('exited_at', 'timezone') }}
-#}
{% macro local_time(moment, time_zone) %}
    {{- return(adapter.dispatch('local_time')(moment, time_zone)) -}}
{% endmacro %}

{% macro default__local_time(moment, time_zone) -%}
    (({{ moment }} at time zone 'UTC') at time zone coalesce({{ time_zone }}, 'UTC'))
{%- endmacro %}

{% macro spark__local_time(moment, time_zone) -%}
    from_utc_timestamp({{ moment }}, coalesce({{ time_zone }}, 'UTC'))
{%- endmacro %}
