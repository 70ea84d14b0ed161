{#-
    The mean squared distance between a forecast probability and what happened (a boolean): 0 is
    perfect, 0.25 is what forecasting 0.5 always gets. An aggregate.
    {{ brier_score('probability', 'is_completed') }}  ->  0.0375
    Source: G. W. Brier 1950, Monthly Weather Review 78:1-3.
-#}
{% macro brier_score(probability, outcome) -%}
    avg(power(
        cast({{ probability }} as double)
        - case when {{ outcome }} then 1 when not {{ outcome }} then 0 end,
        2
    ))
{%- endmacro %}
