{#-
    A date some days later (or earlier), on both engines.
    {{ add_days('start_date', 14) }}  ->  (start_date + cast(14 as int))
-#}
{% macro add_days(date, days) %}({{ date }} + cast({{ days }} as int)){% endmacro %}
