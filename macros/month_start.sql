{#-
    The first day of a date's month.
    {{ month_start('start_date') }}  ->  2026-01-01 for any day in January 2026
-#}
{% macro month_start(date) %}cast(date_trunc('month', {{ date }}) as date){% endmacro %}
