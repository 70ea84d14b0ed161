{#-
    Spearman's rank correlation of two measures, by group: Pearson's, of the ranks, ties at their
    mean rank. A query of its own, one row per group: the groups, pairs_count, rank_correlation,
    ci_low and ci_high (95 %, Fisher's z with variance 1.06 / (n - 3)).
    Rows without one of the two are left out. The correlation is null where a measure has one value
    only; its interval also below 4 pairs and at -1 and 1, where z is not finite.

    relation: one row per pair, with the columns of the groups.
    {{ rank_correlation('account_sums', ['period_code'], 'revenue_amount', 'profit_amount') }}

    Sources: Spearman 1904, American Journal of Psychology 15:72-101; the interval: Fieller, Hartley
    and Pearson 1957, Biometrika 44:470-481.
-#}
{% macro rank_correlation(relation, groups, x, y) -%}
    {%- set by = groups | join(', ') -%}
    {%- set z = 'cast(1.959963984540054 as double)' -%}
    with pairs as (
        select
            {{ by }},
            {{ x }} as x_value,
            {{ y }} as y_value
        from {{ relation }}
        where {{ x }} is not null and {{ y }} is not null
    ),

    -- twice the distance of the mean rank of equals from the mean of all ranks: a whole number
    ranked as (
        select
            *,
            2 * rank() over (partition by {{ by }} order by x_value)
            + count(*) over (partition by {{ by }}, x_value)
            - count(*) over (partition by {{ by }}) - 2 as x_distance,
            2 * rank() over (partition by {{ by }} order by y_value)
            + count(*) over (partition by {{ by }}, y_value)
            - count(*) over (partition by {{ by }}) - 2 as y_distance
        from pairs
    ),

    summed as (
        select
            {{ by }},
            count(*) as pairs_count,
            cast(sum(cast(x_distance * x_distance as bigint)) as double) as x_squares,
            cast(sum(cast(y_distance * y_distance as bigint)) as double) as y_squares,
            cast(sum(cast(x_distance * y_distance as bigint)) as double) as products
        from ranked
        group by {{ by }}
    ),

    correlated as (
        select
            *,
            products / nullif(sqrt(x_squares * y_squares), 0) as rank_correlation
        from summed
    ),

    -- tanh(z + margin) is (odds - 1) / (odds + 1), with odds = exp(2z) exp(2 margin)
    widened as (
        select
            *,
            case
                when pairs_count >= 4 and abs(rank_correlation) < 1
                    then (1 + rank_correlation) / (1 - rank_correlation)
            end as odds,
            case
                when pairs_count >= 4
                    then exp(2 * {{ z }} * sqrt(cast(1.06 as double) / (pairs_count - 3)))
            end as margin
        from correlated
    )

    select
        {{ by }},
        cast(pairs_count as bigint) as pairs_count,
        rank_correlation,
        (odds / margin - 1) / (odds / margin + 1) as ci_low,
        (odds * margin - 1) / (odds * margin + 1) as ci_high
    from widened
{%- endmacro %}
