{#-
    One row per date from first to last, both included, every step_days days. A whole select item:
    no cast around it.
    select {{ date_series('start_date', 'observed_until_date', 7) }} as week_start_date
-#}
{% macro date_series(first, last, step_days=1) %}
    {{- return(adapter.dispatch('date_series')(first, last, step_days)) -}}
{% endmacro %}

{% macro default__date_series(first, last, step_days) -%}
    cast(unnest(generate_series({{ first }}, {{ last }}, interval {{ step_days }} day)) as date)
{%- endmacro %}

{% macro spark__date_series(first, last, step_days) -%}
    explode(sequence({{ first }}, {{ last }}, interval {{ step_days }} day))
{%- endmacro %}
