-- one row per account and quarter in which a tier is due: the tier that counts, so long as a worse
-- one has not been due for tier_hold_quarters in a row
with due as (
    select *
    from {{ ref('int_tier_due_find') }}
    where due_tier is not null
),

thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- quarters in a row share a number; after a quarter without a tier due an account begins anew
runs as (
    select
        account_id,
        quarter_start,
        quarter_no,
        due_tier,
        due_tier_without_profit,
        quarter_no - row_number() over (partition by account_id order by quarter_no) as run_no
    from due
),

-- A better tier counts at once, a worse one once it or a still worse one was due in each of the
-- last so many quarters: that is the best of the tiers due in them.
held as (
    select
        runs.account_id,
        runs.quarter_start,
        runs.quarter_no,
        earlier.quarter_no as earlier_quarter_no,
        earlier.due_tier as earlier_due_tier,
        min(earlier.due_tier) over (partition by runs.account_id, runs.quarter_no)
            as computed_tier,
        min(earlier.due_tier_without_profit)
            over (partition by runs.account_id, runs.quarter_no)
            as tier_without_profit
    from runs
    cross join thresholds
    inner join runs as earlier
        on
            runs.account_id = earlier.account_id
            and runs.run_no = earlier.run_no
            and runs.quarter_no >= earlier.quarter_no
            and runs.quarter_no - thresholds.tier_hold_quarters < earlier.quarter_no
),

final as (
    select
        account_id,
        quarter_start,
        quarter_no,
        computed_tier,
        tier_without_profit,
        cast(
            quarter_no
            - max(case when earlier_due_tier = computed_tier then earlier_quarter_no end) as int
        )
            as worse_due_quarters_count
    from held
    group by account_id, quarter_start, quarter_no, computed_tier, tier_without_profit
)

select * from final
