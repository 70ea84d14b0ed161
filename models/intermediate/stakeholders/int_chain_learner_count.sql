-- one row per account and month with somebody in a program: how many there are, and their managers
with months as (select * from {{ ref('int_chain_month_find') }}),
enrollments as (select * from {{ ref('fct_enrollment_journeys') }}),
workers as (select * from {{ ref('dim_workers') }}),

spans as (
    select
        account_id,
        participant_id,
        worker_id,
        cast(started_at as date) as first_date,
        -- least() would pass over a null on both engines: the earlier of those that are known
        cast(least(
            coalesce(completed_at, exited_at), coalesce(exited_at, completed_at)
        ) as date) as end_date
    from enrollments
    where started_at is not null
),

running as (
    select
        months.account_id,
        months.month,
        months.last_date,
        spans.participant_id,
        spans.worker_id
    from months
    inner join spans
        on
            months.account_id = spans.account_id
            and months.last_date >= spans.first_date
            and coalesce(months.asked_date <= spans.end_date, true)
),

final as (
    select
        running.account_id,
        running.month,
        cast(count(distinct running.participant_id) as bigint) as participants_count,
        cast(count(distinct workers.manager_worker_id) as bigint) as managers_count
    from running
    left join workers
        on
            running.account_id = workers.account_id
            and running.worker_id = workers.worker_id
            and {{ is_in_force('workers', 'running.last_date') }}
    group by running.account_id, running.month
)

select * from final
