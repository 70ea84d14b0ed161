{#-
    The Monday of a date's ISO week.
    {{ week_start('activity_date') }}  ->  2026-01-05 for any day from 2026-01-05 to 2026-01-11
-#}
{% macro week_start(date) %}cast(date_trunc('week', {{ date }}) as date){% endmacro %}
