-- one row per account and stage: its conversion, and what to hold it against
with conversions as (select * from {{ ref('int_stage_conversion_resolve') }}),
cohorts as (select * from {{ ref('rpt_funnel_cohorts') }}),
plans as (select * from {{ ref('stg_plan_value') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- a plan without an account is for all that have none of their own
latest_plans as (
    select
        conversions.account_id,
        conversions.stage_code,
        cast(plans.plan as double) as planned_rate
    from conversions
    inner join plans
        on
            conversions.metric_code = plans.metric_code
            and conversions.account_id = coalesce(plans.account_id, conversions.account_id)
    cross join as_of
    where
        conversions.stage_order > 1
        and plans.month <= as_of.as_of_date
        and coalesce(plans.made_on <= as_of.as_of_date, true)
        and plans.plan between 0 and 1
    qualify
        row_number() over (
            partition by conversions.account_id, conversions.stage_code
            order by
                case when plans.account_id = conversions.account_id then 1 else 2 end asc,
                plans.month desc
        ) = 1
),

peers as (
    select
        conversions.account_id,
        conversions.stage_code,
        cast(count(*) as bigint) as peers_count,
        percentile_cont(0.5) within group (order by peer.mature_rate) as median_rate,
        percentile_cont(0.5) within group (order by peer.expected_rate) as median_expected_rate,
        cast(sum(peer.mature_denominator_count) as double) as pooled_count
    from conversions
    inner join conversions as peer
        on
            conversions.stage_code = peer.stage_code
            and conversions.account_id <> peer.account_id
    where peer.is_enough
    group by conversions.account_id, conversions.stage_code
),

quarters as (
    select
        cohorts.account_id,
        cohorts.stage_code,
        cast(date_trunc('quarter', cast(cohorts.cohort_month as date)) as date) as quarter_start,
        cast(sum(cohorts.mature_numerator_count) as double) as numerator_count,
        cast(sum(cohorts.mature_denominator_count) as double) as denominator_count
    from cohorts
    cross join thresholds
    where
        cohorts.account_id <> 'all'
        and cohorts.program_id = 'all'
        and cohorts.cohort_month <> 'all'
        and cohorts.is_mature
    group by
        cohorts.account_id,
        cohorts.stage_code,
        cast(date_trunc('quarter', cast(cohorts.cohort_month as date)) as date)
    having sum(cohorts.mature_denominator_count) >= max(thresholds.minimum_observations)
),

best_quarters as (
    select
        account_id,
        stage_code,
        numerator_count,
        denominator_count,
        count(*) over (partition by account_id, stage_code) as quarters_count
    from quarters
    qualify
        row_number() over (
            partition by account_id, stage_code
            order by
                {{ rate('numerator_count', 'denominator_count') }} desc,
                denominator_count desc,
                quarter_start desc
        ) = 1
),

chosen as (
    select
        conversions.*,
        latest_plans.planned_rate,
        case when peers.peers_count >= thresholds.minimum_peers then peers.median_rate end
            as median_rate,
        peers.median_expected_rate,
        peers.pooled_count,
        best_quarters.numerator_count as quarter_numerator_count,
        best_quarters.denominator_count as quarter_denominator_count,
        best_quarters.quarters_count
    from conversions
    cross join thresholds
    left join latest_plans
        on
            conversions.account_id = latest_plans.account_id
            and conversions.stage_code = latest_plans.stage_code
    left join peers
        on
            conversions.account_id = peers.account_id
            and conversions.stage_code = peers.stage_code
    left join best_quarters
        on
            conversions.account_id = best_quarters.account_id
            and conversions.stage_code = best_quarters.stage_code
),

final as (
    select
        account_id,
        stage_code,
        stage_order,
        is_supplied,
        is_own_choice,
        is_enough,
        mature_numerator_count as numerator_count,
        mature_denominator_count as denominator_count,
        mature_rate as conversion_rate,
        case
            when not is_supplied then cast(null as {{ dbt.type_string() }})
            when planned_rate is not null then 'plan'
            when median_rate is not null then 'peer_median'
            when quarter_numerator_count is not null then 'own_best_quarter'
        end as benchmark_source,
        case
            when is_supplied
                then coalesce(
                    planned_rate,
                    median_rate,
                    {{ rate('quarter_numerator_count', 'quarter_denominator_count') }}
                )
        end as benchmark_rate,
        -- the counts behind it: of a median, all peers together; a plan has none, it is exact
        case
            when planned_rate is not null then cast(null as double)
            when median_rate is not null then median_rate * pooled_count
            else quarter_numerator_count
        end as benchmark_numerator_count,
        case
            when planned_rate is not null then cast(null as double)
            when median_rate is not null then pooled_count
            when quarter_numerator_count is not null then quarter_denominator_count
        end as benchmark_denominator_count,
        cast(case
            when planned_rate is not null or median_rate is not null then 1
            else quarters_count
        end as bigint) as choices_count,
        case
            when planned_rate is null and median_rate is not null
                then expected_share * (expected_rate - median_expected_rate)
        end as mix_effect
    from chosen
)

select * from final
