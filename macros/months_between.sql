{#-
    Calendar months from the month of one date to that of another; negative when the second is
    earlier.
    {{ months_between('index_month', 'enrolled_month') }}  ->  2 from 2025-01-01 to 2025-03-31
-#}
{% macro months_between(first, last) -%}
    cast(
        12 * (extract(year from {{ last }}) - extract(year from {{ first }}))
        + extract(month from {{ last }}) - extract(month from {{ first }}) as int
    )
{%- endmacro %}
