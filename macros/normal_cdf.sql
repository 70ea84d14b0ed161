{#-
    The probability that a standard normal variable is at most x; neither engine has one. Relative
    error below 1e-11 for every x from -37.5 up, so in the far tail too; below that, 0. Null for
    null. x is repeated thirty times in the SQL: give it as a column.
    {{ normal_cdf('z') }}  ->  0.975 for z = 1.959963984540054
    Sources: Hart et al. 1968, Computer Approximations, algorithm 5666, as printed in G. West 2005,
    Better approximations to cumulative normal functions, Wilmott Magazine; beyond 4.5 Laplace's
    continued fraction (West's begins at 7.07, with fewer terms, and is right to 4e-9 only).
-#}
{% macro normal_cdf(x) -%}
    abs(case when {{ x }} > 0 then 1 else 0 end - {{ _normal_tail(x) }})
{%- endmacro %}

{#- The probability of lying beyond abs(x) on one side. -#}
{% macro _normal_tail(x) -%}
    {%- set a = 'abs(cast(' ~ x ~ ' as double))' -%}
    {%- set above = [
        '0.700383064443688', '6.37396220353165', '33.912866078383', '112.079291497871',
        '221.213596169931', '220.206867912376'
    ] -%}
    {%- set below = [
        '1.75566716318264', '16.064177579207', '86.7807322029461', '296.564248779674',
        '637.333633378831', '793.826512519948', '440.413735824752'
    ] -%}
    exp(-{{ a }} * {{ a }} / 2) * case
        when {{ a }} < 4.5
            then {{ _polynomial(a, '3.52624965998911e-2', above) }}
            / {{ _polynomial(a, '8.83883476483184e-2', below) }}
        else 0.398942280401432678 / (
            {%- for k in range(1, 17) %}{{ a }} + {{ k }} / ({% endfor %}{{ a }}{{ ')' * 17 }}
    end
{%- endmacro %}

{#- A polynomial by Horner's rule, the coefficient of the highest power first. -#}
{% macro _polynomial(x, first, others) -%}
    {{ '(' * others | length }}cast({{ first }} as double)
    {%- for coefficient in others %} * {{ x }} + {{ coefficient }}){% endfor %}
{%- endmacro %}
