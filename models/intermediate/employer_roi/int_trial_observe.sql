-- one row per worker, index month and arm: who is compared with whom, and what came of it
with candidates as (select * from {{ ref('int_trial_candidate_find') }}),
strata as (select * from {{ ref('int_trial_stratum_build') }}),
cells as (select * from {{ ref('int_trial_cell_weigh') }}),
censoring as (select * from {{ ref('int_trial_censoring_estimate') }}),

placed as (
    select
        candidates.*,
        cells.stratum,
        cells.stratum_but_promotion,
        cells.is_matched,
        cells.is_control_matched,
        cells.comparison_weight,
        cells.control_comparison_weight,
        cells.is_followed_fully,
        cells.is_in_evaluation,
        -- a colleague is watched without a program until leaving, or to the last month
        coalesce(candidates.left_month_no, 12) as end_month_no
    from candidates
    inner join strata on candidates.profile = strata.profile
    inner join cells
        on
            candidates.account_id = cells.account_id
            and candidates.index_month = cells.index_month
            and strata.stratum = cells.stratum
),

observed as (
    select
        *,
        case when is_followed_fully then left_month_no is null end as is_retained_total,
        -- who left for a reason that is not known is taken to have wanted to
        case
            when is_followed_fully
                then left_month_no is null or coalesce(termination_type, 'voluntary') <> 'voluntary'
        end as is_retained_voluntary,
        case when is_followed_fully then is_promoted_after end as is_promoted,
        case when is_followed_fully then is_moved_after end as is_moved,
        case when is_followed_fully then is_promoted_after or is_moved_after end as is_mobile
    from placed
),

final as (
    select
        observed.account_id,
        observed.worker_id,
        observed.index_month,
        observed.arm,
        observed.stratum,
        observed.stratum_but_promotion,
        observed.job_level,
        observed.pay_type,
        observed.tenure_band,
        observed.pay_band,
        observed.department_group,
        observed.employment_type,
        observed.currency,
        observed.is_promoted_before,
        observed.is_moved_before,
        observed.is_followed_fully,
        observed.is_in_evaluation,
        observed.is_retained_total,
        observed.is_retained_voluntary,
        observed.is_promoted,
        observed.is_moved,
        observed.is_mobile,
        -- of who left nobody knows the moves either, where none are supplied
        case
            when observed.is_mobile is not null
                then observed.is_mobile and observed.is_retained_voluntary
        end as is_filled,
        observed.is_matched,
        observed.tenure_months,
        observed.base_pay_annual,
        observed.left_month_no,
        case when observed.is_followed_fully then observed.absence_hours end as absence_hours,
        observed.absence_hours_before,
        case
            when observed.is_matched and observed.arm = 'treated' then cast(1 as double)
            else observed.comparison_weight
        end as trial_weight,
        case
            when observed.is_control_matched and observed.arm = 'treated' then cast(1 as double)
            else observed.control_comparison_weight
        end as control_weight,
        case
            when observed.is_matched and observed.is_followed_fully
                then case
                    when observed.arm = 'treated' then cast(1 as double)
                    when coalesce(observed.enrolled_month_no, 13) >= observed.end_month_no
                        then observed.comparison_weight / censoring.not_enrolled_share
                end
        end as protocol_weight,
        observed.enrolled_month
    from observed
    left join censoring
        on
            observed.account_id = censoring.account_id
            and observed.stratum = censoring.stratum
            and observed.end_month_no = censoring.end_month_no
)

select * from final
