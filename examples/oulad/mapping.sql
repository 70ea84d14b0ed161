-- The mapping of the seven files onto the input contract. The README gives the reasons.
-- A name with an ending is a landed file, as <family>/<entity>/<file>; the others are views used below.
--
-- Days count from the presentation's start. A day has an order here, so that nothing ties:
-- registration at 00:00, work at 12:00, leaving at 23:59:59 (UTC).

-- name: presentation
select
    code_module,
    code_presentation,
    module_presentation_length,
    code_module || '-' || code_presentation as cohort_id,
    make_date(
        left(code_presentation, 4)::int,
        case right(code_presentation, 1) when 'B' then 2 when 'J' then 10 end,
        1
    ) as start_date,
    start_date + module_presentation_length as planned_end_date
from courses;

-- name: registration
select
    presentation.*,
    studentInfo.id_student,
    studentInfo.num_of_prev_attempts,
    studentInfo.final_result,
    studentRegistration.date_unregistration,
    presentation.cohort_id || '-' || studentInfo.id_student as enrollment_id,
    presentation.start_date::timestamp
        + to_days(studentRegistration.date_registration) as registered_at
from studentRegistration
inner join studentInfo using (code_module, code_presentation, id_student)
inner join presentation using (code_module, code_presentation);

-- name: stakeholder/account/account.csv
select
    'open-university' as account_id,
    'The Open University' as name;

-- name: operations/program/program.csv
select
    code_module as program_id,
    'Module ' || code_module as title,
    -- The lengths of a module's presentations differ: the longest, in whole weeks.
    ceil(max(module_presentation_length) / 7)::bigint as planned_weeks
from courses
group by code_module
order by program_id;

-- name: operations/cohort/cohort.csv
select
    cohort_id,
    code_module as program_id,
    start_date,
    planned_end_date as end_date
from presentation
order by cohort_id;

-- name: participant/participant/participant.parquet
select
    id_student::varchar as participant_id,
    'open-university' as account_id,
    min(registered_at) as registered_at
from registration
group by id_student
order by id_student;

-- name: participant/enrollment/enrollment.parquet
select
    enrollment_id,
    id_student::varchar as participant_id,
    code_module as program_id,
    cohort_id,
    registered_at as enrolled_at,
    start_date,
    planned_end_date,
    (1 + num_of_prev_attempts)::bigint as attempt_no
from registration
order by cohort_id, id_student;

-- name: participant/enrollment_status/enrollment_status.parquet
with enrolled as (
    -- No day of registration, no row: most of these students left before the start, so that the
    -- start in its place would make them enrolled again after they had left.
    select
        cohort_id,
        id_student,
        enrollment_id,
        'enrolled' as status,
        registered_at as effective_at,
        null as reason_code
    from registration
    where registered_at is not null
),

results as (
    select
        cohort_id,
        id_student,
        enrollment_id,
        case final_result
            when 'Withdrawn' then 'withdrawn'
            when 'Fail' then 'failed'
            else 'completed'
        end as status,
        start_date::timestamp
        + to_days(
            case
                when final_result in ('Withdrawn', 'Fail')
                    then coalesce(date_unregistration, module_presentation_length)
                else module_presentation_length
            end
        )
        + interval '23:59:59' as effective_at,
        case
            when final_result = 'Pass' then 'pass'
            when final_result = 'Distinction' then 'distinction'
            when final_result = 'Fail' and date_unregistration is not null then 'unregistered'
            when final_result = 'Withdrawn' and date_unregistration is null then 'day_unknown'
        end as reason_code
    from registration
)

select
    enrollment_id || ':' || status as status_event_id,
    enrollment_id,
    status,
    effective_at,
    reason_code
from (from enrolled union all from results)
order by cohort_id, id_student, effective_at;

-- name: participant/assignment/assignment.csv
select
    id_assessment as assignment_id,
    code_module as program_id,
    cohort_id,
    case assessment_type when 'Exam' then 'exam' else 'assignment' end as assignment_type,
    assessment_type || ' ' || id_assessment as title,
    date as due_day,
    weight
from assessments
inner join presentation using (code_module, code_presentation)
order by cohort_id, id_assessment;

-- name: participant/submission/submission.parquet
select
    cohort_id || '-' || id_student || ':' || id_assessment as submission_id,
    cohort_id || '-' || id_student as enrollment_id,
    id_assessment::varchar as assignment_id,
    start_date::timestamp + to_days(date_submitted) + interval 12 hour as submitted_at,
    (score / 100)::decimal(18, 4) as score_scaled,
    score >= 40 as passed,
    is_banked = 1 as is_carried_over
from studentAssessment
inner join assessments using (id_assessment)
inner join presentation using (code_module, code_presentation)
order by cohort_id, id_student, id_assessment;

-- name: participant/learning_event/{cohort_id}.parquet
with numbered as (
    select
        *,
        -- A student, site and day may have several rows; equal ones are interchangeable.
        row_number() over (partition by id_student, id_site, date order by sum_click) as repeat_no
    from studentVle
    inner join presentation using (code_module, code_presentation)
    where cohort_id = getvariable('cohort_id')
)

select
    concat_ws(':', cohort_id || '-' || id_student, id_site, date, repeat_no) as event_id,
    id_student::varchar as participant_id,
    cohort_id || '-' || id_student as enrollment_id,
    'viewed' as verb,
    id_site::varchar as object_id,
    activity_type as object_type,
    sum_click::bigint as quantity,
    start_date::timestamp + to_days(date) + interval 12 hour as occurred_at
from numbered
left join vle using (id_site, code_module, code_presentation)
order by id_student, date, id_site, repeat_no;
