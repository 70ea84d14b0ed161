-- one row per worker and employment spell: its begin, its end and reason, the next one's begin
with workers as (select * from {{ ref('stg_worker') }}),
job_events as (select * from {{ ref('stg_job_event') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- what either source says from a day on; of what begins on one day the worker's own row is last
statements as (
    select
        account_id,
        worker_id,
        effective_from as stated_date,
        3 as source_order,
        cast(null as {{ dbt.type_string() }}) as event_id,
        hire_date,
        -- an end from before the hire is that of an earlier spell
        case when termination_date >= hire_date then termination_date end as termination_date,
        termination_type
    from workers
    union all
    select
        account_id,
        worker_id,
        effective_date as stated_date,
        case when event_type = 'termination' then 1 else 2 end as source_order,
        event_id,
        case when event_type <> 'termination' then effective_date end as hire_date,
        case when event_type = 'termination' then effective_date end as termination_date,
        cast(null as {{ dbt.type_string() }}) as termination_type
    from job_events
    where event_type in ('hire', 'rehire', 'termination')
),

numbered as (
    select
        statements.account_id,
        statements.worker_id,
        statements.stated_date,
        statements.hire_date,
        statements.termination_date,
        statements.termination_type,
        as_of.as_of_date,
        row_number() over (
            partition by statements.account_id, statements.worker_id
            order by statements.stated_date, statements.source_order, statements.event_id
        ) as statement_no
    from statements
    cross join as_of
    where statements.stated_date <= as_of.as_of_date
),

-- an end counts if it has come while its statement was the latest: what was announced, and taken
-- back or moved before the day, is none
standing as (
    select
        *,
        case
            when
                termination_date <= as_of_date
                and termination_date < coalesce(
                    lead(stated_date) over (
                        partition by account_id, worker_id order by statement_no
                    ),
                    cast('2200-01-01' as date)
                )
                then termination_date
        end as ended_date
    from numbered
),

preceded as (
    select
        *,
        lag(ended_date) over (
            partition by account_id, worker_id order by statement_no
        ) as ended_before_date
    from standing
),

-- whoever is said to be employed after an end, or to be hired after it, has come back
counted as (
    select
        *,
        sum(
            case
                when
                    ended_before_date is not null
                    and (ended_date is null or hire_date > ended_before_date)
                    then 1
                else 0
            end
        ) over (
            partition by account_id, worker_id order by statement_no
            rows between unbounded preceding and current row
        ) as returns_count
    from preceded
),

-- of several ends of one spell the one stated last is right
ranked as (
    select
        *,
        row_number() over (
            partition by account_id, worker_id, returns_count order by statement_no desc
        ) as statement_no_from_last
    from counted
),

stated_ends as (
    select
        *,
        max(case when statement_no_from_last = 1 then ended_date end) over (
            partition by account_id, worker_id, returns_count
        ) as spell_ended_date
    from ranked
),

-- the reason is that of the last version that states this end, or one that a later row moved: an
-- event gives no reason, so it takes none away
stated_reasons as (
    select
        *,
        max(
            case
                when
                    termination_type is not null
                    and (termination_date = spell_ended_date or ended_date is not null)
                    then statement_no
            end
        ) over (partition by account_id, worker_id, returns_count) as reason_statement_no
    from stated_ends
),

stated_spells as (
    select
        account_id,
        worker_id,
        returns_count,
        min(stated_date) as first_stated_date,
        min(hire_date) as hire_date,
        max(spell_ended_date) as termination_date,
        max(case when statement_no = reason_statement_no then termination_type end)
            as termination_type
    from stated_reasons
    group by account_id, worker_id, returns_count
),

begun as (
    select
        *,
        lag(termination_date) over (
            partition by account_id, worker_id order by returns_count
        ) as previous_termination_date
    from stated_spells
),

-- a system that keeps the first hire date forever says of a return only from when it is true
dated as (
    select
        account_id,
        worker_id,
        termination_date,
        termination_type,
        case
            when previous_termination_date is null or hire_date > previous_termination_date
                then hire_date
            else first_stated_date
        end as employed_from_date
    from begun
),

final as (
    select
        account_id,
        worker_id,
        cast(row_number() over (
            partition by account_id, worker_id
            order by employed_from_date nulls first, termination_date nulls last
        ) as int) as spell_no,
        employed_from_date,
        termination_date,
        termination_type,
        lead(employed_from_date) over (
            partition by account_id, worker_id
            order by employed_from_date nulls first, termination_date nulls last
        ) as rehire_date
    from dated
    -- an end that became known late undoes what was said to be true in between
    where
        termination_date is null
        or employed_from_date is null
        or termination_date >= employed_from_date
)

select * from final
