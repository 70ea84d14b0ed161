-- one row per account, stratum and month of follow-up: the share of colleagues not enrolled before
with candidates as (select * from {{ ref('int_trial_candidate_find') }}),
strata as (select * from {{ ref('int_trial_stratum_build') }}),
cells as (select * from {{ ref('int_trial_cell_weigh') }}),

followed as (
    select
        account_id,
        index_month
    from cells
    where is_followed_fully
    group by account_id, index_month
),

counted as (
    select
        candidates.account_id,
        candidates.profile,
        coalesce(candidates.enrolled_month_no, 13) as enrolled_month_no,
        coalesce(candidates.left_month_no, 13) as left_month_no,
        count(*) as workers_count
    from candidates
    inner join followed
        on
            candidates.account_id = followed.account_id
            and candidates.index_month = followed.index_month
    where candidates.arm = 'comparison'
    group by
        candidates.account_id,
        candidates.profile,
        coalesce(candidates.enrolled_month_no, 13),
        coalesce(candidates.left_month_no, 13)
),

grouped as (
    select
        counted.account_id,
        strata.stratum,
        counted.enrolled_month_no,
        counted.left_month_no,
        sum(counted.workers_count) as workers_count
    from counted
    inner join strata on counted.profile = strata.profile
    group by
        counted.account_id, strata.stratum, counted.enrolled_month_no, counted.left_month_no
),

days as (
    select
        {{ date_series("cast('2000-02-01' as date)", "cast('2001-01-01' as date)") }} as day_date
),

month_numbers as (
    select {{ months_between("cast('2000-01-01' as date)", 'day_date') }} as month_no
    from days
    where day_date = {{ month_start('day_date') }}
),

-- whoever leaves in a month can no longer enroll in it
at_risk as (
    select
        grouped.account_id,
        grouped.stratum,
        month_numbers.month_no,
        sum(case
            when
                grouped.left_month_no > month_numbers.month_no
                and grouped.enrolled_month_no >= month_numbers.month_no
                then grouped.workers_count
            else 0
        end) as at_risk_count,
        sum(case
            when
                grouped.left_month_no > month_numbers.month_no
                and grouped.enrolled_month_no = month_numbers.month_no
                then grouped.workers_count
            else 0
        end) as enrolled_count
    from grouped
    cross join month_numbers
    group by grouped.account_id, grouped.stratum, month_numbers.month_no
),

-- Kaplan and Meier 1958: the product of the shares that did not enroll in the months before
final as (
    select
        account_id,
        stratum,
        month_no as end_month_no,
        -- rounded, so that both engines give the same
        coalesce(
            round(exp(sum(case
                when at_risk_count > 0
                    then ln(greatest(
                        1 - cast(enrolled_count as double) / at_risk_count, cast(1e-300 as double)
                    ))
            end) over (
                partition by account_id, stratum order by month_no
                rows between unbounded preceding and 1 preceding
            )), 12),
            cast(1 as double)
        ) as not_enrolled_share
    from at_risk
)

select * from final
