{#-
    Whether a version of a thing, from valid_from until before valid_to, is in force on a day.
    {{ is_in_force('spells', 'as_of.as_of_date') }}
-#}
{% macro is_in_force(spells, day) -%}
    coalesce(
        {{ spells }}.valid_from <= {{ day }}
        and ({{ spells }}.valid_to is null or {{ spells }}.valid_to > {{ day }}),
        false
    )
{%- endmacro %}
