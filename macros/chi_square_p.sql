{#-
    The probability that a chi-square variable with a whole number of degrees of freedom exceeds x;
    neither engine has one. Null for null, for no degree of freedom and for more than 60; 1 where
    x is 0 or less. x and df are repeated in the SQL: give them as columns.
    {{ chi_square_p('statistic', 'degrees') }}  ->  0.0056 for 12.6004 and 3
    Source: Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.4.4 and 26.4.5:
    finite sums for odd and even degrees.
-#}
{% macro chi_square_p(x, df) -%}
    {#- beyond 1400 the probability is 0 in a double's digits -#}
    {%- set given = x -%}
    {%- set x = 'least(cast(1400 as double), cast(' ~ x ~ ' as double))' -%}
    {%- set product = namespace(odd=1, even=1) -%}
    case
        when {{ df }} between 1 and 60 and {{ given }} <= 0 then cast(1 as double)
        when {{ df }} between 1 and 60 and {{ given }} > 0
            then case
                when {{ df }} % 2 = 1 then {{ two_sided_p('sqrt(' ~ x ~ ')') }}
                else cast(0 as double)
            end + exp(-{{ x }} / 2)
            * case
                when {{ df }} = 1 then cast(0 as double)
                when {{ df }} % 2 = 1 then sqrt({{ x }} * 0.636619772367581343)
                else cast(1 as double)
            end
            * (1
            {%- for term in range(1, 30) %}
                {%- set product.odd = product.odd * (2 * term + 1) %}
                {%- set product.even = product.even * 2 * term %}
                + case
                    when {{ df }} <= {{ 2 * term }} + {{ df }} % 2 then cast(0 as double)
                    when {{ df }} % 2 = 1
                        then power({{ x }}, {{ term }}) / {{ '%.17e' | format(product.odd) }}
                    else power({{ x }}, {{ term }}) / {{ '%.17e' | format(product.even) }}
                end
            {%- endfor %})
    end
{%- endmacro %}
