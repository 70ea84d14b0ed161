{%- set text = dbt.type_string() -%}
-- one row per moment and component: its value, the people and the time behind it, and its grade,
-- or why there is no value
with moments as (select * from {{ ref('int_health_moment_find') }}),
components as (select * from {{ ref('health_components') }}),
evaluations as (select * from {{ ref('int_health_evidence_measure') }}),
sponsors as (select * from {{ ref('int_health_sponsor_measure') }}),
reports as (select * from {{ ref('int_health_reporting_measure') }}),
participants as (select * from {{ ref('int_health_participant_measure') }}),
contacts as (select * from {{ ref('int_health_coverage_measure') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- facts_count: what the value is a mean of; is_enough: whether there is a value
counted as (
    select
        sponsors.moment_key,
        'sponsor_satisfaction' as component_code,
        sponsors.mean_score as measured,
        sponsors.people_count,
        sponsors.answers_count as facts_count,
        sponsors.evidence_on,
        sponsors.responses_count >= thresholds.survey_people_least
        -- two of whom one has nearly all the weight are one; equal weights differ in the last digit
        and sponsors.effective_people >= thresholds.chain_pair_least - 1e-9 as is_enough
    from sponsors
    cross join thresholds
    union all
    select
        reports.moment_key,
        'reporting_quality' as component_code,
        reports.quality as measured,
        reports.people_count,
        reports.reports_count as facts_count,
        reports.evidence_on,
        true as is_enough
    from reports
    union all
    select
        participants.moment_key,
        'participant_health' as component_code,
        {{ rate('participants.completed_count', 'participants.ended_count') }} as measured,
        participants.people_count,
        participants.ended_count as facts_count,
        participants.evidence_on,
        participants.ended_count >= thresholds.minimum_observations as is_enough
    from participants
    cross join thresholds
    union all
    select
        moment_key,
        'stakeholder_coverage' as component_code,
        coverage as measured,
        contacts_count as people_count,
        contacts_count as facts_count,
        evidence_on,
        true as is_enough
    from contacts
),

-- counts and answers are no comparison: never an A
graded as (
    select
        counted.moment_key,
        counted.component_code,
        counted.measured as value, -- noqa: RF04
        counted.people_count,
        counted.evidence_on,
        case
            when
                counted.facts_count >= thresholds.minimum_observations
                and {{ days_between('counted.evidence_on', 'moments.observed_on') }}
                <= thresholds.evidence_fresh_days
                then 'B'
            else 'C'
        end as evidence_grade
    from counted
    cross join thresholds
    inner join moments on counted.moment_key = moments.moment_key
    where counted.is_enough
),

measured as (
    select
        moment_key,
        component_code,
        value,
        people_count,
        evidence_on,
        evidence_grade,
        reason
    from evaluations
    union all
    select
        moment_key,
        component_code,
        value,
        people_count,
        evidence_on,
        evidence_grade,
        cast(null as {{ text }}) as reason
    from graded
),

final as (
    select
        moments.moment_key,
        moments.account_id,
        moments.observed_on,
        moments.weights_version,
        components.component_code,
        measured.value,
        case when measured.value is not null then measured.people_count end as people_count,
        case when measured.value is not null then measured.evidence_on end as evidence_on,
        case when measured.value is not null then measured.evidence_grade end as evidence_grade,
        measured.value is not null as is_supplied,
        case
            when measured.value is not null then null
            when measured.reason is not null then measured.reason
            when components.component_code = 'sponsor_satisfaction'
                then concat(
                    'fewer than ', cast(thresholds.survey_people_least as {{ text }}),
                    ' answers of executive sponsors, or mostly of fewer than ',
                    cast(thresholds.chain_pair_least as {{ text }}), ' of them, in the last ',
                    cast(thresholds.confidence_window_days as {{ text }}), ' days'
                )
            when components.component_code = 'reporting_quality'
                then concat(
                    'no report was due in the last ',
                    cast(thresholds.reporting_window_days as {{ text }}), ' days'
                )
            when components.component_code = 'participant_health'
                then concat(
                    'fewer than ', cast(thresholds.minimum_observations as {{ text }}),
                    ' enrollments ended in the last ',
                    cast(thresholds.participant_window_days as {{ text }}), ' days'
                )
            when components.component_code = 'stakeholder_coverage'
                then 'no contact is named, or no conversation has landed'
            else 'no half-year of the account has been evaluated yet'
        end as reason
    from moments
    cross join components
    cross join thresholds
    left join measured
        on
            moments.moment_key = measured.moment_key
            and components.component_code = measured.component_code
)

select * from final
