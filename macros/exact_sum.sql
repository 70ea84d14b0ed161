{#-
    The sum of floating point values, the same in whatever order they come, so that an unchanged
    refresh gives unchanged tables: each value is taken with 15 decimals, and decimals are summed
    exactly. For values up to 1e12. An aggregate, or with over a window; null without a value.
    {{ exact_sum('weight * rate') }}  ->  0.6 for 0.1, 0.2 and 0.3, and for 0.3, 0.2 and 0.1
-#}
{% macro exact_sum(value, over='') -%}
    cast(sum(cast({{ value }} as decimal(28, 15))) {{ over }} as double)
{%- endmacro %}
