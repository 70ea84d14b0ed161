{#-
    Generic test: no two rows share the values of these columns.
    data_tests: [{unique_grain: {arguments: {columns: [family, entity]}}}]
-#}
{% test unique_grain(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
