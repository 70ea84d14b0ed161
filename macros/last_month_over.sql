{#-
    The first day of the last month that is over, see month_is_over(); as_of is stg_as_of.
    {{ last_month_over('as_of') }}  ->  2026-06-01 as of 2026-06-30, 2026-05-01 as of 2026-06-29
-#}
{% macro last_month_over(as_of) -%}
    {%- set month = month_start(as_of ~ '.as_of_date') -%}
    case
        when {{ month_is_over(month, as_of ~ '.known_until_at') }} then {{ month }}
        else {{ add_months(month, -1) }}
    end
{%- endmacro %}
