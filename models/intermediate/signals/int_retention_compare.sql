-- one row per worker who began a first program: still employed later, and comparable colleagues?
with enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
versions as (select * from {{ ref('dim_workers') }}),
employment as (select * from {{ ref('int_employment_spell_resolve') }}),
eligibility as (select * from {{ ref('stg_eligibility') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

starters as (
    select
        enrollments.account_id,
        enrollments.worker_id,
        min(enrollments.start_date) as start_date,
        {{ month_start('min(enrollments.start_date)') }} as index_month,
        min(enrollments.last_full_date) as last_full_date
    from enrollments
    where enrollments.started_at is not null and enrollments.worker_id is not null
    group by enrollments.account_id, enrollments.worker_id
),

index_months as (
    select distinct
        account_id,
        index_month
    from starters
),

eligible as (
    select distinct
        index_months.account_id,
        index_months.index_month,
        eligibility.worker_id
    from index_months
    inner join eligibility
        on
            index_months.account_id = eligibility.account_id
            and index_months.index_month >= eligibility.eligible_from
            and index_months.index_month
            <= coalesce(eligibility.eligible_to, cast('2200-01-01' as date))
),

-- who was employed and eligible on the first of the month, and alike in what was known of them then
population as (
    select
        eligible.account_id,
        eligible.index_month,
        eligible.worker_id,
        coalesce(employment.termination_date, cast('2200-01-01' as date)) as employed_before,
        coalesce(cast(versions.job_level as {{ dbt.type_string() }}), 'unknown')
        || ' | ' || case
            when employment.employed_from_date is null then 'unknown'
            when {{ days_between('employment.employed_from_date', 'eligible.index_month') }} < 365
                then 'under 1 year'
            when
                {{ days_between('employment.employed_from_date', 'eligible.index_month') }}
                < 3 * 365
                then '1 to 2 years'
            when
                {{ days_between('employment.employed_from_date', 'eligible.index_month') }}
                < 5 * 365
                then '3 to 4 years'
            else '5 years and more'
        end
        || ' | ' || coalesce(versions.pay_type, 'unknown') as stratum
    from eligible
    inner join employment
        on
            eligible.account_id = employment.account_id
            and eligible.worker_id = employment.worker_id
            and eligible.index_month
            >= coalesce(employment.employed_from_date, cast('1900-01-01' as date))
            and eligible.index_month
            < coalesce(employment.termination_date, cast('2200-01-01' as date))
    inner join versions
        on
            eligible.account_id = versions.account_id
            and eligible.worker_id = versions.worker_id
            and {{ is_in_force('versions', 'eligible.index_month') }}
),

participants as (
    select
        starters.account_id,
        starters.index_month,
        starters.worker_id,
        starters.start_date,
        population.stratum,
        population.employed_before
        > {{ add_days('starters.start_date', 'thresholds.retention_window_days') }}
            as is_retained,
        {{ add_days('starters.start_date', 'thresholds.retention_window_days') }}
            as followed_until_date,
        starters.last_full_date
    from starters
    cross join thresholds
    left join population
        on
            starters.account_id = population.account_id
            and starters.worker_id = population.worker_id
            and starters.index_month = population.index_month
            and starters.start_date < population.employed_before
),

colleagues as (
    select population.*
    from population
    left join starters
        on
            population.account_id = starters.account_id
            and population.worker_id = starters.worker_id
            and population.index_month >= starters.index_month
    where starters.worker_id is null
),

-- each participant is watched beside the colleagues that were still there on the day of the start
final as (
    select
        participants.account_id,
        participants.worker_id,
        participants.index_month,
        participants.start_date,
        participants.stratum,
        participants.is_retained,
        participants.followed_until_date <= participants.last_full_date as is_mature,
        cast(count(colleagues.worker_id) as bigint) as colleagues_count,
        cast(count_if(
            coalesce(colleagues.employed_before > participants.followed_until_date, false)
        ) as bigint) as colleagues_retained_count
    from participants
    left join colleagues
        on
            participants.account_id = colleagues.account_id
            and participants.index_month = colleagues.index_month
            and participants.stratum = colleagues.stratum
            and participants.start_date < colleagues.employed_before
    group by
        participants.account_id,
        participants.worker_id,
        participants.index_month,
        participants.start_date,
        participants.stratum,
        participants.is_retained,
        participants.followed_until_date,
        participants.last_full_date
)

select * from final
