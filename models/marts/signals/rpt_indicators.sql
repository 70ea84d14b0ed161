with counts as (select * from {{ ref('int_indicator_count') }}),
control as (select * from {{ ref('int_indicator_control') }}),
indicators as (select * from {{ ref('indicators') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- retention is compared with colleagues, everything else with other accounts. Neither 'all' nor
-- 'unknown', the account of participants that never landed, is anybody's peer
peers as (
    select
        counts.account_id,
        counts.month,
        counts.indicator_code,
        other_counts.rate as peer_rate
    from counts
    inner join counts as other_counts
        on
            counts.month = other_counts.month
            and counts.indicator_code = other_counts.indicator_code
            and counts.account_id <> other_counts.account_id
    cross join thresholds
    where
        counts.is_mature
        and other_counts.is_mature
        and counts.account_id not in ('all', 'unknown')
        and other_counts.account_id not in ('all', 'unknown')
        and other_counts.denominator_count >= thresholds.minimum_observations
        and counts.indicator_code <> 'retention_improvement'
),

benchmarks as (
    select
        account_id,
        month,
        indicator_code,
        cast(count(*) as bigint) as peers_count,
        cast(percentile_cont(0.5) within group (order by peer_rate) as double) as median_rate
    from peers
    group by account_id, month, indicator_code
),

compared as (
    select
        counts.account_id,
        counts.month,
        counts.indicator_code,
        counts.is_supplied,
        counts.is_mature,
        counts.numerator_count,
        counts.denominator_count,
        counts.left_out_count,
        counts.rate,
        last_month.rate as prior_rate,
        last_year.rate as prior_year_rate,
        case
            when counts.indicator_code = 'retention_improvement'
                then case when counts.is_mature then counts.comparison_rate end
            when benchmarks.peers_count >= thresholds.minimum_peers then benchmarks.median_rate
        end as benchmark_rate,
        case
            when
                counts.is_mature
                and counts.account_id not in ('all', 'unknown')
                and counts.indicator_code <> 'retention_improvement'
                then coalesce(benchmarks.peers_count, 0)
        end as benchmark_accounts_count
    from counts
    cross join thresholds
    left join counts as last_month
        on
            counts.account_id = last_month.account_id
            and counts.indicator_code = last_month.indicator_code
            and {{ month_start(add_days('counts.month', -1)) }} = last_month.month
            and last_month.is_mature
    left join counts as last_year
        on
            counts.account_id = last_year.account_id
            and counts.indicator_code = last_year.indicator_code
            -- the day 360 days before the first of a month lies in the same month a year ago
            and {{ month_start(add_days('counts.month', -360)) }} = last_year.month
            and last_year.is_mature
    left join benchmarks
        on
            counts.account_id = benchmarks.account_id
            and counts.month = benchmarks.month
            and counts.indicator_code = benchmarks.indicator_code
),

final as (
    select
        {{ surrogate_key([
            'compared.account_id', 'compared.month', 'compared.indicator_code'
        ]) }} as indicator_key,
        compared.account_id,
        compared.month,
        compared.indicator_code,
        indicators.indicator_order,
        indicators.signal_class,
        indicators.counted,
        compared.is_supplied,
        compared.is_mature,
        compared.numerator_count,
        compared.denominator_count,
        compared.left_out_count,
        compared.rate,
        {{ wilson_low('compared.numerator_count', 'compared.denominator_count') }} as ci_low,
        {{ wilson_high('compared.numerator_count', 'compared.denominator_count') }} as ci_high,
        compared.prior_rate,
        compared.prior_year_rate,
        compared.benchmark_rate,
        compared.rate - compared.benchmark_rate as benchmark_difference,
        compared.benchmark_accounts_count,
        control.centre_rate,
        control.limit_low,
        control.limit_high,
        control.sigma_z,
        control.control_reason,
        case when control.account_id is not null then control.control_reason is not null end
            as is_out_of_control
    from compared
    inner join indicators on compared.indicator_code = indicators.indicator_code
    left join control
        on
            compared.account_id = control.account_id
            and compared.month = control.month
            and compared.indicator_code = control.indicator_code
)

select * from final
