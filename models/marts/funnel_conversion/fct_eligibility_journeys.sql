with eligibility as (select * from {{ ref('stg_eligibility') }}),
employment as (select * from {{ ref('int_employment_spell_resolve') }}),
participants as (select * from {{ ref('dim_participants') }}),
touches as (select * from {{ ref('stg_marketing_touch') }}),
applications as (select * from {{ ref('stg_application') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
stages as (select * from {{ ref('dim_stages') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- a worker whom decisions by hand made two participants: the one linked first has the name
named_participants as (
    select
        account_id,
        worker_id,
        participant_id,
        timezone,
        row_number() over (
            partition by account_id, worker_id order by linked_at nulls last, participant_id
        ) as link_no
    from participants
    where worker_id is not null
),

-- the first end of the employment within the spell
terminations as (
    select
        eligibility.eligibility_id,
        min(employment.termination_date) as termination_date
    from eligibility
    inner join employment
        on
            eligibility.account_id = employment.account_id
            and eligibility.worker_id = employment.worker_id
            and eligibility.eligible_from <= employment.termination_date
    where
        eligibility.eligible_to is null
        or employment.termination_date <= {{ add_days('eligibility.eligible_to', 1) }}
    group by eligibility.eligibility_id
),

spells as (
    select
        eligibility.eligibility_id,
        eligibility.account_id,
        eligibility.worker_id,
        named_participants.participant_id,
        named_participants.timezone,
        eligibility.eligible_from,
        -- the last day on which anything counts: the day of leaving does, as in an enrollment
        least(eligibility.eligible_to, terminations.termination_date, as_of.as_of_date)
            as last_date,
        case
            when terminations.termination_date is not null then 'left_employer'
            when eligibility.eligible_to < as_of.as_of_date then 'eligibility_ended'
        end as exit_reason,
        case
            when terminations.termination_date is not null then terminations.termination_date
            when eligibility.eligible_to < as_of.as_of_date
                then {{ add_days('eligibility.eligible_to', 1) }}
        end as exited_date,
        row_number() over (
            partition by eligibility.account_id, eligibility.worker_id
            order by eligibility.eligible_from, eligibility.eligibility_id
        ) = 1 as is_first_spell
    from eligibility
    left join named_participants
        on
            eligibility.account_id = named_participants.account_id
            and eligibility.worker_id = named_participants.worker_id
            and named_participants.link_no = 1
    left join terminations on eligibility.eligibility_id = terminations.eligibility_id
    cross join as_of
    where eligibility.eligible_from <= as_of.as_of_date
),

-- a mail that was sent, delivered or opened is not awareness
steps as (
    select
        touches.account_id,
        touches.worker_id,
        'aware' as stage_code,
        touches.occurred_at as reached_at,
        cast(null as date) as reached_date
    from touches
    where
        touches.worker_id is not null
        and touches.touch_type in ('click', 'visit', 'attended', 'referral')
    union all
    select
        participants.account_id,
        participants.worker_id,
        'aware' as stage_code,
        touches.occurred_at as reached_at,
        cast(null as date) as reached_date
    from touches
    inner join participants on touches.participant_id = participants.participant_id
    where
        touches.worker_id is null
        and touches.touch_type in ('click', 'visit', 'attended', 'referral')
    union all
    select
        participants.account_id,
        participants.worker_id,
        'applied' as stage_code,
        applications.submitted_at as reached_at,
        cast(null as date) as reached_date
    from applications
    inner join participants on applications.participant_id = participants.participant_id
    union all
    -- given up before its start it never came past the day until which one may drop out
    select
        account_id,
        worker_id,
        'enrolled' as stage_code,
        coalesce(enrolled_at, cast(start_date as timestamp)) as reached_at,
        coalesce(enrolled_date, start_date) as reached_date
    from enrollments
    where completed_at is not null or ended_date is null or ended_date >= start_date
),

first_steps as (
    select
        spells.eligibility_id,
        min(steps.reached_at) filter (where steps.stage_code = 'aware') as aware_at,
        min(steps.reached_at) filter (where steps.stage_code = 'applied') as applied_at,
        min(steps.reached_at) filter (where steps.stage_code = 'enrolled') as enrolled_at
    from spells
    inner join steps
        on spells.account_id = steps.account_id and spells.worker_id = steps.worker_id
    cross join as_of
    where
        steps.reached_at < as_of.known_before_at
        and coalesce(
            steps.reached_date, {{ local_date('steps.reached_at', 'spells.timezone') }}
        )
        between spells.eligible_from and spells.last_date
    group by spells.eligibility_id
),

supplied as (
    select
        coalesce(bool_or(stage_code = 'aware' and is_supplied), false) as has_aware,
        coalesce(bool_or(stage_code = 'applied' and is_supplied), false) as has_applied
    from stages
),

final as (
    select
        spells.eligibility_id,
        spells.account_id,
        spells.worker_id,
        spells.participant_id,
        spells.exit_reason,
        nullif(trim(concat(
            case
                when
                    supplied.has_aware
                    and first_steps.aware_at is null
                    and coalesce(first_steps.applied_at, first_steps.enrolled_at) is not null
                    then 'aware '
                else ''
            end,
            case
                when
                    supplied.has_applied
                    and first_steps.applied_at is null
                    and first_steps.enrolled_at is not null
                    then 'applied'
                else ''
            end
        )), '') as skipped_stages,
        spells.is_first_spell,
        cast(spells.eligible_from as timestamp) as eligible_at,
        first_steps.aware_at,
        first_steps.applied_at,
        first_steps.enrolled_at,
        cast(spells.exited_date as timestamp) as exited_at
    from spells
    left join first_steps on spells.eligibility_id = first_steps.eligibility_id
    cross join supplied
)

select * from final
