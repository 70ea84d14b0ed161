{#-
    Which exchange rate is missing, in words.
    {{ missing_rate_reason('currency', 'month') }}  ->  'no single rate of 2024-03 from GBP to USD'
-#}
{% macro missing_rate_reason(currency, month) -%}
    concat(
        'no single rate of ',
        substring(cast({{ month }} as {{ dbt.type_string() }}), 1, 7),
        ' from ',
        {{ currency }},
        ' to {{ var("reporting_currency") }}'
    )
{%- endmacro %}
