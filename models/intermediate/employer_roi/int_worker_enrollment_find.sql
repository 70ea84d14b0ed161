-- one row per worker who enrolled: the month of the first time
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- any attempt counts, whatever became of it: what was meant, not what was done
final as (
    select
        enrollments.account_id,
        enrollments.worker_id,
        {{ month_start('min(coalesce(enrollments.enrolled_date, enrollments.start_date))') }}
            as enrolled_month
    from enrollments
    cross join as_of
    where
        enrollments.worker_id is not null
        and coalesce(enrollments.enrolled_date, enrollments.start_date) <= as_of.as_of_date
    group by enrollments.account_id, enrollments.worker_id
)

select * from final
