{#-
    A bound of the 95 % interval of the difference between two rates, n1 / d1 - n2 / d2, from the
    Wilson intervals of both, clipped to -1..1; null where a count is null or a denominator 0.
    {{ newcombe_low('n1', 'd1', 'n2', 'd2') }}  ->  0.0524 for 56 of 70 and 48 of 80; high: 0.3339
    Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10.
-#}
{% macro newcombe_low(n1, d1, n2, d2) -%}
    case
        when {{ n1 }} is not null and {{ d1 }} > 0 and {{ n2 }} is not null and {{ d2 }} > 0
            then greatest(
                cast(-1 as double),
                {{ rate(n1, d1) }} - {{ rate(n2, d2) }} - sqrt(
                    power({{ rate(n1, d1) }} - {{ wilson_low(n1, d1) }}, 2)
                    + power({{ rate(n2, d2) }} - {{ wilson_high(n2, d2) }}, 2)
                )
            )
    end
{%- endmacro %}

{% macro newcombe_high(n1, d1, n2, d2) -%}
    case
        when {{ n1 }} is not null and {{ d1 }} > 0 and {{ n2 }} is not null and {{ d2 }} > 0
            then least(
                cast(1 as double),
                {{ rate(n1, d1) }} - {{ rate(n2, d2) }} + sqrt(
                    power({{ rate(n1, d1) }} - {{ wilson_high(n1, d1) }}, 2)
                    + power({{ rate(n2, d2) }} - {{ wilson_low(n2, d2) }}, 2)
                )
            )
    end
{%- endmacro %}
