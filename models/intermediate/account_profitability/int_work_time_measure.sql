-- one row per piece of work: its minutes by the time equation in force on its day, and those used
with work as (select * from {{ ref('int_work_collect') }}),
attributes as (select * from {{ ref('stg_work_item_attribute') }}),
activities as (select * from {{ ref('int_activity_version') }}),
terms as (select * from {{ ref('int_activity_term_version') }}),

catalogue as (
    select
        activity_code,
        min(valid_from) as first_valid_from
    from activities
    group by activity_code
),

-- capacity and ledger are a month's: a month's work is that of the function at its end
dated as (
    select
        *,
        {{ add_days(month_start(add_days('month', 31)), -1) }} as month_end
    from work
),

term_minutes as (
    select
        work.work_id,
        cast(sum(terms.minutes_per_unit * attributes.amount) as decimal(20, 8)) as minutes
    from work
    inner join attributes on work.work_id = attributes.work_item_id
    inner join terms
        on
            work.activity_code = terms.activity_code
            and attributes.attribute = terms.attribute
            and {{ is_in_force('terms', 'work.worked_on') }}
    where work.source = 'work_item'
    group by work.work_id
),

timed as (
    select
        dated.*,
        month_ends.function_code,
        catalogue.activity_code is not null as is_listed,
        cast(
            cast(dated.quantity as decimal(15, 4)) * cast(
                activities.standard_minutes + coalesce(term_minutes.minutes, 0) as decimal(20, 8)
            ) as decimal(18, 4)
        ) as standard_minutes
    from dated
    left join catalogue on dated.activity_code = catalogue.activity_code
    left join activities
        on
            dated.activity_code = activities.activity_code
            and {{ is_in_force('activities', 'dated.worked_on') }}
    left join activities as month_ends
        on
            dated.activity_code = month_ends.activity_code
            and {{ is_in_force('month_ends', 'dated.month_end') }}
    left join term_minutes
        on dated.work_id = term_minutes.work_id and dated.source = 'work_item'
)

select
    source,
    work_id,
    account_id,
    activity_code,
    function_code,
    case
        when is_counted_elsewhere then 'counted_elsewhere'
        when not is_listed then 'unlisted_activity'
        when standard_minutes is null then 'no_equation_in_force'
        else 'costed'
    end as cost_state,
    quantity,
    standard_minutes,
    coalesce(known_minutes, standard_minutes) as used_minutes,
    worked_on,
    month
from timed
