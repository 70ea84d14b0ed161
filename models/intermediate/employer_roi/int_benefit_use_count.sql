-- one row per account ('all' too): how many who may use the program have, ever and lately
with worker_months as (select * from {{ ref('fct_worker_months') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

eligible_months as (
    select
        worker_months.account_id,
        worker_months.worker_id,
        worker_months.month,
        worker_months.is_enrolled_ever
    from worker_months
    where worker_months.is_eligible
),

last_months as (
    select max(worker_months.month) as last_month
    from worker_months
    cross join as_of
    where {{ month_is_over('worker_months.month', 'as_of.known_until_at') }}
),

newest_months as (
    select eligible_months.*
    from eligible_months
    cross join last_months
    where
        eligible_months.month <= last_months.last_month
        and eligible_months.month > {{ add_months('last_months.last_month', -12) }}
),

reached as (
    select
        account_id,
        worker_id,
        bool_or(is_enrolled_ever) as is_reached
    from eligible_months
    group by account_id, worker_id
),

reach as (
    select
        {{ all_or('account_id') }} as account_code,
        cast(count_if(is_reached) as bigint) as reached_count,
        cast(count(*) as bigint) as eligible_count
    from reached
    group by rollup(account_id)
),

month_counts as (
    select
        account_id,
        month,
        count(*) as eligible_count
    from newest_months
    group by account_id, month
),

-- a month in which nobody may use it says nothing of how many use it
means as (
    select
        account_id,
        cast(sum(eligible_count) as double) / cast(count(*) as double) as eligible_mean
    from month_counts
    group by account_id
),

lately_eligible as (
    select
        account_id,
        worker_id
    from newest_months
    group by account_id, worker_id
),

lately_enrolled as (
    select
        enrollments.account_id,
        enrollments.worker_id
    from enrollments
    inner join lately_eligible
        on
            enrollments.account_id = lately_eligible.account_id
            and enrollments.worker_id = lately_eligible.worker_id
    cross join last_months
    where
        coalesce(enrollments.enrolled_date, enrollments.start_date)
        < {{ add_months('last_months.last_month', 1) }}
        and coalesce(enrollments.enrolled_date, enrollments.start_date)
        >= {{ add_months('last_months.last_month', -11) }}
    group by enrollments.account_id, enrollments.worker_id
),

users as (
    select
        account_id,
        count(*) as users_count
    from lately_enrolled
    group by account_id
),

used as (
    select
        {{ all_or('means.account_id') }} as account_code,
        cast(coalesce(sum(users.users_count), 0) as bigint) as users_count,
        {{ exact_sum('means.eligible_mean') }} as eligible_mean
    from means
    left join users on means.account_id = users.account_id
    group by rollup(means.account_id)
)

select
    reach.account_code as account_id,
    reach.reached_count,
    reach.eligible_count,
    used.users_count,
    used.eligible_mean
from reach
left join used on reach.account_code = used.account_code
where reach.eligible_count > 0
