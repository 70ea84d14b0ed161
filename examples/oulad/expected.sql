-- What the original files say, counted straight from them: no landing, no marts. Only weekly_engagement
-- needs calendar dates, and assigns them itself.
-- The views are named by the files. Each query has its namesake in marts.sql; both give the same rows.

-- name: registered
select
    code_module || '-' || code_presentation as cohort_id,
    count(*) as registered_count,
    count(date_registration) as registered_with_day_count
from studentRegistration
group by all

-- name: ever_active
select
    code_module || '-' || code_presentation as cohort_id,
    count(distinct id_student) as learners_count
from studentVle
group by all

-- name: active_in_week_1
select
    code_module || '-' || code_presentation as cohort_id,
    count(distinct id_student) as learners_count
from studentVle
where date between 0 and 6
group by all

-- name: activity_by_week
-- Weeks since the start; week 0 is the week before it.
select
    code_module || '-' || code_presentation as cohort_id,
    floor(date / 7)::int + 1 as week_no,
    count(distinct id_student) as learners_count,
    count(distinct (id_student, date)) as active_days_count,
    sum(sum_click)::bigint as clicks_count
from studentVle
group by all

-- name: clicks
select
    code_module || '-' || code_presentation as cohort_id,
    sum(sum_click)::bigint as clicks_count
from studentVle
group by all

-- name: first_activity_by_day
with first_days as (
    select
        code_module || '-' || code_presentation as cohort_id,
        id_student,
        min(date)::int as first_day
    from studentVle
    group by all
)

select
    cohort_id,
    first_day,
    count(*) as learners_count
from first_days
group by all

-- name: first_submission_by_day
-- Banked assessments are credit from an earlier attempt, not work handed in now.
with first_days as (
    select
        code_module || '-' || code_presentation as cohort_id,
        id_student,
        min(date_submitted)::int as first_day
    from studentAssessment
    inner join assessments using (id_assessment)
    where is_banked = 0
    group by all
)

select
    cohort_id,
    first_day,
    count(*) as learners_count
from first_days
group by all

-- name: results
select
    code_module || '-' || code_presentation as cohort_id,
    count(*) filter (where final_result in ('Pass', 'Distinction')) as completed_count,
    count(*) filter (where final_result = 'Fail') as failed_count,
    count(*) filter (where final_result = 'Withdrawn') as withdrawn_count
from studentInfo
group by all

-- name: leaving_by_day
-- Without an unregistration day, the last day of the presentation.
select
    code_module || '-' || code_presentation as cohort_id,
    case final_result when 'Fail' then 'failed' else 'withdrawn' end as exit_status,
    coalesce(date_unregistration, module_presentation_length)::int as exit_day,
    count(*) as learners_count
from studentInfo
inner join studentRegistration using (code_module, code_presentation, id_student)
inner join courses using (code_module, code_presentation)
where final_result in ('Fail', 'Withdrawn')
group by all

-- name: activated
-- Active between registration (where its day is unknown: 14 days before the start) and day 14, and not
-- after the day of leaving; who left before the start never started.
select
    code_module || '-' || code_presentation as cohort_id,
    count(distinct id_student) as learners_count
from studentVle
inner join studentRegistration using (code_module, code_presentation, id_student)
where
    date between least(0, coalesce(date_registration, -14)) and 14
    and coalesce(date_unregistration, 0) >= 0
    and date <= coalesce(date_unregistration, date)
group by all

-- name: engaged
-- Active in three of the first four weeks, before leaving; the week that begins on the day of leaving
-- does not count.
with early_weeks as (
    select
        code_module || '-' || code_presentation as cohort_id,
        id_student
    from studentVle
    inner join studentRegistration using (code_module, code_presentation, id_student)
    where
        date between 0 and 27
        and date <= coalesce(date_unregistration, date)
        and (date_unregistration is null or date_unregistration > 7 * floor(date / 7))
    group by all
    having count(distinct floor(date / 7)) >= 3
)

select
    cohort_id,
    count(*) as learners_count
from early_weeks
group by all

-- name: at_risk_by_week
-- A week is at risk when the learner was still there after its first day.
with learners as (
    select
        code_module,
        code_presentation,
        id_student,
        coalesce(date_unregistration, module_presentation_length) as last_day
    from studentRegistration
    inner join courses using (code_module, code_presentation)
),

weeks as (select unnest(range(1, 200)) as week_no),

active_weeks as (
    select distinct
        code_module,
        code_presentation,
        id_student,
        floor(date / 7)::int + 1 as week_no
    from studentVle
)

select
    code_module || '-' || code_presentation as cohort_id,
    weeks.week_no::int as week_no,
    count(*) as at_risk_count,
    count(active_weeks.week_no) as active_count
from learners
inner join weeks on learners.last_day > 7 * (weeks.week_no - 1)
left join active_weeks using (code_module, code_presentation, id_student, week_no)
group by all

-- name: active_after_leaving
-- In a later week than the one of leaving.
select
    code_module || '-' || code_presentation as cohort_id,
    count(distinct id_student) as learners_count,
    sum(sum_click)::bigint as clicks_count
from studentVle
inner join studentRegistration using (code_module, code_presentation, id_student)
where floor(date / 7) > floor(date_unregistration / 7)
group by all

-- name: weekly_engagement
-- Calendar weeks from Monday, from the start to the last day; learners gone by the start are in none.
with learners as (
    select
        code_module,
        code_presentation,
        id_student,
        make_date(
            left(code_presentation, 4)::int, if(right(code_presentation, 1) = 'B', 2, 10), 1
        ) as first_date,
        coalesce(date_unregistration, module_presentation_length)::int as last_day
    from studentRegistration
    inner join courses using (code_module, code_presentation)
),

learner_weeks as (
    select
        code_module,
        code_presentation,
        id_student,
        unnest(generate_series(
            date_trunc('week', first_date), date_trunc('week', first_date + last_day), interval 7 day
        ))::date as week_start_date
    from learners
    where last_day > 0
),

active_weeks as (
    select distinct
        code_module,
        code_presentation,
        id_student,
        date_trunc('week', first_date + date::int)::date as week_start_date
    from studentVle
    inner join learners using (code_module, code_presentation, id_student)
    where date between 0 and last_day
)

select
    coalesce(code_module, 'all') as program_id,
    week_start_date,
    count(distinct id_student) as at_risk_count,
    -- after the last day of any activity it is not known who was active
    if(
        week_start_date <= (
            select max(first_date + date::int)
            from studentVle
            inner join learners using (code_module, code_presentation, id_student)
        ),
        count(distinct if(active_weeks.id_student is null, null, id_student)),
        null
    ) as active_count
from learner_weeks
left join active_weeks using (code_module, code_presentation, id_student, week_start_date)
group by grouping sets ((code_module, week_start_date), (week_start_date))
