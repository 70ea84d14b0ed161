{#-
    How concentrated a value is on few accounts, by group. A query of its own, one row per group:
    the groups, accounts_count, total_amount, top_20_share and top_4_share (of the total, with the
    largest 20 and 4 % of the accounts, rounded up to whole accounts; null where the total is not
    positive) and gini (0: all the same; null where a value is negative or the total not positive).
    Accounts without a value are left out.

    relation: one row per account; value: an amount of cents.
    {{ concentration('account_sums', ['period_code'], 'revenue_amount') }}
    ->  top_20_share 0.80 and top_4_share 0.64, where 80:20 holds within the top 20 % too

    Source of the Gini coefficient by ranks: Dixon et al. 1987, Ecology 68:1548-1551,
    sum((2i - n - 1) x_i) / (n sum(x)) over ascending x, without their correction for samples.
-#}
{% macro concentration(relation, groups, value) -%}
    {%- set by = groups | join(', ') -%}
    with amounts as (
        select
            {{ by }},
            cast({{ value }} as decimal(18, 2)) as amount
        from {{ relation }}
        where {{ value }} is not null
    ),

    ranked as (
        select
            *,
            row_number() over (partition by {{ by }} order by amount desc) as amount_rank,
            count(*) over (partition by {{ by }}) as group_count
        from amounts
    ),

    -- a rank lies within the largest 20 %, rounded up, where those before it are fewer than 20 %
    summed as (
        select
            {{ by }},
            count(*) as accounts_count,
            min(amount) as least_amount,
            sum(amount) as total_amount,
            sum(case when (amount_rank - 1) * 5 < group_count then amount end) as top_20_amount,
            sum(case when (amount_rank - 1) * 25 < group_count then amount end) as top_4_amount,
            sum(cast(group_count + 1 - 2 * amount_rank as bigint) * amount) as rank_weighted_amount
        from ranked
        group by {{ by }}
    )

    select
        {{ by }},
        cast(accounts_count as bigint) as accounts_count,
        cast(total_amount as decimal(18, 2)) as total_amount,
        case
            when total_amount > 0 then {{ rate('top_20_amount', 'total_amount') }}
        end as top_20_share,
        case
            when total_amount > 0 then {{ rate('top_4_amount', 'total_amount') }}
        end as top_4_share,
        case
            when total_amount > 0 and least_amount >= 0
                then
                    {{ rate('rank_weighted_amount', 'total_amount') }}
                    / cast(accounts_count as double)
        end as gini
    from summed
{%- endmacro %}
