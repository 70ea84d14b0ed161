{#-
    The two-sided p-value of the difference between two rates: the pooled z-test, which is the score
    test and the square root of Pearson's chi-square without a correction.
    Null where a count is null or a denominator 0; 1 where both rates are 0, or both 1.
    {{ two_proportion_p('own_numerator', 'own_count', 'peer_numerator', 'peer_count') }}
        ->  0.0095 for 56 of 70 against 48 of 80
    Give the counts as columns: each is repeated some thirty times in the SQL.
    Source: Pearson 1900; as in Fleiss, Levin and Paik 2003, Statistical Methods for Rates and
    Proportions, 3.1.
-#}
{% macro two_proportion_p(num1, den1, num2, den2) -%}
    {%- set hits = '(' ~ num1 ~ ' + ' ~ num2 ~ ')' -%}
    {%- set misses = '(' ~ den1 ~ ' + ' ~ den2 ~ ' - ' ~ num1 ~ ' - ' ~ num2 ~ ')' -%}
    {%- set z -%}
        ((cast({{ num1 }} as double) * {{ den2 }} - cast({{ num2 }} as double) * {{ den1 }}) * sqrt(
            cast({{ den1 }} + {{ den2 }} as double)
            / nullif(cast({{ den1 }} as double) * {{ den2 }} * {{ hits }} * {{ misses }}, 0)
        ))
    {%- endset -%}
    case
        when {{ den1 }} > 0 and {{ den2 }} > 0
            then case
                when {{ hits }} = 0 or {{ misses }} = 0 then cast(1 as double)
                else {{ two_sided_p(z) }}
            end
    end
{%- endmacro %}
