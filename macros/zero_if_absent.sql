{#-
    An amount of a group that a left join may not find: of a group that is not there it is 0, of one
    with a part that is not known (is_supplied is false) null.
    {{ zero_if_absent('bridges', 'churn_amount') }}  ->  0.00 for a segment without any account
-#}
{% macro zero_if_absent(group, column) -%}
    case
        when coalesce({{ group }}.is_supplied, true)
            then cast(coalesce({{ group }}.{{ column }}, 0) as decimal(18, 2))
    end
{%- endmacro %}
