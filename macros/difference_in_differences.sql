{#-
    How much more the first group changed than the second; null for null.
    {{ difference_in_differences('first_before', 'first_after', 'second_before', 'second_after') }}
        ->  2.7536 for New Jersey 20.4394 to 21.0274 and Pennsylvania 23.3312 to 21.1656
    Source: Card and Krueger 1994, American Economic Review 84:772-793, table 3.
-#}
{% macro difference_in_differences(first_before, first_after, second_before, second_after) -%}
    (({{ first_after }} - {{ first_before }}) - ({{ second_after }} - {{ second_before }}))
{%- endmacro %}
