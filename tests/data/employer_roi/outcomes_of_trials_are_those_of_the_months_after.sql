-- What: leaving, promotions and moves of a trial are those of the 12 months after its month.
-- When it matters: a trial would show what happened before it or in it, or miss what came after.
-- How to resolve: the windows of int_worker_month_sum; left_month_no of int_trial_candidate_find.
with trials as (select * from {{ ref('fct_outcome_trials') }}),
worker_months as (select * from {{ ref('fct_worker_months') }}),

participants as (
    select * from trials
    where arm = 'treated' and is_followed_fully
),

recounted as (
    select
        participants.account_id,
        participants.worker_id,
        participants.retained_12m,
        participants.promoted_12m,
        participants.moved_12m,
        coalesce(max(case when worker_months.is_terminated then 1 else 0 end), 0) as left_count,
        coalesce(max(case when worker_months.is_promoted then 1 else 0 end), 0) as promoted_count,
        coalesce(max(case when worker_months.is_lateral_move then 1 else 0 end), 0) as moved_count
    from participants
    left join worker_months
        on
            participants.account_id = worker_months.account_id
            and participants.worker_id = worker_months.worker_id
            and participants.index_month < worker_months.month
            and {{ add_months('participants.index_month', 12) }} >= worker_months.month
    group by
        participants.account_id,
        participants.worker_id,
        participants.retained_12m,
        participants.promoted_12m,
        participants.moved_12m
)

select * from recounted
where
    retained_12m <> (left_count = 0)
    -- who left has no more months, though an event of theirs may land
    or retained_12m and promoted_12m <> (promoted_count > 0)
    or retained_12m and moved_12m <> (moved_count > 0)
