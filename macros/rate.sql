{#-
    A share as a double, null where there is nothing to divide by.
    {{ rate('active_count', 'at_risk_count') }}  ->  0.62
-#}
{% macro rate(numerator, denominator) -%}
    cast({{ numerator }} as double) / cast(nullif({{ denominator }}, 0) as double)
{%- endmacro %}
