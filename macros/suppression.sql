{#-
    Which cells of a table are hidden because too few people are in them, where the sum over the
    cells of a margin is shown. A query of its own: the rows of the relation and suppression_reason.
    few_people: fewer than the minimum, but somebody. protects_another: what is hidden otherwise is
    fewer people than the minimum together, and the shown sum less the shown cells would tell of
    them; so the smallest other cell, of equals the first by its name, is hidden too. One is enough:
    it has the minimum by itself. Where there is none, the sum itself is below the minimum.

    relation: one row per cell, with the columns of the margin, the name of the cell and its people.
    {{ suppression('cells', ['chain_role', 'month'], 'account_id', 'people_count', '5') }}
        ->  few_people and protects_another, for 3 people and 6

    Source: complementary suppression, US Federal Committee on Statistical Methodology 2005,
    Statistical Policy Working Paper 22, chapter II; here by a minimum of people in what is hidden.
-#}
{% macro suppression(relation, margin, cell, people, minimum) -%}
    {%- set by = margin | join(', ') -%}
    with placed as (
        select
            *,
            sum(case when {{ people }} < {{ minimum }} then {{ people }} else 0 end)
                over (partition by {{ by }}) as hidden_people,
            row_number() over (
                partition by {{ by }}, coalesce({{ people }} >= {{ minimum }}, false)
                order by {{ people }}, {{ cell }}
            ) as place
        from {{ relation }}
    )

    select
        *,
        case
            when {{ people }} between 1 and {{ minimum }} - 1 then 'few_people'
            when
                {{ people }} >= {{ minimum }}
                and place = 1
                and hidden_people between 1 and {{ minimum }} - 1
                then 'protects_another'
        end as suppression_reason
    from placed
{%- endmacro %}
