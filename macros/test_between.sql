{#-
    Generic test: a value lies between two bounds, both included; null passes.
    data_tests: [{between: {arguments: {low: 0, high: 1}}}]
-#}
{% test between(model, column_name, low, high) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ low }} or {{ column_name }} > {{ high }}
{% endtest %}
