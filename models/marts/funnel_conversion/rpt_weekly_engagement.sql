with weeks as (select * from {{ ref('int_enrollment_calendar_expand') }}),

counts as (
    select
        {{ all_or('account_id') }} as account_code,
        {{ all_or('program_id') }} as program_code,
        week_start_date,
        cast(count(distinct participant_id) as bigint) as at_risk_count,
        cast(count(distinct case when is_active then participant_id end) as bigint)
            as counted_active_count,
        cast(count(distinct case when is_new_start then participant_id end) as bigint)
            as new_starts_count,
        cast(count(distinct case when is_week_1_active then participant_id end) as bigint)
            as counted_week_1_active_count,
        cast(count(distinct case when is_week_1_retained then participant_id end) as bigint)
            as counted_week_1_retained_count,
        bool_or(is_active is not null) as is_supplied,
        bool_and(is_observed_fully) as is_mature,
        bool_and(is_week_2_observed) as is_week_1_retention_mature
    from weeks
    group by cube(account_id, program_id), week_start_date
),

-- where activity is not known nobody is known to be active or not
supplied as (
    select
        account_code,
        program_code,
        week_start_date,
        is_supplied,
        is_mature,
        is_week_1_retention_mature,
        at_risk_count,
        case when is_supplied then counted_active_count end as active_count,
        new_starts_count,
        case when is_supplied then counted_week_1_active_count end as week_1_active_count,
        case when is_supplied then counted_week_1_retained_count end as week_1_retained_count
    from counts
),

final as (
    select
        {{ surrogate_key(['account_code', 'program_code', 'week_start_date']) }}
            as weekly_engagement_key,
        account_code as account_id,
        program_code as program_id,
        is_supplied,
        is_mature,
        is_week_1_retention_mature,
        at_risk_count,
        active_count,
        {{ rate('active_count', 'at_risk_count') }} as active_rate,
        {{ wilson_low('active_count', 'at_risk_count') }} as ci_low,
        {{ wilson_high('active_count', 'at_risk_count') }} as ci_high,
        new_starts_count,
        week_1_active_count,
        week_1_retained_count,
        case
            when is_week_1_retention_mature
                then {{ rate('week_1_retained_count', 'week_1_active_count') }}
        end as week_1_retention_rate,
        case
            when is_week_1_retention_mature
                then {{ wilson_low('week_1_retained_count', 'week_1_active_count') }}
        end as week_1_retention_ci_low,
        case
            when is_week_1_retention_mature
                then {{ wilson_high('week_1_retained_count', 'week_1_active_count') }}
        end as week_1_retention_ci_high,
        week_start_date
    from supplied
)

select * from final
