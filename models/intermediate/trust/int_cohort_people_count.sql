-- one row per account, cohort month and step: how many people are behind its rate?
with spell_stages as (select * from {{ ref('int_eligibility_stage_reach') }}),
spells as (select * from {{ ref('fct_eligibility_journeys') }}),
enrollment_stages as (select * from {{ ref('int_enrollment_stage_reach') }}),
enrollments as (select * from {{ ref('fct_enrollment_journeys') }}),

-- as in rpt_funnel_cohorts: of the first stage those who reached it, of every other step those who
-- had the whole time and of whom the stage before is known
counted as (
    select
        spell_stages.account_id,
        spell_stages.cohort_month,
        spell_stages.stage_code,
        spells.account_id || '|' || spells.worker_id as person_key,
        spell_stages.stage_code = 'eligible' or spell_stages.is_reached_in_time as is_met
    from spell_stages
    inner join spells on spell_stages.eligibility_id = spells.eligibility_id
    where
        case
            when spell_stages.stage_code = 'eligible' then spell_stages.is_reached
            else spell_stages.is_mature and spell_stages.is_previous_reached_in_time
        end
    union all
    select
        enrollment_stages.account_id,
        enrollment_stages.cohort_month,
        enrollment_stages.stage_code,
        enrollments.participant_id as person_key,
        enrollment_stages.is_reached_in_time as is_met
    from enrollment_stages
    inner join enrollments on enrollment_stages.enrollment_id = enrollments.enrollment_id
    where
        enrollment_stages.stage_code <> 'enrolled'
        and enrollment_stages.is_mature
        and enrollment_stages.is_previous_reached_in_time
),

final as (
    select
        {{ all_or('account_id') }} as account_code,
        {{ all_or('cohort_month') }} as cohort_code,
        stage_code,
        cast(count(distinct person_key) as bigint) as people_count,
        cast(count(distinct case when is_met then person_key end) as bigint) as met_people_count,
        cast(count(distinct case when not is_met then person_key end) as bigint)
            as other_people_count
    from counted
    group by cube(account_id, cohort_month), stage_code
)

select
    account_code as account_id,
    cohort_code as cohort_month,
    stage_code,
    people_count,
    -- a count of everybody has nobody on the other side
    case
        when stage_code = 'eligible' then people_count
        else least(met_people_count, other_people_count)
    end as fewest_people_count
from final
