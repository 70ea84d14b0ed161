with measures as (select * from {{ ref('int_indicator_validity_measure') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

estimable as (
    select
        *,
        {{ rate('flagged_count', 'observations_count') }} as prevalence_rate,
        {{ rate('outcome_count', 'observations_count') }} as base_rate,
        {{ rate('flagged_outcome_count', 'flagged_count') }} as precision_rate,
        {{ rate('flagged_outcome_count', 'outcome_count') }} as recall_rate,
        -- of the rates of outcome with and without the flag
        {{ newcombe_low(
            'flagged_outcome_count', 'flagged_count',
            '(outcome_count - flagged_outcome_count)', '(observations_count - flagged_count)'
        ) }} as difference_ci_low,
        {{ newcombe_high(
            'flagged_outcome_count', 'flagged_count',
            '(outcome_count - flagged_outcome_count)', '(observations_count - flagged_count)'
        ) }} as difference_ci_high
    from measures
    where is_estimable
),

tested as (
    {{ benjamini_hochberg('estimable') }}
),

-- lift = precision / base rate = 1 + (1 - prevalence) * difference / base rate: its interval is
-- that of the difference, with prevalence and base rate as they are
lifted as (
    select
        *,
        precision_rate / base_rate as lift,
        1 + (1 - prevalence_rate) * difference_ci_low / base_rate as lift_ci_low,
        1 + (1 - prevalence_rate) * difference_ci_high / base_rate as lift_ci_high
    from tested
),

judged as (
    select
        lifted.*,
        case
            when
                lifted.q_value <= thresholds.false_discovery_rate
                and lifted.auc_ci_low > 0.5 + thresholds.validity_auc_margin
                and lifted.lift_ci_low > 1
                and coalesce(lifted.brier_skill, 1) > 0
                then 'validated'
            when lifted.q_value <= thresholds.false_discovery_rate and lifted.auc > 0.5 then 'weak'
            else 'unproven'
        end as verdict
    from lifted
    cross join thresholds
),

final as (
    select
        {{ surrogate_key([
            'measures.indicator_code', 'measures.outcome_code', 'measures.cutoff_day'
        ]) }} as indicator_validity_key,
        measures.indicator_code,
        measures.outcome_code,
        measures.cutoff_day,
        measures.is_supplied,
        measures.is_estimable,
        measures.observations_count,
        measures.flagged_count,
        measures.outcome_count,
        measures.flagged_outcome_count,
        judged.prevalence_rate,
        judged.base_rate,
        judged.precision_rate as precision, -- noqa: RF04
        judged.recall_rate as recall,
        judged.lift,
        judged.lift_ci_low,
        judged.lift_ci_high,
        judged.auc,
        judged.auc_ci_low,
        judged.auc_ci_high,
        judged.auc_low_without_one_account,
        judged.backtested_count,
        judged.brier_skill,
        judged.lead_days,
        judged.p_value,
        judged.q_value,
        coalesce(judged.verdict, 'unproven') as verdict
    from measures
    left join judged
        on
            measures.indicator_code = judged.indicator_code
            and measures.outcome_code = judged.outcome_code
            and measures.cutoff_day = judged.cutoff_day
)

select * from final
