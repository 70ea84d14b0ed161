{#-
    A bound of the 95 % Wilson score interval of a rate, clipped to 0..1; null where the numerator
    is null or the denominator 0: greatest() and least() would pass over a null.
    {{ wilson_low('active_count', 'at_risk_count') }}  ->  0.2553 for 81 of 263; wilson_high: 0.3662
    Source: Wilson 1927; the form of Newcombe 1998, Statistics in Medicine 17:857-872, method 3.
-#}
{% macro wilson_low(numerator, denominator) -%}
    case
        when {{ numerator }} is not null and {{ denominator }} > 0
            then greatest(cast(0 as double), {{ _wilson_bound(numerator, denominator, '-') }})
    end
{%- endmacro %}

{% macro wilson_high(numerator, denominator) -%}
    case
        when {{ numerator }} is not null and {{ denominator }} > 0
            then least(cast(1 as double), {{ _wilson_bound(numerator, denominator, '+') }})
    end
{%- endmacro %}

{% macro _wilson_bound(numerator, denominator, sign) -%}
    {%- set z = 'cast(1.959963984540054 as double)' -%}
    {%- set n = 'cast(nullif(' ~ denominator ~ ', 0) as double)' -%}
    {%- set p = '(cast(' ~ numerator ~ ' as double) / ' ~ n ~ ')' -%}
    (
        {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
        {{ sign }} {{ z }} * sqrt(
            {{ p }} * (1 - {{ p }}) / {{ n }}
            + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
        )
    ) / (1 + {{ z }} * {{ z }} / {{ n }})
{%- endmacro %}
