{#-
    The difference of two means in standard deviations, so that covariates of any unit compare: by
    the root of the mean of both variances; of a share p the variance is p * (1 - p). 0 where both
    are constant and equal, null where they are constant and differ, and for null.
    {{ standardized_difference('mean1', 'mean2', 'variance1', 'variance2') }}
        ->  0.5 for means 12 and 10 with variances 20 and 12
    Source: Austin 2009, Statistics in Medicine 28:3083-3107, 2.1 and, weighted, 2.3.
-#}
{% macro standardized_difference(mean1, mean2, variance1, variance2) -%}
    case
        when {{ variance1 }} + {{ variance2 }} > 0
            then ({{ mean1 }} - {{ mean2 }}) / sqrt(({{ variance1 }} + {{ variance2 }}) / 2)
        when {{ variance1 }} + {{ variance2 }} <= 0 and {{ mean1 }} = {{ mean2 }}
            then cast(0 as double)
    end
{%- endmacro %}

{#-
    The weighted variance from sums over rows: of the weights, of their squares, of weight times
    value, and of weight times squared value; with equal weights that with n - 1. Null for one row.
    {{ weighted_variance('weight_sum', 'weight_square_sum', 'value_sum', 'value_square_sum') }}
-#}
{% macro weighted_variance(weight_sum, weight_square_sum, value_sum, value_square_sum) -%}
    greatest(
        cast(0 as double), {{ value_square_sum }} - {{ value_sum }} * {{ value_sum }}
        / nullif({{ weight_sum }}, 0)
    ) * {{ weight_sum }}
    / nullif({{ weight_sum }} * {{ weight_sum }} - {{ weight_square_sum }}, 0)
{%- endmacro %}
