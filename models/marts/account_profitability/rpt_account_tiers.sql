with accounts as (select * from {{ ref('int_tier_due_find') }}),
held as (select * from {{ ref('int_tier_hold_resolve') }}),

tiered as (
    select
        accounts.*,
        held.computed_tier,
        held.tier_without_profit,
        coalesce(held.worse_due_quarters_count, 0) as worse_due_quarters_count,
        coalesce(accounts.override_tier, held.computed_tier) as tier,
        accounts.override_tier is not null as is_override,
        accounts.due_tier is not null as is_rated,
        accounts.net_profit_amount is not null as has_profit,
        coalesce(
            accounts.net_profit_amount is not null
            and held.computed_tier <> held.tier_without_profit,
            false
        ) as changed_by_profit
    from accounts
    left join held
        on
            accounts.account_id = held.account_id
            and accounts.quarter_start = held.quarter_start
),

compared as (
    select
        tiered.*,
        earlier.tier as prior_tier,
        earlier.computed_tier as prior_computed_tier,
        coalesce(earlier.is_override, false) as was_override
    from tiered
    left join tiered as earlier
        on
            tiered.account_id = earlier.account_id
            and tiered.quarter_no - 1 = earlier.quarter_no
),

-- why the tier is what it is: what the matrix said, what profit did, what to know about it
reasoned as (
    select
        *,
        case
            when attractiveness is null and strength is null
                then 'not rated: no rating of attractiveness or strength'
            when attractiveness is null then 'not rated: no rating of attractiveness'
            when strength is null then 'not rated: no rating of strength'
            when was_override and prior_tier <> computed_tier
                then
                    concat(
                        'back from ',
                        cast(prior_tier as {{ dbt.type_string() }}),
                        ': the tier set by hand has ended'
                    )
            when prior_computed_tier is null then 'first placed: no tier in the quarter before'
            when computed_tier < prior_computed_tier
                then concat('up from ', cast(prior_computed_tier as {{ dbt.type_string() }}))
            when computed_tier > prior_computed_tier
                then concat('down from ', cast(prior_computed_tier as {{ dbt.type_string() }}))
            when computed_tier < due_tier
                then
                    concat(
                        'held: worse due for ',
                        cast(worse_due_quarters_count as {{ dbt.type_string() }}),
                        case when worse_due_quarters_count = 1 then ' quarter' else ' quarters' end
                    )
            else 'unchanged'
        end as placed_part,
        case
            when not is_rated then ''
            when held_months_count > 0
                then
                    concat(
                        '; net profit left out: not known in ',
                        cast(held_months_count as {{ dbt.type_string() }}),
                        ' of ',
                        cast(profit_months_count as {{ dbt.type_string() }}),
                        ' months'
                    )
            when not has_profit then '; net profit left out: none known of the year before'
            when changed_by_profit
                then
                    concat(
                        '; profit moved it from ',
                        cast(tier_without_profit as {{ dbt.type_string() }}),
                        ' to ',
                        cast(computed_tier as {{ dbt.type_string() }})
                    )
            else '; the same without profit'
        end as profit_part,
        case
            when has_profit and profit_months_count < 12
                then
                    concat(
                        '; ',
                        cast(profit_months_count as {{ dbt.type_string() }}),
                        case when profit_months_count = 1 then ' month' else ' months' end,
                        ' of profit and loss'
                    )
            else ''
        end as months_part,
        case
            when is_rated and potential_rating is null then '; potential not judged' else ''
        end as potential_part,
        case
            when rating_age_quarters = 1 then '; judged a quarter ago'
            when rating_age_quarters > 1
                then
                    concat(
                        '; judged ',
                        cast(rating_age_quarters as {{ dbt.type_string() }}),
                        ' quarters ago'
                    )
            else ''
        end as age_part
    from compared
),

final as (
    select
        {{ surrogate_key(['account_id', 'quarter_start']) }} as account_tier_key,
        account_id,
        quarter_start,
        attractiveness,
        attractiveness_without_profit,
        strength,
        attractiveness_band,
        strength_band,
        potential_rating,
        revenue_rating,
        net_profit_rating,
        rating_age_quarters,
        due_tier,
        computed_tier,
        tier_without_profit,
        tier,
        prior_tier,
        changed_by_profit,
        is_override,
        is_rated,
        has_profit,
        worse_due_quarters_count,
        override_tier,
        override_reason,
        case
            when is_override then coalesce(override_reason, 'set by hand: no reason was given')
            else
                concat(placed_part, profit_part, months_part, potential_part, age_part)
        end as reason,
        profit_months_count,
        held_months_count,
        revenue_amount,
        cost_to_serve_amount,
        net_profit_amount,
        '{{ var("reporting_currency") }}' as currency
    from reasoned
)

select * from final
