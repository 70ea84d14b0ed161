-- one row per spell of eligibility and supplied stage up to `enrolled`: was it reached, when, and
-- was it watched long enough?
with journeys as (select * from {{ ref('fct_eligibility_journeys') }}),
participants as (select * from {{ ref('dim_participants') }}),
touches as (select * from {{ ref('stg_marketing_touch') }}),
applications as (select * from {{ ref('stg_application') }}),
enrollments as (select * from {{ ref('stg_enrollment') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

rows_by_stage as (
    select
        'aware' as stage_code,
        account_id,
        cast(occurred_at as date) as occurred_date
    from touches
    union all
    select
        'applied' as stage_code,
        participants.account_id,
        cast(coalesce(applications.started_at, applications.submitted_at) as date) as occurred_date
    from applications
    inner join participants on applications.participant_id = participants.participant_id
    union all
    select
        'enrolled' as stage_code,
        participants.account_id,
        cast(enrollments.enrolled_at as date) as occurred_date
    from enrollments
    inner join participants on enrollments.participant_id = participants.participant_id
),

-- the first row of an account says from when on its rows land; where it has none, that of all does.
-- Where the participant's clock is behind, its day was the one before
first_dates as (
    select
        stage_code,
        {{ all_or('account_id') }} as account_code,
        {{ add_days('min(occurred_date)', -1) }} as first_date
    from rows_by_stage
    group by cube(account_id), stage_code
),

-- days are the participant's own, and of UTC where none is known; eligibility begins and ends by
-- date
reached as (
    select
        journeys.eligibility_id,
        journeys.account_id,
        cast(null as {{ dbt.type_string() }}) as program_id,
        {{ month_start('journeys.eligible_at') }} as cohort_month,
        stages.stage_code,
        stages.stage_order,
        stages.previous_stage_code,
        stages.needs_previous,
        case stages.stage_code
            when 'eligible' then cast(journeys.eligible_at as date)
            when 'aware' then {{ local_date('journeys.aware_at', 'participants.timezone') }}
            when 'applied' then {{ local_date('journeys.applied_at', 'participants.timezone') }}
            when 'enrolled' then {{ local_date('journeys.enrolled_at', 'participants.timezone') }}
        end as clock_date,
        cast(journeys.exited_at as date) as competing_date,
        cast(journeys.exited_at as date) as left_date,
        coalesce(own_dates.first_date, all_dates.first_date) as observed_from_date,
        {{ add_days(
            'cast(journeys.eligible_at as date)',
            "case when stages.stage_code = 'eligible' then 0 "
            ~ "else thresholds.eligibility_window_days end"
        ) }} as window_end_date,
        {{ add_days('cast(as_of.known_until_at as date)', -1) }} as observed_until_date
    from journeys
    left join participants on journeys.participant_id = participants.participant_id
    cross join stages
    cross join thresholds
    cross join as_of
    left join first_dates as own_dates
        on
            stages.stage_code = own_dates.stage_code
            and journeys.account_id = own_dates.account_code
    left join first_dates as all_dates
        on stages.stage_code = all_dates.stage_code and all_dates.account_code = 'all'
    where
        stages.is_supplied
        and (stages.dated_by = 'fct_eligibility_journeys' or stages.stage_code = 'enrolled')
),

final as (
    {{ stage_reach('reached', 'eligibility_id') }}
)

select * from final
