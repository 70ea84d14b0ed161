-- one row per account, outcome, covariate and category: can a difference be told? If not, why?
with estimates as (select * from {{ ref('int_outcome_subgroup_estimate') }}),
counts as (select * from {{ ref('int_outcome_count') }}),
strata as (select * from {{ ref('int_outcome_stratum_describe') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- expected by the rate of all colleagues, as for all of an account
colleagues as (
    select
        counts.account_id,
        counts.outcome_code,
        strata.covariate_code,
        strata.category_code,
        {{ exact_sum('counts.comparison_sum') }} / nullif(sum(counts.comparison_count), 0)
            as comparison_crude_mean
    from counts
    inner join strata on counts.stratum = strata.stratum
    group by
        counts.account_id, counts.outcome_code, strata.covariate_code, strata.category_code
),

reasoned as (
    select
        estimates.*,
        estimates.treated_count as matched_count,
        estimates.comparison_cluster_count as comparison_worker_count,
        outcomes.needs,
        thresholds.minimum_participants,
        thresholds.minimum_expected_events,
        cast(null as bigint) as colleagues_count,
        cast(null as {{ dbt.type_string() }}) as missing_entity,
        case
            when estimates.treated_count < thresholds.minimum_participants then 'too_few_matched'
            when estimates.comparison_cluster_count < thresholds.minimum_participants
                then 'too_few_comparable'
            when
                outcomes.is_binary
                and estimates.treated_count * colleagues.comparison_crude_mean
                < thresholds.minimum_expected_events
                then 'too_few_expected'
            when
                outcomes.is_binary
                and estimates.treated_count * (1 - colleagues.comparison_crude_mean)
                < thresholds.minimum_expected_events
                then 'too_many_expected'
            when estimates.standard_error is null then 'no_variation'
        end as reason_code
    from estimates
    cross join thresholds
    inner join outcomes on estimates.outcome_code = outcomes.outcome_code
    inner join colleagues
        on
            estimates.account_id = colleagues.account_id
            and estimates.outcome_code = colleagues.outcome_code
            and estimates.covariate_code = colleagues.covariate_code
            and estimates.category_code = colleagues.category_code
),

final as (
    select
        account_id,
        outcome_code,
        covariate_code,
        category_code,
        treated_count,
        comparison_count,
        comparison_worker_count,
        treated_mean,
        comparison_mean,
        difference,
        standard_error,
        ci_low,
        ci_high,
        reason_code is null as is_estimable,
        reason_code,
        {{ outcome_reason() }} as reason
    from reasoned
)

select * from final
