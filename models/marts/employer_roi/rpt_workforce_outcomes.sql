with judged as (select * from {{ ref('int_outcome_judge') }}),
compared as (select * from {{ ref('int_outcome_account_compare') }}),
ratios as (select * from {{ ref('int_outcome_ratio_measure') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

final as (
    select
        {{ surrogate_key(['judged.account_id', 'judged.outcome_code', 'judged.stratum']) }}
            as workforce_outcome_key,
        judged.account_id,
        judged.outcome_code,
        judged.stratum,
        outcomes.outcome_order,
        outcomes.title,
        outcomes.unit,
        outcomes.better,
        judged.period_start,
        judged.period_end,
        judged.treated_count,
        judged.matched_count,
        judged.comparison_count,
        judged.comparison_worker_count,
        compared.not_in_trial_count,
        compared.is_reason_supplied,
        case when judged.is_estimable then judged.treated_mean end as treated_rate,
        case when judged.is_estimable then judged.comparison_mean end as comparison_rate,
        compared.naive_difference,
        case
            when
                coalesce(judged.reason_code, 'none')
                not in ('not_followed', 'too_few_participants', 'too_few_colleagues')
                then judged.crude_difference
        end as crude_difference,
        case when judged.is_estimable then judged.difference end as adjusted_difference,
        case when judged.is_estimable then judged.standard_error end as standard_error,
        case when judged.is_estimable then judged.ci_low end as ci_low,
        case when judged.is_estimable then judged.ci_high end as ci_high,
        case when judged.is_estimable then judged.p_value end as p_value,
        case when judged.is_estimable then compared.protocol_difference end as protocol_difference,
        case when judged.is_estimable then compared.protocol_ci_low end as protocol_ci_low,
        case when judged.is_estimable then compared.protocol_ci_high end as protocol_ci_high,
        case when judged.is_estimable then compared.prior_difference end as prior_difference,
        case when judged.is_estimable then compared.difference_in_differences end
            as difference_in_differences,
        'sequential_trials' as method, -- noqa: RF04
        judged.overlap_share,
        judged.max_standardized_difference,
        compared.negative_control_difference,
        compared.negative_control_ci_low,
        compared.negative_control_ci_high,
        compared.second_control_difference,
        compared.second_control_ci_low,
        compared.second_control_ci_high,
        ratios.effect_ratio,
        ratios.e_value,
        ratios.e_value_limit,
        judged.has_overlap,
        judged.is_balanced,
        judged.are_controls_clear,
        judged.evidence_grade,
        judged.is_estimable,
        judged.reason_code,
        judged.reason,
        thresholds.overlap_good,
        thresholds.overlap_least,
        thresholds.balance_good,
        thresholds.balance_least,
        thresholds.minimum_participants,
        thresholds.minimum_expected_events
    from judged
    cross join thresholds
    inner join outcomes on judged.outcome_code = outcomes.outcome_code
    left join compared
        on
            judged.account_id = compared.account_id
            and judged.outcome_code = compared.outcome_code
            and judged.stratum = compared.stratum
    left join ratios
        on
            judged.account_id = ratios.account_id
            and judged.outcome_code = ratios.outcome_code
            and judged.stratum = ratios.stratum
)

select * from final
