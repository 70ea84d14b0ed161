with worker_months as (select * from {{ ref('int_worker_month_sum') }}),
enrolled as (select * from {{ ref('int_worker_enrollment_find') }}),
supply as (select * from {{ ref('int_workforce_supply') }}),

final as (
    select
        worker_months.account_id,
        worker_months.worker_id,
        worker_months.month,
        worker_months.is_employed,
        worker_months.is_eligible,
        coalesce(enrolled.enrolled_month <= worker_months.month, false) as is_enrolled_ever,
        case
            when worker_months.month >= supply.first_event_month then worker_months.is_promoted
        end as is_promoted,
        case when worker_months.month >= supply.first_event_month then worker_months.is_moved end
            as is_lateral_move,
        -- a reason that is not known counts as voluntary
        coalesce({{ month_start('worker_months.termination_date') }} = worker_months.month, false)
        and coalesce(worker_months.termination_type, 'voluntary') = 'voluntary'
            as is_terminated_voluntary,
        coalesce({{ month_start('worker_months.termination_date') }} = worker_months.month, false)
            as is_terminated,
        case
            when
                worker_months.month >= supply.first_absence_month
                and worker_months.month <= supply.last_absence_month
                then worker_months.absence_hours
        end as absence_hours
    from worker_months
    inner join supply on worker_months.account_id = supply.account_id
    left join enrolled
        on
            worker_months.account_id = enrolled.account_id
            and worker_months.worker_id = enrolled.worker_id
)

select * from final
