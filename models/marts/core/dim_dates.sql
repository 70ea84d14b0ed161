with enrollments as (select * from {{ ref('stg_enrollment') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- whole years: from the first enrollment or start to the as-of date or the last start
bounds as (
    select
        cast(date_trunc('year', least(
            min(enrollments.start_date),
            cast(min(enrollments.enrolled_at) as date),
            min(as_of.as_of_date)
        )) as date) as first_date,
        greatest(
            min(as_of.as_of_date), coalesce(max(enrollments.start_date), min(as_of.as_of_date))
        ) as last_day_needed
    from as_of
    left join enrollments on true
),

days as (
    select {{ date_series('first_date', last_day_of_year('last_day_needed')) }} as date_day
    from bounds
),

final as (
    select
        date_day,
        {{ week_start('date_day') }} as iso_week_start,
        {{ month_start('date_day') }} as month_start,
        cast(date_trunc('quarter', date_day) as date) as quarter_start,
        cast(date_trunc('year', date_day) as date) as year_start
    from days
)

select * from final
