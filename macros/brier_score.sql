{#-
    The mean squared distance between forecast probabilities and what happened, over rows that hold
    one case each or many with the same forecast: 0 is perfect, 0.25 is what forecasting 0.5 always
    gets. An aggregate; null without a case.
    {{ brier_score('probability', 'outcome_count', 'observations_count') }}
        ->  0.0375 for 0.1, 0.9, 0.8 and 0.3, of which the second and third came true
    Source: G. W. Brier 1950, Monthly Weather Review 78:1-3.
-#}
{% macro brier_score(probability, outcome_count, observations_count) -%}
    (
        {{ exact_sum(
            outcome_count ~ ' * power(1 - cast(' ~ probability ~ ' as double), 2) + ('
            ~ observations_count ~ ' - ' ~ outcome_count ~ ') * power(cast('
            ~ probability ~ ' as double), 2)'
        ) }}
        / cast(nullif(sum({{ observations_count }}), 0) as double)
    )
{%- endmacro %}
