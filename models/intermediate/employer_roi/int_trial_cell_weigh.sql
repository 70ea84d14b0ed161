-- one row per account, index month and stratum: is there somebody of both arms, and the weights
with candidates as (select * from {{ ref('int_trial_candidate_find') }}),
strata as (select * from {{ ref('int_trial_stratum_build') }}),
supply as (select * from {{ ref('int_workforce_supply') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

counted as (
    select
        account_id,
        index_month,
        profile,
        cast(count_if(arm = 'treated') as bigint) as treated_count,
        cast(count_if(arm = 'comparison') as bigint) as comparison_count
    from candidates
    group by account_id, index_month, profile
),

cells as (
    select
        counted.account_id,
        counted.index_month,
        strata.stratum,
        strata.stratum_but_promotion,
        sum(counted.treated_count) as treated_count,
        sum(counted.comparison_count) as comparison_count
    from counted
    inner join strata on counted.profile = strata.profile
    group by
        counted.account_id, counted.index_month, strata.stratum, strata.stratum_but_promotion
),

controlled as (
    select
        cells.*,
        sum(cells.treated_count) over (
            partition by cells.account_id, cells.index_month, cells.stratum_but_promotion
        ) as control_treated_count,
        sum(cells.comparison_count) over (
            partition by cells.account_id, cells.index_month, cells.stratum_but_promotion
        ) as control_comparison_count,
        -- where an employer's rows end, nobody is known to have stayed
        {{ month_is_over(add_months('cells.index_month', 12), 'as_of.known_until_at') }}
        and coalesce(
            {{ add_months('cells.index_month', 12) }} <= supply.last_worker_month, false
        ) as is_followed_fully
    from cells
    inner join supply on cells.account_id = supply.account_id
    cross join as_of
),

dated as (
    select
        *,
        max(case when is_followed_fully then index_month end) over (partition by account_id)
            as last_followed_month
    from controlled
),

-- colleagues of a cell weigh together as much as its participants (ATT weights: Stuart 2010)
final as (
    select
        dated.account_id,
        dated.index_month,
        dated.stratum,
        dated.stratum_but_promotion,
        cast(dated.treated_count as bigint) as treated_count,
        cast(dated.comparison_count as bigint) as comparison_count,
        dated.treated_count > 0 and dated.comparison_count > 0 as is_matched,
        dated.control_treated_count > 0 and dated.control_comparison_count > 0
            as is_control_matched,
        case
            when dated.treated_count > 0 and dated.comparison_count > 0
                then cast(dated.treated_count as double) / dated.comparison_count
        end as comparison_weight,
        case
            when dated.control_treated_count > 0 and dated.control_comparison_count > 0
                then cast(dated.control_treated_count as double) / dated.control_comparison_count
        end as control_comparison_weight,
        dated.is_followed_fully,
        coalesce(
            dated.is_followed_fully
            and dated.index_month
            > {{ add_months('dated.last_followed_month', '-1 * thresholds.evaluation_months') }},
            false
        ) as is_in_evaluation
    from dated
    cross join thresholds
)

select * from final
