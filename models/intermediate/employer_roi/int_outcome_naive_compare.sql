-- one row per account and outcome: who ever enrolled against who never did ('all' pools)
with worker_months as (select * from {{ ref('fct_worker_months') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),

-- whatever the month: that is what makes it misleading
workers as (
    select
        account_id,
        worker_id,
        bool_or(is_enrolled_ever) as is_enrolled,
        bool_or(is_terminated) as is_leaver,
        bool_or(is_terminated_voluntary) as is_voluntary_leaver,
        bool_or(is_promoted) as is_promoted,
        bool_or(is_lateral_move) as is_moved,
        cast(sum(absence_hours) as double) as hours_sum,
        cast(count(absence_hours) as double) as absence_months
    from worker_months
    group by account_id, worker_id
    having bool_or(is_eligible)
),

-- hours are those of 12 months
valued as (
    select
        workers.account_id,
        workers.is_enrolled,
        outcomes.outcome_code,
        case
            when outcomes.outcome_code = 'absence_hours_12m' then workers.absence_months
            else cast(1 as double)
        end as denominator_part,
        case outcomes.outcome_code
            when 'retained_12m_voluntary'
                then cast(cast(not workers.is_voluntary_leaver as int) as double)
            when 'retained_12m_total' then cast(cast(not workers.is_leaver as int) as double)
            when 'promoted_12m' then cast(cast(workers.is_promoted as int) as double)
            when 'moved_12m' then cast(cast(workers.is_moved as int) as double)
            when 'internal_mobility_12m'
                then cast(cast(workers.is_promoted or workers.is_moved as int) as double)
            when 'filled_12m'
                then case
                    when workers.is_promoted or workers.is_moved
                        then cast(cast(not workers.is_voluntary_leaver as int) as double)
                    when not (workers.is_promoted or workers.is_moved) then cast(0 as double)
                end
            when 'absence_hours_12m' then 12 * workers.hours_sum
        end as numerator_part
    from workers
    cross join outcomes
),

summed as (
    select
        {{ all_or('account_id') }} as account_code,
        outcome_code,
        {{ exact_sum('case when is_enrolled then numerator_part end') }} as enrolled_sum,
        {{ exact_sum('case when is_enrolled then denominator_part end') }} as enrolled_size,
        {{ exact_sum('case when not is_enrolled then numerator_part end') }} as other_sum,
        {{ exact_sum('case when not is_enrolled then denominator_part end') }} as other_size
    from valued
    where numerator_part is not null and denominator_part > 0
    group by cube(account_id), outcome_code
),

final as (
    select
        account_code as account_id,
        outcome_code,
        enrolled_sum / enrolled_size - other_sum / other_size as naive_difference
    from summed
)

select * from final
