-- one row per account, mature month and indicator with enough such months: its control limits
with counts as (select * from {{ ref('int_indicator_count') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

centred as (
    select
        account_id,
        month,
        indicator_code,
        rate,
        denominator_count,
        {{ rate(
            'sum(numerator_count) over (partition by account_id, indicator_code)',
            'sum(denominator_count) over (partition by account_id, indicator_code)'
        ) }} as centre_rate,
        count(*) over (partition by account_id, indicator_code) as months_count,
        cast(extract(year from month) * 12 + extract(month from month) as int) as month_no
    from counts
    where is_mature
),

-- standard errors by chance alone; none where the rate has always been 0 or 1
scored as (
    select
        centred.*,
        sqrt(centred.centre_rate * (1 - centred.centre_rate) / centred.denominator_count)
            as standard_error
    from centred
    cross join thresholds
    where
        -- a sum of parts of one may miss it in the last digit
        centred.centre_rate between 1e-12 and 1 - 1e-12
        and centred.months_count >= thresholds.minimum_observations
),

moved as (
    select
        *,
        abs(
            (rate - centre_rate) / standard_error
            - lag((rate - centre_rate) / standard_error)
                over (partition by account_id, indicator_code order by month)
        ) as moving_range,
        case
            when rate > centre_rate + 1e-12 then 1
            when rate < centre_rate - 1e-12 then -1
            else 0
        end as side
    from scored
),

-- Laney 2002, Quality Engineering 14:531-537: how much more months differ than by chance
spread as (
    select
        *,
        {{ exact_sum('moving_range', 'over (partition by account_id, indicator_code)') }}
        / nullif(count(moving_range) over (partition by account_id, indicator_code), 0)
        / 1.128 as sigma_z,
        -- the same for all months of a run on one side: a gap or the other side begins a new one
        coalesce(
            side = lag(side) over (partition by account_id, indicator_code order by month)
            and month_no
            = lag(month_no) over (partition by account_id, indicator_code order by month) + 1,
            false
        ) as is_run_continued
    from moved
),

runs as (
    select
        *,
        sum(case when is_run_continued then 0 else 1 end) over (
            partition by account_id, indicator_code
            order by month rows between unbounded preceding and current row
        ) as run_no
    from spread
),

limited as (
    select
        runs.*,
        row_number() over (
            partition by runs.account_id, runs.indicator_code, runs.run_no order by runs.month
        ) as run_length,
        thresholds.control_limit_sigmas * runs.standard_error
        * greatest(cast(1 as double), runs.sigma_z) as limit_distance,
        thresholds.control_run_length
    from runs
    cross join thresholds
),

final as (
    select
        account_id,
        month,
        indicator_code,
        centre_rate,
        sigma_z,
        greatest(cast(0 as double), centre_rate - limit_distance) as limit_low,
        least(cast(1 as double), centre_rate + limit_distance) as limit_high,
        case
            when rate > centre_rate + limit_distance + 1e-12 then 'above_limit'
            when rate < centre_rate - limit_distance - 1e-12 then 'below_limit'
            when run_length >= control_run_length and side = 1 then 'run_above'
            when run_length >= control_run_length and side = -1 then 'run_below'
        end as control_reason
    from limited
    -- where chance alone gives less than one of either kind, a single one would be a signal
    where denominator_count * least(centre_rate, 1 - centre_rate) >= 1
)

select * from final
