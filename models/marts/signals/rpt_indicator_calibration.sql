with backtests as (select * from {{ ref('int_indicator_backtest') }}),

summed as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        is_flagged,
        cast(sum(observations_count) as bigint) as backtested_count,
        cast(sum(outcome_count) as bigint) as backtested_outcome_count,
        {{ exact_sum('observations_count * predicted_rate') }} / sum(observations_count)
            as mean_predicted_rate
    from backtests
    group by indicator_code, outcome_code, cutoff_day, is_flagged
),

final as (
    select
        {{ surrogate_key(['indicator_code', 'outcome_code', 'cutoff_day', 'is_flagged']) }}
            as indicator_calibration_key,
        indicator_code,
        outcome_code,
        cutoff_day,
        is_flagged,
        backtested_count as observations_count,
        backtested_outcome_count as outcome_count,
        mean_predicted_rate as predicted_rate,
        {{ rate('backtested_outcome_count', 'backtested_count') }} as observed_rate,
        {{ wilson_low('backtested_outcome_count', 'backtested_count') }} as ci_low,
        {{ wilson_high('backtested_outcome_count', 'backtested_count') }} as ci_high
    from summed
)

select * from final
