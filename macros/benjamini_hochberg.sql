{#-
    Every row of a relation with its q-value: the smallest false discovery rate at which its p-value
    would be called a discovery among all of its group. A query of its own.
    A null p-value keeps a null q-value and does not count as a test. Equal p-values get equal
    q-values. A group's columns must not be null.

    {{ benjamini_hochberg('tested', 'p_value', ['account_id']) }}  ->  tested.*, q_value

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289-300.
-#}
{% macro benjamini_hochberg(relation, p_value='p_value', groups=[]) -%}
    {%- set keys = groups + [p_value] -%}
    {%- set by = 'partition by ' ~ groups | join(', ') if groups else '' -%}
    with distinct_p_values as (
        select
            {{ keys | join(', ') }},
            count(*) as tied_count
        from {{ relation }}
        where {{ p_value }} is not null
        group by {{ keys | join(', ') }}
    ),

    ranked_p_values as (
        select
            *,
            sum(tied_count) over (
                {{ by }} order by {{ p_value }} rows between unbounded preceding and current row
            ) as rank_no,
            sum(tied_count) over ({{ by }}) as tests_count
        from distinct_p_values
    ),

    stepped_p_values as (
        select
            *,
            min(
                least(
                    cast(1 as double),
                    cast({{ p_value }} as double) * tests_count / rank_no
                )
            ) over (
                {{ by }} order by {{ p_value }} rows between current row and unbounded following
            ) as q_value
        from ranked_p_values
    )

    select
        tested.*,
        stepped_p_values.q_value
    from {{ relation }} as tested
    left join stepped_p_values
        on
        {%- for key in keys %}
            {{ 'and ' if not loop.first }}tested.{{ key }} = stepped_p_values.{{ key }}
        {%- endfor %}
{%- endmacro %}
