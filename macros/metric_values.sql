{#-
    Values of a public table as rows of rpt_metric_values: one query per metric, put together.

    relation: the name of a CTE with the rows. values: for each metric its code, the column that
    holds its value, and where the table has them the columns of numerator and denominator, of the
    people behind it, and of the fewest people behind numerator, denominator or their difference;
    without people it is money or work. `metric_in` instead of `metric` names a column of codes.
    grain: an expression. start, end: the first and the last day; an end only where the grain does
    not tell it, neither for 'all'. account: an expression. table: where it is not the relation.

    {{ metric_values('rpt_function_performance', "'month'", start='month', account="'all'",
        values=[{'metric': 'backlog', 'value': 'backlog_count'}], where="function_code = 'all'") }}
        ->  backlog, all, month, 2026-06-01, null, 84, and nulls for what a count of work has not
-#}
{% macro metric_values(
    relation, grain, values, start=none, end=none, account='account_id', where='true', table=none
) -%}
    {%- for value in values %}
        select
            {{ value.metric_in or "'" ~ value.metric ~ "'" }} as metric_code,
            {{ account }} as account_code,
            {{ grain }} as period_grain,
            cast({{ start or 'null' }} as date) as first_date,
            cast({{ end or 'null' }} as date) as last_date,
            cast({{ value.value }} as double) as metric_value,
            cast({{ value.numerator or 'null' }} as double) as numerator,
            cast({{ value.denominator or 'null' }} as double) as denominator,
            cast({{ value.people or 'null' }} as bigint) as people_count,
            cast({{ value.fewest or value.people or 'null' }} as bigint) as fewest_people_count,
            '{{ table or relation }}' as table_name
        from {{ relation }}
        where {{ value.value }} is not null and {{ where }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
