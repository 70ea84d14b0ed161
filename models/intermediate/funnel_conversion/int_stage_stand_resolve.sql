-- one row per spell of eligibility or enrollment and stage at which it stood: since when, until
-- when, and whether it advanced or left
with spells as (select * from {{ ref('int_eligibility_stage_reach') }}),
enrollments as (select * from {{ ref('int_enrollment_stage_reach') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- a stage that does not need the others (mobility) stands beside them, as a journey of its own
reached as (
    select
        'spell ' || eligibility_id as journey,
        account_id,
        stage_code,
        stage_order,
        stage_code <> 'enrolled' as is_counted,
        clock_date,
        left_date
    from spells
    union all
    select
        case when needs_previous then 'enrollment ' else 'beside ' end || enrollment_id as journey,
        account_id,
        stage_code,
        stage_order,
        true as is_counted,
        clock_date,
        left_date
    from enrollments
),

-- nobody stands at a stage before the journey has begun, though it may have been reached before
begun as (
    select
        reached.*,
        greatest(
            reached.clock_date,
            first_value(reached.clock_date) over (
                partition by reached.journey order by reached.stage_order
            )
        ) as entered_date
    from reached
    where reached.clock_date is not null
),

followed as (
    select
        begun.*,
        min(begun.entered_date) over (
            partition by begun.journey
            order by begun.stage_order
            rows between 1 following and unbounded following
        ) as advanced_date
    from begun
    cross join as_of
    where begun.entered_date <= as_of.as_of_date
),

-- who advances has not left: leaving counts at the highest stage only
final as (
    select
        followed.journey,
        followed.account_id,
        followed.stage_code,
        followed.entered_date,
        followed.advanced_date,
        case
            when followed.advanced_date is null and followed.left_date <= as_of.as_of_date
                then greatest(followed.left_date, followed.entered_date)
        end as left_date
    from followed
    cross join as_of
    where
        followed.is_counted
        and (followed.advanced_date is null or followed.advanced_date >= followed.entered_date)
)

select * from final
