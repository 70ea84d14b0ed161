{#-
    The probability of a standard normal variable at least as far from 0 as z, on either side.
    {{ two_sided_p('z') }}  ->  0.05 for z = 1.959963984540054, 1.2442e-15 for z = 8; null for null
    As exact as normal_cdf, whose source it has; give z as a column.
-#}
{% macro two_sided_p(z) -%}
    (2 * {{ _normal_tail(z) }})
{%- endmacro %}
