-- one row per account: what of its workforce has landed, so that nothing missing counts as zero
with accounts as (select * from {{ ref('dim_accounts') }}),
workers as (select * from {{ ref('stg_worker') }}),
job_events as (select * from {{ ref('stg_job_event') }}),
eligibility as (select * from {{ ref('stg_eligibility') }}),
absences as (select * from {{ ref('stg_absence') }}),
spells as (select * from {{ ref('int_employment_spell_resolve') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

account_ids as (
    select
        account_id,
        {{ month_start('max(case when is_current then customer_since end)') }} as customer_month
    from accounts
    group by account_id
),

known_workers as (
    select
        account_id,
        worker_id
    from workers
    group by account_id, worker_id
),

employers as (
    select account_id
    from known_workers
    group by account_id
),

-- the last month of which the employer told anything: after it nobody is known to have stayed
told as (
    select
        workers.account_id,
        coalesce(cast(workers.extracted_at as date), workers.effective_from) as told_date
    from workers
    union all
    select
        job_events.account_id,
        coalesce(cast(job_events.entered_at as date), job_events.effective_date) as told_date
    from job_events
),

last_told as (
    select
        told.account_id,
        {{ month_start('max(told.told_date)') }} as last_worker_month
    from told
    cross join as_of
    where told.told_date <= as_of.as_of_date
    group by told.account_id
),

-- hires, ends and changes of pay alone say nothing of promotions and moves
with_events as (
    select
        job_events.account_id,
        {{ month_start('min(job_events.effective_date)') }} as first_event_month
    from job_events
    cross join as_of
    where
        job_events.event_type in ('promotion', 'lateral', 'demotion')
        and job_events.effective_date <= as_of.as_of_date
    group by job_events.account_id
),

with_eligibility as (
    select
        eligibility.account_id,
        {{ month_start('min(eligibility.eligible_from)') }} as first_eligible_month
    from eligibility
    cross join as_of
    where eligibility.eligible_from <= as_of.as_of_date
    group by eligibility.account_id
),

absence_months as (
    select
        absences.account_id,
        {{ month_start('min(absences.absence_date)') }} as first_absence_month,
        {{ month_start('max(absences.absence_date)') }} as last_absence_month
    from absences
    cross join as_of
    where absences.absence_date <= as_of.as_of_date
    group by absences.account_id
),

reasons as (
    select account_id
    from spells
    where termination_type is not null
    group by account_id
),

unlinked as (
    select
        enrollments.account_id,
        cast(count(*) as bigint) as unlinked_enrollments_count
    from enrollments
    left join known_workers
        on
            enrollments.account_id = known_workers.account_id
            and enrollments.worker_id = known_workers.worker_id
    cross join as_of
    where
        known_workers.worker_id is null
        and coalesce(enrollments.enrolled_date, enrollments.start_date) <= as_of.as_of_date
    group by enrollments.account_id
),

final as (
    select
        account_ids.account_id,
        employers.account_id is not null as has_workers,
        with_events.account_id is not null as has_job_events,
        with_eligibility.account_id is not null as has_eligibility,
        absence_months.account_id is not null as has_absences,
        reasons.account_id is not null as is_reason_supplied,
        coalesce(unlinked.unlinked_enrollments_count, 0) as unlinked_enrollments_count,
        account_ids.customer_month,
        last_told.last_worker_month,
        with_eligibility.first_eligible_month,
        with_events.first_event_month,
        absence_months.first_absence_month,
        absence_months.last_absence_month
    from account_ids
    left join employers on account_ids.account_id = employers.account_id
    left join last_told on account_ids.account_id = last_told.account_id
    left join with_events on account_ids.account_id = with_events.account_id
    left join with_eligibility on account_ids.account_id = with_eligibility.account_id
    left join absence_months on account_ids.account_id = absence_months.account_id
    left join reasons on account_ids.account_id = reasons.account_id
    left join unlinked on account_ids.account_id = unlinked.account_id
)

select * from final
