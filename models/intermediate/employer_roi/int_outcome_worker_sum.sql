-- one row per worker, stratum, arm, outcome and variant: sums over trials, for the estimates
with trials as (select * from {{ ref('int_trial_observe') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),

variants as (
    select 'adjusted' as variant_code
    union all
    select 'per_protocol' as variant_code
    union all
    select 'prior' as variant_code
    union all
    select 'after' as variant_code
    union all
    select 'control' as variant_code
),

-- what has no year before is not asked for it; only promotion has a control of its own: a
-- promotion before, among those alike but for it
pairs as (
    select
        outcomes.outcome_code,
        variants.variant_code
    from outcomes
    cross join variants
    where
        variants.variant_code in ('adjusted', 'per_protocol')
        or outcomes.outcome_code = 'promoted_12m'
        or (
            variants.variant_code in ('prior', 'after')
            and outcomes.outcome_code in (
                'moved_12m', 'internal_mobility_12m', 'absence_hours_12m'
            )
        )
),

observed as (
    select
        trials.account_id,
        trials.worker_id,
        trials.stratum,
        trials.arm,
        pairs.outcome_code,
        pairs.variant_code,
        case pairs.variant_code
            when 'per_protocol' then trials.protocol_weight
            when 'control' then trials.control_weight
            else trials.trial_weight
        end as row_weight,
        {{ outcome_value('pairs.outcome_code', 'trials') }} as value_after,
        case pairs.outcome_code
            when 'promoted_12m' then cast(cast(trials.is_promoted_before as int) as double)
            when 'moved_12m' then cast(cast(trials.is_moved_before as int) as double)
            when 'internal_mobility_12m'
                then cast(cast(
                    trials.is_promoted_before or trials.is_moved_before as int
                ) as double)
            when 'absence_hours_12m' then cast(trials.absence_hours_before as double)
        end as value_before
    from trials
    cross join pairs
    where trials.is_in_evaluation and (trials.is_matched or trials.control_weight is not null)
),

-- before and after are compared over the same rows
valued as (
    select
        *,
        case
            when variant_code in ('adjusted', 'per_protocol') then value_after
            when variant_code = 'control' then value_before
            when value_after is not null and value_before is not null
                then case when variant_code = 'after' then value_after else value_before end
        end as row_value
    from observed
),

final as (
    select
        account_id,
        worker_id,
        stratum,
        arm,
        outcome_code,
        variant_code,
        cast(count(*) as bigint) as rows_count,
        {{ exact_sum('row_weight') }} as weight_sum,
        {{ exact_sum('row_weight * row_value') }} as outcome_sum
    from valued
    where row_weight is not null and row_value is not null
    group by account_id, worker_id, stratum, arm, outcome_code, variant_code
)

select * from final
