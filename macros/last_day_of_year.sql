{#-
    The 31 December of a date's year.
    {{ last_day_of_year('as_of_date') }}  ->  2026-12-31 for any day in 2026
-#}
{% macro last_day_of_year(date) -%}
    {{ add_days("cast(date_trunc('year', " ~ add_days("cast(date_trunc('year', " ~ date ~ ") as date)", 366) ~ ") as date)", -1) }}
{%- endmacro %}
