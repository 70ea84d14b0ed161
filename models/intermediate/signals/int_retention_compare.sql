-- one row per worker who enrolled: still employed a year on, and how many comparable colleagues?
with enrolled as (select * from {{ ref('int_worker_enrollment_find') }}),
trials as (select * from {{ ref('int_trial_observe') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

participants as (
    select * from trials
    where arm = 'treated'
),

colleagues as (
    select
        account_id,
        index_month,
        stratum,
        cast(count(*) as bigint) as colleagues_count,
        cast(count_if(left_month_no is null) as bigint) as colleagues_retained_count
    from trials
    where arm = 'comparison' and is_matched
    group by account_id, index_month, stratum
),

final as (
    select
        enrolled.account_id,
        enrolled.worker_id,
        enrolled.enrolled_month as index_month,
        case when participants.worker_id is not null then participants.left_month_no is null end
            as is_retained,
        coalesce(
            participants.is_followed_fully,
            {{ month_is_over(add_months('enrolled.enrolled_month', 12), 'as_of.known_until_at') }}
        ) as is_mature,
        coalesce(colleagues.colleagues_count, 0) as colleagues_count,
        coalesce(colleagues.colleagues_retained_count, 0) as colleagues_retained_count
    from enrolled
    cross join as_of
    left join participants
        on
            enrolled.account_id = participants.account_id
            and enrolled.worker_id = participants.worker_id
    left join colleagues
        on
            participants.account_id = colleagues.account_id
            and participants.index_month = colleagues.index_month
            and participants.stratum = colleagues.stratum
)

select * from final
