with forecasts as (select * from {{ ref('rpt_renewal_forecasts') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),

decided as (
    select
        *,
        case when is_renewed then 1 else 0 end as renewed_no
    from forecasts
    where is_decided
),

scored as (
    select * from decided
    where is_prediction
),

aucs as (
    {{ auc('scored', ['horizon_days'], 'health_score', 'is_renewed') }}
),

-- nine decimals, so that equal probabilities are equal on both engines
shown as (
    select
        *,
        ntile(5) over (
            partition by horizon_days
            order by round(renewal_probability, 9), contract_id
        ) as quintile_no
    from scored
    where renewal_probability is not null
),

-- bin 0 is the whole horizon
binned as (
    select
        *,
        0 as bin_no
    from shown
    union all
    select
        *,
        quintile_no as bin_no
    from shown
),

bins as (
    select
        horizon_days,
        bin_no,
        cast(count(*) as bigint) as forecasts_count,
        cast(count(distinct account_id) as bigint) as accounts_count,
        cast(sum(renewed_no) as bigint) as renewed_count,
        {{ exact_sum('renewal_probability') }} / count(*) as mean_probability,
        min(renewal_probability) as lowest_probability,
        max(renewal_probability) as highest_probability,
        {{ brier_score('renewal_probability', 'renewed_no', '1') }} as brier_score,
        {{ brier_score('base_rate', 'renewed_no', '1') }} as brier_baseline,
        cast(percentile_cont(0.5) within group (order by lead_days) as double)
            as lead_days_median
    from binned
    group by horizon_days, bin_no
),

totals as (
    select
        horizons.horizon_days,
        0 as bin_no,
        cast(count_if(coalesce(decided.is_prediction, false)) as bigint) as decisions_count,
        cast(count_if(coalesce(not decided.is_prediction, false)) as bigint) as excluded_count
    from horizons
    left join decided on horizons.horizon_days = decided.horizon_days
    group by horizons.horizon_days
),

spine as (
    select
        horizon_days,
        bin_no,
        decisions_count,
        excluded_count
    from totals
    union all
    select
        horizon_days,
        bin_no,
        forecasts_count as decisions_count,
        cast(null as bigint) as excluded_count
    from bins
    where bin_no > 0
),

final as (
    select
        {{ surrogate_key(['spine.horizon_days', 'spine.bin_no']) }} as renewal_calibration_key,
        spine.horizon_days,
        cast(spine.bin_no as int) as bin_no,
        coalesce(bins.accounts_count, 0) as accounts_count,
        spine.decisions_count,
        spine.excluded_count,
        coalesce(bins.forecasts_count, 0) as forecasts_count,
        coalesce(bins.renewed_count, 0) as renewed_count,
        bins.mean_probability,
        bins.lowest_probability,
        bins.highest_probability,
        {{ rate('bins.renewed_count', 'bins.forecasts_count') }} as observed_rate,
        {{ wilson_low('bins.renewed_count', 'bins.forecasts_count') }} as ci_low,
        {{ wilson_high('bins.renewed_count', 'bins.forecasts_count') }} as ci_high,
        bins.brier_score,
        bins.brier_baseline,
        1 - bins.brier_score / nullif(bins.brier_baseline, 0) as brier_skill,
        aucs.auc,
        aucs.auc_ci_low,
        aucs.auc_ci_high,
        bins.lead_days_median
    from spine
    left join bins
        on spine.horizon_days = bins.horizon_days and spine.bin_no = bins.bin_no
    left join aucs
        on spine.horizon_days = aucs.horizon_days and spine.bin_no = 0
)

select * from final
