with trials as (select * from {{ ref('int_trial_observe') }}),

final as (
    select
        account_id,
        worker_id,
        index_month,
        arm,
        stratum,
        is_followed_fully,
        is_in_evaluation,
        is_retained_total as retained_12m,
        is_retained_voluntary as retained_12m_voluntary,
        is_promoted as promoted_12m,
        is_moved as moved_12m,
        is_mobile as internal_mobility_12m,
        absence_hours as absence_hours_12m,
        trial_weight
    from trials
)

select * from final
