-- The numbers of the README's findings, one each, computed from the original files.

-- name: registrations
select count(*) from studentRegistration

-- name: people
select count(distinct id_student) from studentInfo

-- name: people_registered_twice
select count(*) from (select id_student from studentInfo group by id_student having count(*) > 1)

-- name: earlier_attempts
select count(*) from studentInfo where num_of_prev_attempts > 0

-- name: earlier_attempts_in_these_files
select count(*)
from studentInfo as later
where
    num_of_prev_attempts > 0
    and exists (
        select 1 from studentInfo as earlier
        where
            earlier.id_student = later.id_student
            and earlier.code_module = later.code_module
            and earlier.code_presentation < later.code_presentation
    )

-- name: registration_day_unknown
select count(*) from studentRegistration where date_registration is null

-- name: registration_day_unknown_left_before_start
select count(*) from studentRegistration
where date_registration is null and date_unregistration < 0

-- name: registered_after_start
select count(*) from studentRegistration where date_registration > 0

-- name: left_on_registration_day
select count(*) from studentRegistration where date_registration = date_unregistration

-- name: left_before_start
select count(*) from studentRegistration where date_unregistration < 0

-- name: left_on_start_day
select count(*) from studentRegistration where date_unregistration = 0

-- name: left_after_end
select count(*) from studentRegistration
inner join courses using (code_module, code_presentation)
where date_unregistration > module_presentation_length

-- name: withdrawn_day_unknown
select count(*) from studentInfo
inner join studentRegistration using (code_module, code_presentation, id_student)
where final_result = 'Withdrawn' and date_unregistration is null

-- name: failed_with_unregistration_day
select count(*) from studentInfo
inner join studentRegistration using (code_module, code_presentation, id_student)
where final_result = 'Fail' and date_unregistration is not null

-- name: never_active
select count(*) from studentRegistration
anti join studentVle using (code_module, code_presentation, id_student)

-- name: passed_without_activity
select count(*) from studentInfo
anti join studentVle using (code_module, code_presentation, id_student)
where final_result in ('Pass', 'Distinction')

-- name: active_before_start
select count(distinct (code_module, code_presentation, id_student)) from studentVle where date < 0

-- name: active_only_before_start
select count(*) from (
    select 1 from studentVle
    group by code_module, code_presentation, id_student
    having max(date) < 0
)

-- name: active_before_registration
select count(*) from studentVle
inner join studentRegistration using (code_module, code_presentation, id_student)
where date < date_registration

-- name: active_after_leaving
select count(distinct (code_module, code_presentation, id_student)) from studentVle
inner join studentRegistration using (code_module, code_presentation, id_student)
where date > date_unregistration

-- name: clicks_after_leaving
select sum(sum_click) from studentVle
inner join studentRegistration using (code_module, code_presentation, id_student)
where date > date_unregistration

-- name: active_in_week_1_though_gone
select count(distinct (code_module, code_presentation, id_student)) from studentVle
inner join studentRegistration using (code_module, code_presentation, id_student)
where date between 0 and 6 and date_unregistration <= 0

-- name: activated_only_after_leaving
select count(*) from (
    select min(date) as first_day, code_module, code_presentation, id_student
    from studentVle
    group by all
)
inner join studentRegistration using (code_module, code_presentation, id_student)
where first_day <= 14 and first_day > date_unregistration

-- name: active_after_end
select count(*) from studentVle
inner join courses using (code_module, code_presentation)
where date > module_presentation_length

-- name: activity_rows
select count(*) from studentVle

-- name: activity_keys
select count(distinct (code_module, code_presentation, id_student, id_site, date)) from studentVle

-- name: activity_rows_equal_to_another
select (select count(*) from studentVle) - (select count(*) from (select distinct * from studentVle))

-- name: activity_of_unregistered
select count(*) from studentVle
anti join studentRegistration using (code_module, code_presentation, id_student)

-- name: most_clicks_in_one_row
select max(sum_click) from studentVle

-- name: submissions
select count(*) from studentAssessment

-- name: submissions_banked
select count(*) from studentAssessment where is_banked = 1

-- name: learners_with_banked_only
select count(*) from (
    select 1 from studentAssessment
    inner join assessments using (id_assessment)
    group by code_module, code_presentation, id_student
    having min(is_banked) = 1
)

-- name: submissions_without_score
select count(*) from studentAssessment where score is null

-- name: submissions_before_start
select count(*) from studentAssessment where date_submitted < 0 and is_banked = 0

-- name: submissions_after_end
select count(*) from studentAssessment
inner join assessments using (id_assessment)
inner join courses using (code_module, code_presentation)
where date_submitted > module_presentation_length

-- name: last_submission_day
select max(date_submitted) from studentAssessment

-- name: submissions_after_leaving
select count(*) from studentAssessment
inner join assessments using (id_assessment)
inner join studentRegistration using (code_module, code_presentation, id_student)
where date_submitted > date_unregistration and is_banked = 0

-- name: learners_submitting_without_activity
select count(distinct (code_module, code_presentation, id_student)) from studentAssessment
inner join assessments using (id_assessment)
anti join studentVle using (code_module, code_presentation, id_student)
where is_banked = 0

-- name: passed_without_submission
select count(*) from studentInfo
anti join (
    select code_module, code_presentation, id_student from studentAssessment
    inner join assessments using (id_assessment)
) using (code_module, code_presentation, id_student)
where final_result in ('Pass', 'Distinction')

-- name: exam_day_unknown
select count(*) from assessments where assessment_type = 'Exam' and date is null

-- name: presentations_with_exam_results
select count(distinct (code_module, code_presentation)) from studentAssessment
inner join assessments using (id_assessment)
where assessment_type = 'Exam'
