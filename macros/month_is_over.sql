{#-
    Whether a month is over: the data go to its end, or to within an hour of it, since the last row
    of a day seldom falls on midnight. Until then its cost is known and part of its work is not.
    {{ month_is_over('month', 'as_of.known_until_at') }}  ->  true for 2026-06-01 and
        2026-06-30 23:40, false for 2026-06-01 and 2026-06-30 02:00
-#}
{% macro month_is_over(month, known_until_at) -%}
    cast({{ add_months(month, 1) }} as timestamp) <= {{ add_minutes(known_until_at, 60) }}
{%- endmacro %}
