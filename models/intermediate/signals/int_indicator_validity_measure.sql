-- one row per early indicator, outcome and cut-off day: how many it counts, whether that is enough,
-- and every measure that needs no other row
with pairs as (select * from {{ ref('int_cutoff_outcome_pair') }}),
scores as (select * from {{ ref('int_cutoff_indicator_score') }}),
aucs as (select * from {{ ref('int_indicator_auc_estimate') }}),
backtests as (select * from {{ ref('int_indicator_backtest') }}),
omissions as (select * from {{ ref('int_indicator_account_omit') }}),
indicators as (select * from {{ ref('indicators') }}),
cutoffs as (select * from {{ ref('cutoffs') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

supplied_indicators as (
    select distinct indicator_code
    from scores
),

grid as (
    select
        indicators.indicator_code,
        case stages.stage_code
            when 'completed' then 'program_completion'
            else 'credential_attainment'
        end as outcome_code,
        cutoffs.cutoff_day,
        stages.is_supplied and supplied_indicators.indicator_code is not null as is_supplied
    from indicators
    cross join stages
    cross join cutoffs
    left join supplied_indicators on indicators.indicator_code = supplied_indicators.indicator_code
    where
        indicators.signal_class in ('leading', 'midstream')
        and stages.stage_code in ('completed', 'credentialed')
),

counts as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        cast(count(*) as bigint) as observations_count,
        cast(count_if(is_flagged) as bigint) as flagged_count,
        cast(count_if(has_outcome) as bigint) as outcome_count,
        cast(count_if(is_flagged and has_outcome) as bigint) as flagged_outcome_count
    from pairs
    group by indicator_code, outcome_code, cutoff_day
),

leads as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        cast(percentile_cont(0.5) within group (order by lead_days) as double) as lead_days
    from pairs
    where is_flagged and has_outcome
    group by indicator_code, outcome_code, cutoff_day
),

-- how much better than predicting the base rate for all
skills as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        cast(sum(observations_count) as bigint) as backtested_count,
        1 - {{ brier_score('predicted_rate', 'outcome_count', 'observations_count') }}
        / nullif({{ brier_score('base_predicted_rate', 'outcome_count', 'observations_count') }}, 0)
            as brier_skill
    from backtests
    group by indicator_code, outcome_code, cutoff_day
),

influences as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        min(auc) as auc_low_without_one_account
    from omissions
    group by indicator_code, outcome_code, cutoff_day
),

final as (
    select
        grid.*,
        coalesce(
            grid.is_supplied
            and counts.outcome_count >= thresholds.minimum_observations
            and counts.observations_count - counts.outcome_count >= thresholds.minimum_observations,
            false
        ) as is_estimable,
        case when grid.is_supplied then coalesce(counts.observations_count, 0) end
            as observations_count,
        case when grid.is_supplied then coalesce(counts.flagged_count, 0) end as flagged_count,
        case when grid.is_supplied then coalesce(counts.outcome_count, 0) end as outcome_count,
        case when grid.is_supplied then coalesce(counts.flagged_outcome_count, 0) end
            as flagged_outcome_count,
        aucs.auc,
        aucs.auc_ci_low,
        aucs.auc_ci_high,
        aucs.p_value,
        influences.auc_low_without_one_account,
        coalesce(skills.backtested_count, 0) as backtested_count,
        case
            when skills.backtested_count >= thresholds.minimum_observations then skills.brier_skill
        end as brier_skill,
        leads.lead_days
    from grid
    cross join thresholds
    left join counts
        on
            grid.indicator_code = counts.indicator_code
            and grid.outcome_code = counts.outcome_code
            and grid.cutoff_day = counts.cutoff_day
    left join aucs
        on
            grid.indicator_code = aucs.indicator_code
            and grid.outcome_code = aucs.outcome_code
            and grid.cutoff_day = aucs.cutoff_day
    left join skills
        on
            grid.indicator_code = skills.indicator_code
            and grid.outcome_code = skills.outcome_code
            and grid.cutoff_day = skills.cutoff_day
    left join influences
        on
            grid.indicator_code = influences.indicator_code
            and grid.outcome_code = influences.outcome_code
            and grid.cutoff_day = influences.cutoff_day
    left join leads
        on
            grid.indicator_code = leads.indicator_code
            and grid.outcome_code = leads.outcome_code
            and grid.cutoff_day = leads.cutoff_day
)

select * from final
