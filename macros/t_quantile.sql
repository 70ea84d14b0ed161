{#-
    The 97.5 % point of Student's t: how many standard errors a 95 % interval reaches to either side
    with so many degrees of freedom. Error below 0.001 from 4 degrees on (2.7756 for 2.7764), below
    0.00001 from 10 on; null for null and below 1.
    {{ t_quantile('(people_count - 1)') }}  ->  2.0227 for 39
    Source: Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.7.5.
-#}
{% macro t_quantile(df) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set terms = [
        z,
        (z ** 3 + z) / 4,
        (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
        (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
        (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160
    ] -%}
    case
        when {{ df }} >= 1
            then cast({{ terms[0] }} as double)
            {%- for term in terms[1:] %}
            + cast({{ term }} as double) / power(cast({{ df }} as double), {{ loop.index }})
            {%- endfor %}
    end
{%- endmacro %}
