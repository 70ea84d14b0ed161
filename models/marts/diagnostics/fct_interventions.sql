with interventions as (select * from {{ ref('stg_intervention') }}),
evidence as (select * from {{ ref('rpt_diagnostic_evidence') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what is dated after the as-of date has not happened
happened as (
    select
        interventions.case_id,
        interventions.account_id,
        interventions.program_id,
        interventions.diagnosis,
        interventions.question_code,
        interventions.function_code,
        interventions.opened_at,
        case
            when interventions.located_at < as_of.known_before_at then interventions.located_at
        end as located_at,
        case
            when interventions.started_at < as_of.known_before_at then interventions.started_at
        end as started_at,
        case
            when interventions.verified_at < as_of.known_before_at then interventions.verified_at
        end as verified_at,
        interventions.expected_change,
        interventions.outcome
    from interventions
    cross join as_of
    where interventions.opened_at < as_of.known_before_at
),

final as (
    select
        happened.case_id,
        happened.account_id,
        happened.program_id,
        happened.diagnosis,
        happened.question_code,
        happened.function_code,
        -- a case neither located nor started has broken no rule yet
        case
            when happened.located_at is not null or happened.started_at is not null
                then
                    coalesce(
                        happened.located_at <= coalesce(happened.started_at, happened.located_at),
                        false
                    )
        end as is_located_first,
        happened.verified_at is null as is_open,
        cast(happened.expected_change as double) as expected_change,
        case when happened.verified_at is not null then happened.outcome end as outcome,
        evidence.verdict as current_verdict,
        cast({{ days_between('happened.opened_at', 'happened.located_at') }} as int)
            as days_to_locate,
        cast({{ days_between('happened.opened_at', 'happened.started_at') }} as int)
            as days_to_start,
        cast({{ days_between('happened.opened_at', 'happened.verified_at') }} as int)
            as days_to_verify,
        happened.opened_at,
        happened.located_at,
        happened.started_at,
        happened.verified_at
    from happened
    left join evidence
        on
            happened.account_id = evidence.account_id
            and happened.question_code = evidence.question_code
)

select * from final
