{#-
    The whale curve: profit added up from the most to the least profitable account, by group. A
    query of its own, one row per account: the groups, account and profit (an amount of cents),
    profit_rank (1 = most profitable, ties by account), accounts_count, account_share (rank of
    count), cumulative_profit_amount, total_profit_amount, cumulative_profit_share (of the total;
    null where the total is not positive: say money then). Accounts without a profit are left out.
    The curve starts at 0: where every account loses, its peak is 0.

    relation: one row per account, with the columns of the groups.
    {{ whale_curve('account_sums', ['period_code'], 'account_id', 'profit_amount') }}
    ->  85, 40 and -25 of three accounts: 0.85, 1.25 and 1 of the total of 100

    Source: Kaplan and Narayanan 2001, Journal of Cost Management 15(5):5-15.
-#}
{% macro whale_curve(relation, groups, account, profit) -%}
    {%- set by = groups | join(', ') -%}
    with profits as (
        select
            {{ by }},
            {{ account }},
            cast({{ profit }} as decimal(18, 2)) as {{ profit }}
        from {{ relation }}
        where {{ profit }} is not null
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by {{ by }} order by {{ profit }} desc, {{ account }}
            ) as profit_rank,
            count(*) over (partition by {{ by }}) as accounts_count,
            sum({{ profit }}) over (
                partition by {{ by }} order by {{ profit }} desc, {{ account }}
                rows between unbounded preceding and current row
            ) as cumulative_profit,
            sum({{ profit }}) over (partition by {{ by }}) as total_profit
        from profits
    )

    select
        {{ by }},
        {{ account }},
        {{ profit }},
        cast(profit_rank as bigint) as profit_rank,
        cast(accounts_count as bigint) as accounts_count,
        {{ rate('profit_rank', 'accounts_count') }} as account_share,
        cast(cumulative_profit as decimal(18, 2)) as cumulative_profit_amount,
        cast(total_profit as decimal(18, 2)) as total_profit_amount,
        case
            when total_profit > 0 then {{ rate('cumulative_profit', 'total_profit') }}
        end as cumulative_profit_share
    from ranked
{%- endmacro %}
