-- one row per account, month and indicator: how many people are behind its rate?
with observations as (select * from {{ ref('int_indicator_observe') }}),
enrollments as (select * from {{ ref('fct_enrollment_journeys') }}),

-- one learner stands behind many weeks, sessions and pieces of work
counted as (
    select
        observations.account_id,
        observations.month,
        observations.indicator_code,
        observations.is_met,
        coalesce(
            enrollments.participant_id,
            observations.account_id || '|' || observations.worker_id
        ) as person_key
    from observations
    left join enrollments on observations.enrollment_id = enrollments.enrollment_id
    where observations.is_met is not null
),

final as (
    select
        {{ all_or('account_id') }} as account_code,
        month,
        indicator_code,
        cast(count(distinct person_key) as bigint) as people_count,
        least(
            cast(count(distinct case when is_met then person_key end) as bigint),
            cast(count(distinct case when not is_met then person_key end) as bigint)
        ) as fewest_people_count
    from counted
    group by cube(account_id), month, indicator_code
)

select
    account_code as account_id,
    month,
    indicator_code,
    people_count,
    fewest_people_count
from final
