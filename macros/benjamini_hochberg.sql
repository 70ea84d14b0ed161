{#-
    Every row of a relation with its q-value: the smallest false discovery rate at which its p-value
    would be called a discovery among all of its group. A query of its own.
    A null p-value keeps a null q-value and does not count as a test. Equal p-values get equal
    q-values. Before q_value stand what it is made of, p_value_rank and tests_count.

    {{ benjamini_hochberg('tested', 'p_value', ['account_id']) }}
    ->  tested.*, p_value_rank, tests_count, q_value

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289-300.
-#}
{% macro benjamini_hochberg(relation, p_value='p_value', groups=[]) -%}
    {%- set by = 'partition by ' ~ (groups + [p_value ~ ' is null']) | join(', ') -%}
    with ranked_p_values as (
        select
            *,
            count(*) over (
                {{ by }} order by {{ p_value }} range between unbounded preceding and current row
            ) as p_value_rank,
            count(*) over ({{ by }}) as tests_count
        from {{ relation }}
    )

    select
        *,
        case
            when {{ p_value }} is not null
                then min(least(
                    cast(1 as double),
                    cast({{ p_value }} as double) * tests_count / p_value_rank
                )) over (
                    {{ by }} order by {{ p_value }} rows between current row and unbounded following
                )
        end as q_value
    from ranked_p_values
{%- endmacro %}
