{#-
    An amount in whole cents, half a cent up. It is taken with 9 decimals before the cents, so that
    half a cent is one on both engines.
    {{ whole_cents('minutes / 60 * hourly_rate') }}  ->  0.01 for 0.005
-#}
{% macro whole_cents(amount) -%}
    cast(cast({{ amount }} as decimal(28, 9)) as decimal(18, 2))
{%- endmacro %}
