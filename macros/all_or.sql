{#-
    The label of a key column in a roll-up: the key itself, or 'all' in the rows that sum over it.
    {{ all_or('account_id') }} as account_id ... group by cube (account_id, program_id)
-#}
{% macro all_or(column) -%}
    case
        when grouping({{ column }}) = 1 then 'all'
        else cast({{ column }} as {{ dbt.type_string() }})
    end
{%- endmacro %}
