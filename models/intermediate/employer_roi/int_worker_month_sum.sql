-- one row per worker and month of employment: what happened in it, in the year before and after it
{%- set of_worker = 'partition by account_id, worker_id order by month_no range between' %}
with worker_months as (select * from {{ ref('int_worker_month_expand') }}),
job_events as (select * from {{ ref('stg_job_event') }}),
absences as (select * from {{ ref('stg_absence') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what happened to a worker, beside the months in which it may count: the windows add it up
happened as (
    select
        account_id,
        worker_id,
        month,
        is_employed,
        is_eligible,
        employed_from_date,
        termination_date,
        termination_type,
        0 as promotions,
        0 as moves,
        cast(0 as decimal(18, 4)) as hours
    from worker_months
    union all
    select
        job_events.account_id,
        job_events.worker_id,
        {{ month_start('job_events.effective_date') }} as month,
        cast(null as boolean) as is_employed,
        cast(null as boolean) as is_eligible,
        cast(null as date) as employed_from_date,
        cast(null as date) as termination_date,
        cast(null as {{ dbt.type_string() }}) as termination_type,
        case when job_events.event_type = 'promotion' then 1 else 0 end as promotions,
        case when job_events.event_type = 'lateral' then 1 else 0 end as moves,
        cast(0 as decimal(18, 4)) as hours
    from job_events
    cross join as_of
    where
        job_events.event_type in ('promotion', 'lateral')
        and job_events.effective_date <= as_of.as_of_date
    union all
    select
        absences.account_id,
        absences.worker_id,
        {{ month_start('absences.absence_date') }} as month,
        cast(null as boolean) as is_employed,
        cast(null as boolean) as is_eligible,
        cast(null as date) as employed_from_date,
        cast(null as date) as termination_date,
        cast(null as {{ dbt.type_string() }}) as termination_type,
        0 as promotions,
        0 as moves,
        absences.hours
    from absences
    cross join as_of
    where absences.absence_date <= as_of.as_of_date
),

numbered as (
    select
        *,
        cast(12 * extract(year from month) + extract(month from month) as int) as month_no
    from happened
),

summed as (
    select
        *,
        sum(promotions) over ({{ of_worker }} current row and current row) as promotions_now,
        sum(promotions) over ({{ of_worker }} 12 preceding and 1 preceding) as promotions_before,
        sum(promotions) over ({{ of_worker }} 1 following and 12 following) as promotions_after,
        sum(moves) over ({{ of_worker }} current row and current row) as moves_now,
        sum(moves) over ({{ of_worker }} 12 preceding and 1 preceding) as moves_before,
        sum(moves) over ({{ of_worker }} 1 following and 12 following) as moves_after,
        sum(hours) over ({{ of_worker }} current row and current row) as hours_now,
        sum(hours) over ({{ of_worker }} 12 preceding and 1 preceding) as hours_before,
        sum(hours) over ({{ of_worker }} 1 following and 12 following) as hours_after
    from numbered
),

final as (
    select
        account_id,
        worker_id,
        month,
        is_employed,
        is_eligible,
        coalesce(promotions_now, 0) > 0 as is_promoted,
        coalesce(promotions_before, 0) > 0 as is_promoted_before,
        coalesce(promotions_after, 0) > 0 as is_promoted_after,
        coalesce(moves_now, 0) > 0 as is_moved,
        coalesce(moves_before, 0) > 0 as is_moved_before,
        coalesce(moves_after, 0) > 0 as is_moved_after,
        cast(coalesce(hours_now, 0) as decimal(18, 4)) as absence_hours,
        cast(coalesce(hours_before, 0) as decimal(18, 4)) as absence_hours_before,
        cast(coalesce(hours_after, 0) as decimal(18, 4)) as absence_hours_after,
        employed_from_date,
        termination_date,
        termination_type
    from summed
    where is_employed is not null
)

select * from final
