{#-
    The 31 December of a date's year.
    {{ last_day_of_year('as_of_date') }}  ->  2026-12-31 for any day in 2026
-#}
{% macro last_day_of_year(date) -%}
    {%- set first_day = "cast(date_trunc('year', " ~ date ~ ") as date)" -%}
    {%- set in_next_year = add_days(first_day, 366) -%}
    {{ add_days("cast(date_trunc('year', " ~ in_next_year ~ ") as date)", -1) }}
{%- endmacro %}
