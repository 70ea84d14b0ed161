-- one row per account ('all' too) and outcome that money is made of: the difference and its range
with outcomes as (select * from {{ ref('rpt_workforce_outcomes') }}),
counts as (select * from {{ ref('int_outcome_count') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

measured as (
    select
        outcomes.account_id,
        outcomes.outcome_code,
        outcomes.period_start,
        outcomes.period_end,
        outcomes.is_estimable,
        outcomes.reason,
        outcomes.evidence_grade,
        outcomes.treated_rate,
        outcomes.adjusted_difference,
        outcomes.ci_low,
        outcomes.ci_high,
        outcomes.matched_count,
        outcomes.crude_difference,
        outcomes.unit,
        outcomes.reason_code,
        counts.treated_count,
        {{ rate('counts.treated_sum', 'counts.treated_count') }} as crude_treated_rate,
        {{ rate('counts.comparison_sum', 'counts.comparison_count') }} as crude_comparison_rate
    from outcomes
    left join counts
        on
            outcomes.account_id = counts.account_id
            and outcomes.outcome_code = counts.outcome_code
            and outcomes.stratum = counts.stratum
    where
        outcomes.stratum = 'all'
        and outcomes.outcome_code in ('retained_12m_voluntary', 'filled_12m', 'absence_hours_12m')
),

-- people enough, but too few colleagues like them: the plain difference, for an estimator to
-- discount
based as (
    select
        measured.*,
        case
            when measured.is_estimable then 'adjusted'
            when
                measured.reason_code in ('too_few_matched', 'too_few_comparable')
                and (
                    measured.unit <> 'share'
                    or measured.treated_count
                    * least(measured.crude_comparison_rate, 1 - measured.crude_comparison_rate)
                    >= thresholds.minimum_expected_events
                )
                then 'crude'
        end as basis
    from measured
    cross join thresholds
),

ranged as (
    select
        *,
        case basis
            when 'adjusted' then adjusted_difference
            when 'crude' then crude_difference
        end as base_difference,
        -- fewer hours of absence are better
        case when outcome_code = 'absence_hours_12m' then ci_high else ci_low end as worse_end,
        case when outcome_code = 'absence_hours_12m' then ci_low else ci_high end as better_end
    from based
)

select
    account_id,
    outcome_code,
    period_start,
    period_end,
    treated_count,
    case when basis = 'adjusted' then matched_count end as matched_count,
    basis,
    case basis when 'adjusted' then worse_end when 'crude' then base_difference end
        as low_difference,
    base_difference,
    case basis when 'adjusted' then better_end when 'crude' then base_difference end
        as high_difference,
    case basis when 'adjusted' then treated_rate when 'crude' then crude_treated_rate end
        as treated_rate,
    case basis when 'adjusted' then evidence_grade when 'crude' then 'D' end as evidence_grade,
    case
        when basis is null and reason_code in ('too_few_matched', 'too_few_comparable')
            then concat(reason, '; too few events are expected for the plain difference')
        when basis is null then reason
    end as reason
from ranged
