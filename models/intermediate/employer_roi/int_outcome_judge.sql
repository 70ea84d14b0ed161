-- one row per account, outcome and stratum: can a difference be told, and how far to trust it?
with supply as (select * from {{ ref('int_outcome_supply_resolve') }}),
counts as (select * from {{ ref('int_outcome_count') }}),
estimates as (select * from {{ ref('int_outcome_estimate') }}),
checks as (select * from {{ ref('int_outcome_check_measure') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- a row for all strata, whatever is known, and one for each stratum with a participant
asked as (
    select
        account_id,
        outcome_code,
        'all' as stratum,
        is_supplied,
        missing_entity,
        colleagues_count,
        followed_count,
        period_start,
        period_end
    from supply
    union all
    select
        counts.account_id,
        counts.outcome_code,
        counts.stratum,
        supply.is_supplied,
        supply.missing_entity,
        cast(null as bigint) as colleagues_count,
        cast(null as bigint) as followed_count,
        supply.period_start,
        supply.period_end
    from counts
    inner join supply
        on counts.account_id = supply.account_id and counts.outcome_code = supply.outcome_code
    where counts.stratum <> 'all' and counts.treated_count > 0
),

measured as (
    select
        asked.*,
        outcomes.is_binary,
        outcomes.needs,
        case when asked.is_supplied then coalesce(counts.treated_count, 0) end as treated_count,
        case when asked.is_supplied then coalesce(estimates.treated_count, 0) end
            as matched_count,
        case when asked.is_supplied then coalesce(estimates.comparison_count, 0) end
            as comparison_count,
        case when asked.is_supplied then coalesce(estimates.comparison_cluster_count, 0) end
            as comparison_worker_count,
        counts.treated_sum / nullif(counts.treated_count, 0) as treated_crude_mean,
        counts.comparison_sum / nullif(counts.comparison_count, 0) as comparison_crude_mean,
        estimates.treated_mean,
        estimates.comparison_mean,
        estimates.difference,
        estimates.standard_error,
        estimates.ci_low,
        estimates.ci_high,
        estimates.p_value,
        {{ rate('coalesce(estimates.treated_count, 0)', 'counts.treated_count') }}
            as overlap_share
    from asked
    inner join outcomes on asked.outcome_code = outcomes.outcome_code
    left join counts
        on
            asked.account_id = counts.account_id
            and asked.outcome_code = counts.outcome_code
            and asked.stratum = counts.stratum
    left join estimates
        on
            asked.account_id = estimates.account_id
            and asked.outcome_code = estimates.outcome_code
            and asked.stratum = estimates.stratum
            and estimates.variant_code = 'adjusted'
),

-- expected by the rate of all colleagues: that of the few matched ones would let through those
-- accounts in which it happens to be high
reasoned as (
    select
        measured.*,
        checks.are_controls_clear,
        thresholds.minimum_participants,
        thresholds.minimum_expected_events,
        thresholds.overlap_good,
        thresholds.overlap_least,
        thresholds.balance_good,
        thresholds.balance_least,
        case
            when measured.needs = 'absence' then checks.max_difference_with_absence
            else checks.max_standardized_difference
        end as largest_difference,
        case
            when not measured.is_supplied then 'not_supplied'
            when measured.followed_count = 0 then 'not_followed'
            when measured.treated_count = 0 then 'supplied_too_short'
            when measured.treated_count < thresholds.minimum_participants
                then 'too_few_participants'
            when measured.colleagues_count < thresholds.minimum_participants
                then 'too_few_colleagues'
            when measured.matched_count < thresholds.minimum_participants
                then 'too_few_matched'
            when measured.comparison_worker_count < thresholds.minimum_participants
                then 'too_few_comparable'
            when
                measured.is_binary
                and measured.matched_count * measured.comparison_crude_mean
                < thresholds.minimum_expected_events
                then 'too_few_expected'
            when
                measured.is_binary
                and measured.matched_count * (1 - measured.comparison_crude_mean)
                < thresholds.minimum_expected_events
                then 'too_many_expected'
            when measured.standard_error is null then 'no_variation'
        end as reason_code
    from measured
    cross join thresholds
    left join checks
        on measured.account_id = checks.account_id and measured.stratum = checks.stratum
),

graded as (
    select
        *,
        overlap_share >= overlap_good as has_overlap,
        largest_difference < balance_good as is_balanced,
        overlap_share >= overlap_least and largest_difference < balance_least as is_comparison
    from reasoned
),

final as (
    select
        account_id,
        outcome_code,
        stratum,
        is_binary,
        period_start,
        period_end,
        treated_count,
        matched_count,
        comparison_count,
        comparison_worker_count,
        treated_crude_mean - comparison_crude_mean as crude_difference,
        treated_mean,
        comparison_mean,
        difference,
        standard_error,
        ci_low,
        ci_high,
        p_value,
        overlap_share,
        largest_difference as max_standardized_difference,
        has_overlap,
        is_balanced,
        are_controls_clear,
        reason_code is null as is_estimable,
        reason_code,
        {{ outcome_reason() }} as reason,
        case
            when reason_code is not null then null
            when has_overlap and is_balanced and are_controls_clear then 'B'
            when is_comparison then 'C'
            else 'D'
        end as evidence_grade
    from graded
)

select * from final
