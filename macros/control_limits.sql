{#-
    The p-chart of rates by month: a query with groups, month, centre_rate, sigma_z, limit_low,
    limit_high and control_reason, for the months that have limits. counts: groups, month,
    numerator_count, denominator_count and rate of the months that may be read; thresholds:
    int_threshold_pivot. Both by the name of a CTE.
    limits as ({{ control_limits('counts', 'thresholds', ['function_code']) }})
    Source: Laney 2002, Quality Engineering 14:531-537: limits widened by how much more months
    differ than by chance.
-#}
{% macro control_limits(counts, thresholds, groups) -%}
{%- set keys = groups | join(', ') -%}
with centred as (
    select
        {{ keys }},
        month,
        rate,
        denominator_count,
        {{ rate(
            'sum(numerator_count) over (partition by ' ~ keys ~ ')',
            'sum(denominator_count) over (partition by ' ~ keys ~ ')'
        ) }} as centre_rate,
        count(*) over (partition by {{ keys }}) as months_count,
        cast(extract(year from month) * 12 + extract(month from month) as int) as month_no
    from {{ counts }}
),

-- standard errors by chance alone; none where the rate has always been 0 or 1
scored as (
    select
        centred.*,
        sqrt(centred.centre_rate * (1 - centred.centre_rate) / centred.denominator_count)
            as standard_error
    from centred
    cross join {{ thresholds }} as thresholds
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
                over (partition by {{ keys }} order by month)
        ) as moving_range,
        case
            when rate > centre_rate + 1e-12 then 1
            when rate < centre_rate - 1e-12 then -1
            else 0
        end as side
    from scored
),

spread as (
    select
        *,
        {{ exact_sum('moving_range', 'over (partition by ' ~ keys ~ ')') }}
        / nullif(count(moving_range) over (partition by {{ keys }}), 0)
        / 1.128 as sigma_z,
        -- the same for all months of a run on one side: a gap or the other side begins a new one
        coalesce(
            side = lag(side) over (partition by {{ keys }} order by month)
            and month_no = lag(month_no) over (partition by {{ keys }} order by month) + 1,
            false
        ) as is_run_continued
    from moved
),

runs as (
    select
        *,
        sum(case when is_run_continued then 0 else 1 end) over (
            partition by {{ keys }}
            order by month rows between unbounded preceding and current row
        ) as run_no
    from spread
),

limited as (
    select
        runs.*,
        row_number() over (partition by {{ keys }}, runs.run_no order by runs.month)
            as run_length,
        thresholds.control_limit_sigmas * runs.standard_error
        * greatest(cast(1 as double), runs.sigma_z) as limit_distance,
        thresholds.control_run_length
    from runs
    cross join {{ thresholds }} as thresholds
)

select
    {{ keys }},
    month,
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
{%- endmacro %}
