-- one row per account and outcome: what of it has landed, and of which months ('all' pools)
with supply as (select * from {{ ref('int_workforce_supply') }}),
participants as (select * from {{ ref('dim_participants') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),
trials as (select * from {{ ref('int_trial_observe') }}),
enrolled as (select * from {{ ref('int_worker_enrollment_find') }}),

served as (
    select account_id
    from participants
    group by account_id
),

evaluated as (
    select
        account_id,
        min(index_month) as first_index_month,
        max(index_month) as last_index_month,
        cast(count(distinct case when arm = 'comparison' then worker_id end) as bigint)
            as colleagues_count,
        cast(count_if(arm = 'treated') as bigint) as followed_count
    from trials
    where is_in_evaluation
    group by account_id
),

-- who was not eligible, or not employed, on the first of the month of enrolling is in no trial
counted as (
    select
        evaluated.account_id,
        cast(count(*) as bigint) as enrolled_count
    from evaluated
    inner join enrolled
        on
            evaluated.account_id = enrolled.account_id
            and evaluated.first_index_month <= enrolled.enrolled_month
            and evaluated.last_index_month >= enrolled.enrolled_month
    group by evaluated.account_id
),

accounts as (
    select
        {{ all_or('supply.account_id') }} as account_code,
        bool_or(supply.has_workers) as has_workers,
        bool_or(supply.has_eligibility) as has_eligibility,
        bool_or(supply.has_job_events) as has_job_events,
        bool_or(supply.has_absences) as has_absences,
        bool_or(supply.is_reason_supplied) as has_reasons,
        min(evaluated.first_index_month) as first_index_month,
        max(evaluated.last_index_month) as last_index_month,
        cast(coalesce(sum(evaluated.colleagues_count), 0) as bigint) as colleagues_count,
        cast(coalesce(sum(evaluated.followed_count), 0) as bigint) as followed_count,
        cast(coalesce(sum(counted.enrolled_count - evaluated.followed_count), 0) as bigint)
            as not_in_trial_count
    from supply
    left join served on supply.account_id = served.account_id
    left join evaluated on supply.account_id = evaluated.account_id
    left join counted on supply.account_id = counted.account_id
    where supply.has_workers or served.account_id is not null
    group by cube(supply.account_id)
    having count(*) > 0
),

asked as (
    select
        accounts.*,
        outcomes.outcome_code,
        case
            when not accounts.has_workers then 'worker'
            when not accounts.has_eligibility then 'eligibility'
            when outcomes.needs = 'job_event' and not accounts.has_job_events then 'job_event'
            when outcomes.needs = 'absence' and not accounts.has_absences then 'absence'
        end as missing_entity
    from accounts
    cross join outcomes
),

final as (
    select
        account_code as account_id,
        outcome_code,
        missing_entity,
        missing_entity is null as is_supplied,
        case when has_workers then has_reasons end as is_reason_supplied,
        colleagues_count,
        followed_count,
        not_in_trial_count,
        first_index_month as period_start,
        {{ add_days(add_months('last_index_month', 1), -1) }} as period_end
    from asked
)

select * from final
