{#-
    Points with four decimals, half up. They are taken with 9 decimals before, so that half is half
    on both engines.
    {{ points('weighted_score / known_weight') }}  ->  66.6667
-#}
{% macro points(value) -%}
    cast(cast({{ value }} as decimal(28, 9)) as decimal(9, 4))
{%- endmacro %}
