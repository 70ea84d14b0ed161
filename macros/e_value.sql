{#-
    How strongly something that nobody observed would have to go with both enrolling and the
    outcome, as a ratio of rates each, to explain a ratio away: 1 is nothing. Null for null and
    where the ratio is not positive: then nothing of finite strength would do.
    {{ e_value('ratio') }}  ->  7.26 for 3.9, and for 1 / 3.9
    Source: VanderWeele and Ding 2017, Annals of Internal Medicine 167:268-274.
-#}
{% macro e_value(ratio) -%}
    case
        when {{ ratio }} >= 1 then {{ ratio }} + sqrt({{ ratio }} * ({{ ratio }} - 1))
        when {{ ratio }} > 0
            then (1 + sqrt(1 - cast({{ ratio }} as double))) / cast({{ ratio }} as double)
    end
{%- endmacro %}

{#-
    The E-value of the end of the ratio's interval that lies nearer to 1; 1 if the interval holds 1.
    {{ e_value_limit('ratio_low', 'ratio_high') }}  ->  3.0 for 1.8 and 8.7
-#}
{% macro e_value_limit(low, high) -%}
    case
        when {{ low }} <= 1 and {{ high }} >= 1 then cast(1 as double)
        when {{ low }} > 1 then {{ e_value(low) }}
        when {{ high }} < 1 then {{ e_value(high) }}
    end
{%- endmacro %}

{#-
    The ratio of two rates for the E-value, taken on the rarer side: of a common outcome that of not
    having it, which is then below 1 where the outcome is more frequent. Null where nothing divides.
    {{ rarer_ratio('treated_rate', 'comparison_rate') }}  ->  0.5 for 0.9 and 0.8
-#}
{% macro rarer_ratio(treated_rate, comparison_rate) -%}
    case
        when {{ comparison_rate }} <= 0.5 then {{ treated_rate }} / nullif({{ comparison_rate }}, 0)
        else (1 - {{ treated_rate }}) / nullif(1 - {{ comparison_rate }}, 0)
    end
{%- endmacro %}

{#-
    The ratio that a standardized difference of means is about as strong as.
    {{ ratio_of_means('standardized_difference') }}  ->  1.576 for 0.5
    Source: the same, after Chinn 2000, Statistics in Medicine 19:3127-3131.
-#}
{% macro ratio_of_means(standardized_difference) -%}
    exp(0.91 * {{ standardized_difference }})
{%- endmacro %}
