{#-
    An amount of four decimals at an exchange rate of eight, with all twelve: DuckDB multiplies two
    decimals of up to 18 digits within 18, and one digit more would cost Spark decimals. Before
    whole_cents().
    {{ at_rate('local_annual_value', 'rate') }}  ->  1234567.890000000000 for 987654.3120 and 1.25
-#}
{% macro at_rate(amount, rate) -%}
    cast({{ amount }} as decimal(19, 4)) * {{ rate }}
{%- endmacro %}
